"""`lianjing doctor`: every setting and its source, what is wrong, and today's account."""

import argparse
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import django
from django.db import DatabaseError

from lianjing.project.doctor_watch import watch
from lianjing.project.environment import Environment


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; it takes YYYY-MM-DD") from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", type=_day, help="the day of the account, YYYY-MM-DD (default: today)")
    parser.add_argument(
        "--watch", action="store_true", help="look again and again and say only what is down; Ctrl-C ends it: 0 or 1"
    )
    parser.add_argument(
        "--interval", type=_seconds, default=5.0, metavar="SECONDS", help="between two looks of --watch (default 5)"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.2 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is no interval; it takes 0.2 to 3600 seconds")
    return seconds


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    good: bool
    what: str
    told: str

    def __str__(self) -> str:
        return f"  {'ok   ' if self.good else 'WRONG'} {self.what}: {self.told}"


HEADS_AT_MOST = timedelta(hours=26)
"""They leave by file every hour and by mail every day."""
BACKUP_AT_MOST = timedelta(days=8)
"""One a week, and a day to notice."""
NAMED = 10
"""So many are named in one finding."""
LEAST_FREE = 500 * 1024 * 1024
"""Bytes: below this the journal may soon have no room, and then no panel gets an answer."""


def run(arguments: argparse.Namespace) -> int:
    environment = Environment()
    django.setup()
    if arguments.watch:
        return watch(lambda: list(_checks(environment)), arguments.interval)
    print("Settings")
    for setting in environment.settings:
        print(f"  {setting.name} = {setting.shown}  [{setting.source}]")
    print("Checks")
    findings = list(_checks(environment))
    for finding in findings:
        print(finding)
    balanced = _print_account(arguments.on) if all(f.good for f in findings if f.what in _DATABASE) else False
    return 0 if balanced and all(f.good for f in findings) else 1


_DATABASE = ("database", "tables")


def _checks(environment: Environment) -> Iterator[Finding]:
    yield _folder(environment)
    for what, check in (("database", _database), ("tables", _tables)):
        finding = _guarded(what, check)
        yield finding
        if not finding.good:
            return
    yield _receiver(environment)
    yield _registrations(environment)
    for what, check in (
        ("work", _work),
        ("journal", _journal),
        ("sealed records", _seals),
        ("heads of the log", lambda: _heads(environment)),
        ("backup", _backup),
        ("users", _users),
        ("second factor", _second_factor),
        ("panel keys", _panel_keys),
        ("clauses", _clauses),
        ("call cards", lambda: _call_cards(environment)),
    ):
        yield _guarded(what, check)
    yield _map_ground(environment)
    yield _messages(environment)


def _guarded(what: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except DatabaseError as wrong:
        return Finding(False, what, str(wrong).strip())


def _folder(environment: Environment) -> Finding:
    free = shutil.disk_usage(environment.data).free
    if not os.access(environment.data, os.W_OK):
        return Finding(False, "data folder", f"{environment.data} cannot be written")
    told = f"{environment.data}, {free / 1024**3:.1f} GB free"
    return Finding(free >= LEAST_FREE, "data folder", told)


def _database() -> Finding:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding(True, "database", connection.vendor)


def _tables() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(False, "tables", f"{len(waiting)} migrations wait; run `lianjing migrate`")
    return Finding(True, "tables", "up to date")


def _receiver(environment: Environment) -> Finding:
    from django.utils import timezone

    from lianjing.core.receiver_status import read_status

    status = read_status(environment.status_path)
    if status is None:
        return Finding(False, "receiver", "it has never run here; start it with `lianjing up`")
    if status.is_silent(timezone.now()):
        return Finding(False, "receiver", f"not running; last sign of life {status.at:%Y-%m-%d %H:%M:%S} UTC")
    if not status.journal_ok:
        return Finding(False, "receiver", f"the journal is away, nothing is acknowledged: {status.fault}")
    told = ", ".join(f"{count} {name}" for name, count in status.figures.items())
    return Finding(True, "receiver", told)


def _registrations(environment: Environment) -> Finding:
    """Whether the receiver knows the latest panels, keys and supervised lines."""
    from lianjing.core.receiver_status import read_status

    status = read_status(environment.status_path)
    faults = {"panels and keys": status.directory_fault, "supervised lines": status.supervision_fault} if status else {}
    told = "; ".join(f"{what} cannot be read: {fault}" for what, fault in faults.items() if fault)
    return Finding(not told, "registrations", told or "the receiver knows the latest")


def _work() -> Finding:
    from django.utils import timezone

    from lianjing.core.outbox.pulse import WORK, last_beat
    from lianjing.core.receiver_status import SILENT_AFTER

    beat = last_beat(WORK)
    if beat is None or timezone.now() - beat > SILENT_AFTER:
        return Finding(False, "work", "not running, or one of its loops stands still")
    return Finding(True, "work", f"last pulse {beat:%H:%M:%S} UTC")


def _journal() -> Finding:
    """An older journal beside a newer database gives ids a second time, and new alarms would pass as treated."""
    from lianjing.domain.signals.models import IntakeMark, Signal

    mark = IntakeMark.objects.filter(pk=1).values_list("signal_id", flat=True).first() or 0
    last = Signal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if mark > last:
        return Finding(False, "journal", f"it ends at signal {last}, but {mark} were treated: it is an older copy")
    return Finding(True, "journal", f"{last} signals, treated up to {mark}")


def _seals() -> Finding:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.records.queries import last_seal, oldest_unsealed

    doctor = System("doctor")
    seal, waiting = last_seal(doctor), oldest_unsealed(doctor)
    gap = (timezone.now() - waiting).total_seconds() if waiting else 0.0
    head = f"head {seal.number}:{seal.hash}" if seal else "no seal yet"
    return Finding(gap < 30, "sealed records", f"{head}; oldest unsealed act {gap:.1f} s old")


def _heads(environment: Environment) -> Finding:
    """Whether heads leave the house, as they should when a place is set."""
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.records.queries import head_left_at

    places = {"file": environment.heads_file is not None, "mail": bool(environment.heads_mail)}
    told, good = [], True
    for where in (where for where, is_set in places.items() if is_set):
        left = head_left_at(System("doctor"), where)
        good = good and left is not None and timezone.now() - left < HEADS_AT_MOST
        told.append(f"last by {where} {left:%Y-%m-%d %H:%M} UTC" if left else f"none has left by {where} yet")
    nowhere = "kept nowhere else, so a rewritten log would not show: set LIANJING_HEADS_FILE or LIANJING_HEADS_MAIL"
    return Finding(good, "heads of the log", "; ".join(told) or nowhere)


def _backup() -> Finding:
    """A new installation has a week's time for its first one."""
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.records.queries import first_act_at, last_backup_at

    doctor, now = System("doctor"), timezone.now()
    last, began = last_backup_at(doctor), first_act_at(doctor)
    told = f"last proved one {last:%Y-%m-%d %H:%M} UTC" if last else "none yet; see `lianjing backup --help`"
    since = last or began
    return Finding(since is None or now - since < BACKUP_AT_MOST, "backup", told)


def _users() -> Finding:
    from lianjing.domain.people.models import User

    count = User.objects.filter(is_active=True).count()
    return Finding(count > 0, "users", f"{count} active" if count else "nobody can sign on; see `lianjing demo-data`")


def _second_factor() -> Finding:
    """Who must and has not is led to the set-up at once, so that he is told of, and nothing is wrong."""
    from django.conf import settings

    from lianjing.core.viewer import System
    from lianjing.domain.people.queries import second_factors

    seen = second_factors(System("doctor"))
    if seen.sealed_otherwise:
        names = ", ".join(seen.sealed_otherwise)
        told = f"encrypted with another data key: {names}; `lianjing user reset-second-factor NAME` each"
        return Finding(False, "second factor", told)
    roles = ", ".join(sorted(settings.SECOND_FACTOR_ROLES))
    told = f"required of {roles}" if roles else "required of no role"
    return Finding(True, "second factor", f"{told}; {seen.must} users must have one, {seen.owing} of them have not yet")


def _panel_keys() -> Finding:
    from lianjing.core.viewer import System
    from lianjing.domain.sites.queries import unopenable_keys

    if lost := unopenable_keys(System("doctor")):
        names = ", ".join(lost[:NAMED]) + (f" and {len(lost) - NAMED} more" if len(lost) > NAMED else "")
        told = f"encrypted with another data key: {names}; their encrypted frames cannot be read: put back"
        return Finding(False, "panel keys", f"{told} the keys folder, or set each with `lianjing panel key`")
    return Finding(True, "panel keys", "each can be opened with the data key")


def _clauses() -> Finding:
    """What fails here is tried again by itself; somebody has to mend why it does."""
    from lianjing.core.viewer import System
    from lianjing.domain.compliance.faults import clause_faults

    faults = clause_faults(System("doctor"))
    if not faults.count:
        return Finding(True, "clauses", "each is judged, each turn has raised its finding")
    told = f"{faults.companies} companies cannot be judged, {faults.turns} turns have not raised their finding"
    return Finding(False, "clauses", f"{told}: {'; '.join(faults.named)}; the log of `work` says why, it tries again")


def _call_cards(environment: Environment) -> Finding:
    """Old sheets would send people to numbers that are not right any more. A new installation has its time."""
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.companies.queries import companies
    from lianjing.domain.records.queries import first_act_at
    from lianjing.domain.reports.card_files import OLD_AFTER, folder_of, read_index

    doctor, old, now = System("doctor"), [], timezone.now()
    began = first_act_at(doctor)
    for company in companies(doctor):
        index = read_index(folder_of(environment.call_cards_folder, company.pk))
        if index is None and (began is None or now - began < OLD_AFTER):
            continue
        if index is None:
            old.append(f"{company.code}: none made yet")
        elif index.is_old(now):
            old.append(f"{company.code}: last looked at {index.checked:%Y-%m-%d %H:%M} UTC")
    if old:
        return Finding(False, "call cards", "; ".join(old[:NAMED]) + "; `work` sets them, or `lianjing call-cards`")
    return Finding(True, "call cards", f"up to date in {environment.call_cards_folder}")


def _map_ground(environment: Environment) -> Finding:
    """Tiles that count on another datum than is said are off by some hundred metres, and nothing else would tell."""
    tiles = environment.tiles
    if tiles is None:
        return Finding(True, "map", "no tile server: lines of longitude and latitude")
    host = tiles.origin or "this server"
    if not tiles.attribution:
        return Finding(
            False, "map", f"tiles from {host} without LIANJING_TILES_ATTRIBUTION: name source and map number"
        )
    return Finding(True, "map", f"tiles from {host}, counted on {tiles.datum}")


def _messages(environment: Environment) -> Finding:
    """By which ways customers are reached, and what did not reach them."""
    from django.conf import settings
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.deliveries.queries import delivery_trouble

    trouble = delivery_trouble(System("doctor"), timezone.now())
    ways = [channel for channel, missing in settings.DELIVERY_MISSING.items() if not missing]
    told = f"by {', '.join(ways)}" if ways else "no way out is connected but the telephone"
    public = urlsplit(environment.messages.public_url).hostname
    answers = public is None or public in environment.hosts or "*" in environment.hosts
    if public is None:
        told += "; customers get no links without LIANJING_PUBLIC_URL"
    elif not answers:
        told += f"; links lead to {public}, which LIANJING_HOSTS does not name, so phones would be refused"
    if trouble.overdue:
        told += f"; {trouble.overdue} are overdue since {trouble.overdue_since:%Y-%m-%d %H:%M} UTC"
    if trouble.given_up:
        told += f"; {trouble.given_up} of the last day were given up: see the page /deliveries/?state=failed"
    return Finding(answers and not (trouble.overdue or trouble.given_up), "messages", told)


def _print_account(on: date | None) -> bool:
    """Counted by the rows themselves; what is kept of it has to say the same."""
    from lianjing.core.viewer import System
    from lianjing.domain.signals.daily_account import account_of, rows_of_account, today

    viewer = System("doctor")
    kept, account = account_of(viewer, on or today()), account_of(viewer, on or today(), anew=True)
    if account is None or kept is None:
        return False
    print(f"Account of {account.on}")
    print(
        f"  received {account.received} = in cases {account.in_cases} + automatic {account.automatic}"
        f" + on test {account.on_test} + suppressed {account.suppressed} + duplicates {account.duplicates}"
        f" + waiting {account.waiting}"
    )
    print(
        f"  besides: {account.heartbeats} first heartbeats, {account.not_understood} frames not understood,"
        f" {account.unreadable} broken"
    )
    for company in rows_of_account(viewer, account).companies:
        for row in company.classes:
            if not row.figures.balances:
                name = company.code or "of no company"
                print(f"  WRONG {name}, {row.event_class}: difference {row.figures.difference}")
    sign = "ok   " if account.balances else "WRONG"
    print(f"  {sign} received {account.received}, accounted {account.accounted}, difference {account.differing}")
    # What came between the two counts is in the second only; a fate that was waiting has changed since.
    agrees = kept.received <= account.received and kept.differing == account.differing
    if not agrees:
        print(f"  WRONG the figures kept for the desks say {kept.received}, difference {kept.differing}")
    return account.balances and agrees

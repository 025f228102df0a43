"""Settled portions of the daily account: counted once, kept, and counted again when something in them changes.

The desk shows the day's account every few seconds, and a day may have a million signals. So the frames are cut into
portions by their numbers. A portion is settled when all its frames came so long ago that no repeat of them can come
any more, nothing in it waits, and it balances; then its figures are kept, and only what came since is counted anew.

What keeps this true: frames and signals never change; a treatment may (a held loss of mains that is presented, orphans
that pass to their panel, a hand in the database), and a trigger of its table notes the portion, in the transaction
that changes it. A portion that is noted counts for nothing until it was counted again. Each look of the worker besides
counts one settled portion again (`recount_oldest`), and `lianjing doctor --on` all of a day.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from lianjing.core.snapshot import read_snapshot
from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.account_count import Span, count_span
from lianjing.domain.signals.account_figures import Tally
from lianjing.domain.signals.days import day_bounds
from lianjing.domain.signals.models import AccountChange, AccountFigure, AccountPortion, Frame, IntakeMark

log = logging.getLogger(__name__)

FRAMES = 10_000
"""Frames of a portion. The triggers divide by it too (migration 0011)."""
SETTLES_AFTER = timedelta(minutes=5)
"""A repeat comes within 3 minutes of its first (`core.journal.repeats`), a commit within one of its frames."""
CHANGES = 5_000
"""Noted changes looked at in one turn."""
DISORDER = timedelta(minutes=10)
"""Frames are numbered as they come; by so much their times may differ from that order."""
A_TURN, TRIED = 5, 20
"""Portions settled, and counted in the attempt, in one turn at most."""


def portion_of(frame_id: int) -> int:
    return frame_id // FRAMES


def intake_mark() -> int:
    """Up to which signal all are admitted. For those who may see them already."""
    return IntakeMark.objects.filter(pk=1).values_list("signal_id", flat=True).first() or 0


def portions_of_day(on: date) -> range:
    """The portions in which frames of this day may be. Two looks into an index."""
    start, end = day_bounds(on)
    frames = Frame.objects.order_by("received_at")
    first = frames.filter(received_at__gte=start - DISORDER).values_list("pk", flat=True).first()
    if first is None:
        return range(0)
    last = frames.filter(received_at__lt=end + DISORDER).values_list("pk", flat=True).last()
    if last is None:
        return range(0)
    return range(max(0, portion_of(first) - 1), portion_of(last) + 2)


def settled_among(numbers: range) -> set[int]:
    """Those of these portions whose kept figures count."""
    if not numbers:
        return set()
    rows = AccountPortion.objects.filter(number__gte=numbers.start, number__lt=numbers.stop, version__gt=0)
    return set(rows.exclude(number__in=AccountChange.objects.values("portion")).values_list("number", flat=True))


def spans_besides(settled: set[int], numbers: range) -> list[tuple[int, int]]:
    """First and last frame of each run of portions that have to be counted now."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if number in settled:
            continue
        first, last = number * FRAMES, (number + 1) * FRAMES - 1
        if spans and spans[-1][1] == first - 1:
            first = spans.pop()[0]
        spans.append((first, last))
    return spans


@dataclass(frozen=True, slots=True)
class Counted:
    """A portion as it was counted: by day, and what the kept row said then."""

    number: int
    version: int
    tallies: dict[date, Tally]
    changes: Sequence[int]

    @property
    def is_settled(self) -> bool:
        return all(tally.is_settled for tally in self.tallies.values())


def settle_portions(*, by: Viewer, at: datetime) -> int:
    """Counts portions of today and yesterday that are complete and not kept yet, and those that have changed; keeps
    what is settled. At most five in one call; returns how many. Runs as the system."""
    require(by, "accounting.see", None)
    kept = 0
    for number in islice((number for number in _to_settle(at) if _is_complete(number, at)), TRIED):
        counted = count_portion(number, by)
        if counted.is_settled:
            kept += keep_portion(counted, at)
        elif counted.version:
            forget_portion(counted)
        if kept == A_TURN:
            break
    return kept


def _to_settle(at: datetime) -> list[int]:
    """Those not kept, beginning elsewhere each minute: some that cannot be settled must not keep the others waiting."""
    last = Frame.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return []
    numbers = range(portions_of_day(timezone.localdate(at) - timedelta(days=1)).start, portion_of(last))
    waiting = sorted(set(numbers) - settled_among(numbers), reverse=True)
    turn = int(at.timestamp() // 60) % len(waiting) if len(waiting) > TRIED else 0
    changed = set(AccountChange.objects.order_by("pk").values_list("portion", flat=True)[:CHANGES])
    old = AccountPortion.objects.filter(number__in=changed, version__gt=0).values_list("number", flat=True)
    return list(dict.fromkeys([*old, *waiting[turn:], *waiting[:turn]]))


def _is_complete(number: int, at: datetime) -> bool:
    times = _times(number)
    return times is None or times[1] < at - SETTLES_AFTER


def _times(number: int) -> tuple[datetime, datetime] | None:
    """When the first and the last frame of a portion came; None when it has none."""
    rows = Frame.objects.filter(pk__gte=number * FRAMES, pk__lt=(number + 1) * FRAMES)
    times = rows.order_by("pk").values_list("received_at", flat=True)
    first, last = times.first(), times.last()
    return None if first is None or last is None else (first, last)


def count_portion(number: int, viewer: Viewer) -> Counted:
    """Counts one portion by the rows themselves, in one snapshot. Runs as the system."""
    require(viewer, "accounting.see", None)
    scope = viewer.scope("accounting.see")
    tallies = {}
    with read_snapshot():
        mark = intake_mark()
        version = AccountPortion.objects.filter(pk=number).values_list("version", flat=True).first() or 0
        changes = list(AccountChange.objects.filter(portion=number).values_list("pk", flat=True))
        times = _times(number)
        for on in _days(times) if times else ():
            span = Span(number * FRAMES, (number + 1) * FRAMES - 1, *day_bounds(on), mark)
            tally = count_span(scope, span)
            if tally.rows or tally.besides:
                tallies[on] = tally
    return Counted(number, version, tallies, changes)


def _days(times: tuple[datetime, datetime]) -> Iterable[date]:
    first, last = timezone.localdate(times[0] - DISORDER), timezone.localdate(times[1] + DISORDER)
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@transaction.atomic
def keep_portion(counted: Counted, at: datetime) -> bool:
    """Keeps a portion's figures, unless another worker has counted it meanwhile. Returns whether it did.

    Of the noted changes only those that the count has seen are done with.
    """
    AccountPortion.objects.get_or_create(number=counted.number, defaults={"counted_at": at})
    row = AccountPortion.objects.select_for_update(no_key=True).get(number=counted.number)
    if row.version != counted.version:
        return False
    row.version, row.counted_at = row.version + 1, at
    row.save()
    row.figures.all().delete()
    AccountFigure.objects.bulk_create(
        figure for on, tally in counted.tallies.items() for figure in _figures(row, on, tally)
    )
    AccountChange.objects.filter(pk__in=counted.changes).delete()
    return True


def _figures(portion: AccountPortion, on: date, tally: Tally) -> Iterable[AccountFigure]:
    for (company_id, event_class), figures in tally.rows.items():
        told = {name: n for name, n in asdict(figures).items() if name != "waiting"}
        yield AccountFigure(portion=portion, on=on, company_id=company_id, event_class=event_class, **told)
    for company_id, besides in tally.besides.items():
        yield AccountFigure(portion=portion, on=on, company_id=company_id, **asdict(besides))


@transaction.atomic
def forget_portion(counted: Counted) -> None:
    """A portion that is not settled any more is counted at every look from now on: what is wrong with it shows."""
    AccountPortion.objects.filter(number=counted.number, version=counted.version).delete()
    if not AccountPortion.objects.filter(number=counted.number).exists():
        AccountChange.objects.filter(pk__in=counted.changes).delete()


def recount_oldest(since: date, *, by: Viewer, at: datetime) -> bool:
    """Counts that portion again that was counted longest ago, of those with frames of `since` or later.

    Returns whether what was kept was right; what was not is told, and replaced or forgotten. Runs as the system.
    """
    require(by, "accounting.see", None)
    first = portions_of_day(since).start
    row = AccountPortion.objects.filter(number__gte=first, version__gt=0).order_by("counted_at").first()
    if row is None:
        return True
    counted = count_portion(row.number, by)
    if counted.changes or counted.version != row.version:
        return True  # Somebody changed it just now: it is counted again anyway.
    right = kept_tallies(row.number) == counted.tallies
    if not right:
        log.error("the kept account of portion %d was not what its rows say", row.number)
    if counted.is_settled:
        keep_portion(counted, at)
    else:
        forget_portion(counted)
    return right


def kept_tallies(number: int) -> dict[date, Tally]:
    """The kept figures of a portion, by day. For those who may see them all."""
    tallies: dict[date, Tally] = {}
    for row in AccountFigure.objects.filter(portion_id=number):
        add_kept(tallies.setdefault(row.on, Tally()), row)
    return tallies


def add_kept(tally: Tally, row: AccountFigure) -> None:
    """Adds a kept row to a tally."""
    into = tally.row(row.company_id, row.event_class) if row.event_class else tally.beside(row.company_id)
    for name in type(into).__dataclass_fields__:
        setattr(into, name, getattr(into, name) + getattr(row, name, 0))

"""Writes a plan of people, in the caller's transaction: some statements a table, and the records that single changes
would have left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Model

from lianjing.core.bulk import insert_rows, update_rows
from lianjing.core.changes import difference
from lianjing.core.entering import told
from lianjing.core.outbox.write import News, emit
from lianjing.core.workbooks.planning import Change, Plan, What
from lianjing.domain.companies.workbooks import Errand
from lianjing.domain.people.facts import CHANGED, fact_row, told_of
from lianjing.domain.people.importing.columns import PEOPLE
from lianjing.domain.people.importing.plan import ACCOUNTS, FACTS, IDENTITIES, Entry
from lianjing.domain.people.models import GateSetting, StaffFact, StaffMember
from lianjing.domain.people.staff import FIELDS, SECRET
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.changing import REASON_LIMIT

AT_ONCE = 1000
RETRACTION = ("retracted_at", "retracted_by", "retract_reason")


def save(plan: Plan, errand: Errand) -> None:
    """Writes everything that is planned, its records and its news. The first person sets up the duty gate."""
    if not plan.changes:
        return
    created = [change.instance for change in plan.changes if change.what is What.CREATED]
    if created:
        GateSetting.objects.get_or_create(company_id=errand.company_id, defaults={"since": errand.at})
    StaffMember.objects.bulk_create(created, batch_size=AT_ONCE)  # type: ignore[arg-type]
    _update([change for change in plan.changes if change.what is What.CHANGED])
    facts = save_facts(plan.beside.get(FACTS, ()), errand)
    deeds = [*_of_members(plan, errand), *of_facts(facts, errand)]
    write_down(deeds, [change.instance for change in plan.changes], errand)


def write_down(deeds: Iterable[Deed], changed: Sequence[Model], errand: Errand) -> None:
    """In portions: a hundred thousand records at once would be half a gigabyte."""
    for portion in _portions(deeds):
        write_records(portion, by=errand.by, at=errand.at, source=errand.source)
    news = (News(CHANGED, errand.company_id, {"staffmember": member.pk}) for member in changed)
    for told_now in _portions(news):
        emit(told_now, at=errand.at)


def _portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while portion := list(islice(source, AT_ONCE)):
        yield portion


def _update(changes: Sequence[Change]) -> None:
    by_fields: dict[tuple[str, ...], list[Model]] = {}
    for change in changes:
        if change.fields:
            by_fields.setdefault(tuple(sorted(set(change.fields))), []).append(change.instance)
    for fields, members in by_fields.items():
        update_rows(StaffMember, members, fields)


def save_facts(
    entries: Sequence[Entry], errand: Errand, scans: Mapping[int, tuple[str, str]] | None = None
) -> list[tuple[Entry, StaffFact]]:
    """Takes back what is replaced, with the file as the reason, and records what is new.

    `scans`: by `id()` of the entry, where its new scan lies and its SHA-256; without one the earlier goes with it.
    """
    gone = [entry.instead for entry in entries if entry.instead is not None]
    reason = f"导入文件 {errand.file}"[:REASON_LIMIT]
    for row in gone:
        row.retracted_at, row.retracted_by, row.retract_reason = errand.at, errand.by.name, reason
    update_rows(StaffFact, gone, RETRACTION)
    made = [(entry, fact_row(entry.member, entry.new, errand.by, errand.at, entry.instead)) for entry in entries]
    for entry, row in made:
        if scans and id(entry) in scans:
            row.scan, row.scan_sha256 = scans[id(entry)]
    _insert([row for _entry, row in made], errand)
    return made


def _insert(rows: Sequence[StaffFact], errand: Errand) -> None:
    """Half of what bulk_create takes. The numbers are read afterwards: they rise in the order of the rows, and nobody
    else imports into the company meanwhile."""
    last = StaffFact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    insert_rows(StaffFact, rows)
    ours = StaffFact.objects.filter(pk__gt=last, company_id=errand.company_id, recorded_at=errand.at)
    for row, pk in zip(rows, ours.order_by("pk").values_list("pk", flat=True), strict=True):
        row.pk = pk


# Records


def _of_members(plan: Plan, errand: Errand) -> Iterator[Deed]:
    for change in plan.changes:
        member: Any = change.instance
        if change.what is What.CREATED:
            _before, after = difference({}, told(member, FIELDS), SECRET)
            yield _deed("staff.added", member, errand, after)
        elif fields := [column for column in PEOPLE.columns if column.field and column.key in change.after]:
            had = {column.field: change.before[column.key] for column in fields}
            before, after = difference(had, told(member, {column.field: None for column in fields}), SECRET)
            yield _deed("staff.changed", member, errand, after, before)
    for member in plan.beside.get(IDENTITIES, ()):
        yield _deed("staff.identity_set", member, errand, {"identity": "changed"})
    accounts = {id(member) for member in plan.beside.get(ACCOUNTS, ())}
    for change in plan.changes:
        if id(change.instance) in accounts:
            before = {"account": change.before.get("username") or None}
            after = {"account": change.after.get("username") or None}
            yield _deed("staff.account_linked", change.instance, errand, after, before)


def of_facts(made: Iterable[tuple[Entry, StaffFact]], errand: Errand) -> Iterator[Deed]:
    """As a single change tells them; that an earlier one ends with a later one is not told apart."""
    for entry, row in made:
        if not entry.told:
            continue
        after = {"fact": row.pk, **told_of(row), "file": errand.file[:REASON_LIMIT]}
        if entry.instead is None:
            yield _deed("staff.fact_recorded", entry.member, errand, after)
        else:
            yield _deed("staff.fact_corrected", entry.member, errand, after, told_of(entry.instead))


def _deed(action: str, member: Any, errand: Errand, after: dict[str, Any], before: Any = None) -> Deed:
    return Deed(action, "staffmember", member.pk, errand.company_id, after=after, before=before)

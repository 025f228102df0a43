"""Writes a plan of equipment, in the caller's transaction: some statements a table, and the records that single changes
would have left."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lianjing.core.bulk import update_rows
from lianjing.core.outbox.write import News, emit
from lianjing.core.workbooks.planning import Change, Plan, What, sealed
from lianjing.domain.companies.workbooks import Errand
from lianjing.domain.facilities.actions.equipment import CHANGED
from lianjing.domain.facilities.equipment_keeping import DAYS, put_days, says_same, span_of
from lianjing.domain.facilities.importing.columns import EQUIPMENT
from lianjing.domain.facilities.importing.entering import CERTIFICATES, MAINTENANCES, Done, Paper
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate, MaintenanceRecord, ServiceSpan
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.changing import REASON_LIMIT
from lianjing.domain.records.dated import Dated, known_at

AT_ONCE = 500
RETRACTION = ("retracted_at", "retracted_by", "retract_reason")


def save(plan: Plan, errand: Errand) -> None:
    """Writes everything that is planned, what verdicts and lists read of it, its records and its news."""
    if not plan.changes:
        return
    Equipment.objects.bulk_create(_pieces(plan, What.CREATED), batch_size=AT_ONCE)
    _update([change for change in plan.changes if change.what is What.CHANGED])
    _record_papers(plan.beside.get(CERTIFICATES, ()), errand)
    _record_done(plan.beside.get(MAINTENANCES, ()), errand)
    pieces = _pieces(plan)
    for start in range(0, len(pieces), AT_ONCE):
        some = pieces[start : start + AT_ONCE]
        _keep_days(some)
        _keep_spans(some, errand)
    _write_down(plan, errand)


def _pieces(plan: Plan, what: What | None = None) -> list[Any]:
    return [change.instance for change in plan.changes if what in (None, change.what)]


def _update(changes: Sequence[Change]) -> None:
    by_fields: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for change in changes:
        if change.fields:
            by_fields[tuple(sorted(set(change.fields)))].append(change.instance)
    for fields, pieces in by_fields.items():
        update_rows(Equipment, pieces, fields)


def _record_papers(papers: Sequence[Paper], errand: Errand) -> None:
    """What is replaced is taken back with the file as the reason; its scan goes with the new row."""
    _take_back([one.instead for one in papers if one.instead is not None], EquipmentCertificate, errand)
    EquipmentCertificate.objects.bulk_create(
        EquipmentCertificate(
            company_id=errand.company_id,
            equipment=one.piece,
            kind=one.new.kind,
            number=one.new.number,
            issuer=one.new.issuer,
            valid_from=one.new.valid_from,
            valid_until=one.new.valid_until,
            scan=one.instead.scan if one.instead else "",
            scan_sha256=one.instead.scan_sha256 if one.instead else "",
            replaces=one.instead,
            recorded_at=errand.at,
            recorded_by=errand.by.name,
        )
        for one in papers
    )


def _record_done(done: Sequence[Done], errand: Errand) -> None:
    MaintenanceRecord.objects.bulk_create(
        MaintenanceRecord(
            company_id=errand.company_id,
            equipment=one.piece,
            valid_from=one.new.done_on,
            done_by=one.new.done_by,
            content=one.new.content,
            result=one.new.result,
            recorded_at=errand.at,
            recorded_by=errand.by.name,
        )
        for one in done
    )


def _keep_days(pieces: Sequence[Equipment]) -> None:
    """The days by which lists are narrowed."""
    done: dict[int, list[date]] = defaultdict(list)
    for pk, day in _of(MaintenanceRecord, pieces).values_list("equipment_id", "valid_from"):
        done[pk].append(day)
    papers: dict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
    for pk, begins, until in _of(EquipmentCertificate, pieces).values_list("equipment_id", "valid_from", "valid_until"):
        papers[pk].append((begins, until))
    for piece in pieces:
        put_days(piece, done[piece.pk], papers[piece.pk])
    update_rows(Equipment, pieces, (*DAYS, "next_due_on"))


def _keep_spans(pieces: Sequence[Equipment], errand: Errand) -> None:
    had = {row.equipment_id: row for row in _of(ServiceSpan, pieces)}
    has = [(piece, span_of(piece)) for piece in pieces]
    changed = [(had.get(p.pk), span) for p, span in has if not _is_same(had.get(p.pk), span)]
    _take_back([one for one, _span in changed if one is not None], ServiceSpan, errand)
    new = [span for _one, span in changed if span is not None]
    for span in new:
        span.recorded_at, span.recorded_by = errand.at, errand.by.name
    ServiceSpan.objects.bulk_create(new)


def _is_same(one: ServiceSpan | None, other: ServiceSpan | None) -> bool:
    return one is other if one is None or other is None else says_same(one, other)


def _of(model: type[Any], pieces: Sequence[Equipment]) -> "QuerySet[Any]":
    return known_at(model.objects.filter(equipment_id__in=[piece.pk for piece in pieces]))


def _take_back(rows: Sequence[Dated], model: type[Dated], errand: Errand) -> None:
    reason = f"导入文件 {errand.file}"[:REASON_LIMIT]
    for row in rows:
        row.retracted_at, row.retracted_by, row.retract_reason = errand.at, errand.by.name, reason
    update_rows(model, rows, RETRACTION)


def _write_down(plan: Plan, errand: Errand) -> None:
    deeds = list(_deeds(plan.changes, errand))
    for start in range(0, len(deeds), AT_ONCE):
        write_records(deeds[start : start + AT_ONCE], by=errand.by, at=errand.at, source=errand.source)
        told = [News(CHANGED, errand.company_id, {"equipment": deed.subject_id}) for deed in deeds[start:][:AT_ONCE]]
        emit(told, at=errand.at)


def _deeds(changes: Iterable[Change], errand: Errand) -> Iterator[Deed]:
    for change in changes:
        action = "equipment.added" if change.what is What.CREATED else "equipment.changed"
        after = sealed(EQUIPMENT, change.after) | {"file": errand.file[:REASON_LIMIT]}
        before = sealed(EQUIPMENT, change.before) or None
        yield Deed(action, "equipment", change.instance.pk, errand.company_id, before=before, after=after)

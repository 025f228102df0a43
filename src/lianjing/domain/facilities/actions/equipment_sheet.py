"""Handing out the register of a company as the sheet that an import reads: that it went out is on record."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from lianjing.core.viewer import Viewer, require, visible
from lianjing.core.workbooks.writing import Cells, Form, write_book
from lianjing.domain.facilities.equipment_list import places_of
from lianjing.domain.facilities.equipment_policy import EDIT, SEE
from lianjing.domain.facilities.importing.columns import EQUIPMENT
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate, MaintenanceRecord
from lianjing.domain.people.subject_pages import department_choices
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.dated import known_at


def export_equipment(
    company_id: int, into: "Path | IO[bytes]", form: Form, *, by: Viewer, at: datetime, source: str = ""
) -> dict[str, int]:
    """Writes the workbook and records it; how many rows it has. Of several certificates of a piece the last to begin,
    of its maintenance the latest. Raises Forbidden."""
    require(by, EDIT, company_id)
    counts = write_book([(EQUIPMENT, _rows(by, company_id))], into, form)
    with transaction.atomic():
        deed = Deed("workbook.exported", "company", company_id, company_id, after=dict(counts))
        write_records([deed], by=by, at=at, source=source)
    return counts


def _rows(viewer: Viewer, company_id: int) -> Iterator[Cells]:
    places, departments = dict(places_of(viewer, company_id)), dict(department_choices(viewer, company_id))
    papers = _latest(EquipmentCertificate, viewer, company_id)
    done = _latest(MaintenanceRecord, viewer, company_id)
    rows = visible(Equipment.objects.filter(company_id=company_id), viewer, SEE).select_related("keeper")
    for row in rows.order_by("number"):
        cells: Cells = {column.key: getattr(row, column.field) for column in EQUIPMENT.columns if column.field}
        cells |= {"place": places.get(row.place_id or 0), "department": departments.get(row.department_id or 0)}
        cells["keeper"] = row.keeper.staff_no if row.keeper else None
        yield {**cells, **_of_paper(papers.get(row.pk)), **_of_done(done.get(row.pk))}


def _latest(model: type[Any], viewer: Viewer, company_id: int) -> dict[int, Any]:
    """By piece."""
    rows = known_at(visible(model.objects.filter(company_id=company_id), viewer, SEE))
    return {row.equipment_id: row for row in rows.order_by("valid_from", "pk")}


def _of_paper(row: EquipmentCertificate | None) -> Cells:
    if row is None:
        return {}
    cells: Cells = {"certificate_kind": row.kind, "certificate_no": row.number}
    cells |= {"certificate_issuer": row.issuer or None, "certificate_from": row.valid_from}
    return {**cells, "certificate_until": row.valid_until}


def _of_done(row: MaintenanceRecord | None) -> Cells:
    return {"maintained_on": row.valid_from, "maintained_by": row.done_by} if row is not None else {}

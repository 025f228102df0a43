"""The register of equipment: pieces with what is over or ends soon, and one piece with its papers."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.days import centre_day
from lianjing.domain.facilities.equipment_list import (
    EquipmentLine,
    EquipmentWanted,
    certificates_of,
    equipment_by_id,
    equipment_lines,
    maintenances_of,
    places_of,
)
from lianjing.domain.facilities.models import EquipmentCertificate, MaintenanceRecord
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.equipment import EquipmentKind, EquipmentState
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

KindWanted = EquipmentKind | Literal[""]
StateWanted = EquipmentState | Literal[""]
DueWanted = Literal["", "over", "7", "30", "90", "missing"]
SAME = (
    *("number", "kind", "name", "manufacturer", "model", "serial", "place_words", "plate"),
    *("manufactured_on", "commissioned_on", "decommissioned_on", "warranty_until", "life_months", "life_ends_on"),
    *("cycle_months", "cycle_source", "maintenance_due_on", "certificate_until", "notes"),
)


@router.get("equipment", summary="The register of equipment, by number; what is due by its day")
@needs("facilities.see")
def list_equipment(
    request: HttpRequest,
    company: TextWanted = "",
    kind: KindWanted = "",
    state: StateWanted = "",
    place: int | None = None,
    due: DueWanted = "",
    q: TextWanted = "",
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """`due`: of what serves, where something is `over`, ends within `7`, `30` or `90` days, or a certificate that the
    company has set is `missing`. `q`: in number, name, maker, model, serial, plate, place and keeper."""
    viewer, size, today = viewer_of(request), page_size(limit), centre_day()
    wanted = EquipmentWanted(due, kind, place, state, q.strip(), company_wanted(viewer, company))
    lines = equipment_lines(viewer, wanted, today, after=after, limit=size)
    names = dict(places_of(viewer, wanted.company_id))
    return page([_item(line, names) for line in lines], size)


@router.get("equipment/{int:equipment_id}", summary="One piece with its certificates and maintenance")
@needs("facilities.see")
def get_equipment(request: HttpRequest, equipment_id: int) -> dict[str, Any]:
    viewer, today = viewer_of(request), centre_day()
    line = equipment_by_id(viewer, equipment_id, today)
    if line is None:
        raise Missing(_("没有这件装备。"))
    told = _item(line, dict(places_of(viewer, line.piece.company_id)))
    told["certificates"] = [_paper(one, today) for one in certificates_of(viewer, line.piece)]
    told["maintenances"] = [_done(one) for one in maintenances_of(viewer, line.piece)]
    return told


def _item(line: EquipmentLine, places: dict[int, str]) -> dict[str, Any]:
    piece = line.piece
    return {
        "id": piece.pk,
        "company": piece.company.code,
        **{name: getattr(piece, name) for name in SAME},
        "place": {"id": piece.place_id, "name": places.get(piece.place_id, "")} if piece.place_id else None,
        "keeper": {"staff_no": piece.keeper.staff_no, "name": piece.keeper.name} if piece.keeper else None,
        "state": line.state.value,
        "ends": [{"what": one.what.value, "on": one.day, "days_left": one.days_left} for one in line.ends],
    }


def _paper(one: EquipmentCertificate, today: date) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("kind", "number", "issuer", "valid_from", "valid_until")}
    return {"id": one.pk, **told, "has_scan": bool(one.scan), "over": bool(one.valid_until and one.valid_until < today)}


def _done(one: MaintenanceRecord) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("done_by", "content", "result")}
    return {"id": one.pk, "done_on": one.valid_from, **told}

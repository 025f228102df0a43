"""Places from which a company serves: operation centres, rooms, offices; one with its values and what was found."""

from datetime import UTC
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.days import centre_day
from lianjing.domain.compliance.room_lines import RoomLine, room_lines
from lianjing.domain.facilities.models import Place, PlaceFact
from lianjing.domain.facilities.place_list import facts_of, place_by_id, place_lines
from lianjing.domain.facilities.policy import limit_words, plain_figure
from lianjing.domain.facilities.premises_known import premises_on
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.facilities import PlaceKind
from lianjing.web.api.asked_fields import Day
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

KindWanted = PlaceKind | Literal[""]


@router.get("places", summary="Operation centres, their rooms, offices: those in use on a day")
@needs("facilities.see")
def list_places(
    request: HttpRequest,
    company: TextWanted = "",
    kind: KindWanted = "",
    on: Day | None = None,
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    viewer, size = viewer_of(request), page_size(limit)
    rows = place_lines(viewer, company_wanted(viewer, company), kind, on or centre_day(), after=after, limit=size)
    return page([_item(row) for row in rows], size)


@router.get("places/{int:place_id}", summary="One place with its measured values, their limits, and what was found")
@needs("facilities.see")
def get_place(request: HttpRequest, place_id: int, on: Day | None = None) -> dict[str, Any]:
    """What counts on the day, without `on` today. `kept` of a value: within its limit, null without one."""
    viewer, day = viewer_of(request), on or centre_day()
    row = place_by_id(viewer, place_id)
    if row is None:
        raise Missing(_("没有这处场地。"))
    known = premises_on(viewer, row.company_id, day)
    held, _others = facts_of(viewer, place_id, day)
    values = [_value(line) for line in room_lines(known) if line.place.id == place_id]
    return {**_item(row), "values": values, "records": [_record(one) for one in held]}


def _item(row: Place) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("kind", "name", "address", "valid_from", "valid_until", "note")}
    area = plain_figure(row.area_m2) if row.area_m2 is not None else None
    company = row.company.code
    return {"id": row.first_id or row.pk, "company": company, "centre": row.centre_id, **told, "area_m2": area}


def _value(line: RoomLine) -> dict[str, Any]:
    value, bounds, unit = line.value, line.bounds, line.quantity.unit
    return {
        "quantity": line.quantity.code,
        "value": plain_figure(value.value) if value else None,
        "unit": unit,
        "measured_at": value.measured_at.astimezone(UTC) if value else None,
        "valid_until": value.valid_until if value else None,
        "limit": limit_words(bounds, unit) if bounds else None,
        "source": f"{bounds.edition} {bounds.source_clause}".strip() if bounds else None,
        "confidence": bounds.confidence.value if bounds else None,
        "own_limit": bounds.is_own if bounds else None,
        "kept": line.kept,
    }


def _record(row: PlaceFact) -> dict[str, Any]:
    names = ("kind", "standing", "value", "valid_from", "valid_until", "tested_on", "number", "origin", "note")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}, "has_file": bool(row.file)}

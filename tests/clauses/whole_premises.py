"""Premises with everything that clause 6 asks, written as rows: tests of all clauses make them often."""

from datetime import date, datetime
from typing import Any

from lianjing.domain.facilities.models import Measurement, Place, PlaceFact, PlaceFile
from lianjing.terms.facilities import PlaceFactKind, PlaceKind
from tests.cast import Cast

SINCE, UNTIL = date(2026, 1, 5), date(2027, 12, 31)
READINGS = (
    *((PlaceKind.MACHINE_ROOM, one) for one in (("temperature", 23), ("humidity", 48), ("illuminance", 420))),
    *((PlaceKind.DUTY_ROOM, one) for one in (("temperature", 22), ("humidity", 45), ("illuminance", 350))),
)


def whole_premises(cast: Cast, at: datetime) -> dict[PlaceKind, Place]:
    """An operation centre with a drawing, a machine room, a duty room and an office apart from them."""
    company, day = cast.company, {"valid_from": SINCE, "recorded_at": at, "recorded_by": "Mia"}
    centre = Place.objects.create(company=company, kind="centre", name="运营中心", area_m2=120, **day)
    rooms = {PlaceKind.CENTRE: centre}
    for kind in (PlaceKind.MACHINE_ROOM, PlaceKind.DUTY_ROOM):
        rooms[kind] = Place.objects.create(company=company, kind=kind, name=kind.zh, centre=centre, **day)
    rooms[PlaceKind.OFFICE] = Place.objects.create(company=company, kind="office", name="办公场所", **day)
    PlaceFile.objects.create(company=company, place=centre, kind="drawing", bytes=1, recorded_at=at, recorded_by="Mia")
    facts = (fact_row(centre, kind, at) for kind in PlaceFactKind)
    PlaceFact.objects.bulk_create(facts)
    Measurement.objects.bulk_create(value_row(rooms[kind], quantity, value, at) for kind, (quantity, value) in READINGS)
    return rooms


def fact_row(place: Place, kind: PlaceFactKind, at: datetime, **told: Any) -> PlaceFact:
    columns: dict[str, Any] = {"standing": "good", "valid_from": SINCE, "valid_until": UNTIL}
    columns |= {"recorded_at": at, "recorded_by": "Mia", "origin": "本单位", "value": "实地查看", "number": "J-1"}
    return PlaceFact(company=place.company, place=place, kind=kind.value, **(columns | told))


def value_row(place: Place, quantity: str, value: float, at: datetime, **told: Any) -> Measurement:
    columns: dict[str, Any] = {"valid_from": SINCE, "valid_until": UNTIL, "calibrated_until": UNTIL}
    columns |= {"recorded_at": at, "recorded_by": "Mia", "measured_at": at, "measured_by": "Mia"}
    columns |= {"instrument": "testo 174H", "as_read": str(value)}
    return Measurement(company=place.company, place=place, quantity=quantity, value=value, **(columns | told))

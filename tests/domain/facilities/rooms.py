"""Premises for tests: an operation centre with a machine room, and what is measured there."""

from datetime import date, datetime, timedelta
from typing import Any

from lianjing.domain.facilities.actions.measurements import record_measurement
from lianjing.domain.facilities.actions.place_facts import record_place_fact
from lianjing.domain.facilities.actions.places import record_place
from lianjing.domain.facilities.models import Measurement, Place, PlaceFact
from lianjing.domain.facilities.policy import NewMeasurement, NewPlace, NewPlaceFact
from tests.cast import NOON, Cast

DAY = timedelta(days=1)
SINCE = date(2026, 1, 5)
TODAY = date(2026, 11, 22)


def centre(cast: Cast, **told: Any) -> Place:
    new = NewPlace(
        "centre", told.pop("name", "运营中心"), "滨河路 1 号", told.pop("area", "120"), valid_from=SINCE, **told
    )
    return record_place(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def room(cast: Cast, inside: Place, kind: str = "machine_room", name: str = "机房") -> Place:
    new = NewPlace(kind, name, centre_id=inside.pk, valid_from=SINCE)
    return record_place(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def reading(figure: str = "23.4", quantity: str = "temperature", unit: str = "℃", **told: Any) -> NewMeasurement:
    columns: dict[str, Any] = {
        "measured_at": NOON,
        "measured_by": "Mia",
        "instrument": "testo 174H",
        "instrument_no": "T-1",
        "calibrated_until": date(2027, 6, 30),
    }
    return NewMeasurement(quantity, figure, unit, **(columns | told))


def measured(cast: Cast, place: Place, figure: str = "23.4", at: datetime = NOON, **told: Any) -> Measurement:
    new = reading(figure, **{"measured_at": at, **told})
    return record_measurement(place.pk, new, by=cast.viewer("mia"), at=at)


def found(cast: Cast, place: Place, kind: str, standing: str = "good", **told: Any) -> PlaceFact:
    columns: dict[str, Any] = {"valid_from": SINCE, "origin": "本单位", "value": "实地查看", "number": "J-1"}
    new = NewPlaceFact(kind, standing, **(columns | told))
    return record_place_fact(place.pk, new, by=cast.viewer("mia"), at=NOON)

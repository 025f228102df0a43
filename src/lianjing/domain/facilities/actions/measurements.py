"""Recording measured values, correcting and taking them back; a value out of its limits raises a finding."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.facilities.changing import (
    place_now,
    place_to_change,
    stamp,
    standing_row,
    told,
)
from lianjing.domain.facilities.models import Measurement, Place
from lianjing.domain.facilities.policy import CHANGED, NewMeasurement, checked_measurement, plain_figure
from lianjing.domain.facilities.watching import look_again
from lianjing.domain.records.changing import Actor, reason_given, take_back, write_down
from lianjing.terms.facilities import PlaceKind
from lianjing.terms.sentences import marked as _

TEXTS = ("quantity", "measured_by", "instrument", "instrument_no", "report_no", "note")


@transaction.atomic
def record_measurement(
    place_id: int, new: NewMeasurement, *, by: Viewer, at: datetime, source: str = ""
) -> Measurement:
    """Records a value with unit and instrument. The newest of a place and quantity that holds today is compared with
    its limits: out of them it raises a finding, within them it says that it is good again. Raises Missing, Forbidden,
    or Refused naming the field."""
    return _entered(place_to_change(place_id, by), new, Actor(by, at, source))


@transaction.atomic
def correct_measurement(
    measurement_id: int, new: NewMeasurement, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> Measurement:
    """Puts another value in the place of one that was written down wrong; both stay on file. Raises Missing, Forbidden,
    or Refused naming the field."""
    earlier, actor, why = standing_row(Measurement, measurement_id, by), Actor(by, at, source), reason_given(reason)
    if new.quantity != earlier.quantity:
        raise Refused("quantity", _("更正不能改变测量项目；请收回这一条，另登记一条。"))
    take_back(earlier, why, actor)
    return _entered(place_to_change(earlier.place_id, by), new, actor, earlier)


@transaction.atomic
def retract_measurement(measurement_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Measurement:
    """Takes back a value: it counts for no day, and stays on file. Raises Missing, Forbidden or Refused."""
    row, actor, why = standing_row(Measurement, measurement_id, by), Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    after = told(reason=why)
    write_down("measurement.retracted", row, row.company_id, actor, after=after, before=_told(row), topic=CHANGED)
    look_again(row.place, row.quantity, actor)
    return row


def _entered(first: Place, new: NewMeasurement, actor: Actor, earlier: Measurement | None = None) -> Measurement:
    place = place_now(first)
    day = centre_day(new.measured_at or actor.at)
    sound = checked_measurement(new, PlaceKind(place.kind), actor.at, day)
    row = Measurement(company=first.company, place=first, replaces=earlier, value=sound.value)
    row.measured_at, row.calibrated_until = sound.measured_at or actor.at, sound.calibrated_until
    enter(row, {name: getattr(sound, name) for name in TEXTS})
    enter(row, {"as_read": f"{new.figure.strip()} {new.unit.strip()}"})
    stamp(row, (day, sound.valid_until), actor)
    row.save()
    action = "measurement.corrected" if earlier else "measurement.recorded"
    before = _told(earlier) if earlier else None
    after = _told(row) | told(reason=earlier.retract_reason if earlier else "")
    write_down(action, row, row.company_id, actor, after=after, before=before, topic=CHANGED)
    look_again(first, row.quantity, actor)
    return row


def _told(row: Measurement) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in TEXTS} | {"place": row.place_id, "as_read": row.as_read}
    said |= {"value": plain_figure(Decimal(row.value)), "measured_at": row.measured_at.isoformat()}
    return told(**said, until=row.valid_until, calibrated_until=row.calibrated_until)

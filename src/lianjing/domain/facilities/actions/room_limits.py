"""Entering, correcting and taking back limits of the edition that a company holds: they take the place of the
table's."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.changing import company_to_change, stamp, standing_row, told
from lianjing.domain.facilities.models import RoomLimit
from lianjing.domain.facilities.policy import CHANGED, NewRoomLimit, checked_limit
from lianjing.domain.facilities.watching import look_again_everywhere
from lianjing.domain.records.changing import Actor, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _

TEXTS = ("quantity", "place_kind", "edition", "source_clause", "confidence", "note")


@transaction.atomic
def record_room_limit(company_id: int, new: NewRoomLimit, *, by: Viewer, at: datetime, source: str = "") -> RoomLimit:
    """Enters a limit with where it stands. Raises Missing, Forbidden, or Refused naming the field."""
    return _entered(company_to_change(company_id, by), new, Actor(by, at, source))


@transaction.atomic
def correct_room_limit(
    limit_id: int, new: NewRoomLimit, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> RoomLimit:
    """Puts another limit in the place of one that was wrong; both stay on file. Raises Missing, Forbidden, Refused."""
    earlier, actor, why = standing_row(RoomLimit, limit_id, by), Actor(by, at, source), reason_given(reason)
    take_back(earlier, why, actor)
    if (new.quantity, new.place_kind) != (earlier.quantity, earlier.place_kind):
        look_again_everywhere(earlier, actor)
    return _entered(company_to_change(earlier.company_id, by), new, actor, earlier)


@transaction.atomic
def retract_room_limit(limit_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> RoomLimit:
    """Takes back a limit: the table's counts again. Raises Missing, Forbidden or Refused."""
    row, actor, why = standing_row(RoomLimit, limit_id, by), Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    after = told(reason=why)
    write_down("room_limit.retracted", row, row.company_id, actor, after=after, before=_told(row), topic=CHANGED)
    look_again_everywhere(row, actor)
    return row


def _entered(company: Company, new: NewRoomLimit, actor: Actor, earlier: RoomLimit | None = None) -> RoomLimit:
    sound = checked_limit(new)
    row = RoomLimit(company=company, low=sound.ends[0], high=sound.ends[1], replaces=earlier)
    enter(row, {name: getattr(sound, name) for name in TEXTS})
    _check_alone(row, sound.valid_from, sound.valid_until)
    stamp(row, (sound.valid_from, sound.valid_until), actor)
    row.save()
    action = "room_limit.corrected" if earlier else "room_limit.recorded"
    before = _told(earlier) if earlier else None
    after = _told(row) | told(reason=earlier.retract_reason if earlier else "")
    write_down(action, row, row.company_id, actor, after=after, before=before, topic=CHANGED)
    look_again_everywhere(row, actor)
    return row


def _check_alone(row: RoomLimit, begins: date | None, ends: date | None) -> None:
    """On one day there is one limit of the same thing: which of two would count, nobody could say."""
    same = RoomLimit.objects.filter(
        company=row.company, quantity=row.quantity, place_kind=row.place_kind, retracted_at=None
    )
    for other in same:
        meets = (other.valid_from or date.min) <= (ends or date.max)
        if meets and (begins or date.min) <= (other.valid_until or date.max):
            said = _("%(begins)s 至 %(until)s 已有同一项目的限值，请先更正那一条的起止日期。")
            until = str(other.valid_until or "…")
            raise Refused("valid_from", said, begins=str(other.valid_from or "…"), until=until)


def _told(row: RoomLimit) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in TEXTS} | {"low": row.low, "high": row.high}
    return told(**said, **{"from": row.valid_from, "until": row.valid_until})

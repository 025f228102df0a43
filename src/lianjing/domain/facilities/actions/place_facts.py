"""Recording what was found of a place: isolation, own protection, tests of its installations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer
from lianjing.domain.facilities.changing import (
    place_now,
    place_to_change,
    stamp,
    standing_row,
    told,
)
from lianjing.domain.facilities.models import Place, PlaceFact
from lianjing.domain.facilities.policy import CHANGED, NewPlaceFact, checked_fact
from lianjing.domain.records.changing import Actor, reason_given, take_back, write_down
from lianjing.terms.facilities import PlaceKind

TEXTS = ("kind", "standing", "value", "number", "origin", "note")


@dataclass(frozen=True, slots=True)
class Entry:
    """How a fact comes in: by whom, with what file, in place of what and why."""

    actor: Actor
    scan: Scan | None = None
    replaces: PlaceFact | None = None
    reason: str = ""

    @property
    def has_file(self) -> bool:
        """Its own, or that of what it replaces."""
        return self.scan is not None or (self.replaces is not None and bool(self.replaces.file))


@transaction.atomic
def record_place_fact(
    place_id: int, new: NewPlaceFact, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> PlaceFact:
    """Records what was found of a place; the newest of a kind that holds on a day is what counts on it. Raises Missing,
    Forbidden, or Refused naming the field."""
    return _entered(place_to_change(place_id, by), new, Entry(Actor(by, at, source), scan))


@transaction.atomic
def correct_place_fact(
    fact_id: int,
    new: NewPlaceFact,
    reason: str,
    scan: Scan | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> PlaceFact:
    """Puts another finding in the place of one that was wrong; both stay on file. An earlier file goes with the new one
    unless another is given. Raises Missing, Forbidden or Refused."""
    earlier, actor, why = standing_row(PlaceFact, fact_id, by), Actor(by, at, source), reason_given(reason)
    take_back(earlier, why, actor)
    return _entered(place_to_change(earlier.place_id, by), new, Entry(actor, scan, earlier, why))


@transaction.atomic
def retract_place_fact(fact_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> PlaceFact:
    """Takes back what was recorded: it counts for no day, and stays on file. Raises Missing, Forbidden or Refused."""
    row, actor, why = standing_row(PlaceFact, fact_id, by), Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    after = told(reason=why)
    write_down("place.fact_retracted", row, row.company_id, actor, after=after, before=_told(row), topic=CHANGED)
    return row


def _entered(first: Place, new: NewPlaceFact, entry: Entry) -> PlaceFact:
    kind, today = PlaceKind(place_now(first).kind), centre_day(entry.actor.at)
    sound = checked_fact(new, kind, today, has_file=entry.has_file)
    row = PlaceFact(company=first.company, place=first, tested_on=sound.tested_on, replaces=entry.replaces)
    enter(row, {name: getattr(sound, name) for name in TEXTS})
    stamp(row, (sound.valid_from, sound.valid_until), entry.actor)
    if entry.scan is not None:
        row.file_sha256 = entry.scan.sha256
    elif entry.replaces is not None:
        row.file, row.file_sha256 = entry.replaces.file, entry.replaces.file_sha256
    with filed(row.file, entry.scan), transaction.atomic():
        row.save()
        _write_down(row, entry)
    return row


def _write_down(row: PlaceFact, entry: Entry) -> None:
    action = "place.fact_corrected" if entry.replaces else "place.fact_recorded"
    before = _told(entry.replaces) if entry.replaces else None
    after = _told(row) | told(reason=entry.reason)
    write_down(action, row, row.company_id, entry.actor, after=after, before=before, topic=CHANGED)


def _told(row: PlaceFact) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in TEXTS} | {"place": row.place_id, "file_sha256": row.file_sha256}
    return told(**said, **{"from": row.valid_from, "until": row.valid_until, "tested_on": row.tested_on})

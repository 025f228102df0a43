"""Who is on duty now, against the roster: per desk and district planned, signed on, missing, there without a place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.people.duty_standing import stand_of
from lianjing.domain.people.gate_facts import duty_facts
from lianjing.domain.people.gate_list import Mark, mark_of
from lianjing.domain.people.gate_policy import DutyFacts
from lianjing.domain.people.models import Duty, RosterEntry
from lianjing.domain.people.roster_now import has_roster, roster_entries_at

SEE = "duty.see"
SHOWN = 500


class There(StrEnum):
    """How somebody stands against the roster."""

    THERE = "there"
    """Planned, and signed on."""
    MISSING = "missing"
    """Planned, and not signed on."""
    BETWEEN = "between"
    """Signed on shortly before his shift, or not yet off after it."""
    WITHOUT = "without"
    """Signed on without a place on the roster."""
    UNPLANNED = "unplanned"
    """Signed on, in a company that has no roster."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person at a place: his shift, his duty, or both."""

    name: str
    there: There
    entry: RosterEntry | None
    duty: Duty | None
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """A desk or a district with its people."""

    post_kind: str
    name: str
    people: Sequence[Person]

    def count(self, *wanted: There) -> int:
        return sum(person.there in wanted for person in self.people)

    @property
    def counted(self) -> "Counted":
        return counted([self])


@dataclass(frozen=True, slots=True)
class Counted:
    """`present`: whoever has signed on, planned or not; `without`: those of them who have no place on a roster that
    there is."""

    planned: int
    present: int
    missing: int
    without: int


def on_duty_now(viewer: Viewer, company_id: int, at: datetime) -> list[PlaceNow]:
    """The places of a company, desks first; a constant number of queries."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    entries = roster_entries_at(company_id, at)
    rows = visible(Duty.objects.filter(until=None, company_id=company_id), viewer, SEE)
    duties = list(rows.select_related("user__staff_member").order_by("since", "pk")[:SHOWN])
    facts = duty_facts([stand_of(duty) for duty in duties], at)
    marks = {duty.pk: mark_of(viewer, duty, facts[stand_of(duty)], at) for duty in duties}
    rostered = has_roster(company_id, at)
    places: dict[tuple[str, str], list[Person]] = defaultdict(list)
    by_member = {(_member(duty), duty.post_kind): duty for duty in duties}
    for entry in entries:
        duty = by_member.get((entry.member_id, entry.post_kind))
        there = There.THERE if duty else There.MISSING
        mark = marks.get(duty.pk) if duty else None
        places[entry.post_kind, entry.place].append(Person(entry.member.name, there, entry, duty, mark))
    planned = {(entry.member_id, entry.post_kind) for entry in entries}
    for duty in duties:
        if (_member(duty), duty.post_kind) not in planned:
            place, there = _unplanned(duty, facts[stand_of(duty)], at, rostered=rostered)
            places[duty.post_kind, place].append(Person(duty.user.shown_name, there, None, duty, marks[duty.pk]))
    return [PlaceNow(kind, name, people) for (kind, name), people in _in_order(places)]


def counted(places: Iterable[PlaceNow]) -> Counted:
    """Over these places. Every page that tells figures of who is on duty tells these."""
    found = list(places)
    told = {there: sum(place.count(there) for place in found) for there in There}
    missing = told[There.MISSING]
    return Counted(told[There.THERE] + missing, sum(told.values()) - missing, missing, told[There.WITHOUT])


def _member(duty: Duty) -> int | None:
    member = getattr(duty.user, "staff_member", None)
    return member.pk if member is not None else None


def _unplanned(duty: Duty, facts: DutyFacts, at: datetime, *, rostered: bool) -> tuple[str, There]:
    """Where he is shown and as what, who has no shift that runs now."""
    if not rostered:
        return duty.desk, There.UNPLANNED
    near = [place for place in facts.places if place.open_at(at, facts.asks) and place.post_kind == duty.post_kind]
    return (near[0].name, There.BETWEEN) if near else (duty.desk, There.WITHOUT)


def _in_order(
    places: Mapping[tuple[str, str], list[Person]],
) -> list[tuple[tuple[str, str], list[Person]]]:
    """Desks before districts, by name; in each the missing first."""
    order = [There.MISSING, There.WITHOUT, There.THERE, There.BETWEEN, There.UNPLANNED]
    for people in places.values():
        people.sort(key=lambda person: order.index(person.there))
    return sorted(places.items(), key=lambda item: (item[0][0] != "watch", item[0][1]))

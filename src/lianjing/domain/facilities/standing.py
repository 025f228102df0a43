"""Premises as they were known: what counts on a day of places, of what was found there and of what was measured, and
how a value stands to its limits. No Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from lianjing.domain.facilities.quantities import QUANTITIES, Bounds
from lianjing.terms.facilities import PlaceFactKind, PlaceKind, PlaceStanding

DAY = timedelta(days=1)


class Spanned(Protocol):
    """Whatever holds from a day to a day, both included; None: open."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_until(self) -> date | None: ...


S = TypeVar("S", bound=Spanned)


@dataclass(frozen=True, slots=True)
class PlaceKnown:
    """A place by its first row."""

    id: int
    kind: PlaceKind
    name: str
    centre_id: int | None
    area_m2: Decimal | None
    valid_from: date | None = None
    valid_until: date | None = None
    recorded_on: date | None = None
    """When it was first entered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows what was found: by whom, in words, by a report, in a file."""

    origin: str = ""
    value: str = ""
    number: str = ""
    has_file: bool = False

    def lacking(self, kind: PlaceFactKind) -> str:
        """The field without which a record of the kind shows nothing; "" when there is all."""
        if not self.origin.strip():
            return "origin"
        if self.number.strip() or self.has_file:
            return ""
        if kind.is_reported:
            return "number"
        return "" if self.value.strip() else "value"


@dataclass(frozen=True, slots=True)
class FactKnown:
    id: int
    place_id: int
    kind: PlaceFactKind
    standing: PlaceStanding
    shown: "Shown"
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def is_good(self) -> bool:
        return self.standing is PlaceStanding.GOOD

    @property
    def counts(self) -> bool:
        """That something is there counts only where the record says what shows it; that it is not, always."""
        return not self.is_good or not self.shown.lacking(self.kind)


@dataclass(frozen=True, slots=True)
class ValueKnown:
    """A measured value in the unit of its quantity."""

    id: int
    place_id: int
    quantity: str
    value: Decimal
    measured_at: datetime
    calibrated_until: date | None
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def calibration(self) -> bool | None:
        """Whether the instrument was within its calibration on the day; None: nobody says."""
        if self.calibrated_until is None or self.valid_from is None:
            return None
        return self.valid_from <= self.calibrated_until


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A limit that the company has entered."""

    quantity: str
    kind: PlaceKind
    bounds: Bounds
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class LimitLine:
    """What a quantity has to keep within in one kind of room, day by day: whoever judges a value asks for its day.
    `own`: limits of the company, in the order in which they were entered; those of other things may be among them."""

    quantity: str
    kind: PlaceKind
    own: tuple[OwnLimit, ...]

    def on(self, day: date) -> Bounds | None:
        """The company's own limit before that of the table, and of one that is looser than a text that was read, that
        it is; None: there is none."""
        own = [one.bounds for one in _holding(self._mine(), day)]
        table = QUANTITIES[self.quantity].bounds.get(self.kind)
        if not own or table is None:
            return own[-1] if own else table
        return replace(own[-1], wider_than=table) if table.is_read and own[-1].is_wider(table) else own[-1]

    def turns(self, first: date, last: date) -> list[date]:
        """The first day, and each later one on which another limit may come into force."""
        begun = {one.valid_from for one in self._mine() if one.valid_from}
        ended = {one.valid_until + DAY for one in self._mine() if one.valid_until}
        return [first, *sorted(day for day in begun | ended if first < day <= last)]

    def _mine(self) -> list[OwnLimit]:
        return [one for one in self.own if (one.quantity, one.kind) == (self.quantity, self.kind)]


@dataclass(frozen=True, slots=True)
class PremisesKnown:
    """What counts on a day, each list in the order in which it was entered."""

    on: date
    places: tuple[PlaceKnown, ...]
    facts: tuple[FactKnown, ...]
    """The newest of each place and kind."""
    values: tuple[ValueKnown, ...]
    """The newest of each place and quantity."""
    limits: tuple[OwnLimit, ...]
    drawn: frozenset[int]
    """Places of which there is a drawing."""

    def of_kind(self, *kinds: PlaceKind) -> list[PlaceKnown]:
        return [one for one in self.places if one.kind in kinds]

    def rooms_of(self, centre: PlaceKnown) -> list[PlaceKnown]:
        return [one for one in self.places if one.centre_id == centre.id]

    def fact(self, place_ids: Iterable[int], kind: PlaceFactKind) -> FactKnown | None:
        """What was found of these places: whatever is bad before whatever is good, what shows nothing last; then the
        newest."""
        among = set(place_ids)
        found = [one for one in self.facts if one.kind is kind and one.place_id in among]
        return max(found, key=_by_weight, default=None)

    def value(self, place_id: int, quantity: str) -> ValueKnown | None:
        return next((one for one in self.values if (one.place_id, one.quantity) == (place_id, quantity)), None)

    def bounds(self, quantity: str, kind: PlaceKind) -> Bounds | None:
        """What counts on the day; None: there is no limit."""
        return LimitLine(quantity, kind, self.limits).on(self.on)


@dataclass(frozen=True, slots=True)
class PremisesOnFile:
    """All that counts on some day of a span; asked for one of its days."""

    places: tuple[PlaceKnown, ...]
    facts: tuple[FactKnown, ...]
    values: tuple[ValueKnown, ...]
    limits: tuple[OwnLimit, ...]
    drawn: frozenset[int]

    def on(self, day: date) -> PremisesKnown:
        places = tuple(_holding(self.places, day))
        there = {one.id for one in places}
        facts = {(one.place_id, one.kind): one for one in sorted(_holding(self.facts, day), key=_by_day)}
        values = {(one.place_id, one.quantity): one for one in sorted(_holding(self.values, day), key=_by_time)}
        return PremisesKnown(
            day,
            places,
            tuple(one for one in facts.values() if one.place_id in there),
            tuple(one for one in values.values() if one.place_id in there),
            tuple(_holding(self.limits, day)),
            self.drawn,
        )

    @property
    def spans(self) -> list[tuple[date | None, date | None]]:
        """The days of all that holds from a day to a day."""
        rows: tuple[Spanned, ...] = (*self.places, *self.facts, *self.values, *self.limits)
        return [(one.valid_from, one.valid_until) for one in rows]


def _holding(rows: Iterable[S], day: date) -> list[S]:
    return [one for one in rows if (one.valid_from or day) <= day <= (one.valid_until or day)]


def _by_weight(one: FactKnown) -> tuple[bool, bool, date, int]:
    return (not one.is_good, one.counts, *_by_day(one))


def _by_day(one: FactKnown) -> tuple[date, int]:
    return (one.valid_from or date.min, one.id)


def _by_time(one: ValueKnown) -> tuple[datetime, int]:
    return (one.measured_at, one.id)

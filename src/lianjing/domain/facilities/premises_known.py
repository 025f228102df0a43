"""Premises of a company as they were known, for rules and for the findings of values out of their limits."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.facilities.models import Measurement, Place, PlaceFact, PlaceFile, RoomLimit
from lianjing.domain.facilities.policy import SEE
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds
from lianjing.domain.facilities.standing import (
    FactKnown,
    OwnLimit,
    PlaceKnown,
    PremisesKnown,
    PremisesOnFile,
    Shown,
    ValueKnown,
)
from lianjing.domain.records.dated import Dated, holding_on, known_at
from lianjing.terms.facilities import PlaceFactKind, PlaceFileKind, PlaceKind, PlaceStanding
from lianjing.terms.verdicts import Confidence

D = TypeVar("D", bound=Dated)


def premises_on(
    viewer: Viewer, company_id: int, on: date, known: datetime | None = None, see: str = SEE
) -> PremisesKnown:
    """What counts on a day. Five queries."""
    return premises_between(viewer, company_id, (on, on), known, see).on(on)


def premises_between(
    viewer: Viewer, company_id: int, days: tuple[date, date], known: datetime | None = None, see: str = SEE
) -> PremisesOnFile:
    """All that counts on one of these days, both ends included, by what was known at `known` (None: is now). `see`: the
    permission that opens it. Five queries, however many values a sensor has sent: of those that hold on the same days
    only the newest is read."""

    def mine(model: type[D]) -> "QuerySet[D, Any]":
        rows = visible(model._default_manager.filter(company_id=company_id), viewer, see)
        return known_at(_meeting(rows, days), known).order_by("pk")

    drawings = mine(PlaceFile).filter(kind=PlaceFileKind.DRAWING.value)
    return PremisesOnFile(
        tuple(_place(row) for row in mine(Place).select_related("first")),
        tuple(fact_known(row) for row in mine(PlaceFact)),
        tuple(_value(row) for row in _newest(mine(Measurement)) if row.quantity in QUANTITIES),
        tuple(_limit(row) for row in mine(RoomLimit)),
        frozenset(drawings.values_list("place_id", flat=True)),
    )


def places_on(viewer: Viewer, company_id: int, on: date) -> list[PlaceKnown]:
    """Those that there are on a day, by what is known now. One query."""
    rows = visible(Place.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    return [_place(row) for row in holding_on(rows, on).select_related("first").order_by("pk")]


def newest_value(viewer: Viewer, place_id: int, quantity: str, on: date) -> ValueKnown | None:
    """The newest that holds on a day: one row by its index, however many a sensor has sent."""
    rows = Measurement.objects.filter(place_id=place_id, quantity=quantity, retracted_at=None)
    row = holding_on(visible(rows, viewer, SEE), on).order_by("-measured_at", "-pk").first()
    return _value(row) if row is not None else None


def limits_of(viewer: Viewer, company_id: int, quantity: str = "") -> tuple[OwnLimit, ...]:
    """Limits that the company has entered, whatever day they are for, of one quantity or of all; as `LimitLine` asks
    for them. One query."""
    rows = visible(RoomLimit.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    rows = rows.filter(quantity=quantity) if quantity else rows
    return tuple(_limit(row) for row in rows.order_by("pk"))


def _meeting(rows: "QuerySet[D, Any]", days: tuple[date, date]) -> "QuerySet[D, Any]":
    first, last = days
    begun = Q(valid_from=None) | Q(valid_from__lte=last)
    return rows.filter(begun & (Q(valid_until=None) | Q(valid_until__gte=first)))


def _newest(rows: "QuerySet[Measurement, Any]") -> "QuerySet[Measurement, Any]":
    """Of values that hold on the same days: whichever comes later hides the others on all of them."""
    same = [F("place_id"), F("quantity"), F("valid_from"), F("valid_until")]
    latest = Window(RowNumber(), partition_by=same, order_by=[F("measured_at").desc(), F("pk").desc()])
    return rows.annotate(nth=latest).filter(nth=1)


def _place(row: Place) -> PlaceKnown:
    first = row.first or row
    told = (first.pk, PlaceKind(row.kind), row.name, row.centre_id, row.area_m2, row.valid_from, row.valid_until)
    return PlaceKnown(*told, centre_day(first.recorded_at))


def fact_known(row: PlaceFact) -> FactKnown:
    """As rules take it."""
    kind, standing = PlaceFactKind(row.kind), PlaceStanding(row.standing)
    shown = Shown(row.origin, row.value, row.number, bool(row.file))
    return FactKnown(row.pk, row.place_id, kind, standing, shown, row.valid_from, row.valid_until)


def _value(row: Measurement) -> ValueKnown:
    told = (row.pk, row.place_id, row.quantity, row.value, row.measured_at, row.calibrated_until)
    return ValueKnown(*told, row.valid_from, row.valid_until)


def _limit(row: RoomLimit) -> OwnLimit:
    confidence = Confidence(row.confidence)
    bounds = Bounds(row.low, row.high, row.edition, row.source_clause, confidence, is_own=True, id=row.pk)
    return OwnLimit(row.quantity, PlaceKind(row.place_kind), bounds, row.valid_from, row.valid_until)

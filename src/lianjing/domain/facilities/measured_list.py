"""Measured values as pages list and draw them, limits of the company, and what runs out."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.facilities.models import Measurement, Place, RoomLimit
from lianjing.domain.facilities.policy import SEE
from lianjing.domain.facilities.quantities import QUANTITIES
from lianjing.domain.records.dated import holding_on, known_at

YEAR = timedelta(days=366)
LIMITS_AT_MOST = 300
LOOKS_BACK = timedelta(days=120)
"""A value that ran out longer ago is no longer reminded of: the clause says that it is missing."""


def values_of(
    viewer: Viewer, place_id: int, quantity: str, *, after: int | None = None, limit: int = 50
) -> list[Measurement]:
    """All values of a quantity of a place, the newest first, those that were taken back among them. One query, two
    behind a cursor."""
    rows = visible(Measurement.objects.filter(place_id=place_id, quantity=quantity), viewer, SEE)
    return list(behind(rows, ("-measured_at", "-id"), after)[:limit])


def measured_lines(
    viewer: Viewer,
    company_id: int | None,
    place_id: int | None,
    quantity: str,
    *,
    after: int | None = None,
    limit: int = 100,
) -> list[Measurement]:
    """Values that are taken for true now, the newest first; narrowed by what is given. One query, two behind a
    cursor."""
    rows = visible(Measurement.objects.filter(retracted_at=None), viewer, SEE)
    rows = behind(rows, ("-measured_at", "-id"), after)
    wanted = {"company_id": company_id, "place_id": place_id, "quantity": quantity or None}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    return list(rows.select_related("company")[:limit])


def year_of_values(
    viewer: Viewer, place_id: int, on: date, known: datetime | None = None
) -> dict[str, list[Measurement]]:
    """By quantity, the last value of each day of the year up to a day, the oldest first. One query, at most a year of
    days for each quantity, however many a sensor has sent."""
    rows = known_at(visible(Measurement.objects.filter(place_id=place_id), viewer, SEE), known)
    rows = rows.filter(valid_from__gt=on - YEAR, valid_from__lte=on)
    latest = Window(
        RowNumber(),
        partition_by=[F("quantity"), F("valid_from")],
        order_by=[F("measured_at").desc(), F("pk").desc()],
    )
    found: dict[str, list[Measurement]] = defaultdict(list)
    for row in rows.annotate(nth=latest).filter(nth=1).order_by("measured_at", "pk"):
        found[row.quantity].append(row)
    return found


def measurement_by_id(viewer: Viewer, measurement_id: int) -> Measurement | None:
    """One that is taken for true now."""
    rows = visible(Measurement.objects.filter(retracted_at=None).select_related("place"), viewer, SEE)
    return rows.filter(pk=measurement_id).first()


def latest_of(viewer: Viewer, place_id: int, quantity: str) -> Measurement | None:
    """The newest: what the form for the next one begins with."""
    rows = visible(Measurement.objects.filter(place_id=place_id, quantity=quantity, retracted_at=None), viewer, SEE)
    return rows.order_by("-measured_at", "-pk").first()


def limits_on(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[RoomLimit]:
    """The company's own that hold on the day, by quantity."""
    rows = known_at(visible(RoomLimit.objects.filter(company_id=company_id), viewer, SEE), known)
    return list(holding_on(rows, on).order_by("quantity", "place_kind", "pk")[:LIMITS_AT_MOST])


def limit_by_id(viewer: Viewer, limit_id: int) -> RoomLimit | None:
    """One that is taken for true now."""
    rows = visible(RoomLimit.objects.filter(retracted_at=None).select_related("company"), viewer, SEE)
    return rows.filter(pk=limit_id).first()


def running_out(viewer: Viewer, company_ids: Collection[int], on: date, within: int) -> int:
    """How many of `newest_running_out`. Two queries."""
    return newest_running_out(viewer, company_ids, on, within).count()


def newest_running_out(viewer: Viewer, company_ids: Collection[int], on: date, within: int) -> "QuerySet[Measurement]":
    """The newest value of each place and quantity that has run out, by then or lately, or was measured with an
    instrument whose calibration had. A query, and the one that is returned: they read one row of each place and
    quantity, however many a sensor has sent."""
    places = visible(Place.objects.filter(company_id__in=company_ids, first=None), viewer, SEE)
    rows = places.order_by().values_list(*(_newest_of(code) for code in QUANTITIES))
    newest = [pk for row in rows for pk in row if pk is not None]
    over = Q(valid_until__lt=on + timedelta(days=within)) | Q(calibrated_until__lt=F("valid_from"))
    found = Measurement.objects.filter(over, pk__in=newest, valid_until__gte=on - LOOKS_BACK)
    return found.order_by("valid_until", "pk")


def _newest_of(quantity: str) -> Subquery:
    """Of the place of the outer query."""
    rows = Measurement.objects.filter(place_id=OuterRef("pk"), quantity=quantity, retracted_at=None)
    return Subquery(rows.order_by("-measured_at", "-pk").values("pk")[:1])

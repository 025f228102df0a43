"""What changes to places and to what is on record of them have in common. Steps of actions."""

from datetime import date
from typing import Any, TypeVar

from lianjing.core.refusals import Missing
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.models import Place
from lianjing.domain.facilities.policy import EDIT, SEE
from lianjing.domain.records.changing import Actor, locked
from lianjing.domain.records.dated import Dated

D = TypeVar("D", bound=Dated)


def company_to_change(company_id: int, by: Viewer) -> Company:
    """The company, locked. Raises Missing or Forbidden."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, EDIT, company.pk)
    return company


def place_to_change(place_id: int, by: Viewer) -> Place:
    """The first row of a place of which something is taken for true now, locked. Raises Missing or Forbidden."""
    first = locked(Place.objects.filter(first=None), place_id, by, see=SEE)
    require(by, EDIT, first.company_id)
    return first


def place_now(first: Place) -> Place:
    """What is taken for true of a place now. Raises Missing when it was taken back."""
    rows = Place.objects.filter(retracted_at=None)
    row = rows.filter(pk=first.pk).first() or rows.filter(first=first).order_by("-pk").first()
    if row is None:
        raise Missing(f"place {first.pk}")
    return row


def standing_row(model: type[D], pk: int, by: Viewer) -> D:
    """A row that is taken for true now, locked. Raises Missing or Forbidden."""
    row: D = locked(model._default_manager.filter(retracted_at=None), pk, by, see=SEE)
    require(by, EDIT, row.company_id)  # type: ignore[attr-defined]
    return row


def stamp(row: Dated, days: tuple[date | None, date | None], actor: Actor) -> None:
    """Its days, and who recorded it when."""
    row.valid_from, row.valid_until = days
    row.recorded_at, row.recorded_by = actor.at, actor.by.name[:150]


def told(**figures: Any) -> dict[str, Any]:
    """What a record says: what is empty is left out, days and figures are text."""
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in figures.items()
        if value not in ("", None)
    }

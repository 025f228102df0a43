"""Drills of companies, and how far they have come."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.queries import DrillsWanted, drills
from lianjing.terms.drills import DrillKind, DrillState
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

YearWanted = Annotated[int, Field(ge=2000, le=2200)]
SAME = (
    *("id", "number", "year", "title", "kind", "state", "planned_on", "began_at", "ended_at", "driven_by"),
    *("evaluated_at", "reviewed_at", "archived_at"),
)


@router.get("drills", summary="Drills, the latest day first")
@needs("drills.see")
def list_drills(
    request: HttpRequest,
    company: TextWanted = "",
    state: DrillState | Literal[""] = "",
    kind: DrillKind | Literal[""] = "",
    year: YearWanted | None = None,
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """Of one company, or of all that the caller sees."""
    viewer, size = viewer_of(request), page_size(limit)
    wanted = DrillsWanted(company_wanted(viewer, company), state, kind, year)
    return page([_item(one) for one in drills(viewer, wanted, after=after, limit=size)], size)


def _item(one: Drill) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in SAME}
    return {**told, "company": one.company.code, "archive_sha256": one.archive_sha256 or None}

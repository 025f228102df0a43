"""Drills of companies, and how far they have come."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from lianjing.domain.companies.queries import company_called
from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.queries import DrillsWanted, drills
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.drills import DrillKind, DrillState
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.reading import page, page_size

router = Router()

TextWanted = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]
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
    company_id = None
    if company:
        found = company_called(viewer, company)
        if found is None:
            raise Missing(_("没有这个单位。"))
        company_id = found.pk
    rows = drills(viewer, DrillsWanted(company_id, state, kind, year), after=after, limit=size)
    return page([_item(one) for one in rows], size)


def _item(one: Drill) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in SAME}
    return {**told, "company": one.company.code, "archive_sha256": one.archive_sha256 or None}

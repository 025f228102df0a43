"""Assessments of departments, and what they have come to."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.models import AssessmentCycle
from lianjing.domain.assessments.policy import SEE
from lianjing.domain.assessments.queries import CyclePage, CyclesWanted, Result, cycle_page, cycles
from lianjing.domain.findings.queries import findings_of_source
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.assessments import CycleState, SheetKind
from lianjing.terms.findings import FindingSource
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

SAME = (
    *("id", "name", "period", "first_on", "last_on", "state", "sheets_due_on", "analysis_due_on"),
    *("self_share", "mutual_share", "assessor_share", "opened_at", "scored_at", "analysed_at", "closed_at"),
)


@router.get("assessments", summary="Assessments of departments, newest first")
@needs(SEE)
def list_assessments(
    request: HttpRequest,
    company: TextWanted = "",
    state: CycleState | Literal[""] = "",
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """Of one company, or of all that the caller sees."""
    viewer, size = viewer_of(request), page_size(limit)
    wanted = CyclesWanted(company_wanted(viewer, company), state)
    rows = cycles(viewer, wanted, centre_day(), after=after, limit=size)
    items = [_item(one.cycle) | {"sheets": one.sheets, "submitted": one.submitted} for one in rows]
    return page(items, size)


@router.get("assessments/{int:assessment_id}", summary="One assessment with its departments")
@needs(SEE)
def get_assessment(request: HttpRequest, assessment_id: int) -> dict[str, Any]:
    viewer = viewer_of(request)
    found = cycle_page(viewer, assessment_id)
    if found is None:
        raise Missing(_("没有这次考核。"))
    cycle, sheets = found.cycle, sum(len(one.sheets) for one in found.results)
    return _item(cycle) | {
        "sheets": sheets,
        "submitted": sheets - len(found.missing),
        "analysis": cycle.analysis or None,
        "measures": cycle.measures or None,
        "cancelled_for": cycle.cancelled_for or None,
        "departments": [_department(one) for one in found.results],
        "findings": _findings(viewer, found),
    }


def _item(one: AssessmentCycle) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in SAME}
    return {
        **told,
        "company": one.company.code,
        "criteria": {"name": one.criteria.name, "version": one.criteria.version},
        "responsible": {"staff_no": one.responsible.staff_no, "name": one.responsible.name},
    }


def _department(one: Result) -> dict[str, Any]:
    """Points of a hundred, null while there are none. `deviation`: by how much its own are above those of others."""
    by_kind = {kind.value: one.totals.by_kind[kind] for kind in SheetKind}
    told = {"score": one.covered.score, "figures": one.totals.figures, "deviation": one.totals.deviation}
    return {"id": one.covered.department_id, "name": one.covered.name, **by_kind, **told}


def _findings(viewer: Viewer, found: CyclePage) -> list[dict[str, Any]]:
    """Of those that the caller may see."""
    cycle = found.cycle
    rows = findings_of_source(viewer, cycle.company_id, FindingSource.ASSESSMENT.value, str(cycle.pk))
    return [{"id": row.pk, "number": row.number, "state": row.state} for row in rows]

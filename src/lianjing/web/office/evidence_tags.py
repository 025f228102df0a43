"""What of a clause's evidence its entry on the page of clauses shows (`{% load evidence %}`)."""

from typing import Any

from django import template

from lianjing.core.access import viewer_of
from lianjing.domain.compliance.evidence_known import evidence_by_clause
from lianjing.domain.compliance.evidencing import SUBMIT
from lianjing.web.office.evidence_words import state_mark

register = template.Library()
SHOWN = 8
KEPT = "_evidence_by_clause"


@register.simple_tag(takes_context=True)
def evidence_of(context: dict[str, Any], clause: str, listed: list[dict[str, Any]]) -> dict[str, Any]:
    """Pieces for a clause on the day of the page, newest first, but for those that its verdict lists already. Those of
    all clauses are read at once, once a page."""
    request, company = context["request"], context.get("company")
    if company is None:
        return {"pieces": [], "more": 0, "may_submit": False, "company_id": None}
    viewer = viewer_of(request)
    asked = (company.pk, context["on"], context.get("known"))
    kept = getattr(request, KEPT, {})
    if asked not in kept:
        kept[asked] = evidence_by_clause(viewer, *asked)
        setattr(request, KEPT, kept)
    told = {one["id"] for one in listed if one["kind"] == "evidence"}
    newest = [one for one in kept[asked].get(clause, ())[::-1] if one.id not in told]
    pieces = [(one, *state_mark(one.state)) for one in newest[:SHOWN]]
    may_submit = viewer.scope(SUBMIT).holds(company.pk)
    return {"pieces": pieces, "more": len(newest) - len(pieces), "may_submit": may_submit, "company_id": company.pk}

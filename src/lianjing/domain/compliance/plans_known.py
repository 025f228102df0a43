"""Plans in force and the classification of a company, as two clauses judge by them: each read once a sweep."""

from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.plans.review_list import Term, terms
from lianjing.domain.plans.review_policy import PlanStanding

SEE = "compliance.see"


@once_a_sweep
def plans_on(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> tuple[PlanStanding, ...]:
    """Those in force when the day ends, by what was known then."""
    moment = end_of(on, known)
    found = terms(viewer, company_id, (moment, moment), known, SEE)
    return tuple(one.standing for one in found if one.holds_at(moment))


@once_a_sweep
def plans_between(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> tuple[Term, ...]:
    """Those in force at some time of the span."""
    return tuple(terms(viewer, company_id, (end_of(span.first, known), end_of(span.last, known)), known, SEE))

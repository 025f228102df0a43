"""待复盘: what has to be looked back on, what was, and what became of an improvement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.drills.models import Drill, Improvement, Retest, Review, ReviewTerm
from lianjing.domain.drills.policy import OWED, OWED_GRADES, REVIEW_DAYS, SEE, review_due
from lianjing.domain.findings.models import Finding
from lianjing.domain.incidents.models import Incident
from lianjing.domain.plans.models import PlanVersion
from lianjing.terms.drills import DrillState

LOOKS_BACK = timedelta(days=366)
"""What lies further back is looked back on no more."""
DRILLS_AT_MOST = 100
OLDEST = ("opened_at", "id")


@dataclass(frozen=True, slots=True)
class ToLookBack:
    """Something that waits. `days_left` until its day, 0 on it."""

    happened_on: date
    due_on: date
    days_left: int
    drill: Drill | None = None
    incident: Incident | None = None


def review_term(viewer: Viewer, company_id: int) -> int:
    """Within how many days the company looks back, as it is set now."""
    rows = visible(ReviewTerm.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    return rows.order_by("-pk").values_list("days", flat=True).first() or REVIEW_DAYS


def drills_to_review(viewer: Viewer, company_id: int, on: date) -> list[ToLookBack]:
    """Drills that were held and wait, the oldest first."""
    days = review_term(viewer, company_id)
    rows = visible(Drill.objects.filter(company_id=company_id, state=DrillState.HELD), viewer, SEE)
    held = rows.order_by("planned_on", "pk")[:DRILLS_AT_MOST]
    return [_waits(centre_day(row.ended_at), days, on, drill=row) for row in held if row.ended_at]


def cases_to_review(
    viewer: Viewer, company_id: int, on: date, at: datetime, *, after: int | None = None, limit: int = 50
) -> list[ToLookBack]:
    """Closed cases of the two highest grades that were real or may have been, and wait; the oldest first."""
    days, rows = review_term(viewer, company_id), behind(_owed(viewer, company_id, at), OLDEST, after)
    found = rows.select_related("site")[:limit]
    return [_waits(centre_day(row.closed_at), days, on, incident=row) for row in found if row.closed_at]


def _owed(viewer: Viewer, company_id: int, at: datetime) -> "QuerySet[Incident]":
    rows = visible(Incident.objects.filter(company_id=company_id, disposition__in=OWED), viewer, SEE)
    rows = rows.filter(state="closed", grade__in=OWED_GRADES, joined_into=None, closed_at__gt=at - LOOKS_BACK)
    return rows.exclude(Exists(reviews_since_closing()))


def reviews_since_closing() -> "QuerySet[Review]":
    """Of the case of the outer query: what was written before it was closed, it being opened again, counts no more."""
    return Review.objects.filter(incident=OuterRef("pk"), recorded_at__gte=OuterRef("closed_at"))


def to_review_count(viewer: Viewer, company_id: int, at: datetime) -> int:
    """How many drills and cases wait. Two queries."""
    held = visible(Drill.objects.filter(company_id=company_id, state=DrillState.HELD), viewer, SEE)
    return held.count() + _owed(viewer, company_id, at).count()


def reviews(viewer: Viewer, company_id: int, *, after: int | None = None, limit: int = 50) -> list[Review]:
    """What was looked back on, the latest first, each with its findings. Two queries, three behind a cursor."""
    rows = behind(visible(Review.objects.filter(company_id=company_id), viewer, SEE), ("-id",), after)
    shown = rows.select_related("drill", "incident__site").prefetch_related("improvements__finding__owner")
    return list(shown[:limit])


def review_by_id(viewer: Viewer, review_id: int) -> Review | None:
    """One with its findings; None when there is none for the viewer."""
    rows = visible(Review.objects.all(), viewer, SEE).select_related("company", "drill", "incident__site")
    return rows.prefetch_related("improvements__finding__owner", "improvements__plan").filter(pk=review_id).first()


def incident_to_review(viewer: Viewer, incident_id: int) -> Incident | None:
    """A case with its site and company; None when there is none for the viewer."""
    rows = visible(Incident.objects.exclude(company=None), viewer, SEE)
    return rows.select_related("site", "company").filter(pk=incident_id).first()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an improvement has come: versions of its plan since the review, the newest first, and its re-tests."""

    improvement: Improvement
    versions: Sequence[PlanVersion]
    retests: Sequence[Retest]

    @property
    def in_force(self) -> PlanVersion | None:
        return next((one for one in self.versions if one.in_force_since is not None), None)

    @property
    def passed(self) -> Retest | None:
        return next((one for one in self.retests if one.has_passed), None)


def improvement_of(viewer: Viewer, finding: Finding) -> Progress | None:
    """Of a finding that came from a review; None for others. Three queries at most."""
    rows = visible(Improvement.objects.filter(finding=finding), viewer, SEE, company_field="review__company_id")
    row = rows.select_related("plan", "review__drill", "review__incident").first()
    if row is None:
        return None
    versions = PlanVersion.objects.filter(plan=row.plan_id, written_at__gt=row.review.recorded_at).defer("steps")
    shown = versions.select_related("approved_by", "written_by").order_by("-number")[:20]
    tested = row.retests.select_related("drill", "version").order_by("-pk")[:20]
    return Progress(row, list(shown), list(tested))


def _waits(happened_on: date, days: int, on: date, **what: Drill | Incident) -> ToLookBack:
    due_on = review_due(happened_on, days)
    return ToLookBack(happened_on, due_on, (due_on - on).days, **what)  # type: ignore[arg-type]

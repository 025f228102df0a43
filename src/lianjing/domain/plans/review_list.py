"""Reading reviews: what counts of each plan in force, what is due, and the rows themselves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from lianjing.core.days import centre_day
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.plans.models import Plan, PlanReview, PlanVersion, VersionState
from lianjing.domain.plans.queries import SEE
from lianjing.domain.plans.review_policy import PlanStanding, ReviewKnown
from lianjing.domain.records.dated import known_at
from lianjing.terms.plans import ReviewConclusion, ReviewKind

ROWS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Term:
    """A version in force, from an instant to another."""

    standing: PlanStanding
    since: datetime
    until: datetime | None

    def holds_at(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or self.until > moment)


def terms(
    viewer: Viewer, company_id: int, within: tuple[datetime, datetime], known: datetime | None, see: str = SEE
) -> list[Term]:
    """Of every version that was in force at some time from the first moment to the second, with the reviews of its plan
    that were known then; three queries. `see`: the permission by which rows are narrowed down."""
    first, last = within
    rows = visible(PlanVersion.objects.all(), viewer, see, company_field="plan__company_id").filter(
        Q(in_force_until=None) | Q(in_force_until__gt=first),
        plan__company_id=company_id,
        in_force_since__lte=last,
        state__in=(VersionState.IN_FORCE, VersionState.SUPERSEDED),
    )
    found = list(rows.defer("steps").select_related("plan").order_by("plan_id", "number"))
    reviews = _reviews(viewer, company_id, {row.plan_id for row in found}, known, see)
    begun = _first_days(found)
    return [_term(row, begun, reviews[row.plan_id]) for row in found]


def _first_days(versions: Iterable[PlanVersion]) -> dict[int, date]:
    """The day on which each plan first came into force: also of versions that are over by now."""
    ids = {row.plan_id for row in versions}
    rows = PlanVersion.objects.filter(plan__in=ids, in_force_since__isnull=False).order_by("-in_force_since")
    return {plan_id: centre_day(since) for plan_id, since in rows.values_list("plan_id", "in_force_since") if since}


def _term(row: PlanVersion, begun: dict[int, date], reviews: list[ReviewKnown]) -> Term:
    plan, since = row.plan, row.in_force_since
    if since is None:
        raise AssertionError("read with its time")
    same = (plan.pk, plan.title, plan.event_class, plan.grade, plan.scope)
    standing = PlanStanding(*same, row.pk, row.number, centre_day(since), begun[plan.pk], tuple(reviews))
    return Term(standing, since, row.in_force_until)


def _reviews(
    viewer: Viewer, company_id: int, plans: set[int], known: datetime | None, see: str
) -> dict[int, list[ReviewKnown]]:
    rows = visible(PlanReview.objects.filter(company_id=company_id, plan__in=plans), viewer, see)
    found: dict[int, list[ReviewKnown]] = defaultdict(list)
    for row in known_at(rows, known).order_by("pk"):
        found[row.plan_id].append(_known(row))
    return found


def _known(row: PlanReview) -> ReviewKnown:
    days = (row.valid_from or date.min, row.valid_until or date.max)
    told = (ReviewKind(row.kind), ReviewConclusion(row.conclusion))
    return ReviewKnown(row.pk, row.version_id, *told, *days, row.recorded_by)


def standings(
    viewer: Viewer, company_id: int, moment: datetime, known: datetime | None, see: str = SEE
) -> list[PlanStanding]:
    """Every plan in force at the moment, with its reviews."""
    return [one.standing for one in terms(viewer, company_id, (moment, moment), known, see) if one.holds_at(moment)]


@dataclass(frozen=True, slots=True)
class DueCounts:
    """Of the plans in force: how many lack a review that counts, have one that ends soon, are late for the yearly one,
    or have it ahead."""

    plans: int = 0
    unreviewed: int = 0
    ending: int = 0
    late: int = 0
    ahead: int = 0


def due_counts(viewer: Viewer, company_id: int, at: datetime, soon: int) -> DueCounts:
    """`soon`: so many days ahead count as soon."""
    today, told = centre_day(at), DueCounts()
    for one in standings(viewer, company_id, at, None):
        legal, left = one.legal_on(today), (one.due_on(today) - today).days
        told = replace(
            told,
            plans=told.plans + 1,
            unreviewed=told.unreviewed + (legal is None),
            ending=told.ending + (legal is not None and (legal.valid_until - today).days <= soon),
            late=told.late + (left < 0),
            ahead=told.ahead + (0 <= left <= soon),
        )
    return told


def reviews_of_plan(viewer: Viewer, plan: Plan) -> list[PlanReview]:
    """All that were ever entered, those that were taken back included; the newest first."""
    rows = visible(PlanReview.objects.filter(plan=plan), viewer, SEE).select_related("version", "reviewer")
    return list(rows.order_by("-valid_from", "-pk")[:ROWS_AT_MOST])


def review_by_id(viewer: Viewer, review_id: int) -> PlanReview | None:
    """A review that is taken for true, or was; None when there is none for the viewer."""
    rows = visible(PlanReview.objects.all(), viewer, SEE).select_related("plan", "version")
    return rows.filter(pk=review_id).first()


def review_file(viewer: Viewer, review_id: int) -> KeptScan | None:
    """Its file, compared with the digest of then; None when there is none for the viewer."""
    review = review_by_id(viewer, review_id)
    return read_scan(review.file, review.file_sha256) if review is not None else None

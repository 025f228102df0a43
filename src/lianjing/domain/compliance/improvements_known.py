"""What a company had to look back on, and what became of its improvements, by what was known when.

Owner, day and state of a finding are read from its sealed records: the finding itself tells only how it stands now.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.cases_known import known_cases
from lianjing.domain.compliance.drill_policy import past_after
from lianjing.domain.compliance.drills_known import drills_ahead, review_days
from lianjing.domain.compliance.improvement_policy import ImprovementKnown, LookingBack, ToReview, turning_days
from lianjing.domain.compliance.looking_ahead import Ahead, Span, day_after
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.drills.models import Improvement, Retest, Review
from lianjing.domain.drills.policy import OWED, OWED_GRADES, review_due
from lianjing.domain.drills.review_list import reviews_since_closing
from lianjing.domain.findings.models import Finding
from lianjing.domain.incidents.milestones import REOPENED
from lianjing.domain.incidents.models import FormerTimes, Regrading
from lianjing.domain.plans.models import PlanVersion
from lianjing.domain.records.models import Record
from lianjing.terms.findings import FindingState

SEE = "compliance.see"
YEAR = timedelta(days=366)


def looking_back(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> LookingBack:
    """Everything of the year before day `on`, by what was known at `known` (None: is now)."""
    return looking_back_ahead(viewer, company_id, Span(on, on), known).on(on)


def looking_back_ahead(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[LookingBack]:
    """The same on each day of a span, from one reading: at most eleven queries, one more where cases were opened
    again."""
    days = review_days(viewer, company_id, span.first, known)
    drills = drills_ahead(viewer, company_id, span, known)
    cases = [*_cases(viewer, company_id, span, known), *_opened_again(viewer, company_id, span, known)]
    improvements = _improvements(viewer, company_id, span, known)

    def on(day: date) -> LookingBack:
        moment = end_of(day, known)
        held = [
            ToReview("drill", one.id, f"{one.number} {one.title}", one.held_on, one.reviewed_on)
            for one in drills.on(day)
            if one.is_within_years(day)
        ]
        closed = [one.at(moment) for one in cases if one.is_looked_back_on(day, moment)]
        made = tuple(one.at(moment) for one in improvements if one.reviewed_at <= moment)
        standing = tuple(one for one in made if one.state != FindingState.DISMISSED)
        return LookingBack(day, days, (*held, *closed), standing)

    turns = set(drills.days)
    turns |= {day for one in drills.on(span.last) for day in day_after(review_due(one.held_on, days))}
    for one in cases:
        turns |= one.days(days)
    for improvement in improvements:
        turns |= improvement.days()
    return Ahead(on, turns)


@dataclass(frozen=True, slots=True)
class _Case:
    """A closed case that must be looked back on, until it is opened again: from then on it is not closed."""

    id: int
    happened_on: date
    reviewed_at: datetime | None
    until: datetime | None = None

    def is_looked_back_on(self, day: date, moment: datetime) -> bool:
        return self.happened_on <= day < past_after(self.happened_on) and (self.until is None or moment < self.until)

    def at(self, moment: datetime) -> ToReview:
        reviewed = self.reviewed_at is not None and self.reviewed_at <= moment
        return ToReview("case", self.id, f"#{self.id}", self.happened_on, _day(self.reviewed_at) if reviewed else None)

    def days(self, term: int) -> set[date]:
        found = {self.happened_on, past_after(self.happened_on), *day_after(review_due(self.happened_on, term))}
        return found | {day_of(at) for at in (self.reviewed_at, self.until) if at is not None}


def _cases(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> list[_Case]:
    """Cases of the two highest grades that were real or may have been, and are closed."""
    first = _year_before(span)
    rows = known_cases(viewer, company_id, known).filter(
        state="closed", grade__in=OWED_GRADES, disposition__in=OWED, joined_into=None
    )
    rows = rows.filter(closed_at__gt=first, closed_at__lte=end_of(span.last, known))
    reviewed = Subquery(reviews_since_closing().order_by("recorded_at").values("recorded_at")[:1])
    told = rows.order_by("closed_at", "pk").values_list("pk", "closed_at", reviewed)
    return [_Case(pk, day_of(closed_at), reviewed_at) for pk, closed_at, reviewed_at in told]


def _opened_again(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> list[_Case]:
    """The same of cases that were opened again since: until then they were closed, with the grade and the disposition
    of that time. What their records no longer tell, retention having erased it, nobody knows."""
    rows = visible(FormerTimes.objects.filter(company_id=company_id), viewer, SEE).order_by("until", "pk")
    rows = rows.filter(closed_at__gt=_year_before(span), closed_at__lte=end_of(span.last, known))
    rows = rows.filter(until__gt=end_of(span.first, known))
    reviewed = Review.objects.filter(
        incident=OuterRef("incident"), recorded_at__gte=OuterRef("closed_at"), recorded_at__lt=OuterRef("until")
    )
    found = list(
        rows.annotate(
            looked=Subquery(reviewed.order_by("recorded_at").values("recorded_at")[:1]),
            graded=Subquery(_graded(OuterRef("incident"), OuterRef("closed_at"))),
            first_grade=F("incident__first_grade"),
            last_grade=F("incident__grade"),
        )
    )
    results = _results({one.incident_id for one in found})
    return [
        _Case(one.incident_id, day_of(one.closed_at), one.looked, one.until)
        for one in found
        if one.closed_at is not None
        and (one.graded or one.first_grade or one.last_grade) in OWED_GRADES
        and results.get((one.incident_id, one.until)) in OWED
    ]


def _graded(incident: OuterRef, until: OuterRef) -> "QuerySet[Regrading, int]":
    """The last grade that the case had got by then; none where it still had its first."""
    return Regrading.objects.filter(incident=incident, at__lte=until).order_by("-at", "-pk").values("grade")[:1]


def _results(incident_ids: set[int]) -> dict[tuple[int, datetime], str]:
    """By case and instant at which it was opened again: its disposition until then."""
    ids = [str(pk) for pk in incident_ids]
    rows = Record.objects.filter(subject_type="incident", subject_id__in=ids, action=REOPENED) if ids else ()
    told = ((row.subject_id, row.at, (row.before or {}).get("result", "")) for row in rows)
    return {(int(subject), at): result for subject, at, result in told}


def _year_before(span: Span) -> datetime:
    return end_of(max(span.first, date(5, 1, 1)) - YEAR, None)


@dataclass(frozen=True, slots=True)
class _Made:
    """An improvement with everything that happened to it, oldest first."""

    row: Improvement
    steps: tuple[tuple[datetime, dict[str, Any]], ...]
    revised_at: tuple[datetime, ...]
    retested_at: tuple[datetime, ...]

    @property
    def reviewed_at(self) -> datetime:
        return self.row.review.recorded_at

    @property
    def _begins(self) -> bool:
        """Whether its first record is still told: retention has not erased how it began."""
        return bool(self.steps) and self.steps[0][0] <= self.row.finding.raised_at and "state" in self.steps[0][1]

    def at(self, moment: datetime) -> ImprovementKnown:
        finding = self.row.finding
        told = {} if self._begins else _as_now(finding)
        for at, step in self.steps:
            if at <= moment:
                told |= step
        return ImprovementKnown(
            finding.pk,
            finding.number,
            finding.title,
            self.row.plan.title,
            str(told.get("state", "")),
            str(told.get("owner", "")),
            date.fromisoformat(told["due_on"]) if told.get("due_on") else None,
            any(at <= moment for at in self.revised_at),
            any(at <= moment for at in self.retested_at),
        )

    def days(self) -> set[date]:
        instants = {self.reviewed_at, *self.revised_at, *self.retested_at, *(at for at, _step in self.steps)}
        dues = {step["due_on"] for _at, step in self.steps if step.get("due_on")}
        dues |= {_as_now(self.row.finding)["due_on"]} - {""}
        late = (turning_days(date.fromisoformat(due)) for due in dues)
        return {day_of(at) for at in instants} | set().union(*late)


def _improvements(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> list[_Made]:
    """Those of the last year, and whatever was still open when the span began."""
    first, last = end_of(max(span.first, date(5, 1, 1)), None), end_of(span.last, known)
    rows = visible(Improvement.objects.filter(review__company_id=company_id), viewer, SEE, "review__company_id")
    lately = Q(review__recorded_at__gt=first - YEAR)
    open_then = Q(finding__closed_at=None) | Q(finding__closed_at__gt=first - YEAR)
    rows = rows.filter(lately | open_then, review__recorded_at__lte=last)
    found = list(rows.select_related("review", "finding__owner", "plan").order_by("pk"))
    if not found:
        return []
    steps, tested = _steps([one.finding_id for one in found]), _retests(found)
    versions = _versions({one.plan_id for one in found})
    return [
        _Made(
            one,
            tuple(steps[str(one.finding_id)]),
            tuple(at for at in versions[one.plan_id] if at > one.review.recorded_at),
            tuple(tested[one.pk]),
        )
        for one in found
    ]


def _steps(finding_ids: Iterable[int]) -> dict[str, list[tuple[datetime, dict[str, Any]]]]:
    """By finding: what each act made of its state, owner and day. An erased record tells nothing any more."""
    ids = [str(pk) for pk in finding_ids]
    rows = Record.objects.filter(subject_type="finding", subject_id__in=ids).order_by("pk")
    told: dict[str, list[tuple[datetime, dict[str, Any]]]] = defaultdict(list)
    for subject, at, after in rows.values_list("subject_id", "at", "after"):
        step = {name: (after or {})[name] for name in ("state", "owner", "due_on") if name in (after or {})}
        if step:
            told[subject].append((at, step))
    return told


def _as_now(finding: Finding) -> dict[str, str]:
    """As it stands now: when its records are erased, nothing else is known."""
    owner = f"{finding.owner.staff_no} {finding.owner.name}" if finding.owner else ""
    return {"state": finding.state, "owner": owner, "due_on": str(finding.due_on or "")}


def _retests(found: list[Improvement]) -> dict[int, list[datetime]]:
    told: dict[int, list[datetime]] = defaultdict(list)
    rows: QuerySet[Retest] = Retest.objects.filter(improvement__in=found, has_passed=True).order_by("pk")
    for improvement_id, at in rows.values_list("improvement_id", "recorded_at"):
        told[improvement_id].append(at)
    return told


def _versions(plan_ids: set[int]) -> dict[int, list[datetime]]:
    """Since when versions of these plans came into force."""
    told: dict[int, list[datetime]] = defaultdict(list)
    rows = PlanVersion.objects.filter(plan_id__in=plan_ids, in_force_since__isnull=False).order_by("pk")
    for plan_id, at in rows.values_list("plan_id", "in_force_since"):
        if at is not None:
            told[plan_id].append(at)
    return told


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at is not None else None

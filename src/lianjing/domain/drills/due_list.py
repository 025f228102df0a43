"""What of drills and of looking back is late or near, for reminders: what the programme plans and nobody has given a
day, drills whose day comes or is over, what waits for its review, and revised plans that nobody has tried again."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.drills.models import Drill, Improvement, PlannedDrill, Programme, Retest
from lianjing.domain.drills.policy import SEE
from lianjing.domain.drills.review_list import ToLookBack, cases_to_review, drills_to_review
from lianjing.domain.plans.models import PlanVersion, VersionState
from lianjing.terms.drills import DrillState, ProgrammeState
from lianjing.terms.reminders import Reminder
from lianjing.terms.sentences import marked as _

AT_MOST = 200
COMING = (DrillState.PLANNED, DrillState.PREPARED, DrillState.UNDER_WAY)


def drills_due(viewer: Viewer, company_id: int, on: date, within: int) -> list[Reminder]:
    """Lines of this year's programme without a drill whose month ends within so many days, and drills whose day is over
    or comes by then. Four queries at most."""
    until = on + timedelta(days=within)
    found = [*_unplanned(viewer, company_id, on, until), *_coming(viewer, company_id, on, until)]
    return sorted(found, key=lambda one: one.due_on)


def _unplanned(viewer: Viewer, company_id: int, on: date, until: date) -> Iterator[Reminder]:
    programmes = visible(Programme.objects.filter(company_id=company_id), viewer, SEE)
    if not programmes.exists():
        return
    programme = programmes.filter(year=on.year, state=ProgrammeState.APPROVED).first()
    if programme is None:
        yield Reminder(str(on.year), _("没有 %(year)d 年已批准的演练计划。"), on, {"year": on.year})
        return
    made = Drill.objects.filter(company=company_id, year=on.year, line=OuterRef("line"))
    rows = PlannedDrill.objects.filter(~Exists(made.exclude(state=DrillState.CANCELLED)), programme=programme)
    for row in rows.order_by("month", "line")[:AT_MOST]:
        last = date(on.year, row.month, monthrange(on.year, row.month)[1])
        if last <= until:
            yield Reminder(row.title, _("计划在 %(month)d 月演练，还没有排定日期。"), last, {"month": row.month})


def _coming(viewer: Viewer, company_id: int, on: date, until: date) -> Iterator[Reminder]:
    rows = visible(Drill.objects.filter(company_id=company_id, state__in=COMING), viewer, SEE)
    for row in rows.filter(planned_on__lte=until).order_by("planned_on", "pk")[:AT_MOST]:
        told, name = {"day": str(row.planned_on)}, f"{row.number} {row.title}"
        if row.from_paper:
            sentence = _("%(day)s 的演练正在补录，还没有记完。")
        elif row.planned_on < on:
            sentence = _("定在 %(day)s 的演练还没有举行。")
        elif row.state == DrillState.PLANNED:
            sentence = _("定在 %(day)s 的演练还没有准备完毕。")
        else:
            sentence = _("定在 %(day)s 演练。")
        yield Reminder(name, sentence, row.planned_on, told)


def reviews_waiting(viewer: Viewer, company_id: int, on: date, at: datetime, within: int) -> list[Reminder]:
    """Drills and cases that are looked back on late or within so many days. Five queries."""
    held = drills_to_review(viewer, company_id, on)
    closed = cases_to_review(viewer, company_id, on, at, limit=AT_MOST)
    near = [_to_review(one) for one in (*held, *closed) if one.days_left <= within]
    return sorted(near, key=lambda one: one.due_on)


def _to_review(one: ToLookBack) -> Reminder:
    told = {"day": str(one.due_on)}
    if one.drill is not None:
        return Reminder(f"{one.drill.number} {one.drill.title}", _("演练须在 %(day)s 前复盘。"), one.due_on, told)
    number = one.incident.pk if one.incident is not None else ""
    return Reminder(f"#{number}", _("警情须在 %(day)s 前复盘。"), one.due_on, told)


def retests_due(viewer: Viewer, company_id: int, on: date, within: int) -> list[Reminder]:
    """Open findings of reviews whose revised plan is in force and was not tried again with success, where their day is
    over or comes within so many days. One query."""
    passed = Retest.objects.filter(improvement=OuterRef("pk"), has_passed=True)
    revised = PlanVersion.objects.filter(
        plan=OuterRef("plan"), state=VersionState.IN_FORCE, in_force_since__gt=OuterRef("review__recorded_at")
    )
    rows = visible(Improvement.objects.filter(review__company_id=company_id), viewer, SEE, "review__company_id")
    rows = rows.filter(~Exists(passed), Exists(revised), finding__closed_at=None)
    rows = rows.filter(finding__due_on__lte=on + timedelta(days=within)).select_related("finding", "plan")
    return [
        Reminder(one.finding.number, _("预案“%(plan)s”已修订，等复测。"), one.finding.due_on, {"plan": one.plan.title})
        for one in rows.order_by("finding__due_on", "pk")[:AT_MOST]
        if one.finding.due_on is not None
    ]

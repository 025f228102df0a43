"""An assessment from its draft to its end: drafted, opened for scores, scored, analysed, closed."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.assessments.changing import cycle_to_change, moved, text_given
from lianjing.domain.assessments.covering import Place, department_on, people_of
from lianjing.domain.assessments.evaluators import Handed
from lianjing.domain.assessments.fixing import fix_figures, keep_scores_of_departments
from lianjing.domain.assessments.models import AssessmentCycle, CriteriaSet, CycleDepartment, ScoreSheet
from lianjing.domain.assessments.permissions import can_score
from lianjing.domain.assessments.policy import CHANGED, EDIT, SEE, NewCycle, check_cycle, round_robin
from lianjing.domain.companies.models import Company
from lianjing.domain.findings.actions import Assignment, assign_finding, confirm_finding, raise_finding
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.people.models import StaffMember
from lianjing.domain.people.staff_facts import facts_of, is_employed
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.terms.assessments import CycleState, SheetKind
from lianjing.terms.findings import FindingSource
from lianjing.terms.sentences import marked as _

CLAUSE = "8.3.3"


@transaction.atomic
def draft_cycle(company_id: int, new: NewCycle, *, by: Viewer, at: datetime, source: str = "") -> AssessmentCycle:
    """Plans an assessment of some departments over a period. Raises Missing, Forbidden or Refused naming the field."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="pk")
    require(by, EDIT, company_id)
    days = check_cycle(new)
    today = centre_day(at)
    last = AssessmentCycle.objects.filter(company=company).aggregate(last=Max("turn"))["last"]
    row = AssessmentCycle(company=company, turn=(last or 0) + 1, drafted_at=at, drafted_by=by.name[:150])
    enter(row, {"name": new.name, "period": new.period})
    row.first_on, row.last_on, row.sheets_due_on, row.analysis_due_on = days
    row.criteria, row.responsible = _criteria(company, new.criteria_id), _responsible(company, new, today)
    row.self_share, row.mutual_share, row.assessor_share = (new.shares[kind] for kind in SheetKind)
    covered = [department_on(company_id, pk, row.last_on, "departments") for pk in dict.fromkeys(new.departments)]
    _check_new(row, covered)
    row.save()
    CycleDepartment.objects.bulk_create(
        CycleDepartment(cycle=row, department_id=one.id, name=one.name) for one in covered
    )
    write_down("assessment.drafted", row, company_id, Actor(by, at, source), after=_told(row, covered), topic=CHANGED)
    return row


@transaction.atomic
def open_cycle(cycle_id: int, *, by: Viewer, at: datetime, source: str = "") -> AssessmentCycle:
    """Hands out the sheets: each department scores itself, another one in turn, and the assessor all of them. Whoever
    leads a department scores for it, where he has an account and is not the assessor. Raises Missing,
    Forbidden or Refused."""
    actor, today = Actor(by, at, source), centre_day(at)
    cycle = cycle_to_change(cycle_id, "open", actor)
    covered = list(cycle.departments.order_by("pk").values_list("department_id", flat=True))
    everybody = people_of(cycle.company_id, today)
    people = {pk: everybody.get(pk, []) for pk in covered}
    others = dict(round_robin(covered, cycle.turn))
    handed, sheets = Handed(cycle.company_id, people, cycle.responsible), []
    for pk in covered:
        own = handed.evaluator(pk)
        other = handed.evaluator(others[pk], barred=people[pk])
        sheets.append(ScoreSheet(kind=SheetKind.SELF, department_id=pk, by_department_id=pk, evaluator=own))
        sheets.append(ScoreSheet(kind=SheetKind.MUTUAL, department_id=pk, by_department_id=others[pk], evaluator=other))
        sheets.append(ScoreSheet(kind=SheetKind.ASSESSOR, department_id=pk, evaluator=cycle.responsible))
    for sheet in sheets:
        sheet.cycle = cycle
    ScoreSheet.objects.bulk_create(sheets)
    cycle.opened_at = at
    return moved(cycle, "open", actor, {"sheets": len(sheets)})


@transaction.atomic
def score_cycle(cycle_id: int, *, by: Viewer, at: datetime, source: str = "") -> AssessmentCycle:
    """Fixes the figures of operations and what every department has come to. Raises Missing, Forbidden, or Refused
    while a sheet is missing, or a figure that nobody has scored by hand."""
    actor = Actor(by, at, source)
    cycle = cycle_to_change(cycle_id, "score", actor)
    if centre_day(at) <= cycle.last_on:
        raise Refused("", _("考核期到 %(last)s 才结束，之后才能确定得分。"), last=str(cycle.last_on))
    missing = cycle.sheets.filter(returned_at=None, submitted_at=None).count()
    if missing:
        raise Refused("", _("还有 %(count)d 张评分表没有提交，不能确定得分。"), count=missing)
    fix_figures(cycle, actor)
    told = keep_scores_of_departments(cycle)
    cycle.scored_at, cycle.scored_by = at, by.name[:150]
    return moved(cycle, "score", actor, {"results": told})


@transaction.atomic
def analyse_cycle(
    cycle_id: int, analysis: str, measures: str, *, by: Viewer, at: datetime, source: str = ""
) -> AssessmentCycle:
    """Says what the results tell and what is done about them. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    cycle = cycle_to_change(cycle_id, "analyse", actor)
    cycle.analysis = text_given("analysis", analysis)
    cycle.measures = text_given("measures", measures)
    cycle.analysed_at, cycle.analysed_by = at, by.name[:150]
    return moved(cycle, "analyse", actor, {"analysis": cycle.analysis, "measures": cycle.measures})


@transaction.atomic
def close_cycle(cycle_id: int, *, by: Viewer, at: datetime, source: str = "") -> AssessmentCycle:
    """Ends it; its findings go on. Raises Missing, Forbidden, or Refused without an analysis."""
    actor = Actor(by, at, source)
    cycle = cycle_to_change(cycle_id, "close", actor)
    cycle.closed_at, cycle.closed_by = at, by.name[:150]
    return moved(cycle, "close", actor, {})


@transaction.atomic
def cancel_cycle(cycle_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> AssessmentCycle:
    """Gives up one that was not scored yet. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    cycle = cycle_to_change(cycle_id, "cancel", actor)
    cycle.cancelled_for = reason_given(reason)
    return moved(cycle, "cancel", actor, {"reason": cycle.cancelled_for})


@transaction.atomic
def raise_from_cycle(
    cycle_id: int, new: NewFinding, to: Assignment, *, by: Viewer, at: datetime, source: str = ""
) -> Finding:
    """A finding of what an assessment has shown, with who puts it right and until when. Raises Missing, Forbidden or
    Refused."""
    cycle = locked(AssessmentCycle.objects.all(), cycle_id, by, see=SEE)
    require(by, EDIT, cycle.company_id)
    if cycle.scored_at is None:
        raise Refused("", _("确定得分之后才由考核提出整改。"))
    who = {"by": by, "at": at, "source": source}
    origin = Source(FindingSource.ASSESSMENT.value, str(cycle.pk), cycle.name)
    whole = NewFinding(new.title, new.grade, new.description, origin, new.clauses or (CLAUSE,))
    finding = raise_finding(cycle.company_id, whole, by=by, at=at, source=source)
    confirm_finding(finding.pk, finding.grade, **who)  # type: ignore[arg-type]
    return assign_finding(finding.pk, to, **who)  # type: ignore[arg-type]


def _check_new(row: AssessmentCycle, covered: list[Place]) -> None:
    """Raises Refused for what is there already: a department is assessed once over a period. The company is locked."""
    others = AssessmentCycle.objects.filter(company=row.company_id).exclude(state=CycleState.CANCELLED)
    if others.filter(name=row.name).exists():
        raise Refused("name", _("已有名为“%(name)s”的考核，请换一个名称。"), name=row.name)
    same = others.filter(period=row.period, first_on__lte=row.last_on, last_on__gte=row.first_on)
    rows = CycleDepartment.objects.filter(cycle__in=same, department__in=[one.id for one in covered])
    twice = rows.select_related("cycle").order_by("pk").first()
    if twice is not None:
        sentence = _("%(department)s在 %(first)s 至 %(last)s 已有同一周期的考核“%(name)s”；要重做，先作废那一次。")
        told = {"first": str(twice.cycle.first_on), "last": str(twice.cycle.last_on)}
        raise Refused("first_on", sentence, department=twice.name, name=twice.cycle.name, **told)


def _criteria(company: Company, criteria_id: int) -> CriteriaSet:
    row = CriteriaSet.objects.filter(company=company, pk=criteria_id).first()
    if row is None:
        raise Refused("criteria_id", _("本单位没有这套指标。"))
    return row


def _responsible(company: Company, new: NewCycle, today: date) -> StaffMember:
    number = new.responsible_no.strip()
    member = StaffMember.objects.filter(company=company, staff_no=number).select_related("user").first()
    if member is None:
        raise Refused("responsible_no", _("本单位没有工号 %(number)s 的人员。"), number=number[:32])
    told = {"name": member.name, "number": number}
    if not is_employed(facts_of([member.pk]).get(member.pk, []), today):
        raise Refused("responsible_no", _("%(name)s（工号 %(number)s）今天不在职。"), **told)
    if not can_score(member, company.pk):
        raise Refused("responsible_no", _("%(name)s（工号 %(number)s）没有能评分的账号。"), **told)
    return member


def _told(row: AssessmentCycle, covered: list[Place]) -> dict[str, object]:
    told: dict[str, object] = {"name": row.name, "first_on": str(row.first_on), "last_on": str(row.last_on)}
    told |= {"departments": [one.name for one in covered], "criteria": str(row.criteria)}
    return told | {"responsible": row.responsible.name, "sheets_due_on": str(row.sheets_due_on)}

"""复盘: every drill that was held and every real case of the two highest grades is looked back on; what is to be done
better becomes findings that revise plans, each with an owner, a day and a re-test."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, person_id, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.drills.models import Drill, Improvement, Retest, Review, ReviewTerm
from lianjing.domain.drills.moving import drill_to_move, moved, written
from lianjing.domain.drills.policy import (
    APPROVE,
    OWED,
    OWED_GRADES,
    REVIEW,
    REVIEW_DAYS_AT_MOST,
    REVIEWED,
    SEE,
)
from lianjing.domain.findings.actions import Assignment, assign_finding, confirm_finding
from lianjing.domain.findings.raising import NewFinding, Source, raised
from lianjing.domain.incidents.models import Incident
from lianjing.domain.plans.models import Plan, PlanVersion
from lianjing.domain.records.changing import Actor, locked, take_back, write_down
from lianjing.terms.drills import DrillKind, ReviewConclusion
from lianjing.terms.findings import FindingSource
from lianjing.terms.sentences import marked as _

FINDINGS_AT_MOST = 10
CLAUSE = "8.4.3"


@dataclass(frozen=True, slots=True)
class ToImprove:
    """What is to be done better: the plan to revise, who does it (by staff number) and until when."""

    title: str
    plan_id: int
    owner_no: str
    due_on: date | None
    grade: str = "minor"
    description: str = ""


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What somebody concludes. `findings` only with the conclusion of that name; without it a reason."""

    conclusion: str
    went_well: str = ""
    went_badly: str = ""
    reason: str = ""
    findings: tuple[ToImprove, ...] = ()


@transaction.atomic
def review_drill(drill_id: int, told: LookedBack, *, by: Viewer, at: datetime, source: str = "") -> Review:
    """Looks back on a drill that was held and evaluated. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "review", actor)
    if drill.evaluated_at is None and DrillKind(drill.kind).counts:
        raise Refused("", _("还没有评估结论，先评分并写结论再复盘。"))
    if told.conclusion == ReviewConclusion.NOT_REAL:
        raise Refused("conclusion", _("演练没有这种结论。"))
    source_of = Source(FindingSource.DRILL.value, str(drill.pk), f"演练 {drill.number} {drill.title}")
    review = _kept(Review(company_id=drill.company_id, drill=drill), told, source_of, actor)
    drill.reviewed_at = at
    moved(drill, "review", "reviewed", actor, {"conclusion": review.conclusion})
    return review


@transaction.atomic
def review_incident(incident_id: int, told: LookedBack, *, by: Viewer, at: datetime, source: str = "") -> Review:
    """Looks back on a closed case of the two highest grades. One that turned out to be none gets by with a short
    review. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    rows = visible(Incident.objects.exclude(company=None), by, SEE)
    incident = rows.select_for_update(no_key=True).filter(pk=incident_id).first()
    if incident is None or incident.company_id is None:
        raise Missing(f"incident {incident_id}")
    require(by, REVIEW, incident.company_id)
    _check_owed(incident, told.conclusion)
    source_of = Source(FindingSource.INCIDENT.value, str(incident.pk), f"警情 #{incident.pk}")
    review = _kept(Review(company_id=incident.company_id, incident=incident), told, source_of, actor)
    after = {"conclusion": review.conclusion, "findings": len(told.findings)}
    write_down("incident.looked_back", incident, review.company_id, actor, after=after, topic=REVIEWED)
    return review


@transaction.atomic
def record_retest(
    finding_id: int,
    has_passed: bool,
    note: str,
    tested_on: date | None = None,
    drill_id: int | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Retest:
    """The plan as it was revised was tried again: in a later drill, or on a day by itself. Raises Missing, Forbidden,
    or Refused: nothing has been revised yet."""
    rows = visible(Improvement.objects.all(), by, SEE, company_field="review__company_id")
    rows = rows.select_related("review", "plan").select_for_update(of=("self",), no_key=True)
    improvement = rows.filter(finding_id=finding_id).first()
    if improvement is None:
        raise Missing(f"improvement of finding {finding_id}")
    company_id = improvement.review.company_id
    require(by, REVIEW, company_id)
    drill = _drill_of(drill_id, company_id)
    day = centre_day(drill.ended_at) if drill is not None and drill.ended_at else tested_on
    version = _revised(improvement)
    row = Retest(improvement=improvement, drill=drill, version=version, has_passed=has_passed, recorded_at=at)
    row.tested_on = _check_day(day, version, centre_day(at))
    row.note, row.recorded_by = written("note", note, required=True, limit=500), by.name[:150]
    row.save()
    told = {"retested_on": str(row.tested_on), "retest_passed": has_passed, "remark": row.note}
    told |= {"revises": f"{improvement.plan.title} v{version.number}"}
    actor = Actor(by, at, source)
    write_down("finding.retested", improvement.finding, company_id, actor, after=told, topic=REVIEWED)
    return row


@transaction.atomic
def set_review_term(company_id: int, days: int, *, by: Viewer, at: datetime, source: str = "") -> ReviewTerm:
    """Within how many days the company looks back on what happened. Raises Missing, Forbidden or Refused."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="pk")
    require(by, APPROVE, company_id)
    actor = Actor(by, at, source)
    if not 1 <= days <= REVIEW_DAYS_AT_MOST:
        raise Refused("days", _("天数应在 1 到 %(limit)d 之间。"), limit=REVIEW_DAYS_AT_MOST)
    for earlier in ReviewTerm.objects.filter(company=company, retracted_at=None):
        take_back(earlier, _("改为新的设定"), actor)
    row = ReviewTerm.objects.create(company=company, days=days, recorded_at=at, recorded_by=by.name[:150])
    write_down("drills.review_term_set", company, company_id, actor, after={"days": days}, topic=REVIEWED)
    return row


def _check_owed(incident: Incident, conclusion: str) -> None:
    if incident.grade not in OWED_GRADES:
        raise Refused("", _("只有一级、二级警情须复盘。"))
    if incident.state != "closed" or incident.joined_into_id is not None:
        raise Refused("", _("警情还没有结案，结案后再复盘。"))
    if conclusion == ReviewConclusion.NOT_REAL and incident.disposition == "real":
        raise Refused("conclusion", _("处置结果是真警，不能按误报短评。"))
    if incident.disposition not in OWED and conclusion != ReviewConclusion.NOT_REAL:
        raise Refused("conclusion", _("处置结果不是真警，只作短评。"))
    # The case is locked: nobody reviews it meanwhile. One opened again after its review is looked back on anew.
    if Review.objects.filter(incident=incident, recorded_at__gte=incident.closed_at).exists():
        raise Refused("", _("已经复盘过。"))


def _kept(review: Review, told: LookedBack, source_of: Source, actor: Actor) -> Review:
    enter(review, {"conclusion": told.conclusion})
    full = review.conclusion != ReviewConclusion.NOT_REAL
    review.went_well = written("went_well", told.went_well, required=full, limit=2000)
    review.went_badly = written("went_badly", told.went_badly, required=full, limit=2000)
    review.reason = written("reason", told.reason)
    _check_findings(review.conclusion, review.reason, told.findings)
    review.recorded_at, review.recorded_by, review.author_id = actor.at, actor.by.name[:150], person_id(actor.by)
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as twice:
        raise Refused("", _("已经复盘过。")) from twice
    for one in told.findings:
        _improve(review, one, source_of, actor)
    return review


def _check_findings(conclusion: str, reason: str, findings: Collection[ToImprove]) -> None:
    wants = conclusion == ReviewConclusion.FINDINGS
    if wants and not findings:
        raise Refused("findings", _("有改进项的，至少写一项。"))
    if not wants and findings:
        raise Refused("conclusion", _("写了改进项，结论应为“有改进项”。"))
    if not wants and not reason:
        raise Refused("reason", _("没有改进项的，请写明理由。"))
    if len(findings) > FINDINGS_AT_MOST:
        raise Refused("findings", _("最多 %(limit)d 项。"), limit=FINDINGS_AT_MOST)


def _improve(review: Review, one: ToImprove, source_of: Source, actor: Actor) -> None:
    """A finding that is confirmed and has its owner and day at once."""
    plan = visible(Plan.objects.filter(company=review.company_id), actor.by, "plans.see").filter(pk=one.plan_id).first()
    if plan is None:
        raise Refused("findings", _("请选择本单位要修订的预案。"))
    require(actor.by, "findings.edit", review.company_id)
    new = NewFinding(one.title, one.grade, one.description, source_of, (CLAUSE,), needs_retest=True)
    revises = {"revises_kind": "plan", "revises_ref": str(plan.pk), "revises_words": plan.title}
    finding = raised(review.company_id, new, actor, **revises)
    who = {"by": actor.by, "at": actor.at, "source": actor.source}
    confirm_finding(finding.pk, one.grade, **who)
    assign_finding(finding.pk, Assignment(one.owner_no, one.due_on), **who)
    Improvement.objects.create(review=review, finding=finding, plan=plan)


def _drill_of(drill_id: int | None, company_id: int) -> Drill | None:
    if drill_id is None:
        return None
    row = Drill.objects.filter(company=company_id, pk=drill_id).first()
    if row is None:
        raise Refused("drill", _("本单位没有这次演练。"))
    if row.held_at is None or row.cancelled_at is not None:
        raise Refused("drill", _("演练 %(number)s 还没有举行。"), number=row.number)
    return row


def _revised(improvement: Improvement) -> PlanVersion:
    """The version that came into force after the review. Raises Refused."""
    rows = PlanVersion.objects.filter(plan=improvement.plan_id, in_force_since__gt=improvement.review.recorded_at)
    version = rows.order_by("-in_force_since").first()
    if version is None:
        raise Refused("", _("预案“%(title)s”还没有修订并执行，不能复测。"), title=improvement.plan.title)
    return version


def _check_day(day: date | None, version: PlanVersion, today: date) -> date:
    if day is None:
        raise Refused("tested_on", _("请填写。"))
    since = centre_day(version.in_force_since) if version.in_force_since else day
    if not since <= day <= today:
        sentence = _("复测日期 %(day)s 应在修订版执行（%(since)s）之后，且不晚于今天（%(today)s）。")
        raise Refused("tested_on", sentence, day=str(day), since=str(since), today=str(today))
    return day

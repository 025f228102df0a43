"""Planning and preparing a drill: from a line of the approved programme to the state in which it may be held."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.drills.indicators import newest_edition
from lianjing.domain.drills.models import Drill, DrillCounter, ExercisedPlan, Participant, PlannedDrill
from lianjing.domain.drills.moving import drill_to_move, moved, written
from lianjing.domain.drills.policy import (
    EDIT,
    PARTICIPANTS_AT_MOST,
    PLANS_AT_MOST,
    SEE,
    Preparation,
    Ready,
    check_ahead,
    check_kind,
    check_over,
    check_planned_day,
    check_ready,
    checked_script,
    number_of,
)
from lianjing.domain.people.holders import at_work_on
from lianjing.domain.people.models import StaffMember
from lianjing.domain.plans.models import Plan, PlanVersion, VersionState
from lianjing.domain.records.changing import Actor, reason_given
from lianjing.terms.drills import DrillRole, ProgrammeState
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Cast:
    """Somebody in a drill: by staff number, in which role, with which task."""

    staff_no: str
    role: str
    task: str = ""


@transaction.atomic
def plan_drill(line_id: int, planned_on: date, kind: str = "", *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Sets the day of a line of the year's approved programme: today or a day to come. `kind` "": as it is planned.
    Raises Missing, Forbidden, or Refused: what the programme does not plan is not held."""
    line = _approved_line(line_id, by)
    check_kind(kind or line.kind, line.kind)
    check_planned_day(planned_on, line.programme.year)
    check_ahead(planned_on, centre_day(at))
    return _made(line, planned_on, Actor(by, at, source))


@transaction.atomic
def enter_from_paper(line_id: int, held_on: date, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Begins the late entry of a drill that was held on a day that is over, or today, and that nobody planned here:
    it is written down and prepared as any other, and its times are recorded last. Raises Missing, Forbidden, or
    Refused."""
    line = _approved_line(line_id, by)
    check_planned_day(held_on, line.programme.year)
    check_over(held_on, centre_day(at))
    return _made(line, held_on, Actor(by, at, source), from_paper=True)


@transaction.atomic
def describe_drill(drill_id: int, told: Preparation, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Writes down aim, scenario, script and what keeps it safe. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "edit", actor)
    _check_day(drill, told.planned_on, centre_day(at))
    drill.planned_on, drill.script = told.planned_on, checked_script(told.script)
    drill.aim, drill.scenario = written("aim", told.aim), written("scenario", told.scenario, limit=2000)
    drill.safety = written("safety", told.safety)
    enter(drill, {"place": told.place, "stop_word": told.stop_word})
    names = ("aim", "scenario", "place", "safety", "stop_word")
    after = {name: getattr(drill, name) for name in names} | {"planned_on": str(drill.planned_on)}
    return moved(drill, "edit", "described", actor, after | {"injects": len(drill.script)})


@transaction.atomic
def cast_drill(drill_id: int, people: Collection[Cast], *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Says who takes part in which role, in the place of what was said before. People of another company, and who is
    not at work on the day, are refused. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "edit", actor)
    if len(people) > PARTICIPANTS_AT_MOST:
        raise Refused("participants", _("最多 %(limit)d 人。"), limit=PARTICIPANTS_AT_MOST)
    found = _members(drill, people)
    rows = []
    for one in people:
        row = Participant(drill=drill, member=found[one.staff_no.strip()])
        enter(row, {"role": one.role, "task": one.task})
        rows.append(row)
    if len({row.member_id for row in rows}) < len(rows):
        raise Refused("participants", _("同一个人只能有一个角色。"))
    drill.participants.all().delete()
    Participant.objects.bulk_create(rows)
    told = [f"{DrillRole(row.role).zh} {row.member.staff_no} {row.member.name}" for row in rows]
    return moved(drill, "edit", "cast", actor, {"participants": told})


@transaction.atomic
def choose_plans(drill_id: int, plan_ids: Collection[int], *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Says which plans it exercises; they are frozen when it is prepared. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "edit", actor)
    wanted = set(plan_ids)
    plans = list(visible(Plan.objects.filter(company=drill.company_id, pk__in=wanted), by, "plans.see"))
    if len(plans) < len(wanted):
        raise Refused("plans", _("本单位没有这份预案。"))
    if len(plans) > PLANS_AT_MOST:
        raise Refused("plans", _("最多 %(limit)d 份预案。"), limit=PLANS_AT_MOST)
    drill.exercised.all().delete()
    ExercisedPlan.objects.bulk_create(ExercisedPlan(drill=drill, plan=plan) for plan in plans)
    return moved(drill, "edit", "plans_chosen", actor, {"plans": [plan.title for plan in plans]})


@transaction.atomic
def prepare_drill(drill_id: int, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """It is ready: nothing is missing, and its plans are frozen in the versions that are in force now. Raises Missing,
    Forbidden, or Refused naming what is missing."""
    actor = Actor(by, at, source)
    drill = drill_to_move(drill_id, "prepare", actor)
    people = list(drill.participants.select_related("member"))
    there = at_work_on([one.member_id for one in people], drill.planned_on)
    chosen = list(drill.exercised.select_related("plan"))
    told = {name: getattr(drill, name) for name in ("aim", "scenario", "safety", "stop_word")}
    absent = [one.member.name for one in people if one.member_id not in there]
    roles = {one.role for one in people}
    check_ready(Ready(drill.kind, told, len(drill.script), roles, len(chosen), absent))
    frozen = _freeze(chosen, drill)
    drill.prepared_at, drill.prepared_by = at, by.name[:150]
    return moved(drill, "prepare", "prepared", actor, {"plans": frozen, "participants": len(people)})


@transaction.atomic
def unprepare_drill(drill_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """Something has to be changed before it is held. Raises Missing, Forbidden or Refused."""
    actor, why = Actor(by, at, source), reason_given(reason)
    drill = drill_to_move(drill_id, "unprepare", actor)
    drill.prepared_at, drill.prepared_by = None, ""
    drill.exercised.update(version=None, content_hash="")
    return moved(drill, "unprepare", "unprepared", actor, {"reason": why})


@transaction.atomic
def cancel_drill(drill_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """It is not held, and stays on file. Raises Missing, Forbidden, or Refused once it was held: that is a fact."""
    actor, why = Actor(by, at, source), reason_given(reason)
    drill = drill_to_move(drill_id, "cancel", actor)
    drill.cancelled_at, drill.cancelled_by, drill.cancelled_for = at, by.name[:150], why
    return moved(drill, "cancel", "cancelled", actor, {"reason": why})


@transaction.atomic
def retract_drill(drill_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Drill:
    """It was wrongly recorded as held: taken back by another than who recorded it, it counts on no day and stays on
    file; its line may be entered anew. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    drill, why = drill_to_move(drill_id, "retract", actor), reason_given(reason)
    drill.cancelled_at, drill.cancelled_by, drill.cancelled_for = at, by.name[:150], why
    return moved(drill, "retract", "retracted", actor, {"reason": why})


def _made(line: PlannedDrill, day: date, actor: Actor, *, from_paper: bool = False) -> Drill:
    programme = line.programme
    drill = Drill(company_id=programme.company_id, year=programme.year, line=line.line, kind=line.kind)
    drill.title, drill.planned_on, drill.indicators = line.title, day, newest_edition()
    drill.planned_at, drill.planned_by, drill.from_paper = actor.at, actor.by.name[:150], from_paper
    drill.number = _next_number(programme.company_id, programme.year)
    try:
        with transaction.atomic():
            drill.save()
    except IntegrityError as twice:
        raise Refused("", _("计划的这一项已经排出演练。")) from twice
    _offer_plans(drill, line)
    told = {"number": drill.number, "title": drill.title, "drill_kind": drill.kind, "planned_on": str(day)}
    return moved(drill, "edit", "from_paper" if from_paper else "planned", actor, told)


def _check_day(drill: Drill, day: date, today: date) -> None:
    """A day that stands may stay, though it is over by now."""
    check_planned_day(day, drill.year)
    if drill.from_paper:
        check_over(day, today)
    elif day != drill.planned_on:
        check_ahead(day, today)


def _approved_line(line_id: int, by: Viewer) -> PlannedDrill:
    rows = visible(PlannedDrill.objects.all(), by, SEE, company_field="programme__company_id")
    line = rows.select_related("programme").filter(pk=line_id).first()
    if line is None:
        raise Missing(f"planned drill {line_id}")
    require(by, EDIT, line.programme.company_id)
    if line.programme.state != ProgrammeState.APPROVED:
        raise Refused("", _("年度计划批准之后才能排演练。"))
    return line


def _next_number(company_id: int, year: int) -> str:
    """The next of the company's year; whoever plans one at the same time waits."""
    DrillCounter.objects.get_or_create(company_id=company_id, year=year)
    counter = DrillCounter.objects.select_for_update(no_key=True).get(company_id=company_id, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return number_of(year, counter.last)


def _offer_plans(drill: Drill, line: PlannedDrill) -> None:
    """The plans in force for what the line names, as a beginning."""
    if not line.event_class:
        return
    plans = Plan.objects.filter(company=drill.company_id, event_class=line.event_class, scope="class")
    fitting = plans.filter(versions__state=VersionState.IN_FORCE)
    if line.grade is not None:
        fitting = fitting.filter(grade=line.grade) or fitting.filter(grade=None)
    ExercisedPlan.objects.bulk_create(ExercisedPlan(drill=drill, plan=plan) for plan in fitting[:PLANS_AT_MOST])


def _members(drill: Drill, people: Collection[Cast]) -> dict[str, StaffMember]:
    """By staff number. Raises Refused for the first who is none of the company, or not at work on the day."""
    numbers = {one.staff_no.strip() for one in people}
    rows = StaffMember.objects.filter(company_id=drill.company_id, staff_no__in=numbers)
    found = {row.staff_no: row for row in rows}
    missing = sorted(numbers - set(found))
    if missing:
        raise Refused("participants", _("本单位没有工号 %(number)s 的人员。"), number=missing[0])
    there = at_work_on([row.pk for row in found.values()], drill.planned_on)
    gone = next((row for row in found.values() if row.pk not in there), None)
    if gone is not None:
        sentence = _("%(name)s（工号 %(number)s）%(day)s 不在职。")
        raise Refused("participants", sentence, name=gone.name, number=gone.staff_no, day=str(drill.planned_on))
    return found


def _freeze(chosen: Collection[ExercisedPlan], drill: Drill) -> list[str]:
    """Each plan in the version that is in force. Raises Refused for one of which none is."""
    rows = PlanVersion.objects.filter(plan__in=[one.plan_id for one in chosen])
    versions = _of_that_day(rows, drill.planned_on) if drill.from_paper else _in_force(rows)
    for one in chosen:
        version = versions.get(one.plan_id)
        if version is None:
            raise Refused("plans", _("预案“%(title)s”没有执行中的版本，请先批准并执行。"), title=one.plan.title)
        one.version, one.content_hash = version, version.content_hash
        one.save(update_fields=["version", "content_hash"])
    return [f"{one.plan.title} v{versions[one.plan_id].number}" for one in chosen]


def _in_force(rows: "QuerySet[PlanVersion]") -> dict[int, PlanVersion]:
    return {version.plan_id: version for version in rows.filter(state=VersionState.IN_FORCE)}


def _of_that_day(rows: "QuerySet[PlanVersion]", day: date) -> dict[int, PlanVersion]:
    """By plan what was in force on the day of a drill that is on paper; of a plan that came here later, its first."""
    found: dict[int, PlanVersion] = {}
    for version in rows.filter(in_force_since__isnull=False).order_by("in_force_since", "pk"):
        since = version.in_force_since
        if version.plan_id not in found or (since is not None and centre_day(since) <= day):
            found[version.plan_id] = version
    return found

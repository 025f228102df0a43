"""Drills for tests: Leo writes, Mia approves; moved as far as is wanted."""

from datetime import datetime, timedelta
from typing import Any

from lianjing.core.days import centre_day
from lianjing.domain.drills.actions import (
    Cast as Part,
)
from lianjing.domain.drills.actions import (
    cast_drill,
    choose_plans,
    describe_drill,
    plan_drill,
    prepare_drill,
)
from lianjing.domain.drills.indicators import scale
from lianjing.domain.drills.looking_back import LookedBack, review_drill
from lianjing.domain.drills.models import Drill, PlannedDrill, Programme
from lianjing.domain.drills.policy import Inject, Preparation
from lianjing.domain.drills.programming import NewLine, add_line, approve_programme, draft_programme
from lianjing.domain.drills.running import (
    Mark,
    archive_drill,
    begin_drill,
    end_drill,
    evaluate_drill,
    observe,
    score_drill,
)
from lianjing.domain.people.models import StaffMember
from lianjing.domain.plans.actions import PlanPlace
from lianjing.domain.plans.models import PlanVersion
from tests.cast import NOON, Cast
from tests.domain.plans.test_actions import in_force
from tests.staff import put_on_file

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NO_CHANGE = LookedBack("no_change", "受理及时", "无", "各步均按预案完成")


def as_(cast: Cast, name: str, at: datetime = NOON) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": at}


def programme(cast: Cast, *kinds: str, year: int = 2026, at: datetime = NOON - 300 * DAY) -> Programme:
    """Approved, one line a kind, all for hold-ups."""
    draft = draft_programme(cast.company.pk, year, **as_(cast, "leo", at))
    for place, kind in enumerate(kinds or ("tabletop", "full"), 1):
        line = NewLine(min(place, 12), kind, f"演练{place}", "" if kind == "communication" else "hold_up")
        add_line(draft.pk, line, **as_(cast, "leo", at))
    return approve_programme(draft.pk, **as_(cast, "mia", at))


def line_of(row: Programme, place: int = 1) -> PlannedDrill:
    return row.lines.get(line=place)


def people(cast: Cast) -> list[StaffMember]:
    """Three who are at work since January."""
    found = list(StaffMember.objects.filter(company=cast.company, staff_no__in=("001", "002", "003")))
    return found or [put_on_file(cast, number, f"员工{number}") for number in ("001", "002", "003")]


def plan_of(cast: Cast) -> PlanVersion:
    """The version in force for hold-ups."""
    found = PlanVersion.objects.filter(plan__company=cast.company, plan__event_class="hold_up", state="in_force")
    return found.first() or in_force(cast, PlanPlace("hold_up"))


def parts() -> list[Part]:
    return [Part("001", "director"), Part("002", "evaluator"), Part("003", "player", "值守")]


def planned(cast: Cast, on: datetime = NOON, line: PlannedDrill | None = None) -> Drill:
    plan_of(cast)
    line = line or line_of(Programme.objects.filter(state="approved").first() or programme(cast))
    return plan_drill(line.pk, centre_day(on), **as_(cast, "leo", on - HOUR))


def described(cast: Cast, drill: Drill, at: datetime = NOON) -> Drill:
    """With everything that it needs."""
    people(cast)
    script = (Inject(0, "珠宝店按下紧急按钮", "60 秒内受理"), Inject(5, "店主来电说误按，口令不符", "按胁迫处置"))
    told = Preparation(
        drill.planned_on, "检验紧急报警的处置", "闭店后店主被挟持", "中心", "不动真车", "演练终止", script
    )
    who = as_(cast, "leo", at)
    describe_drill(drill.pk, told, **who)
    choose_plans(drill.pk, [plan_of(cast).plan_id], **who)
    return cast_drill(drill.pk, parts(), **who)


def prepared(cast: Cast, on: datetime = NOON, line: PlannedDrill | None = None) -> Drill:
    drill = described(cast, planned(cast, on, line), on - HOUR)
    return prepare_drill(drill.pk, **as_(cast, "leo", on - HOUR))


def held(cast: Cast, on: datetime = NOON, line: PlannedDrill | None = None) -> Drill:
    """Began at `on`, took an hour, with an observation."""
    drill = prepared(cast, on, line)
    begin_drill(drill.pk, **as_(cast, "leo", on))
    observe(drill.pk, "good", "40 秒受理", inject=0, **as_(cast, "olivia", on + timedelta(seconds=40)))
    return end_drill(drill.pk, **as_(cast, "leo", on + HOUR))


def evaluated(cast: Cast, on: datetime = NOON, line: PlannedDrill | None = None) -> Drill:
    drill = held(cast, on, line)
    who = as_(cast, "leo", on + 2 * HOUR)
    score_drill(drill.pk, [Mark(one.key, 4) for one in scale(drill.indicators).indicators], **who)
    return evaluate_drill(drill.pk, "总体良好", **who)


def reviewed(cast: Cast, on: datetime = NOON, line: PlannedDrill | None = None) -> Drill:
    drill = evaluated(cast, on, line)
    review_drill(drill.pk, NO_CHANGE, **as_(cast, "leo", on + DAY))
    return Drill.objects.get(pk=drill.pk)


def archived(cast: Cast, on: datetime = NOON, line: PlannedDrill | None = None) -> Drill:
    drill = reviewed(cast, on, line)
    return archive_drill(drill.pk, **as_(cast, "leo", on + DAY))

"""Clause 8.4.1 b: a plan in force for each class and grade that occurred within the year."""

from datetime import date, datetime, timedelta

import pytest

from lianjing.core.outbox.models import Message
from lianjing.domain.compliance.clauses.clause_8_4_1_b_plans import ClassesKnown, Clause841bPlans, Coverage, PlanKnown
from lianjing.domain.compliance.drill_policy import DrillKnown
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.pairs_known import pairs_used
from lianjing.domain.incidents import actions
from lianjing.domain.incidents.joining import merge_incidents
from lianjing.domain.incidents.sweeping import register_panel
from lianjing.domain.plans.actions import PlanPlace
from lianjing.domain.sites.equipment_entries import PanelEntry
from lianjing.terms.drills import DrillKind
from lianjing.terms.sentences import words
from tests.cast import NOON, Cast, Sent, alarm
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.clauses.test_forecast import assert_exact, turns
from tests.domain.drills.exercise import held, line_of, programme
from tests.domain.plans.test_actions import in_force
from tests.domain.signals.test_classification import own_classes

FIRE = ("fire", 1)


@pytest.mark.parametrize(
    ("event_class", "grade", "wanted"),
    [("fire", 1, "insufficient"), ("fire", None, "insufficient"), ("fire", 2, "not_met"), ("hold_up", 1, "not_met")],
)
def test_a_plan_fits_its_class_and_its_grade_or_any(event_class: str, grade: int | None, wanted: str) -> None:
    plan = PlanKnown(1, "预案", event_class, grade)
    assert Clause841bPlans().judge(Coverage((FIRE,), (plan,))).verdict.value == wanted


def test_what_occurred_a_year_ago_to_the_day_still_counts(cast: Cast) -> None:
    alarm(Sent(code="HA"))
    days = (ON + timedelta(days=364), ON + timedelta(days=365))
    assert [judged(cast, day)["8.4.1 b"].figures["used"] for day in days] == [1, 0]


def test_each_class_and_grade_that_occurred_needs_a_plan_in_force_on_that_day(cast: Cast) -> None:
    assert "没有警情" in said(judged(cast)["8.4.1 b"])
    case = alarm(Sent(code="HA"))
    assert verdicts(cast)["8.4.1 b"] == "not_met"
    assert judged(cast)["8.4.1 b"].figures["missing"] == [{"class": "hold_up", "grade": case.grade}]
    in_force(cast, PlanPlace("hold_up"))
    assert verdicts(cast)["8.4.1 b"] == "insufficient"
    assert "还没有演练记录" in said(judged(cast)["8.4.1 b"])
    assert verdicts(cast, known=NOON - timedelta(minutes=1))["8.4.1 b"] == "insufficient"
    assert "没有警情" in said(judged(cast, ON - timedelta(days=1))["8.4.1 b"])
    assert "没有警情" in said(judged(cast, ON + timedelta(days=366))["8.4.1 b"])


def used(cast: Cast, on: date = ON, known: datetime | None = None) -> set[tuple[str, int]]:
    return pairs_used(cast.viewer("mia"), cast.company.pk, end_of(on, known), known)


def test_what_a_case_becomes_later_changes_no_day_before(cast: Cast) -> None:
    later = NOON + timedelta(days=1)
    case = actions.take_incident(alarm().pk, by=cast.viewer("olivia"), at=NOON)
    fire = alarm(Sent(code="FA", zone="004", at=later))
    opened, urgent = (case.event_class, case.grade), ("fire", fire.grade)
    merge_incidents(fire.pk, into=case.pk, by=cast.viewer("olivia"), at=later)
    case.refresh_from_db()
    assert (case.event_class, case.first_class) == ("fire", opened[0])
    assert used(cast) == {opened}
    assert (used(cast, ON + timedelta(days=1)), used(cast, ON + timedelta(days=365))) == ({opened, urgent}, {urgent})


def test_a_case_of_nobody_s_is_on_record_since_it_passed_to_the_company(cast: Cast) -> None:
    case, passes = alarm(Sent(account="6001")), NOON + timedelta(days=2)
    register_panel(cast.shop.pk, PanelEntry("6001"), by=cast.viewer("mia"), at=passes)
    case.refresh_from_db()
    pair = {(case.event_class, case.grade)}
    assert case.company_id == cast.company.pk
    woken = Message.objects.filter(topic="incident.cases_passed").values_list("company_id", flat=True)
    assert (list(woken), "incident.cases_passed" in Clause841bPlans.wakes_on) == ([cast.company.pk], True)
    assert (used(cast), used(cast, ON, passes), used(cast, ON, passes - timedelta(days=1))) == (pair, pair, set())
    leo = {"by": cast.viewer("leo")}
    actions.take_incident(case.pk, at=passes, **leo)
    actions.verify_incident(case.pk, how="call", outcome="false", at=passes, **leo)
    actions.dispose_incident(case.pk, result="human_false", cause="误触", at=passes, **leo)
    actions.close_incident(case.pk, at=passes, **leo)
    actions.reopen_incident(case.pk, reason="看错了", at=passes + timedelta(days=2), **leo)
    before, between = passes - timedelta(days=1), passes + timedelta(days=1)
    assert (used(cast, ON, before), used(cast, ON, between)) == (set(), pair)


def test_an_alarm_that_raises_its_case_is_used_since_then_and_wakes_the_clause(cast: Cast) -> None:
    case, then = alarm(), NOON + timedelta(minutes=1)
    before = used(cast)
    assert alarm(Sent(code="BV", at=then)) == case
    assert (before, used(cast, known=then)) == ({("intrusion", 2)}, {("intrusion", 2)})
    assert used(cast) == {("intrusion", 1), ("intrusion", 2)}
    assert Message.objects.filter(topic="incident.regraded", company_id=cast.company.pk).count() == 1
    assert {"incident.regraded", "incident.took_in"} <= set(Clause841bPlans.wakes_on)


PLAN = PlanKnown(1, "预案", "fire", None)
TWO = tuple(DrillKnown(pk, f"D-{pk}", "演练", DrillKind.TABLETOP, ON) for pk in (1, 2))
GRADED = ClassesKnown(1, 2, frozenset({FIRE}))


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (Coverage((FIRE,), (PLAN,), GRADED, TWO), "met"),
        (Coverage((FIRE,), (PLAN,), GRADED, TWO[:1]), "not_met"),
        (Coverage((FIRE,), (PLAN,), GRADED, ()), "not_met"),
        (Coverage((FIRE,), (PLAN,), GRADED, None), "insufficient"),
        (Coverage((FIRE,), (PLAN,), None, TWO), "insufficient"),
        (Coverage((), (PLAN,), GRADED, TWO), "insufficient"),
        (Coverage((FIRE,), (), GRADED, TWO), "not_met"),
        (Coverage((("fire", 2),), (PLAN,), GRADED, TWO), "not_met"),
    ],
)
def test_classes_plans_and_drills_are_all_asked_for(facts: Coverage, wanted: str) -> None:
    assert Clause841bPlans().judge(facts).verdict.value == wanted


def test_the_classification_counts_from_the_day_on_which_it_came_into_force(cast: Cast) -> None:
    alarm(Sent(code="HA"))
    in_force(cast, PlanPlace("hold_up"))
    assert "随产品提供的第 1 版" in said(judged(cast)["8.4.1 b"])
    version = own_classes(cast, at=NOON + timedelta(days=1))
    assert "随产品提供的第 1 版" in said(judged(cast)["8.4.1 b"])
    found = judged(cast, ON + timedelta(days=1))["8.4.1 b"]
    assert "按分类分级表第 2 版分类分级" in said(found)
    assert (found.figures["classification"], found.evidence[-1].id) == (2, version.pk)
    assert_exact(cast, ON, 3)


def test_it_is_met_with_classes_plans_and_two_drills_until_one_is_a_year_old(cast: Cast) -> None:
    alarm(Sent(code="HA"))
    in_force(cast, PlanPlace("hold_up"))
    own_classes(cast)
    assert "还没有演练记录" in said(judged(cast)["8.4.1 b"])
    earlier = NOON - timedelta(days=60)
    row = programme(cast, "tabletop", "functional")
    first = held(cast, earlier, line_of(row, 1))
    assert said(judged(cast)["8.4.1 b"]).endswith("一年内演练 1 次，要求不少于 2 次。")
    second = held(cast, NOON, line_of(row, 2))
    found = judged(cast)["8.4.1 b"]
    assert (found.verdict.value, [one.id for one in found.evidence if one.kind == "drill"]) == (
        "met",
        [first.pk, second.pk],
    )
    assert verdicts(cast, ON, earlier - timedelta(days=1))["8.4.1 b"] == "insufficient"
    ahead = [one for one in turns(cast) if one.clause.number == "8.4.1 b"]
    assert (str(ahead[0].on), ahead[0].after.verdict.value) == ("2027-09-23", "not_met")
    assert [words(one) for one in ahead[0].causes] == ["举行已满一年。"]

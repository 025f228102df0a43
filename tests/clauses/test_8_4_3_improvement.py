"""Clause 8.4.3: what happened is looked back on in time, and what is to be improved is made, and tried again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.compliance.clauses.clause_8_4_3_improvement import Clause843Improvement
from lianjing.domain.compliance.improvement_policy import ImprovementKnown, LookingBack, ToReview
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.registry import rules
from lianjing.domain.drills.looking_back import (
    LookedBack,
    ToImprove,
    record_retest,
    review_drill,
    review_incident,
    set_review_term,
)
from lianjing.domain.drills.review_list import to_review_count
from lianjing.domain.findings.actions import Assignment, assign_finding, dismiss_finding
from lianjing.domain.findings.models import Finding
from lianjing.domain.incidents.actions import reopen_incident
from lianjing.domain.incidents.models import CaseTimes, Incident
from lianjing.domain.plans.actions import approve_version, draft_version, put_in_force
from lianjing.domain.records.actions import BLANK
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast, Sent, alarm
from tests.clauses.test_companies import judged, said, verdicts
from tests.domain.drills.exercise import DAY, NO_CHANGE, as_, evaluated, line_of, people, plan_of, programme, reviewed

ON = date(2026, 11, 22)
DRILL = ToReview("drill", 1, "D-1", ON - timedelta(days=20), ON - timedelta(days=10))
MADE = ImprovementKnown(1, "R-1", "改", "预案", "closed", "001 陈", ON, True, True)


def judge(*what: ToReview | ImprovementKnown, on: date = ON) -> str:
    subjects = tuple(one for one in what if isinstance(one, ToReview))
    improvements = tuple(one for one in what if isinstance(one, ImprovementKnown))
    return Clause843Improvement().judge(LookingBack(on, 14, subjects, improvements)).verdict.value


def test_what_was_not_looked_back_on_is_due_after_the_term() -> None:
    waits = replace(DRILL, id=2, happened_on=ON - timedelta(days=14), reviewed_on=None)
    assert judge(DRILL) == "met"
    assert (judge(DRILL, waits), judge(DRILL, waits, on=ON + timedelta(days=1))) == ("met", "not_met")
    assert judge(waits) == "insufficient"
    assert judge() == "insufficient"
    late = replace(DRILL, reviewed_on=DRILL.happened_on + timedelta(days=15))
    assert judge(late) == "mostly"


@pytest.mark.parametrize(("days", "verdict"), [(0, "met"), (1, "mostly"), (30, "mostly"), (31, "not_met")])
def test_an_improvement_that_is_late_weighs_more_after_thirty_days(days: int, verdict: str) -> None:
    open_one = replace(MADE, state="assigned", is_revised=False, is_retested=False)
    assert judge(DRILL, open_one, on=ON + timedelta(days=days)) == verdict
    closed_without = replace(MADE, is_retested=False)
    assert judge(DRILL, closed_without, on=ON + timedelta(days=days)) == verdict
    assert judge(DRILL, MADE, on=ON + timedelta(days=days)) == "met"


def test_an_improvement_without_owner_or_day_is_lesser() -> None:
    assert judge(DRILL, replace(MADE, state="confirmed", owner="", due_on=None, is_retested=False)) == "mostly"


def closed(cast: Cast, disposition: str = "real", days: int = 20) -> Incident:
    """A hold-up that was closed so many days before noon."""
    at = NOON - days * DAY
    case = alarm(Sent(code="HA", at=at))
    told = {"state": "closed", "joinable": False, "disposition": disposition, "closed_at": at, "opened_at": at}
    Incident.objects.filter(pk=case.pk).update(**told)
    return Incident.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("disposition", "verdict"),
    [("real", "not_met"), ("undetermined", "not_met"), ("device_false", "insufficient"), ("test", "insufficient")],
)
def test_real_cases_of_the_two_highest_grades_are_looked_back_on(cast: Cast, disposition: str, verdict: str) -> None:
    case = closed(cast, disposition)
    assert case.grade in (1, 2)
    assert verdicts(cast)["8.4.3"] == verdict
    Incident.objects.filter(pk=case.pk).update(grade=3)
    assert verdicts(cast)["8.4.3"] == "insufficient"


def test_a_review_of_before_a_case_was_opened_again_and_found_real_counts_no_more(cast: Cast) -> None:
    case, viewer, company = closed(cast, "device_false"), cast.viewer("leo"), cast.company.pk
    review_incident(case.pk, LookedBack("not_real", reason="探测器故障"), **as_(cast, "leo", NOON - 19 * DAY))
    again = {"disposition": "real", "closed_at": NOON - 18 * DAY}
    Incident.objects.filter(pk=case.pk).update(**again)
    assert (verdicts(cast)["8.4.3"], to_review_count(viewer, company, NOON)) == ("not_met", 1)
    full = LookedBack("no_change", "受理及时", "无", "处置得当")
    review_incident(case.pk, full, **as_(cast, "leo", NOON - 10 * DAY))
    assert (verdicts(cast)["8.4.3"], to_review_count(viewer, company, NOON)) == ("met", 0)
    with pytest.raises(Refused, match="已经复盘过"):
        review_incident(case.pk, full, **as_(cast, "leo"))


def test_a_case_that_is_opened_again_was_closed_on_the_days_before(cast: Cast) -> None:
    real, false = closed(cast), closed(cast, "device_false", days=25)
    for case in (real, false):
        CaseTimes.objects.filter(pk=case.pk).update(closed_at=case.closed_at)
    days = [ON - timedelta(days=each) for each in (30, 7, 4, 3, 2, 0)]
    before = [judged(cast, day)["8.4.3"] for day in days]
    assert [one.verdict.value for one in before] == ["insufficient", "insufficient", *["not_met"] * 4]
    review_incident(real.pk, LookedBack("no_change", "受理及时", "无", "处置得当"), **as_(cast, "leo", NOON - 3 * DAY))
    before = [judged(cast, day)["8.4.3"] for day in days]
    assert [one.verdict.value for one in before] == ["insufficient", "insufficient", "not_met", *["mostly"] * 3]
    for case in (real, false):
        reopen_incident(case.pk, reason="看错了", **as_(cast, "leo", NOON - DAY))
    after = [judged(cast, day)["8.4.3"] for day in days]
    assert (after[:-1], after[-1].verdict.value) == (before[:-1], "insufficient")


def improved(cast: Cast) -> Finding:
    """From a case of twenty days ago, looked back on ten days later, due in five days."""
    plan_of(cast)
    case = closed(cast)
    people(cast)
    one = ToImprove("备用电话的位置没写", plan_of(cast).plan_id, "001", ON + timedelta(days=5))
    told = LookedBack("findings", "受理及时", "找不到备用电话", findings=(one,))
    review_incident(case.pk, told, **as_(cast, "leo", NOON - 10 * DAY))
    return Finding.objects.get(source_kind="incident")


def revised(cast: Cast, at: datetime) -> None:
    version = draft_version(plan_of(cast).plan_id, **as_(cast, "leo", at))
    approve_version(version.pk, **as_(cast, "mia", at))
    put_in_force(version.pk, **as_(cast, "mia", at))


def test_a_finding_is_late_until_its_plan_was_revised_and_tried_again(cast: Cast) -> None:
    finding = improved(cast)
    assert (finding.state, finding.needs_retest, finding.revises_kind) == ("assigned", True, "plan")
    assert verdicts(cast)["8.4.3"] == "met"
    assert verdicts(cast, ON - timedelta(days=16))["8.4.3"] == "insufficient"
    assert verdicts(cast, ON + timedelta(days=6))["8.4.3"] == "mostly"
    assert verdicts(cast, ON + timedelta(days=36))["8.4.3"] == "not_met"
    revised(cast, NOON)
    assert "已超期" in "".join(one.sentence for one in judged(cast, ON + timedelta(days=6))["8.4.3"].evidence)
    record_retest(finding.pk, False, "还是找不到", ON, **as_(cast, "leo"))
    assert verdicts(cast, ON + timedelta(days=6))["8.4.3"] == "mostly"
    record_retest(finding.pk, True, "10 秒找到", ON, **as_(cast, "leo"))
    found = judged(cast, ON + timedelta(days=36))["8.4.3"]
    assert found.verdict == "met"
    assert said(found).endswith("改进项 1 项，预案已修订并复测通过 1 项。")
    assert verdicts(cast, ON + timedelta(days=6), NOON - DAY)["8.4.3"] == "mostly"


def test_a_day_put_off_later_leaves_what_was_known_before(cast: Cast) -> None:
    finding = improved(cast)
    day = ON + timedelta(days=6)
    assign_finding(
        finding.pk, Assignment("001", ON + timedelta(days=60), reason="等设备"), **as_(cast, "leo", NOON + DAY)
    )
    assert (verdicts(cast, day)["8.4.3"], verdicts(cast, day, NOON)["8.4.3"]) == ("met", "mostly")
    dismiss_finding(finding.pk, "重复", **as_(cast, "mia", NOON + 2 * DAY))
    assert judged(cast, day)["8.4.3"].figures["improvements"] == 0
    assert judged(cast, day, NOON)["8.4.3"].figures["improvements"] == 1


def test_an_improvement_whose_beginning_was_erased_has_the_owner_and_day_of_its_row(cast: Cast) -> None:
    finding = improved(cast)
    records = Record.objects.filter(subject_type="finding", subject_id=str(finding.pk))
    late = Assignment("001", ON + timedelta(days=5), reason="等设备")
    assign_finding(finding.pk, late, **as_(cast, "leo", NOON + DAY))
    records.filter(at__lte=NOON).update(erased_by=1, **BLANK)
    figures = judged(cast, ON)["8.4.3"].figures
    assert (figures["improvements"], figures["without_owner"], figures["overdue"]) == (1, 0, 0)


def test_the_company_sets_its_term_and_what_was_known_of_it_stays(cast: Cast) -> None:
    evaluated(cast, NOON - 20 * DAY)
    assert verdicts(cast)["8.4.3"] == "not_met"
    set_review_term(cast.company.pk, 30, **as_(cast, "mia"))
    assert verdicts(cast)["8.4.3"] == "insufficient"
    assert verdicts(cast, known=NOON - DAY)["8.4.3"] == "not_met"


def test_the_forecast_tells_what_becomes_due(cast: Cast) -> None:
    improved(cast)
    row = programme(cast)
    reviewed(cast, NOON - 15 * DAY, line_of(row))
    drill = evaluated(cast, NOON - DAY, line_of(row, 2))
    rule, viewer, pk = rules()["8.4.3"], cast.viewer("mia"), cast.company.pk
    for first, days in ((ON - timedelta(days=30), 100), (ON + timedelta(days=330), 50)):
        span = Span(first, first + timedelta(days=days))
        found = rule.ahead(viewer, pk, span, None)
        last = None
        for day in span.days:
            now = rule.judge(rule.facts(viewer, pk, day, None))
            assert rule.judge(found.on(day)) == now, day
            assert last is None or last == now.verdict or day in found.days, day
            last = now.verdict
    review_drill(drill.pk, NO_CHANGE, **as_(cast, "leo"))
    assert verdicts(cast)["8.4.3"] == "met"

"""What a review found is put right only when its plan was revised and tried again: not by saying so."""

from datetime import timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.drills.looking_back import LookedBack, ToImprove, record_retest, review_drill
from lianjing.domain.findings.actions import (
    Measure,
    Verification,
    close_finding,
    finish_finding,
    plan_measure,
    verify_finding,
)
from lianjing.domain.findings.conditions import conditions_of
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import Source
from lianjing.domain.plans.actions import approve_version, draft_version, put_in_force, withdraw_version
from tests.cast import NOON, Cast
from tests.domain.drills.exercise import DAY, as_, evaluated, plan_of
from tests.domain.findings.found import moved_to

SEEN = Verification("看过")
LATE = NOON + 4 * DAY


def refused(act: Any, *told: Any, **named: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*told, **named)
    return str(caught.value)


def improvement(cast: Cast) -> Finding:
    """Reported as done, though nothing was revised."""
    drill = evaluated(cast, NOON + DAY)
    plan = plan_of(cast).plan_id
    one = ToImprove("写明备用电话", plan, "001", NOON.date() + 20 * DAY)
    told = LookedBack("findings", "快", "找不到电话", findings=(one,))
    review_drill(drill.pk, told, **as_(cast, "leo", NOON + 2 * DAY))
    finding = Finding.objects.get()
    plan_measure(finding.pk, Measure("没有写", "改写预案"), **as_(cast, "leo", NOON + 2 * DAY))
    return finish_finding(finding.pk, "已改写", **as_(cast, "leo", LATE))


def revise(cast: Cast, plan_id: int) -> int:
    version = draft_version(plan_id, **as_(cast, "leo", LATE))
    approve_version(version.pk, **as_(cast, "mia", LATE))
    return put_in_force(version.pk, **as_(cast, "mia", LATE)).pk


def standing(finding: Finding) -> list[bool]:
    return [one.is_met for one in conditions_of(finding)]


def test_an_improvement_is_verified_and_closed_only_with_its_plan_in_force_and_tried_again(cast: Cast) -> None:
    finding, mia, day = improvement(cast), as_(cast, "mia", LATE + DAY), LATE.date()
    plan = plan_of(cast).plan
    title = plan.title
    told = refused(verify_finding, finding.pk, Verification("看过", day), **mia)
    assert told == f"预案“{title}”的修订版还没有执行，也还没有复测通过，不能复核和关闭。"
    version = revise(cast, plan.pk)
    assert standing(finding) == [True, False]
    told = refused(verify_finding, finding.pk, SEEN, **mia)
    assert told == f"预案“{title}”的修订版还没有复测通过，不能复核和关闭。"
    record_retest(finding.pk, False, "还是找不到", day, **as_(cast, "leo", LATE))
    assert refused(verify_finding, finding.pk, SEEN, **mia) == told
    record_retest(finding.pk, True, "10 秒找到", day, **as_(cast, "leo", LATE))
    # The day is that of the re-test on file; nobody names another.
    verified = verify_finding(finding.pk, SEEN, **mia)
    assert (verified.state, verified.retested_on) == ("verified", day)
    withdraw_version(version, "no longer fits", **mia)
    assert "的修订版还没有执行，不能复核和关闭。" in refused(close_finding, finding.pk, **mia)
    version = revise(cast, plan.pk)
    assert close_finding(finding.pk, **mia).state == "closed"


def test_whoever_puts_it_right_does_not_waive_what_the_review_asked_for(cast: Cast) -> None:
    drill = evaluated(cast, NOON + DAY)
    one = ToImprove("写明备用电话", plan_of(cast).plan_id, "001", NOON.date() + timedelta(days=20))
    told = LookedBack("findings", "快", "慢", findings=(one,))
    review_drill(drill.pk, told, **as_(cast, "leo", NOON + 2 * DAY))
    pk = Finding.objects.get().pk
    kept = plan_measure(pk, Measure("没有写", "改写", Source("", "", "")), **as_(cast, "leo"))
    assert (kept.revises_kind, kept.revises_ref, kept.needs_retest) == ("plan", str(one.plan_id), True)


def test_any_finding_that_asks_for_a_plan_to_be_revised_waits_for_the_revised_plan(cast: Cast) -> None:
    plan, mia = plan_of(cast).plan, as_(cast, "leo", NOON + DAY)
    finding = moved_to(cast, "assigned")
    revises = Source("plan", str(plan.pk), plan.title)
    plan_measure(finding.pk, Measure("没有写", "改写", revises), **as_(cast, "mia"))
    finish_finding(finding.pk, "已改写", **as_(cast, "mia"))
    told = f"预案“{plan.title}”的修订版还没有执行，不能复核和关闭。"
    assert refused(verify_finding, finding.pk, SEEN, **mia) == told
    version = draft_version(plan.pk, **as_(cast, "leo", NOON + DAY))
    approve_version(version.pk, **as_(cast, "mia", NOON + DAY))
    put_in_force(version.pk, **as_(cast, "mia", NOON + DAY))
    assert verify_finding(finding.pk, SEEN, **mia).state == "verified"

"""Reviews of plans: who may, what counts on a day, what is refused, what a revision begins."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.findings.models import Finding
from lianjing.domain.plans.actions import PlanPlace, approve_version, draft_version, put_in_force, withdraw_version
from lianjing.domain.plans.models import PlanReview, PlanVersion
from lianjing.domain.plans.plan_reviewing import correct_review, record_review, retract_review
from lianjing.domain.plans.review_list import DueCounts, due_counts, review_file, standings
from lianjing.domain.plans.review_policy import NewReview, a_year_after
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.plans.test_actions import as_, drafted, in_force

TODAY = date(2026, 11, 22)
LAST = date(2027, 11, 22)


def legal(**more: Any) -> NewReview:
    return NewReview(**{"kind": "legal", "conclusion": "fits", "reviewed_on": TODAY, "bases": ("564",), **more})


def yearly(**more: Any) -> NewReview:
    return NewReview(**{"kind": "yearly", "conclusion": "no_change", "reviewed_on": TODAY, **more})


def standing(cast: Cast, days: int = 0) -> Any:
    return standings(cast.viewer("mia"), cast.company.pk, NOON + timedelta(days=days), None)[0]


def test_a_review_counts_a_year_for_its_version_and_not_for_the_next(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    review = record_review(version.pk, legal(more_bases="本单位章程\n"), **as_(cast, "mia"))
    with pytest.raises(Refused, match="已登记过同样的评审"):
        record_review(version.pk, legal(more_bases="本单位章程\n"), **as_(cast, "mia"))
    assert (review.content_hash, review.valid_until) == (version.content_hash, LAST)
    assert [one["name"] for one in review.bases] == ["保安服务管理条例（国务院令第564号）", "本单位章程"]
    assert [standing(cast).legal_on(day) is not None for day in (TODAY, LAST, LAST + timedelta(days=1))] == [
        True,
        True,
        False,
    ]
    second = draft_version(version.plan_id, **as_(cast, "leo"))
    approve_version(second.pk, **as_(cast, "mia"))
    put_in_force(second.pk, **as_(cast, "mia"))
    assert (standing(cast).number, standing(cast).legal_on(TODAY)) == (2, None)
    assert Message.objects.filter(topic="plan.reviewed").count() == 1
    assert Record.objects.get(action="plan.review_recorded").after["conclusion"] == "fits"


def test_whoever_wrote_at_a_version_does_not_say_that_it_is_lawful(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    with pytest.raises(Refused, match="写过这一版的人"):
        record_review(version.pk, legal(), **as_(cast, "leo"))
    assert record_review(version.pk, yearly(), **as_(cast, "leo")).kind == "yearly"
    draft = drafted(cast, PlanPlace("medical"))
    with pytest.raises(Refused, match="草稿还会改"):
        record_review(draft.pk, legal(), **as_(cast, "mia"))


@pytest.mark.parametrize(
    ("told", "field", "sentence"),
    [
        ({"conclusion": "no_change"}, "conclusion", "请选择结论"),
        ({"reviewed_on": None}, "reviewed_on", "请填写评审日期"),
        ({"reviewed_on": TODAY + timedelta(days=1)}, "reviewed_on", "不能晚于今天"),
        ({"reviewed_on": TODAY - timedelta(days=1)}, "reviewed_on", "写成的日期 2026-11-22"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until", "早于评审日期"),
        ({"valid_until": LAST + timedelta(days=1)}, "valid_until", "最晚到 2027-11-22"),
        ({"bases": ()}, "bases", "至少选一项"),
        ({"bases": ("x",)}, "bases", "没有这项依据：x"),
        ({"more_bases": "x" * 101}, "more_bases", "最多 100 个字"),
        ({"conclusion": "fails"}, "note", "写明哪里须改"),
        ({"note": "x" * 1001}, "note", "现有 1001 个"),
        ({"kind": "other"}, "kind", "没有这种评审"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(cast: Cast, told: dict[str, Any], field: str, sentence: str) -> None:
    version = in_force(cast, PlanPlace("fire"))
    with pytest.raises(Refused) as refused:
        record_review(version.pk, legal(**told), **as_(cast, "mia"))
    assert (refused.value.field, sentence in str(refused.value)) == (field, True)
    assert not PlanReview.objects.exists()


def test_a_year_after_the_last_day_of_february() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


def test_a_wrong_review_is_replaced_or_taken_back_and_stays_on_file(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    scan = scan_of(b"%PDF-1.7\nreview\n%%EOF\n")
    first = record_review(version.pk, legal(), scan, **as_(cast, "mia"))
    later = {"by": cast.viewer("mia"), "at": NOON + timedelta(hours=1)}
    second = correct_review(first.pk, legal(conclusion="fails", note="缺 119"), "写错", **later)
    assert (second.replaces, second.file_sha256) == (first, scan.sha256)
    kept = review_file(cast.viewer("mia"), second.pk)
    assert (kept is not None and kept.unaltered, review_file(cast.viewer("sam"), second.pk)) == (True, None)
    assert standing(cast).legal_on(TODAY).conclusion == "fails"
    then = standings(cast.viewer("mia"), cast.company.pk, NOON, NOON)[0]
    assert then.legal_on(TODAY).id == first.pk
    retract_review(second.pk, "不该登记", **later)
    assert (standing(cast).legal_on(TODAY), PlanReview.objects.count()) == (None, 2)
    with pytest.raises(Missing):
        retract_review(second.pk, "again", **later)


@pytest.mark.parametrize(("follow_up", "drafts", "findings"), [("draft", 1, 0), ("finding", 0, 1), ("", 0, 0)])
def test_a_yearly_review_that_wants_a_revision_begins_it(
    cast: Cast, follow_up: str, drafts: int, findings: int
) -> None:
    version = in_force(cast, PlanPlace("fire"))
    record_review(version.pk, yearly(conclusion="revise", note="补充 119", follow_up=follow_up), **as_(cast, "mia"))
    assert PlanVersion.objects.filter(state="draft").count() == drafts
    raised = list(Finding.objects.values_list("revises_kind", "revises_ref", "description"))
    assert raised == [("plan", str(version.plan_id), "补充 119")] * findings


def test_a_plan_is_due_a_year_after_it_came_into_force_and_after_each_yearly_review(cast: Cast) -> None:
    version = in_force(cast, PlanPlace("fire"))
    assert standing(cast).due_on(TODAY) == LAST
    record_review(version.pk, yearly(valid_until=date(2027, 5, 1)), **as_(cast, "mia"))
    assert standing(cast).due_on(TODAY) == date(2027, 5, 1)

    def counts(days: int) -> DueCounts:
        return due_counts(cast.viewer("mia"), cast.company.pk, NOON + timedelta(days=days), 30)

    assert (counts(0), counts(150)) == (DueCounts(1, 1), DueCounts(1, 1, ahead=1))
    assert counts(200) == DueCounts(1, 1, late=1)
    withdraw_version(version.pk, "no longer fits", **as_(cast, "mia"))
    assert counts(0) == DueCounts()


@pytest.mark.parametrize("name", ["olivia", "polly", "gus"])
def test_who_may_not_review_is_told_so_and_a_stranger_finds_nothing(cast: Cast, name: str) -> None:
    version = in_force(cast, PlanPlace("fire"))
    with pytest.raises((Forbidden, Missing)):
        record_review(version.pk, legal(), **as_(cast, name))
    with pytest.raises(Missing):
        record_review(version.pk, legal(), **as_(cast, "sam"))
    assert standings(cast.viewer("sam"), cast.company.pk, NOON, None) == []

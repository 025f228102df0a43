"""What people do to the log, to criteria, assessments and sheets, and what they may not."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.assessments.covering import people_of
from lianjing.domain.assessments.criteria import add_criteria
from lianjing.domain.assessments.cycles import (
    analyse_cycle,
    cancel_cycle,
    close_cycle,
    draft_cycle,
    open_cycle,
    score_cycle,
)
from lianjing.domain.assessments.figures import Figure, figures_now
from lianjing.domain.assessments.models import AssessmentCycle, FixedFigure, ScoreSheet, SupervisionEntry
from lianjing.domain.assessments.policy import NewCriterion
from lianjing.domain.assessments.queries import EntriesWanted, cycle_by_id, entries, kept_entry_file, limits_at
from lianjing.domain.assessments.sheets import Given, keep_sheet, return_sheet, set_evaluator, submit_sheet
from lianjing.domain.assessments.supervising import NewEntry, log_supervision, retract_entry, set_supervision_limits
from lianjing.domain.companies.departments import add_post, change_post
from lianjing.domain.findings.models import Finding
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.assessments.assessed import (
    SINCE,
    TODAY,
    Assessed,
    analysed,
    assessed,
    closed,
    drafted,
    handed_in,
    logged,
    new_cycle,
    opened,
    scored,
)
from tests.domain.findings.found import moved_to
from tests.staff import put_on_file

DAY = timedelta(days=1)
PDF = b"%PDF-1.4 seen\n%%EOF\n"


@pytest.fixture
def who(cast: Cast) -> Assessed:
    return assessed(cast)


def refused(act: Any, *args: Any, **told: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as found:
        act(*args, **told)
    return found.value.field, str(found.value)


def acts(subject: str) -> list[tuple[str, str]]:
    return list(Record.objects.filter(subject_type=subject).order_by("id").values_list("action", "actor_name"))


def mia(cast: Cast, at: Any = NOON) -> dict[str, Any]:
    return {"by": cast.viewer("mia"), "at": at}


# The log


def test_an_entry_is_sealed_told_and_taken_back_with_its_reason(cast: Cast, who: Assessed) -> None:
    row = logged(cast, who.departments["管理部"])
    retract_entry(row.pk, "写错部门", **mia(cast))
    assert acts("supervisionentry") == [("supervision.logged", "Leo"), ("supervision.retracted", "Mia")]
    assert [one.payload for one in Message.objects.filter(topic="supervision.changed")] == [
        {"supervisionentry": row.pk},
        {"supervisionentry": row.pk},
    ]
    with pytest.raises(Missing):
        retract_entry(row.pk, "再收一次", **mia(cast))


def test_an_entry_names_a_post_of_its_department_only(cast: Cast, who: Assessed) -> None:
    desk, works = who.departments["管理部"], who.departments["技术部"]
    post = desk.posts.get()
    assert logged(cast, desk, post_id=post.pk).post == post
    assert refused(logged, cast, works, post_id=post.pk) == ("post", "这个部门在 2026-11-22 没有这个岗位。")
    assert refused(logged, cast, works, result="fine")[0] == "result"
    assert (
        refused(log_supervision, cast.company.pk, NewEntry(TODAY, 999, "x", "normal"), **mia(cast))[0] == "department"
    )
    assert SupervisionEntry.objects.count() == 1


def test_a_file_is_kept_with_its_hash_and_an_altered_one_says_so(
    cast: Cast, who: Assessed, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    new = NewEntry(TODAY, who.departments["管理部"].pk, "巡查", "normal")
    row = log_supervision(cast.company.pk, new, scan_of(PDF), **mia(cast))
    kept = kept_entry_file(cast.viewer("olivia"), row)
    assert kept is not None
    assert (kept.content, kept.unaltered) == (PDF, True)
    (tmp_path / str(row.scan.name)).write_bytes(PDF + b" ")
    altered = kept_entry_file(cast.viewer("olivia"), row)
    assert altered is not None
    assert not altered.unaltered


def test_a_limit_that_was_set_before_is_kept_as_it_was(cast: Cast) -> None:
    set_supervision_limits(cast.company.pk, 5, 6, "", **mia(cast))
    set_supervision_limits(cast.company.pk, 2, 12, "制度", **mia(cast, NOON + DAY))
    told = [limits_at(cast.viewer("leo"), cast.company.pk, at) for at in (NOON - DAY, NOON, NOON + DAY, None)]
    assert [(one.gap_days, one.is_own) for one in told] == [(3, False), (5, True), (2, True), (2, True)]
    assert refused(set_supervision_limits, cast.company.pk, 32, 12, "", **mia(cast))[0] == "gap_days"
    assert refused(set_supervision_limits, cast.company.pk, 3, 37, "", **mia(cast))[0] == "evaluation_months"


def test_who_may_write_is_told_apart_from_who_may_read(cast: Cast, who: Assessed) -> None:
    new = NewEntry(TODAY, who.departments["管理部"].pk, "巡查", "normal")
    with pytest.raises(Forbidden):
        log_supervision(cast.company.pk, new, by=cast.viewer("olivia"), at=NOON)
    with pytest.raises(Missing):
        log_supervision(cast.company.pk, new, by=cast.viewer("sam"), at=NOON)
    logged(cast, who.departments["管理部"])
    wanted = EntriesWanted(cast.company.pk, TODAY, TODAY)
    assert [len(entries(cast.viewer(name), wanted)) for name in ("olivia", "sam")] == [1, 0]


# Criteria and assessments


def test_a_name_that_there_is_already_becomes_the_next_version(cast: Cast) -> None:
    lines = (NewCriterion("制度", 100),)
    made = [add_criteria(cast.company.pk, "指标", lines, **mia(cast)) for _ in range(2)]
    other = add_criteria(cast.company.pk, "另一套", lines, **mia(cast))
    assert [one.version for one in (*made, other)] == [1, 2, 1]
    assert refused(add_criteria, cast.company.pk, "", lines, **mia(cast)) == ("name", "请填写。")
    bad = (NewCriterion("受理", 100, 100, "figure", "speed", Decimal(1), Decimal(2)),)
    assert refused(add_criteria, cast.company.pk, "指标", bad, **mia(cast))[0] == "figure"


def test_a_department_is_assessed_once_over_a_period(cast: Cast, who: Assessed) -> None:
    """Two of three share nothing with the third; a month lies inside its quarter and is another rhythm."""
    first = drafted(cast, who)
    told = "已有名为“三季度考核”的考核，请换一个名称。"
    assert refused(draft_cycle, cast.company.pk, new_cycle(cast, who), **mia(cast)) == ("name", told)
    shifted = {"name": "又一次", "first_on": date(2026, 8, 1), "last_on": date(2026, 10, 31)}
    told = "管理部在 2026-07-01 至 2026-09-30 已有同一周期的考核“三季度考核”；要重做，先作废那一次。"
    assert refused(draft_cycle, cast.company.pk, new_cycle(cast, who, **shifted), **mia(cast)) == ("first_on", told)
    month = {"name": "九月考核", "period": "month", "first_on": date(2026, 9, 1)}
    drafted(cast, who, **month)
    cancel_cycle(first.pk, "重做", **mia(cast))
    assert drafted(cast, who).state == "draft"


def test_an_assessment_names_a_responsible_who_is_at_work_and_has_an_account(cast: Cast, who: Assessed) -> None:
    put_on_file(cast, "950")
    assert refused(draft_cycle, cast.company.pk, new_cycle(cast, who, responsible_no="950"), **mia(cast)) == (
        "responsible_no",
        "陈思远（工号 950）没有能评分的账号。",
    )
    wanted = new_cycle(cast, who, departments=(*who.ids(), 999))
    assert refused(draft_cycle, cast.company.pk, wanted, **mia(cast))[0] == "departments"
    assert not AssessmentCycle.objects.exists()


def test_each_department_scores_itself_another_and_is_scored_by_the_assessor(cast: Cast, who: Assessed) -> None:
    cycle = opened(cast, who)
    told = {
        (
            sheet.kind,
            sheet.department.name,
            sheet.by_department.name if sheet.by_department else "",
            str(sheet.evaluator),
        )
        for sheet in cycle.sheets.select_related("department", "by_department", "evaluator")
    }
    people = {name: str(member) for name, member in who.people.items()}
    around = {"管理部": "运行部", "技术部": "管理部", "运行部": "技术部"}
    assert told == {
        *(("self", name, name, people[name]) for name in people),
        *(("mutual", name, by, people[by]) for name, by in around.items()),
        *(("assessor", name, "", people["管理部"]) for name in people),
    }


def test_one_person_has_one_role_where_somebody_else_can_have_the_other(cast: Cast, who: Assessed) -> None:
    post = add_post(who.departments["管理部"].pk, {"title": "内勤"}, SINCE, **mia(cast))
    member = put_on_file(cast, "903", "Second")
    member.user = cast.users["oscar"]
    member.save()
    cast.users["oscar"].memberships.update(company=cast.company)
    appoint(post.pk, Appointed("903", SINCE), **mia(cast))
    cycle = opened(cast, who)
    by_management = cycle.sheets.filter(by_department=who.departments["管理部"]).order_by("kind")
    assert [(sheet.kind, str(sheet.evaluator)) for sheet in by_management] == [
        ("mutual", str(member)),
        ("self", str(member)),
    ]
    assert {sheet.evaluator for sheet in cycle.sheets.filter(kind="assessor")} == {who.people["管理部"]}


def test_it_goes_its_way_and_each_move_is_sealed(cast: Cast, who: Assessed) -> None:
    cycle = closed(cast, analysed(cast, scored(cast, who)))
    moves = [action for action, _by in acts("assessmentcycle")]
    handed = ["assessment.sheet_submitted"] * 9
    ends = ["assessment.scored", "assessment.analysed", "assessment.closed"]
    assert moves == ["assessment.drafted", "assessment.opened", *handed, *ends]
    assert list(cycle.departments.values_list("score", flat=True)) == [Decimal(77)] * 3


def test_no_step_is_skipped(cast: Cast, who: Assessed) -> None:
    cycle = drafted(cast, who)
    assert refused(score_cycle, cycle.pk, **mia(cast))[1] == "评分中的考核才能确定得分。"
    assert refused(close_cycle, cycle.pk, **mia(cast))[1] == "还没有写分析和措施，不能关闭。"
    open_cycle(cycle.pk, **mia(cast))
    assert refused(open_cycle, cycle.pk, **mia(cast))[1] == "只有草稿才能开始评分。"
    assert refused(score_cycle, cycle.pk, **mia(cast))[1] == "还有 9 张评分表没有提交，不能确定得分。"
    assert refused(analyse_cycle, cycle.pk, "x", "y", **mia(cast))[1] == "确定得分之后才写分析。"
    cancel_cycle(cycle.pk, "改用新指标", **mia(cast))
    assert refused(score_cycle, cycle.pk, **mia(cast))[1] == "这次考核已经作废。"


def test_a_period_that_is_not_over_cannot_be_scored(cast: Cast, who: Assessed) -> None:
    cycle = opened(cast, who, period="half_year", last_on=TODAY)
    for sheet in cycle.sheets.select_related("cycle", "evaluator__user"):
        handed_in(cast, sheet)
    assert "考核期到 2026-11-22 才结束" in refused(score_cycle, cycle.pk, **mia(cast))[1]
    assert score_cycle(cycle.pk, **mia(cast, NOON + DAY)).state == "scored"


# Sheets


def test_only_the_evaluator_fills_in_a_sheet_and_only_once(cast: Cast, who: Assessed) -> None:
    cycle = opened(cast, who)
    sheet = cycle.sheets.get(kind="self", department=who.departments["运行部"])
    line = cycle.criteria.lines.first()
    assert line is not None
    given = {line.pk: Given(Decimal(80))}
    for name in ("mia", "leo", "oscar"):
        with pytest.raises(Forbidden):
            keep_sheet(sheet.pk, given, by=cast.viewer(name), at=NOON)
    with pytest.raises(Missing):
        keep_sheet(sheet.pk, given, by=cast.viewer("sam"), at=NOON)
    keep_sheet(sheet.pk, given, by=cast.viewer("olivia"), at=NOON)
    missing = refused(submit_sheet, sheet.pk, {}, by=cast.viewer("olivia"), at=NOON)
    assert missing[1] == "“工作质量”还没有评分。"
    handed_in(cast, ScoreSheet.objects.select_related("cycle", "evaluator__user").get(pk=sheet.pk))
    again = refused(keep_sheet, sheet.pk, given, by=cast.viewer("olivia"), at=NOON)
    assert again[1] == "评分表已经提交，不能再改。"


def test_an_evaluator_belongs_to_the_department_that_scores(cast: Cast, who: Assessed) -> None:
    cycle = opened(cast, who)
    mutual = cycle.sheets.get(kind="mutual", department=who.departments["运行部"])
    own = cycle.sheets.get(kind="self", department=who.departments["运行部"])
    assessor = cycle.sheets.get(kind="assessor", department=who.departments["运行部"])
    assert refused(set_evaluator, mutual.pk, "001", **mia(cast))[1] == "Olivia是运行部的人，不能互评自己的部门。"
    assert refused(set_evaluator, mutual.pk, "901", **mia(cast))[1] == "Mia今天不在技术部任职，不能代表它评分。"
    assert refused(set_evaluator, own.pk, "902", **mia(cast))[1] == "Leo今天不在运行部任职，不能代表它评分。"
    assert refused(set_evaluator, assessor.pk, "902", **mia(cast))[1] == "考核由考核负责人评分。"
    assert set_evaluator(mutual.pk, "902", **mia(cast)).evaluator == who.people["技术部"]


def test_a_person_of_two_departments_scores_for_one_of_them_and_never_his_own_among_the_others(
    cast: Cast, who: Assessed
) -> None:
    """Leo leads the technical department and holds a post in the operating one, too."""
    post = add_post(who.departments["运行部"].pk, {"title": "值班长", "is_key": True}, SINCE, **mia(cast))
    appoint(post.pk, Appointed("902", SINCE), **mia(cast))
    cycle = opened(cast, who)
    named = {
        (sheet.by_department.name, sheet.evaluator.name)
        for sheet in cycle.sheets.exclude(by_department=None).select_related("by_department", "evaluator")
        if sheet.by_department and sheet.evaluator
    }
    assert len({by for by, name in named if name == "Leo"}) == 1
    told = "Leo在这次考核里已代表技术部评分；一个人只代表一个部门，请由运行部的另一人评分。"
    own = cycle.sheets.get(kind="self", department__name="运行部")
    assert refused(set_evaluator, own.pk, "902", **mia(cast)) == ("evaluator", told)
    # Named before that was asked, or before he got the post: he is refused when he scores.
    ScoreSheet.objects.filter(pk=own.pk).update(evaluator=who.people["技术部"])
    own.refresh_from_db()
    with pytest.raises(Refused, match="一个人只代表一个部门"):
        handed_in(cast, own)
    of_technical = cycle.sheets.get(kind="mutual", department__name="技术部")
    ScoreSheet.objects.filter(pk=of_technical.pk).update(evaluator=who.people["技术部"])
    of_technical.refresh_from_db()
    with pytest.raises(Refused, match="不能互评自己的部门"):
        handed_in(cast, of_technical)


def test_a_sheet_that_is_sent_back_stays_and_its_points_go_on(cast: Cast, who: Assessed) -> None:
    cycle = opened(cast, who)
    sheet = cycle.sheets.select_related("cycle", "evaluator__user").get(
        kind="self", department=who.departments["运行部"]
    )
    assert refused(return_sheet, sheet.pk, "x", **mia(cast))[1] == "评分表还没有提交，不用退回。"
    handed_in(cast, sheet)
    again = return_sheet(sheet.pk, "依据不全", **mia(cast))
    sheet.refresh_from_db()
    assert (sheet.return_reason, sheet.scores.count(), again.scores.count()) == ("依据不全", 2, 2)
    assert again.submitted_at is None


def test_people_of_a_post_that_moved_score_for_the_department_that_it_is_in(cast: Cast, who: Assessed) -> None:
    works, run = who.departments["技术部"], who.departments["运行部"]
    post = run.posts.get()
    told = {"title": post.title, "is_key": False, "department": works.pk}
    change_post(post.pk, told, TODAY, **mia(cast))
    found = {pk: [one.staff_no for one in people] for pk, people in people_of(cast.company.pk, TODAY).items()}
    assert found == {who.departments["管理部"].pk: ["901"], works.pk: ["902", "001"]}
    before = people_of(cast.company.pk, TODAY - DAY)
    assert [one.staff_no for one in before[run.pk]] == ["001"]


# Figures of operations


def test_findings_overdue_are_those_of_the_end_of_the_period_whenever_it_is_scored(cast: Cast, who: Assessed) -> None:
    run = who.departments["运行部"]
    wanted = add_criteria(cast.company.pk, "整改", OVERDUE, **mia(cast))
    days = {"first_on": date(2026, 11, 16), "last_on": date(2026, 11, 20)}
    cycle = drafted(cast, who, criteria=wanted, **days)
    ends, begun = datetime(2026, 11, 20, 16, tzinfo=UTC), NOON - 5 * DAY
    second = timedelta(seconds=1)
    for number, told in enumerate(
        (
            {"closed_at": ends, "state": "closed"},
            {"closed_at": ends - second, "state": "closed"},
            {"done_at": ends, "state": "done"},
            {"done_at": ends - second, "state": "done"},
            {"due_on": date(2026, 11, 21)},
            {"raised_at": ends},
            {},
        )
    ):
        finding = moved_to(cast, "assigned", title=f"第 {number} 件")
        sound = {"department": run, "raised_at": begun, "due_on": date(2026, 11, 20)}
        Finding.objects.filter(pk=finding.pk).update(**(sound | told))
    assert figures_now(cast.viewer("mia"), cycle, NOON)["findings_overdue", run.pk] == Figure(Decimal(3), 6)


OVERDUE = (NewCriterion("制度", 50), NewCriterion("整改", 50, 10, "figure", "findings_overdue", Decimal(0), Decimal(5)))
BY_FIGURE = (
    NewCriterion("制度", 50),
    NewCriterion("受理", 30, 10, "figure", "acknowledge", Decimal(30), Decimal(90)),
    NewCriterion("日常监督", 20, 10, "figure", "logged_days", Decimal(100), Decimal(0)),
)


def test_a_figure_is_fixed_with_its_value_and_a_missing_one_is_scored_by_hand_with_evidence(
    cast: Cast, who: Assessed
) -> None:
    days = {"first_on": date(2026, 11, 16), "last_on": date(2026, 11, 20)}
    for day in range(16, 20):
        logged(cast, who.departments["管理部"], date(2026, 11, day))
    wanted = add_criteria(cast.company.pk, "运行指标", BY_FIGURE, **mia(cast))
    cycle = opened(cast, who, criteria=wanted, **days)
    sheet = cycle.sheets.get(kind="assessor", department=who.departments["管理部"])
    hand, times, _log = wanted.lines.all()
    given = {hand.pk: Given(Decimal(70)), times.pk: Given(Decimal(8))}
    assert refused(submit_sheet, sheet.pk, given, **mia(cast)) == (
        f"evidence-{times.pk}",
        "“受理”没有运行数据，请写明评分依据。",
    )
    for one in cycle.sheets.select_related("cycle", "evaluator__user"):
        handed_in(cast, one)
    score_cycle(cycle.pk, **mia(cast))
    rows = FixedFigure.objects.filter(cycle=cycle, department=who.departments["管理部"]).order_by("criterion__place")
    assert [(row.value, row.points) for row in rows] == [(None, Decimal(8)), (Decimal(80), Decimal(8))]
    # What is logged later changes nothing that is fixed.
    logged(cast, who.departments["管理部"], date(2026, 11, 20))
    assert rows[1].value == Decimal(80)
    assert cycle_by_id(cast.viewer("sam"), cycle.pk) is None

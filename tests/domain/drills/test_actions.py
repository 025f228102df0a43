"""Drills from the programme to the archive: what happens, what is refused, what is recorded, who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.drill_policy import within_a_year
from lianjing.domain.compliance.drills_known import drills_known
from lianjing.domain.drills.actions import Cast as Part
from lianjing.domain.drills.actions import (
    cancel_drill,
    cast_drill,
    describe_drill,
    enter_from_paper,
    plan_drill,
    prepare_drill,
    retract_drill,
)
from lianjing.domain.drills.archiving import digest_of
from lianjing.domain.drills.late_entry import is_late_entry
from lianjing.domain.drills.models import Drill, PlannedDrill
from lianjing.domain.drills.policy import Preparation
from lianjing.domain.drills.programming import NewLine, add_line, approve_programme, change_line, draft_programme
from lianjing.domain.drills.running import (
    Mark,
    archive_drill,
    attach,
    begin_drill,
    evaluate_drill,
    observe,
    record_held,
    score_drill,
    take_back_observation,
)
from lianjing.domain.people.models import StaffMember
from lianjing.domain.plans.actions import approve_version, draft_version, put_in_force
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.drills.exercise import (
    DAY,
    HOUR,
    archived,
    as_,
    described,
    evaluated,
    held,
    line_of,
    parts,
    people,
    plan_of,
    planned,
    prepared,
    programme,
)
from tests.staff import put_on_file


def refused(act: Any, *told: Any, **named: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        act(*told, **named)
    return caught.value.field, str(caught.value)


def test_a_programme_is_approved_by_another_and_its_next_edition_replaces_it(cast: Cast) -> None:
    draft = draft_programme(cast.company.pk, 2026, **as_(cast, "mia"))
    assert "计划还是空的" in refused(approve_programme, draft.pk, **as_(cast, "ada"))[1]
    add_line(draft.pk, NewLine(3, "tabletop", "胁迫", "hold_up"), **as_(cast, "mia"))
    add_line(draft.pk, NewLine(4, "communication", "线路"), **as_(cast, "mia"))
    assert "计划里只有 1 次" in refused(approve_programme, draft.pk, **as_(cast, "ada"))[1]
    add_line(draft.pk, NewLine(9, "full", "断网", "fire"), **as_(cast, "mia"))
    assert "写过这份计划的人不能批准" in refused(approve_programme, draft.pk, **as_(cast, "mia"))[1]
    first = approve_programme(draft.pk, **as_(cast, "ada"))
    line = line_of(first)
    assert "已批准的计划不能改" in refused(change_line, line.pk, NewLine(4, "full", "x", "fire"), **as_(cast, "leo"))[1]
    second = draft_programme(cast.company.pk, 2026, **as_(cast, "leo"))
    assert list(second.lines.values_list("line", "title")) == [(1, "胁迫"), (2, "线路"), (3, "断网")]
    approve_programme(second.pk, **as_(cast, "mia"))
    first.refresh_from_db()
    assert (first.state, first.replaced_at, first.number, second.number) == ("replaced", NOON, 1, 2)


def test_only_what_the_approved_programme_plans_is_held(cast: Cast) -> None:
    draft = draft_programme(cast.company.pk, 2026, **as_(cast, "leo"))
    line = add_line(draft.pk, NewLine(3, "tabletop", "胁迫", "hold_up"), **as_(cast, "leo"))
    add_line(draft.pk, NewLine(9, "full", "断网", "fire"), **as_(cast, "leo"))
    assert "批准之后才能排" in refused(plan_drill, line.pk, NOON.date(), **as_(cast, "leo"))[1]
    approve_programme(draft.pk, **as_(cast, "mia"))
    assert refused(plan_drill, line.pk, NOON.date(), "full", **as_(cast, "leo")) == (
        "kind",
        "计划里这一项是桌面推演，不能改为实战演练；请先修订年度计划。",
    )
    other_year = NOON.date() + timedelta(days=365)
    assert refused(plan_drill, line.pk, other_year, **as_(cast, "leo"))[0] == "planned_on"
    drill = plan_drill(line.pk, NOON.date(), **as_(cast, "leo"))
    assert (drill.number, drill.state) == ("D-2026-01", "planned")
    assert "已经排出演练" in refused(plan_drill, line.pk, NOON.date(), **as_(cast, "leo"))[1]


def test_what_is_missing_is_named_one_after_the_other(cast: Cast) -> None:
    drill = planned(cast, line=line_of(programme(cast), 2))
    assert refused(prepare_drill, drill.pk, **as_(cast, "leo")) == ("aim", "还没有写目的。")
    describe_drill(drill.pk, Preparation(drill.planned_on, "目的", "情景"), **as_(cast, "leo"))
    assert refused(prepare_drill, drill.pk, **as_(cast, "leo"))[0] == "safety"
    described(cast, drill)
    cast_drill(drill.pk, parts()[:2], **as_(cast, "leo"))
    assert refused(prepare_drill, drill.pk, **as_(cast, "leo")) == ("participants", "还没有参演。")
    cast_drill(drill.pk, parts(), **as_(cast, "leo"))
    ready = prepare_drill(drill.pk, **as_(cast, "leo"))
    version = plan_of(cast)
    assert list(ready.exercised.values_list("version_id", "content_hash")) == [(version.pk, version.content_hash)]


def test_people_of_another_company_and_who_is_not_at_work_do_not_take_part(cast: Cast) -> None:
    drill = planned(cast)
    people(cast)
    put_on_file(cast, "X1", by=cast.viewer("ada"), company_id=cast.other.pk)
    wrong = [*parts(), Part("X1", "observer")]
    assert refused(cast_drill, drill.pk, wrong, **as_(cast, "leo")) == (
        "participants",
        "本单位没有工号 X1 的人员。",
    )
    twice = [*parts(), Part("001", "player")]
    assert refused(cast_drill, drill.pk, twice, **as_(cast, "leo"))[1] == "同一个人只能有一个角色。"
    drill.planned_on = drill.planned_on.replace(day=4, month=1)  # the day before they were hired
    drill.save()
    assert "2026-01-04 不在职" in refused(cast_drill, drill.pk, parts(), **as_(cast, "leo"))[1]
    assert drill.participants.count() == 0


@pytest.mark.parametrize(
    ("begins", "ends", "field", "sentence"),
    [
        (-HOUR, -2 * HOUR, "ended_at", "结束须晚于开始，请核对。"),
        (-HOUR, -HOUR, "ended_at", "结束须晚于开始，请核对。"),
        (-HOUR, HOUR, "ended_at", "结束时间还没有到，不能记为已举行。"),
        (-30 * HOUR, -HOUR, "ended_at", "演练持续超过 24 小时，请核对日期。"),
    ],
)
def test_a_drill_from_paper_has_ended_after_it_began_and_before_now(
    cast: Cast, begins: timedelta, ends: timedelta, field: str, sentence: str
) -> None:
    drill = prepared(cast)
    assert refused(record_held, drill.pk, NOON + begins, NOON + ends, **as_(cast, "leo")) == (field, sentence)
    drill.refresh_from_db()
    assert (drill.state, drill.began_at) == ("prepared", None)


def test_what_is_seen_has_its_time_and_a_slip_is_taken_back(cast: Cast) -> None:
    drill = prepared(cast)
    assert "演练开始之后" in refused(observe, drill.pk, "good", "x", **as_(cast, "olivia"))[1]
    begin_drill(drill.pk, **as_(cast, "leo"))
    seen = observe(drill.pk, "bad", "", inject=1, **as_(cast, "olivia", NOON + timedelta(seconds=75)))
    assert (seen.seen_at - NOON, seen.inject, seen.recorded_by) == (timedelta(seconds=75), 1, "Olivia")
    now = as_(cast, "olivia", NOON + 2 * HOUR)
    assert refused(observe, drill.pk, "note", "x", seconds=9000, **now)[0] == "offset"
    assert refused(observe, drill.pk, "note", "x", inject=7, **now)[0] == "inject"
    assert refused(observe, drill.pk, "note", **now)[0] == "text"
    take_back_observation(seen.pk, **now)
    with pytest.raises(Missing):
        take_back_observation(seen.pk, **now)
    assert drill.observations.count() == 1


def test_scores_are_judged_anew_and_all_stand_before_the_evaluation(cast: Cast) -> None:
    drill = held(cast)
    later = as_(cast, "leo", NOON + 2 * HOUR)
    good = Mark("verify", 3)
    assert refused(score_drill, drill.pk, [good, Mark("receive", 6)], **later)[0] == "points"
    assert refused(score_drill, drill.pk, [good, Mark("receive", None)], **later)[0] == "note"
    assert refused(score_drill, drill.pk, [good, Mark("no such", 3)], **later)[0] == "indicator"
    assert drill.scores.count() == 0
    score_drill(drill.pk, [Mark("receive", 2)], **later)
    score_drill(drill.pk, [Mark("receive", 4)], **later)
    assert dict(drill.scores.values_list("points", "replaced_at")) == {2: later["at"], 4: None}
    assert "还有 11 个指标没有评分" in refused(evaluate_drill, drill.pk, "好", **later)[1]


def test_whoever_played_in_a_drill_does_not_judge_it(cast: Cast) -> None:
    drill = held(cast)
    StaffMember.objects.filter(staff_no="003").update(user=cast.users["leo"])
    told = "您是这次演练的参演人员，不能给它评分，请由评估员评。"
    late = as_(cast, "leo", NOON + 2 * HOUR)
    assert refused(score_drill, drill.pk, [Mark("receive", 4)], **late)[1] == told
    assert refused(evaluate_drill, drill.pk, "好", **late)[1] == told
    StaffMember.objects.filter(staff_no="003").update(user=None)
    StaffMember.objects.filter(staff_no="002").update(user=cast.users["leo"])
    score_drill(drill.pk, [Mark("receive", 4)], **late)
    assert drill.scores.count() == 1


def test_the_archive_comes_after_the_review_and_any_change_would_show(cast: Cast) -> None:
    drill = evaluated(cast)
    assert refused(archive_drill, drill.pk, **as_(cast, "leo", NOON + 3 * HOUR))[1] == "还没有复盘，不能归档。"
    retract_drill(drill.pk, "重办", **as_(cast, "mia", NOON + 3 * HOUR))
    again = archived(cast)
    StaffMember.objects.update(staff_no=Concat(Value("更正"), "staff_no"))
    assert again.archive_sha256 == digest_of(Drill.objects.get(pk=again.pk))
    again.observations.update(text="30 秒受理")
    assert again.archive_sha256 != digest_of(Drill.objects.get(pk=again.pk))
    assert "演练已经举行，不能取消" in refused(cancel_drill, again.pk, "x", **as_(cast, "leo"))[1]
    assert "只有已举行、还没有复盘的演练能收回" in refused(retract_drill, again.pk, "x", **as_(cast, "mia"))[1]


def test_a_file_is_kept_once_with_its_digest(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    drill, scan = held(cast), scan_of(b"%PDF-1.7\nphoto\n%%EOF\n")
    kept = attach(drill.pk, "签到表", scan, **as_(cast, "leo"))
    assert (kept.file_sha256, kept.bytes) == (scan.sha256, len(scan.content))
    assert refused(attach, drill.pk, "又一份", scan, **as_(cast, "leo"))[0] == "scan"


def test_what_was_held_is_known_since_it_was_recorded_and_counts_on_its_day(cast: Cast) -> None:
    drill = prepared(cast, NOON - 10 * DAY)
    record_held(drill.pk, NOON - 10 * DAY, NOON - 10 * DAY + HOUR, **as_(cast, "leo"))
    viewer, pk, day = cast.viewer("mia"), cast.company.pk, NOON.date() - 10 * DAY
    assert [one.held_on for one in drills_known(viewer, pk, day, None)] == [day]
    assert drills_known(viewer, pk, day, NOON - DAY) == ()
    assert drills_known(viewer, pk, day - DAY, None) == ()
    counted = [
        len(within_a_year(drills_known(viewer, pk, on, None), on))
        for on in (day, day + timedelta(days=364), day + timedelta(days=365))
    ]
    assert counted == [1, 1, 0]
    retract_drill(drill.pk, "不是演练", **as_(cast, "mia", NOON + DAY))
    assert drills_known(viewer, pk, day, None) == ()
    assert len(drills_known(viewer, pk, day, NOON)) == 1


def test_a_drill_that_was_held_is_a_fact_which_another_than_its_recorder_takes_back(cast: Cast) -> None:
    drill, leo = held(cast), as_(cast, "leo", NOON + 2 * HOUR)
    told = "演练已经举行，不能取消；记错的，由记入人以外的人在复盘之前收回。"
    assert refused(cancel_drill, drill.pk, "误记", **leo)[1] == told
    told = "这次演练由您记为已举行，不能自己收回，请由另一人收回。"
    assert refused(retract_drill, drill.pk, "误记", **leo)[1] == told
    assert refused(retract_drill, drill.pk, " ", **as_(cast, "mia"))[0] == "reason"
    gone = retract_drill(drill.pk, "误记", **as_(cast, "mia"))
    assert (gone.state, gone.cancelled_by, gone.held_by) == ("cancelled", "Mia", "Leo")


def test_the_day_of_a_plan_lies_ahead_and_what_was_held_before_is_entered_from_paper(cast: Cast) -> None:
    people(cast), plan_of(cast)
    year = programme(cast, "tabletop", "full")
    line, day, leo = line_of(year), NOON.date() - 10 * DAY, as_(cast, "leo")
    told = "日期 2026-11-12 已经过去（今天 2026-11-22）；那天已经举行的，请按纸质记录补录。"
    assert refused(plan_drill, line.pk, day, **leo) == ("planned_on", told)
    told = "日期 2026-11-23 还没有到（今天 2026-11-22），不能补录。"
    assert refused(enter_from_paper, line.pk, NOON.date() + DAY, **leo) == ("planned_on", told)
    drill = described(cast, enter_from_paper(line.pk, day, **leo))
    moved = Preparation(day + 20 * DAY, "目的", "情景")
    assert refused(describe_drill, drill.pk, moved, **leo)[0] == "planned_on"
    prepare_drill(drill.pk, **leo)
    told = "这次演练按纸质记录补录，不能现在开始，请补记起止时间。"
    assert refused(begin_drill, drill.pk, **leo)[1] == told
    other = NOON - 9 * DAY
    assert refused(record_held, drill.pk, other, other + HOUR, **leo) == (
        "began_at",
        "开始的日期 2026-11-13 与补录的演练日期 2026-11-12 不一致。",
    )
    kept = record_held(drill.pk, NOON - 10 * DAY, NOON - 10 * DAY + HOUR, **leo)
    assert (kept.from_paper, is_late_entry(kept), kept.held_at) == (True, True, NOON)
    assert is_late_entry(held(cast, NOON, line_of(year, 2))) is False


def test_a_drill_from_paper_has_exercised_the_plan_as_it_was_on_its_day(cast: Cast) -> None:
    people(cast)
    first, later = plan_of(cast), as_(cast, "leo", NOON + 20 * DAY)
    second = draft_version(first.plan_id, **as_(cast, "leo", NOON + 10 * DAY))
    approve_version(second.pk, **as_(cast, "mia", NOON + 10 * DAY))
    put_in_force(second.pk, **as_(cast, "mia", NOON + 10 * DAY))
    year = programme(cast, "tabletop", "tabletop", "tabletop")
    for place, (days, version) in enumerate([(-5, first), (5, first), (10, second)], 1):
        drill = enter_from_paper(line_of(year, place).pk, NOON.date() + days * DAY, **later)
        ready = prepare_drill(described(cast, drill, later["at"]).pk, **later)
        assert list(ready.exercised.values_list("version_id", flat=True)) == [version.pk], days


def test_a_plan_whose_day_is_over_keeps_its_day_and_is_not_moved_further_back(cast: Cast) -> None:
    drill, late = planned(cast, NOON - 3 * DAY), as_(cast, "leo")
    describe_drill(drill.pk, Preparation(drill.planned_on, "目的", "情景"), **late)
    earlier = Preparation(drill.planned_on - DAY, "目的", "情景")
    assert refused(describe_drill, drill.pk, earlier, **late)[0] == "planned_on"


def test_a_stranger_sees_and_does_nothing(cast: Cast) -> None:
    drill = prepared(cast)
    with pytest.raises(Missing):
        begin_drill(drill.pk, **as_(cast, "sam"))
    with pytest.raises(Missing):
        draft_programme(cast.company.pk, 2026, **as_(cast, "sam"))
    with pytest.raises(Forbidden):
        cancel_drill(drill.pk, "x", **as_(cast, "olivia"))
    assert drills_known(cast.viewer("sam"), cast.company.pk, NOON.date(), None) == ()


def test_every_act_leaves_its_record(cast: Cast) -> None:
    archived(cast)
    acts = (
        Record.objects.filter(subject_type__in=("drill", "programme")).order_by("pk").values_list("action", flat=True)
    )
    told = list(dict.fromkeys(acts))
    assert told == [
        *("programme.drafted", "programme.line_added", "programme.approved", "drill.planned", "drill.described"),
        *("drill.plans_chosen", "drill.cast", "drill.prepared", "drill.begun", "drill.observed", "drill.held"),
        *("drill.scored", "drill.evaluated", "drill.reviewed", "drill.archived"),
    ]
    assert PlannedDrill.objects.count() == 2

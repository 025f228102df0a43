"""What people do to a finding, and what they may not."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.findings.actions import (
    Assignment,
    Measure,
    Verification,
    assign_finding,
    close_finding,
    confirm_finding,
    dismiss_finding,
    finish_finding,
    judge_effect,
    note_on_finding,
    plan_measure,
    raise_finding,
    regrade_finding,
    reopen_finding,
    return_finding,
    verify_finding,
)
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.queries import (
    FindingsWanted,
    figures,
    finding_by_id,
    findings,
    findings_due,
    kept_proof,
    tab_counts,
)
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.findings.found import DAY, DUE, moved_to, owner, raised
from tests.staff import put_on_file

TODAY = date(2026, 11, 22)
PDF = b"%PDF-1.4 seen\n%%EOF\n"


def refused_by(act: Any, *args: Any, **told: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        act(*args, **told)
    return refused.value.field, str(refused.value)


def test_a_finding_goes_its_way_and_each_move_is_sealed_and_told(cast: Cast) -> None:
    finding = moved_to(cast, "closed")
    acts = Record.objects.filter(subject_type="finding", subject_id=str(finding.pk)).order_by("id")
    assert list(acts.values_list("action", "actor_name")) == [
        ("finding.raised", "Mia"),
        ("finding.confirmed", "Mia"),
        ("finding.assigned", "Mia"),
        ("finding.planned", "Olivia"),
        ("finding.done", "Olivia"),
        ("finding.verified", "Leo"),
        ("finding.closed", "Leo"),
    ]
    told = Message.objects.filter(topic="finding.changed")
    assert [message.payload for message in told] == [{"finding": finding.pk}] * 7
    assert (finding.number, finding.closed_by, finding.proof) == ("R-2026-001", "Leo", "已购置，见照片")


def test_numbers_count_by_company_and_year(cast: Cast) -> None:
    raised(cast)
    other = raise_finding(cast.other.pk, NewFinding("x", "minor"), by=cast.viewer("sam"), at=NOON)
    new_year = datetime.fromisoformat("2027-01-01T00:30:00+08:00")
    later = raise_finding(cast.company.pk, NewFinding("y", "minor"), by=cast.viewer("mia"), at=new_year)
    assert (raised(cast).number, other.number, later.number) == ("R-2026-002", "R-2026-001", "R-2027-001")


@pytest.mark.parametrize(
    ("new", "field", "sentence"),
    [
        (NewFinding(" ", "minor"), "title", "请填写。"),
        (NewFinding("x", "huge"), "grade", "没有这个选项。"),
        (NewFinding("x" * 101, "minor"), "title", "最多 100 个字，现有 101 个。"),
        (NewFinding("x", "minor", "d" * 2001), "description", "最多 2000 个字，现有 2001 个。"),
        (NewFinding("x", "minor", source=Source("dream")), "source_kind", "没有这个选项。"),
        (NewFinding("x", "minor", clauses=("5|2",)), "clauses", "“5|2”不是条款号。"),
        (NewFinding("x\0", "minor"), "title", "含有不能保存的字符。"),
    ],
)
def test_what_cannot_be_entered_is_refused_and_leaves_nothing(
    cast: Cast, new: NewFinding, field: str, sentence: str
) -> None:
    assert refused_by(raise_finding, cast.company.pk, new, by=cast.viewer("mia"), at=NOON) == (field, sentence)
    assert not Finding.objects.exists()
    assert not Record.objects.filter(subject_type="finding").exists()


@pytest.mark.parametrize(
    ("number", "due", "field", "sentence"),
    [
        ("001", date(2026, 11, 21), "due_on", "期限 2026-11-21 早于今天（2026-11-22），请填今天或以后的日期。"),
        ("001", None, "due_on", "请填写。"),
        ("777", DUE, "owner", "本单位没有工号 777 的人员。"),
        ("", DUE, "owner", "请填写。"),
        ("H-9", DUE, "owner", "本单位没有工号 H-9 的人员。"),
    ],
)
def test_it_is_assigned_only_to_somebody_of_the_company_and_for_a_day_to_come(
    cast: Cast, number: str, due: date | None, field: str, sentence: str
) -> None:
    put_on_file(cast, "H-9", "外人", company_id=cast.other.pk, by=SYSTEM)
    owner(cast)
    finding = moved_to(cast, "confirmed")
    told = refused_by(assign_finding, finding.pk, Assignment(number, due), by=cast.viewer("mia"), at=NOON)
    assert told == (field, sentence)
    finding.refresh_from_db()
    assert (finding.state, finding.owner) == ("confirmed", None)


def test_a_department_of_another_company_is_none(cast: Cast) -> None:
    owner(cast)
    finding = moved_to(cast, "confirmed")
    to = Assignment("001", DUE, department_id=99)
    assert refused_by(assign_finding, finding.pk, to, by=cast.viewer("mia"), at=NOON) == (
        "department",
        "本单位没有这个部门。",
    )


def test_its_day_is_put_off_only_with_a_reason(cast: Cast) -> None:
    finding, mia, later = moved_to(cast, "in_progress"), cast.viewer("mia"), DUE + 10 * DAY
    assert refused_by(assign_finding, finding.pk, Assignment("001", later), by=mia, at=NOON) == (
        "reason",
        "期限从 2026-12-01 推迟到 2026-12-11，请写明原因。",
    )
    moved = assign_finding(finding.pk, Assignment("001", later, reason="货没到"), by=mia, at=NOON)
    assert (moved.state, moved.due_on, moved.next_on) == ("in_progress", later, later)


def test_a_measure_needs_its_cause(cast: Cast) -> None:
    finding, olivia = moved_to(cast, "assigned"), cast.viewer("olivia")
    assert refused_by(plan_measure, finding.pk, Measure(" ", "补购"), by=olivia, at=NOON) == ("cause", "请填写。")
    assert refused_by(finish_finding, finding.pk, "好了", by=olivia, at=NOON) == (
        "",
        "还没有写明根因和措施，不能报告完成。",
    )


def test_only_the_owner_and_who_may_edit_work_on_it(cast: Cast) -> None:
    finding = moved_to(cast, "in_progress")
    for act in (finish_finding, note_on_finding):
        with pytest.raises(Forbidden):
            act(finding.pk, "好了", by=cast.viewer("oscar"), at=NOON)
    with pytest.raises(Forbidden):
        confirm_finding(raised(cast).pk, "minor", by=cast.viewer("olivia"), at=NOON)
    assert note_on_finding(finding.pk, "货已发", by=cast.viewer("olivia"), at=NOON).state == "in_progress"


def test_nobody_of_another_company_finds_it(cast: Cast) -> None:
    finding = raised(cast)
    with pytest.raises(Missing):
        confirm_finding(finding.pk, "minor", by=cast.viewer("sam"), at=NOON)
    with pytest.raises(Missing):
        raise_finding(cast.company.pk, NewFinding("x", "minor"), by=cast.viewer("sam"), at=NOON)
    assert finding_by_id(cast.viewer("sam"), finding.pk, TODAY) is None
    assert findings(cast.viewer("sam"), FindingsWanted(), TODAY) == []
    assert figures(cast.viewer("sam"), NOON, TODAY).open == 0


def test_it_is_verified_by_neither_its_owner_nor_who_reported_it_as_done(cast: Cast) -> None:
    finding = moved_to(cast, "in_progress")
    finish_finding(finding.pk, "已购置", by=cast.viewer("leo"), at=NOON + DAY)
    seen = Verification("看过")
    assert refused_by(verify_finding, finding.pk, seen, by=cast.viewer("leo"), at=NOON + DAY) == (
        "",
        "整改由您报告完成，不能自己复核，请由他人复核。",
    )
    member = owner(cast)
    member.user = cast.users["mia"]
    member.save()
    assert refused_by(verify_finding, finding.pk, seen, by=cast.viewer("mia"), at=NOON + DAY) == (
        "",
        "您是责任人，不能复核自己的整改，请由他人复核。",
    )
    assert refused_by(verify_finding, finding.pk, seen, by=SYSTEM, at=NOON) == ("", "复核须由人进行。")
    assert verify_finding(finding.pk, seen, by=cast.viewer("ada"), at=NOON + DAY).verified_by == "Ada"


def test_what_must_be_tried_again_is_not_verified_before(cast: Cast) -> None:
    finding, mia, leo = moved_to(cast, "assigned"), cast.viewer("mia"), cast.viewer("leo")
    plan_measure(finding.pk, Measure("步骤不清", "改写预案", needs_retest=True), by=mia, at=NOON)
    # Whoever puts it right does not waive what was asked for.
    assert plan_measure(finding.pk, Measure("步骤不清", "改写预案"), by=mia, at=NOON).needs_retest
    finish_finding(finding.pk, "已改写", by=mia, at=NOON + DAY)
    late = {"by": leo, "at": NOON + 3 * DAY}
    assert refused_by(verify_finding, finding.pk, Verification("看过"), **late) == (
        "retested_on",
        "这件整改须复测，请填复测的日期。",
    )
    assert refused_by(verify_finding, finding.pk, Verification("看过", TODAY), **late) == (
        "retested_on",
        "复测日期 2026-11-22 应在报告完成（2026-11-23）之后，且不晚于今天（2026-11-25）。",
    )
    verified = verify_finding(finding.pk, Verification("看过", date(2026, 11, 24)), **late)
    assert verified.retested_on == date(2026, 11, 24)


def test_what_is_not_done_well_enough_goes_back(cast: Cast) -> None:
    finding, leo = moved_to(cast, "done"), cast.viewer("leo")
    assert refused_by(return_finding, finding.pk, " ", by=leo, at=NOON) == ("reason", "请写明原因。")
    back = return_finding(finding.pk, "只有一具", by=leo, at=NOON + DAY)
    assert (back.state, back.done_at, back.done_user_id) == ("in_progress", None, None)


def test_it_is_dismissed_with_a_reason_and_taken_up_again(cast: Cast) -> None:
    finding, mia = raised(cast), cast.viewer("mia")
    assert refused_by(dismiss_finding, finding.pk, "", by=mia, at=NOON) == ("reason", "请写明原因。")
    gone = dismiss_finding(finding.pk, "重复登记", by=mia, at=NOON)
    assert (gone.state, gone.dismissed_for, gone.closed_at) == ("dismissed", "重复登记", NOON)
    again = reopen_finding(finding.pk, "并非重复", by=mia, at=NOON)
    assert (again.state, again.dismissed_for, again.closed_at) == ("identified", "", None)


def test_a_measure_that_has_not_worked_opens_it_again(cast: Cast) -> None:
    finding, leo = moved_to(cast, "done"), cast.viewer("leo")
    verify_finding(finding.pk, Verification("看过", check_on=date(2027, 1, 15)), by=leo, at=NOON + DAY)
    close_finding(finding.pk, by=leo, at=NOON + 2 * DAY)
    late = {"by": leo, "at": NOON + timedelta(days=60)}
    assert refused_by(judge_effect, finding.pk, "ineffective", "又没有了", DUE, **late)[0] == "due_on"
    again = judge_effect(finding.pk, "ineffective", "又没有了", date(2027, 2, 15), **late)
    assert (again.state, again.effect, again.closed_at, again.done_at) == ("assigned", "ineffective", None, None)


def test_a_measure_that_has_worked_is_told_once(cast: Cast) -> None:
    finding, leo = moved_to(cast, "done"), cast.viewer("leo")
    verify_finding(finding.pk, Verification("看过", check_on=date(2027, 1, 15)), by=leo, at=NOON + DAY)
    assert refused_by(judge_effect, finding.pk, "wonderful", "x", by=leo, at=NOON) == ("effect", "没有这个选项。")
    told = judge_effect(finding.pk, "effective", "两个月都在", by=leo, at=NOON + 60 * DAY)
    assert (told.state, told.effect, told.effect_by) == ("verified", "effective", "Leo")
    assert refused_by(judge_effect, finding.pk, "effective", "x", by=leo, at=NOON) == ("", "没有待做的有效性检查。")


def test_another_grade_needs_a_reason_and_a_change(cast: Cast) -> None:
    finding, mia = raised(cast), cast.viewer("mia")
    assert refused_by(regrade_finding, finding.pk, "major", "", by=mia, at=NOON)[0] == "reason"
    assert refused_by(regrade_finding, finding.pk, "minor", "x", by=mia, at=NOON) == ("grade", "级别没有变化。")
    graver = regrade_finding(finding.pk, "major", "三处都没有", by=mia, at=NOON)
    assert (graver.grade, graver.grade_rank, graver.next_on) == ("major", 1, date(2026, 11, 25))


def test_what_shows_that_it_is_done_is_kept_with_its_digest(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    finding, scan = moved_to(cast, "in_progress"), scan_of(PDF)
    done = finish_finding(finding.pk, "见附件", scan, by=cast.viewer("olivia"), at=NOON)
    kept = kept_proof(cast.viewer("mia"), done)
    assert kept is not None
    assert (done.proof_sha256, kept.content, kept.unaltered) == (scan.sha256, PDF, True)
    assert kept_proof(cast.viewer("sam"), done) is None
    told = Record.objects.get(action="finding.done").after
    assert (told["scan_sha256"], told["bytes"]) == (scan.sha256, len(PDF))


def numbers(cast: Cast, who: str = "mia", on: date = TODAY, **wanted: Any) -> list[str]:
    return [line.finding.number for line in findings(cast.viewer(who), FindingsWanted(**wanted), on)]


def test_the_list_begins_with_what_is_most_urgent_and_narrows(cast: Cast) -> None:
    raised(cast, "一", grade="observation", clauses=("6.3",))
    raised(cast, "二", grade="major")
    third = moved_to(cast, "assigned")
    moved_to(cast, "closed")
    fifth = moved_to(cast, "done", grade="opportunity", source=Source("drill", "12", "演练 12"))
    assert numbers(cast) == [f"R-2026-00{place}" for place in (2, 5, 3, 1)]
    assert numbers(cast, state="assigned") == numbers(cast, owner="001", state="assigned") == [third.number]
    assert numbers(cast, tab="ended") == ["R-2026-004"]
    assert numbers(cast, tab="verify") == numbers(cast, source="drill") == [fifth.number]
    assert numbers(cast, clause="6.3") == numbers(cast, grade="observation") == ["R-2026-001"]
    assert numbers(cast, clause="6") == []
    assert numbers(cast, text="演练") == ["R-2026-005"]
    assert numbers(cast, tab="all")[0] == "R-2026-005"
    assert numbers(cast, "olivia", tab="mine") == ["R-2026-005", "R-2026-003"]
    late = DUE + DAY
    assert numbers(cast, tab="overdue", on=late) == [third.number]
    line = next(one for one in findings(cast.viewer("mia"), FindingsWanted(), late) if one.finding.pk == third.pk)
    assert (line.is_late, line.days_left) == (True, -1)
    assert tab_counts(cast.viewer("olivia"), late) == {
        "open": 4,
        "mine": 2,
        "overdue": 1,
        "verify": 1,
        "check": 0,
        "ended": 1,
        "all": 5,
    }


def test_the_list_goes_on_behind_its_last_row(cast: Cast) -> None:
    for place in range(5):
        raised(cast, str(place))
    for tab in ("open", "all"):
        rows, seen = findings(cast.viewer("mia"), FindingsWanted(tab), TODAY, limit=2), []
        while rows:
            seen += [line.finding.pk for line in rows]
            rows = findings(cast.viewer("mia"), FindingsWanted(tab), TODAY, after=seen[-1], limit=2)
        assert (len(seen), len(set(seen))) == (5, 5)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_one_query_however_long(cast: Cast, count: int) -> None:
    for _place in range(count):
        moved_to(cast, "assigned")
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        lines = findings(viewer, FindingsWanted(), TODAY)
        assert {(line.finding.owner.name, line.finding.company.name) for line in lines if line.finding.owner} == {
            ("陈思远", "Harbour Alarm")
        }
    assert len(asked) == 1


def test_figures_count_by_grade_and_tell_how_long_it_took(cast: Cast) -> None:
    raised(cast, grade="major")
    moved_to(cast, "assigned")
    moved_to(cast, "closed")
    told = figures(cast.viewer("mia"), NOON + 30 * DAY, DUE + DAY)
    assert told.open_by_grade == {"major": 1, "minor": 1, "observation": 0, "opportunity": 0}
    assert (told.open, told.overdue, told.closed, told.days_to_close) == (2, 1, 1, 3.0)
    assert figures(cast.viewer("mia"), NOON + 400 * DAY, DUE).days_to_close is None


def test_a_reminder_names_what_is_due_within_days(cast: Cast) -> None:
    moved_to(cast, "assigned")
    raised(cast, grade="opportunity")
    due = findings_due(SYSTEM, cast.company.pk, DUE - 7 * DAY, within=7)
    assert [line.finding.number for line in due] == ["R-2026-001"]


def test_a_look_whether_it_worked_is_reminded_of_when_the_finding_is_closed(cast: Cast) -> None:
    done, leo, on = moved_to(cast, "done"), cast.viewer("leo"), DUE + 60 * DAY
    verify_finding(done.pk, Verification("现场看过", check_on=on), by=leo, at=NOON + 2 * DAY)
    close_finding(done.pk, by=leo, at=NOON + 3 * DAY)
    moved_to(cast, "closed")

    def due(day: date) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            found = [line.finding.number for line in findings_due(SYSTEM, cast.company.pk, day, within=7)]
        assert len(asked) == 2
        return found

    assert [due(day) for day in (on - 8 * DAY, on - 7 * DAY, on + DAY)] == [[], ["R-2026-001"], ["R-2026-001"]]
    judge_effect(done.pk, "effective", "都在", by=leo, at=NOON + 90 * DAY)
    assert due(on) == []

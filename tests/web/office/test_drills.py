"""Drills in the office: programme, one drill from plan to archive, the page of the day, reviews, and who gets in."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.drills.drill_page import drill_page
from lianjing.domain.drills.indicators import scale
from lianjing.domain.drills.models import Drill, PlannedDrill, Programme, Retest, Review
from lianjing.domain.findings.models import Finding
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.web.office.drill_report import page_html
from tests.cast import NOON, Cast, Sent, alarm
from tests.domain.drills.exercise import (
    DAY,
    archived,
    described,
    evaluated,
    held,
    line_of,
    people,
    plan_of,
    planned,
    prepared,
    programme,
    reviewed,
)
from tests.web.conftest import As

LIST, REVIEWS = "/office/drills/", "/office/reviews/"
PDF = b"%PDF-1.4 list\n%%EOF\n"


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode()))


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


@pytest.fixture
def leo(signed_on: As) -> Client:
    return signed_on("leo")


def test_a_year_begins_with_a_draft_that_another_approves(cast: Cast, leo: Client, mia: Client) -> None:
    year = timezone.localdate().year
    assert "还没有演练。计划批准后" in text(leo.get(LIST))
    here = leo.post(f"{LIST}programme/{cast.company.pk}/{year}/")["Location"]
    row = Programme.objects.get()
    told = {"month": 3, "kind": "tabletop", "title": "胁迫报警", "event_class": "hold_up", "grade": ""}
    assert leo.post(f"{LIST}programme/{row.pk}/line/", told)["Location"] == here
    odd = text(leo.post(f"{LIST}programme/{row.pk}/line/", told | {"month": "", "event_class": "flood", "grade": "9"}))
    assert (odd.count("请选择一项。"), odd.count("没有这个选项。"), "有效" in odd) == (1, 2, False)
    odd = text(leo.post(f"{LIST}programme/{row.pk}/line/", told | {"month": "13"}))
    assert (odd.count("没有这个选项。"), "有效" in odd) == (1, False)
    wrong = leo.post(f"{LIST}programme/{row.pk}/line/", told | {"event_class": ""})
    assert (wrong.status_code, "请选择演练哪一类警情。" in text(wrong)) == (422, True)
    line = PlannedDrill.objects.get()
    leo.post(f"{LIST}line/{line.pk}/", told | {"month": 4, "kind": "full"})
    page = text(leo.get(here))
    assert "您写过这份草稿" in page or "批准计划" not in page
    assert "胁迫报警" in page
    page = text(mia.get(here))
    assert ("少于 2 次" in page, "一年至少排 2 次演练，才能批准。" in page, "批准计划" in page) == (True, True, False)
    refused = text(mia.post(f"{LIST}programme/{row.pk}/approve/", follow=True))
    assert "规范要求每年至少演练 2 次，计划里只有 1 次，不能批准" in refused
    leo.post(f"{LIST}programme/{row.pk}/line/", told | {"title": "断网"})
    assert "批准计划" in text(mia.get(here))
    mia.post(f"{LIST}programme/{row.pk}/approve/")
    page = text(mia.get(f"{LIST}?year={year}"))
    assert ("Mia 于" in page, "✕ 少于 2 次" in page) == (True, False)


def test_a_drill_goes_all_its_way_through_the_forms(
    cast: Cast, leo: Client, signed_on: As, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    people(cast), plan_of(cast)
    today = timezone.localdate()
    line = line_of(programme(cast, "full", "tabletop", year=today.year, at=timezone.now() - DAY))
    drill_at = leo.post(f"{LIST}line/{line.pk}/plan/", {"planned_on": str(today)})["Location"]
    drill = Drill.objects.get()
    assert drill_at == f"{LIST}{drill.pk}/"
    refused = leo.post(f"{drill_at}prepare/", follow=True)
    assert "还没有写目的。" in text(refused)
    told = {
        "planned_on": str(today),
        "aim": "检验",
        "scenario": "夜间",
        "safety": "不动真车",
        "stop_word": "演练终止",
        "place": "中心",
        "minute": ["5", "x", ""],
        "inject": ["来电", "二", ""],
        "expected": ["胁迫", "", ""],
    }
    bad = leo.post(f"{drill_at}describe/", told)
    assert (bad.status_code, "脚本第 2 条：分钟数" in text(bad), 'value="来电"' in text(bad)) == (422, True, True)
    leo.post(f"{drill_at}describe/", told | {"minute": ["5", "1", ""]})
    assert "员工001" in text(leo.get(f"{drill_at}people/"))
    roles = {"role-001": "director", "role-002": "evaluator", "role-003": "player", "task-003": "值守"}
    leo.post(f"{drill_at}people/", roles)
    leo.post(f"{drill_at}plans/", {"plans": [str(plan_of(cast).plan_id)]})
    leo.post(f"{drill_at}prepare/")
    assert "已准备完毕" in text(leo.get(drill_at))
    leo.post(f"{drill_at}begin/")
    olivia = signed_on("olivia")
    olivia.post(f"{drill_at}observe/", {"inject": "0", "kind": "inject"})
    olivia.post(f"{drill_at}observe/", {"text": "40 秒受理", "kind": "good"})
    slip = olivia.post(f"{drill_at}observe/", {"text": " ", "kind": "bad"}, follow=True)
    assert "请写下看到了什么。" in text(slip)
    page = text(olivia.get(f"{drill_at}run/"))
    assert "40 秒受理" in page
    assert '叫停词 <b class="stop-word">演练终止</b>' in page
    olivia.post(f"{drill_at}observe/{drill.observations.latest('pk').pk}/back/")
    early = text(leo.post(f"{drill_at}end/", follow=True))
    assert "从开始到结束不到 1 分钟，不能记为已举行" in early
    Drill.objects.update(began_at=timezone.now() - timedelta(minutes=20))
    leo.post(f"{drill_at}end/")
    late = leo.post(f"{drill_at}observe/late/", {"clock": "0:00:00", "kind": "bad", "text": "没有核对地址"})
    assert late.status_code == 302
    assert "时间须在演练开始与结束之间" in text(
        leo.post(f"{drill_at}observe/late/", {"clock": "9:00:00", "kind": "bad", "text": "x"})
    )
    scores = {f"p-{one.key}": "4" for one in scale(1).indicators} | {"p-after": "0", "n-after": "没有到这一步"}
    wrong = leo.post(f"{drill_at}score/", scores | {"p-receive": "999", "p-after": "", "n-after": "没有到这一步"})
    page = text(wrong)
    told_beside = ("分数应在 1 到 5 之间，或选“不适用”。" in page, "写了说明，还没有选分数。" in page)
    assert (wrong.status_code, told_beside, drill.scores.count()) == (422, (True, True), 0)
    empty = leo.post(f"{drill_at}score/", {})
    assert (empty.status_code, "没有新的评分可保存" in text(empty)) == (422, True)
    leo.post(f"{drill_at}score/", scores)
    assert Record.objects.filter(action="drill.scored").count() == 1
    leo.post(f"{drill_at}evaluate/", {"evaluation": "达到目的"})
    leo.post(f"{drill_at}attach/", {"title": "签到表", "scan": SimpleUploadedFile("a.pdf", PDF)})
    kept = leo.get(f"{LIST}files/{drill.attachments.get().pk}/")
    assert (kept.content, kept["Content-Security-Policy"]) == (PDF, "sandbox")
    assert "80.0%" in text(leo.get(drill_at))
    odd = {"conclusion": "findings", "f-title": "x", "f-plan": "²", "f-owner": "001", "f-due_on": "2026-12-01"}
    assert "改进项第 1 条：内容、预案、责任人和期限都要填。" in text(
        leo.post(f"{drill_at}review/", odd | {"f-grade": "minor"})
    )
    told = {"went_well": "快", "went_badly": "无", "conclusion": "no_change", "reason": "各步都按预案"}
    assert leo.post(f"{drill_at}review/", told)["Location"] == f"{REVIEWS}{Review.objects.get().pk}/"
    leo.post(f"{drill_at}archive/")
    drill.refresh_from_db()
    page = text(leo.get(drill_at))
    assert drill.archive_sha256 in page
    assert "与归档时一致" in page
    assert leo.post(f"{drill_at}review/", told, follow=True).redirect_chain[-1][0] == drill_at


def test_people_are_found_among_hundreds_by_number_name_or_pinyin_and_one_wrong_row_loses_nothing(
    cast: Cast, leo: Client
) -> None:
    people(cast)
    drill = planned(cast, timezone.now(), line_of(programme(cast, year=timezone.localdate().year)))
    at = f"{LIST}{drill.pk}/people/"
    assert 'value="001" data-find="yg001 yuangong001"' in text(leo.get(at))
    rows = {
        "add-person": ["员工001", "x9", ""],
        "add-role": ["director", "observer", "player"],
        "add-task": ["", "看", ""],
    }
    wrong = leo.post(at, rows)
    page = text(wrong)
    assert (wrong.status_code, "没有工号 x9" in page, 'value="x9"' in page) == (422, True, True)
    assert (drill.participants.count(), 'name="role-001"' in page) == (0, True)
    leo.post(at, {"role-001": "director", "add-person": ["003"], "add-role": ["player"], "add-task": ["值守"]})
    assert list(drill.participants.order_by("pk").values_list("member__staff_no", "role", "task")) == [
        *(("001", "director", ""), ("003", "player", "值守")),
    ]


def test_a_drill_stands_on_the_day_on_which_it_was_held_and_tells_the_planned_one(cast: Cast, leo: Client) -> None:
    drill = held(cast)
    Drill.objects.update(planned_on=drill.planned_on + DAY)
    assert '2026-11-22 举行 <span class="small soft">（原定 2026-11-23）' in text(leo.get(f"{LIST}{drill.pk}/"))
    assert '2026-11-22 <span class="small soft">（原定 2026-11-23）' in text(leo.get(f"{LIST}?year=2026"))
    Drill.objects.update(planned_on=drill.planned_on)
    assert "原定" not in text(leo.get(f"{LIST}{drill.pk}/")) + text(leo.get(f"{LIST}?year=2026"))


def test_a_drill_on_paper_is_entered_late_and_told_so_and_another_takes_it_back(
    cast: Cast, leo: Client, mia: Client
) -> None:
    people(cast), plan_of(cast)
    now = timezone.now()
    day = timezone.localdate() - timedelta(days=1)
    line = line_of(programme(cast, "tabletop", "full", year=day.year, at=now - 2 * DAY))
    assert "已经过去" in text(leo.post(f"{LIST}line/{line.pk}/plan/", {"planned_on": str(day)}))
    assert "补录" in text(leo.get(f"{LIST}?year={day.year}"))
    at = leo.post(f"{LIST}line/{line.pk}/late/", {"planned_on": str(day)})["Location"]
    drill = described(cast, Drill.objects.get(), now)
    leo.post(f"{at}prepare/")
    page = text(leo.get(at))
    assert "补录：按纸质记录" in page
    assert "现在开始" not in page
    began, ended = (f"{day}T{clock}" for clock in ("09:00", "10:30"))
    leo.post(f"{at}hold/", {"began_at": began, "ended_at": ended})
    told = f"补录：{day} 举行，{timezone.localdate()} 记入"
    assert all(told in text(leo.get(path)) for path in (at, f"{LIST}?year={day.year}"))
    page = drill_page(cast.viewer("leo"), drill.pk)
    assert page is not None
    assert told in page_html(page, "Leo")
    assert "收回演练记录" not in text(leo.get(at))
    assert "不能自己收回" in text(leo.post(f"{at}retract/", {"reason": "x"}, follow=True))
    assert "收回演练记录" in text(mia.get(at))
    mia.post(f"{at}retract/", {"reason": "没有签到表"})
    assert "已举行的记录被Mia收回：没有签到表" in text(leo.get(at))


def test_the_report_is_a_pdf_in_chinese_that_names_its_digest(cast: Cast, leo: Client) -> None:
    drill = archived(cast)
    page = drill_page(cast.viewer("leo"), drill.pk)
    assert page is not None
    html = page_html(page, "Leo")
    for part in ("检验紧急报警的处置", "40 秒受理", "0:00:40", "80.0%", "本产品自拟", drill.archive_sha256):
        assert part in html
    answer = leo.get(f"{LIST}{drill.pk}/report/")
    taken = {"register": "drill_report", "lines": 1, "number": drill.number}
    assert Record.objects.get(action="register.exported").after == taken
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    early = leo.get(f"{LIST}{prepared(cast, line=line_of(Programme.objects.get(), 2)).pk}/report/", follow=True)
    assert "演练还没有举行，没有报告。" in text(early)


def case(cast: Cast, disposition: str = "real", account: str = "1001", days: int = 3) -> Incident:
    found = alarm(Sent(code="HA", account=account, at=timezone.now() - days * DAY))
    told = {"state": "closed", "joinable": False, "disposition": disposition}
    Incident.objects.filter(pk=found.pk).update(closed_at=timezone.now() - days * DAY, **told)
    return found


def test_what_waits_is_looked_back_on_and_becomes_findings_with_owners(cast: Cast, leo: Client) -> None:
    people(cast)
    plan = plan_of(cast).plan_id
    one, false = case(cast), case(cast, "device_false", "1002")
    page = text(leo.get(REVIEWS))
    assert f"#{one.pk} Corner Shop" in page
    assert f"#{false.pk} " not in page
    at = f"{REVIEWS}case/{one.pk}/"
    due = str(timezone.localdate() + timedelta(days=20))
    told = {"went_well": "快", "went_badly": "找不到备用电话", "conclusion": "findings"}
    rows = {"f-title": ["写明位置", ""], "f-plan": [str(plan)] * 2, "f-owner": ["009", ""], "f-due_on": [due, ""]}
    rows |= {"f-grade": ["minor"] * 2}
    bad = leo.post(at, told | rows)
    assert (bad.status_code, "没有工号 009" in text(bad), 'value="写明位置"' in text(bad)) == (422, True, True)
    assert (Review.objects.count(), Finding.objects.count()) == (0, 0)
    leo.post(at, told | rows | {"f-owner": ["001", ""]})
    finding = Finding.objects.get()
    assert (finding.state, finding.owner and finding.owner.staff_no, str(finding.due_on)) == ("assigned", "001", due)
    assert "没有待复盘的演练和警情。" in text(leo.get(REVIEWS))
    assert finding.number in text(leo.get(f"{REVIEWS}?tab=done"))
    assert "已经复盘过。" in text(leo.post(at, {**told, "conclusion": "no_change", "reason": "x"}))
    page = text(leo.get(f"/office/findings/{finding.pk}/"))
    assert "起草修订版" in page
    assert "记复测" not in page
    assert "还没有修订并执行" in text(
        leo.post(f"/office/findings/{finding.pk}/retest/", {"result": "passed", "note": "x", "tested_on": due})
    )


def test_a_revised_plan_is_tested_again_from_the_finding_s_page(cast: Cast, leo: Client, mia: Client) -> None:
    people(cast)
    version, one = plan_of(cast), case(cast)
    told = {"went_well": "快", "went_badly": "慢", "conclusion": "findings", "f-title": ["改"], "f-owner": ["001"]}
    told |= {"f-plan": [str(version.plan_id)], "f-grade": ["minor"]}
    leo.post(f"{REVIEWS}case/{one.pk}/", told | {"f-due_on": [str(timezone.localdate())]})
    finding, revised = Finding.objects.get(), version.plan.versions.order_by("-number")
    leo.post(f"/office/plans/{version.plan_id}/draft/")
    page = text(leo.get(f"/office/findings/{finding.pk}/"))
    assert "草稿，等另一人批准" in page
    assert "◐ 预案“ours”的修订版已执行" in page
    assert "◐ 修订版已复测通过" in page
    mia.post(f"/office/plans/versions/{revised[0].pk}/approve/")
    mia.post(f"/office/plans/versions/{revised[0].pk}/force/")
    assert "记复测" in text(leo.get(f"/office/findings/{finding.pk}/"))
    told = {"result": "passed", "note": "10 秒找到", "tested_on": str(timezone.localdate()), "drill": ""}
    assert leo.post(f"/office/findings/{finding.pk}/retest/", told)["Location"] == f"/office/findings/{finding.pk}/"
    assert Retest.objects.get().version == revised[0]
    page = text(leo.get(f"/office/findings/{finding.pk}/"))
    assert "✓ 修订版已复测通过" in page
    assert "✓ 预案“ours”的修订版已执行" in page


def test_the_term_is_the_manager_s_to_set(cast: Cast, leo: Client, mia: Client) -> None:
    at = f"{REVIEWS}term/{cast.company.pk}/"
    assert leo.get(at).status_code == 403
    assert mia.post(at, {"days": "0"}).status_code == 422
    mia.post(at, {"days": "7"})
    assert "7 天内复盘" in text(mia.get(REVIEWS))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_as_much_for_many_as_for_one(cast: Cast, leo: Client, rows: int) -> None:
    row = programme(cast, *["tabletop"] * 2 * rows)
    for place in range(rows):
        reviewed(cast, NOON - (place + 1) * DAY, line_of(row, place + 1))
        held(cast, NOON - (place + 1) * DAY, line_of(row, rows + place + 1))
        case(cast, account=("1001", "1002")[place % 2], days=place + 1)
    leo.get(LIST)
    for path, count in ((f"{LIST}?year=2026", 9), (REVIEWS, 12), (f"{REVIEWS}?tab=done", 10)):
        with CaptureQueriesContext(connection) as asked:
            leo.get(path)
        assert (path, len(asked)) == (path, count)


@pytest.mark.parametrize("lines", [1, 20])
def test_a_drill_s_page_asks_as_much_for_a_long_one(cast: Cast, leo: Client, lines: int) -> None:
    drill = evaluated(cast)
    seen = drill.observations.get()
    for _place in range(lines):
        seen.pk = None
        seen.save()
    leo.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        leo.get(f"{LIST}{drill.pk}/?tab=run")
    assert len(asked) == 12


def test_strangers_find_nothing_and_operators_only_observe(cast: Cast, signed_on: As) -> None:
    drill, line = prepared(cast), line_of(Programme.objects.get(), 2)
    sam, olivia, polly = signed_on("sam"), signed_on("olivia"), signed_on("polly")
    paths = [f"{LIST}{drill.pk}/{end}" for end in ("", "run/", "describe/", "report/", "review/")]
    assert {sam.get(path).status_code for path in (*paths, f"{LIST}line/{line.pk}/plan/")} == {404}
    assert sam.get(f"{LIST}?company={cast.company.pk}").status_code == 404
    assert polly.get(f"{LIST}{drill.pk}/").status_code == 200
    assert olivia.get(f"{LIST}{drill.pk}/describe/").status_code == 403
    assert olivia.post(f"{LIST}{drill.pk}/begin/")["Location"] == f"{LIST}{drill.pk}/run/"
    assert polly.post(f"{LIST}{drill.pk}/end/").status_code == 403


def test_a_past_year_shows_what_its_month_missed(cast: Cast, mia: Client) -> None:
    programme(cast)
    page = text(mia.get(f"{LIST}?year=2026"))
    expected = "已过月份" if timezone.localdate() > date(2026, 1, 31) else "未排"
    assert expected in page

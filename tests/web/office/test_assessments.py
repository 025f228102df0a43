"""Supervision and assessments in the office: the log of a month, an assessment to its end, and who gets in."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from lianjing.domain.assessments.models import AssessmentCycle, ScoreSheet, SupervisionEntry
from lianjing.domain.findings.models import Finding
from lianjing.domain.records.models import Record
from tests.cast import Cast
from tests.domain.assessments.assessed import Assessed, analysed, assessed, criteria, logged, opened, scored
from tests.web.conftest import As

LOG, LIST = "/office/supervision/", "/office/assessments/"
PDF = b"%PDF-1.4 seen\n%%EOF\n"
DAY = timedelta(days=1)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode()))


def today() -> date:
    return timezone.localdate()


def current(earlier: int = 0) -> dict[str, date]:
    """Days of an assessment of the last three months, or so many times three months earlier."""
    until = today() - 90 * earlier * DAY
    told = {"first_on": until - 90 * DAY, "last_on": until - DAY}
    return told | {"sheets_due_on": today() + 9 * DAY, "analysis_due_on": today() + 30 * DAY}


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


@pytest.fixture
def who(cast: Cast) -> Assessed:
    return assessed(cast, timezone.now())


# The log


def test_a_company_without_departments_is_told_so(cast: Cast, mia: Client) -> None:
    page = text(mia.get(LOG))
    assert "还没有登记部门。" in page
    assert "这个月还没有日常监督记录。" in page


def test_the_month_shows_at_a_glance_who_was_looked_at_and_who_was_not(cast: Cast, who: Assessed, mia: Client) -> None:
    desk, works = who.departments["管理部"], who.departments["技术部"]
    logged(cast, desk, today(), timezone.now())
    logged(cast, works, today(), timezone.now(), result="problem", found="交接单缺签字")
    page = text(mia.get(LOG))
    day = f"{today():%m-%d}"
    assert f"管理部 {day} 正常 1 条" in page
    assert f"技术部 {day} 有问题 1 条" in page
    assert page.count("? 没有记录") == 1
    assert ("交接单缺签字" in page, "超过 3 个工作日没有记录即为迟（本系统默认，规范没有写明）" in page) == (True, True)
    narrowed = text(mia.get(LOG, {"department": works.pk, "day": str(today())}))
    assert ("交接单缺签字" in narrowed, narrowed.count('<td class="nowrap tone-ok">')) == (True, 0)


def test_a_department_that_is_late_says_since_when(cast: Cast, who: Assessed, mia: Client) -> None:
    logged(cast, who.departments["管理部"], today() - 20 * DAY, timezone.now())
    assert "起迟" in text(mia.get(LOG))


def test_a_problem_raises_its_finding_in_the_same_step_and_keeps_its_file(
    cast: Cast, who: Assessed, mia: Client, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    typed = {
        "day": str(today()),
        "department": who.departments["运行部"].pk,
        "looked_at": "夜班交接",
        "result": "problem",
    }
    typed |= {"found": "缺签字", "grade": "minor", "scan": SimpleUploadedFile("a.pdf", PDF)}
    assert mia.post(f"{LOG}new/{cast.company.pk}/", typed).status_code == 302
    entry = SupervisionEntry.objects.get()
    finding = Finding.objects.get()
    assert (finding.title, finding.source_kind, entry.finding) == ("运行部：夜班交接", "assessment", finding)
    sent = mia.get(f"{LOG}{entry.pk}/file/")
    assert (sent.content, sent["Content-Security-Policy"]) == (PDF, "sandbox")
    assert finding.number in text(mia.get(LOG))


def test_what_cannot_be_logged_stays_in_the_form_with_its_reason(cast: Cast, who: Assessed, mia: Client) -> None:
    sound = {
        "day": str(today()),
        "department": who.departments["运行部"].pk,
        "looked_at": "夜班交接",
        "result": "normal",
    }
    for changed, sentence in (
        ({"day": str(today() + DAY)}, "还没有到"),
        ({"result": "problem"}, "有问题的请写明发现了什么。"),
        ({"grade": "minor"}, "结果正常的不提出整改。"),
        ({"department": ""}, "请选择一项。"),
    ):
        answer = mia.post(f"{LOG}new/{cast.company.pk}/", {**sound, **changed})
        page = text(answer)
        assert (answer.status_code, sentence in page, 'value="夜班交接"' in page) == (422, True, True), sentence
    assert not SupervisionEntry.objects.exists()
    bad = {**sound, "scan": SimpleUploadedFile("a.pdf", b"MZ no pdf")}
    assert "只能是 PDF、PNG 或 JPEG 文件" in text(mia.post(f"{LOG}new/{cast.company.pk}/", bad))


def test_an_entry_is_taken_back_and_stays_to_be_seen(cast: Cast, who: Assessed, mia: Client) -> None:
    entry = logged(cast, who.departments["管理部"], today(), timezone.now())
    assert mia.post(f"{LOG}{entry.pk}/retract/", {"reason": ""}).status_code == 422
    assert mia.post(f"{LOG}{entry.pk}/retract/", {"reason": "写错部门"}).status_code == 302
    page = text(mia.get(LOG))
    assert ("收回：写错部门" in page, "正常 1 条" in page) == (True, False)


def test_an_entry_of_an_earlier_day_is_called_a_late_one(cast: Cast, who: Assessed, mia: Client) -> None:
    logged(cast, who.departments["管理部"], today(), timezone.now())
    assert "◐ 补录" not in text(mia.get(LOG))
    day = today() - DAY
    logged(cast, who.departments["管理部"], day, timezone.now())
    assert text(mia.get(f"{LOG}?month={day:%Y-%m}")).count("◐ 补录") == 1


def test_the_limit_is_set_with_where_it_stands(cast: Cast, who: Assessed, mia: Client) -> None:
    href = f"{LOG}limits/{cast.company.pk}/"
    assert mia.post(href, {"gap_days": 0, "evaluation_months": 12}).status_code == 422
    typed = {"gap_days": 5, "evaluation_months": 6, "origin": "考核制度第 4 条"}
    assert mia.post(href, typed).status_code == 302
    assert "超过 5 个工作日没有记录即为迟（考核制度第 4 条）" in text(mia.get(LOG))


# Assessments


def line(place: int, **told: Any) -> dict[str, Any]:
    return {f"{name}-{place}": value for name, value in told.items()}


def test_weights_that_are_not_a_hundred_are_refused_and_what_was_typed_stays(cast: Cast, mia: Client) -> None:
    href = f"{LIST}criteria/new/{cast.company.pk}/"
    typed = {"name": "部门指标", **line(0, name="制度", weight=60), **line(1, name="质量", weight=30, scale=10)}
    answer = mia.post(href, typed)
    assert (answer.status_code, "权重合计 90%，应为 100%。" in text(answer)) == (422, True)
    assert 'value="制度"' in text(answer)
    apart = {"name": "部门指标", **line(0, name="制度", weight=60), **line(3, name="质量", weight=-40)}
    beside = text(mia.post(href, apart)).split('name="weight-3"')[1].split("</td>")[0]
    assert "“质量”的权重 -40 是负数，应为 1 至 100。" in beside
    typed |= line(2, name="受理", weight=10, scored_by="figure", figure="acknowledge", full_at="30", zero_at="90")
    assert mia.post(href, typed).status_code == 302
    assert mia.post(href, typed).status_code == 302
    page = text(mia.get(LIST))
    assert ('部门指标 <span class="soft">V2' in page, "受理时间 P80（秒，全单位）：30 满分，90 零分" in page) == (
        True,
        True,
    )


def test_an_assessment_is_planned_and_its_days_are_looked_at(cast: Cast, who: Assessed, mia: Client) -> None:
    href = f"{LIST}new/{cast.company.pk}/"
    assert "还没有考核指标，请先制定。" in text(mia.get(href, follow=True))
    wanted = criteria(cast, at=timezone.now())
    assert mia.get(href).status_code == 200
    sound: dict[str, Any] = {
        "name": "三季度",
        "period": "quarter",
        "first_on": str(today() - 90 * DAY),
        "last_on": str(today() - DAY),
        "criteria_id": wanted.pk,
        "departments": who.ids(),
        "responsible_no": "901",
        "sheets_due_on": str(today() + DAY),
        "analysis_due_on": str(today() + 9 * DAY),
        "self_share": 20,
        "mutual_share": 30,
        "assessor_share": 50,
    }
    for changed, sentence in (
        ({"last_on": str(today() - 91 * DAY)}, "早于首日"),
        ({"assessor_share": 40}, "三项占比合计 90%，应为 100%。"),
        ({"departments": who.ids()[:1]}, "至少选两个部门：一个部门没有相互评价的对象。"),
        ({"responsible_no": "999"}, "本单位没有工号 999 的人员。"),
    ):
        answer = mia.post(href, {**sound, **changed})
        assert (answer.status_code, sentence in text(answer)) == (422, True), sentence
    assert not AssessmentCycle.objects.exists()
    assert mia.post(href, sound).status_code == 302
    assert "草稿：核对部门、指标和期限后开始评分" in text(mia.get(f"{LIST}{AssessmentCycle.objects.get().pk}/"))


def points(sheet: ScoreSheet, share: int = 80) -> dict[str, str]:
    told = {}
    for one in sheet.cycle.criteria.lines.all():
        told |= {f"points-{one.pk}": str(one.scale * share / 100), f"evidence-{one.pk}": "查阅记录"}
    return told


def test_each_fills_in_his_own_sheet_and_nobody_another_s(cast: Cast, who: Assessed, signed_on: As) -> None:
    cycle = opened(cast, who, timezone.now(), **current())
    mine = cycle.sheets.get(kind="self", department=who.departments["运行部"])
    href = f"{LIST}sheets/{mine.pk}/"
    olivia, mia = signed_on("olivia"), signed_on("mia")
    assert "只有评分人本人能填写这张评分表。" in text(mia.get(href))
    assert mia.post(href, points(mine) | {"submit": "1"}).status_code == 403
    lines = list(mine.cycle.criteria.lines.all())
    over = points(mine) | {f"points-{lines[1].pk}": "10.1", "submit": "1"}
    answer = olivia.post(href, over)
    assert (answer.status_code, "“工作质量”的得分 10.1 超过满分 10。" in text(answer)) == (422, True)
    half = {f"points-{lines[0].pk}": "80", f"evidence-{lines[0].pk}": "", f"evidence-{lines[1].pk}": ""}
    assert olivia.post(href, half | {"keep": "1"}).status_code == 302
    assert "“工作质量”还没有评分。" in text(olivia.post(href, half | {"submit": "1"}))
    assert olivia.post(href, points(mine) | {"submit": "1"}).status_code == 302
    assert "已提交，不再改" in text(olivia.get(href))
    assert "还有 8 张没有提交" in text(olivia.get(f"{LIST}{cycle.pk}/"))
    assert "确定得分 <span" not in text(mia.get(f"{LIST}{cycle.pk}/"))
    refused = text(mia.post(f"{LIST}{cycle.pk}/score/", follow=True))
    assert "还有 8 张评分表没有提交，不能确定得分。" in refused


def test_nobody_evaluates_his_own_department_among_the_others(cast: Cast, who: Assessed, mia: Client) -> None:
    cycle = opened(cast, who, timezone.now(), **current())
    mutual = cycle.sheets.get(kind="mutual", department=who.departments["运行部"])
    assert mutual.by_department != mutual.department
    answer = mia.post(f"{LIST}sheets/{mutual.pk}/evaluator/", {"evaluator": "001"})
    assert (answer.status_code, "Olivia是运行部的人，不能互评自己的部门。" in text(answer)) == (422, True)


def test_an_assessment_goes_to_its_end_and_its_finding_has_an_owner(cast: Cast, who: Assessed, mia: Client) -> None:
    cycle = scored(cast, who, timezone.now(), **current())
    here = f"{LIST}{cycle.pk}/"
    page = text(mia.get(here))
    assert ("<b>77.0</b>" in page or "<b>77</b>" in page, "+10.0" in page, "▲ 差大" in page) == (True, True, True)
    assert "还没有写分析和措施，不能关闭。" in text(mia.post(f"{here}close/", follow=True))
    assert mia.post(f"{here}analyse/", {"analysis": "", "measures": "x"}).status_code == 422
    assert mia.post(f"{here}analyse/", {"analysis": "自评偏高", "measures": "按季抽查"}).status_code == 302
    typed = {"title": "交接班缺签字", "grade": "minor", "owner": "001", "due_on": str(today() + 9 * DAY)}
    typed |= {"department": who.departments["运行部"].pk}
    assert mia.post(f"{here}finding/", {**typed, "owner": "999"}).status_code == 422
    assert not Finding.objects.exists()
    assert mia.post(f"{here}finding/", typed).status_code == 302
    finding = Finding.objects.get()
    assert (finding.state, finding.source_ref, finding.clauses) == ("assigned", str(cycle.pk), "|8.3.3|")
    assert f'href="{here}"' in text(mia.get(f"/office/findings/{finding.pk}/"))
    assert mia.post(f"{here}close/").status_code == 302
    page = text(mia.get(here))
    assert ("考核已关闭，由它提出的整改继续办理。" in page, finding.number in page) == (True, True)


def test_a_sheet_sent_back_stays_on_file_and_is_filled_in_again(cast: Cast, who: Assessed, signed_on: As) -> None:
    cycle = opened(cast, who, timezone.now(), **current())
    mine = cycle.sheets.get(kind="self", department=who.departments["运行部"])
    olivia, mia = signed_on("olivia"), signed_on("mia")
    olivia.post(f"{LIST}sheets/{mine.pk}/", points(mine) | {"submit": "1"})
    assert mia.post(f"{LIST}sheets/{mine.pk}/return/", {"reason": "依据不全"}).status_code == 302
    again = cycle.sheets.get(kind="self", department=who.departments["运行部"], returned_at=None)
    assert (again.pk != mine.pk, again.scores.count(), again.submitted_at) == (True, 2, None)
    assert "退回：依据不全" in text(mia.get(f"{LIST}{cycle.pk}/"))


def test_the_results_go_out_as_a_workbook(cast: Cast, who: Assessed, mia: Client) -> None:
    cycle = scored(cast, who, timezone.now(), **current())
    book = load_workbook(BytesIO(mia.get(f"{LIST}{cycle.pk}/export/").content))
    assert Record.objects.get(action="register.exported").after["register"] == "assessment"
    rows = list(book["results"].iter_rows(values_only=True))
    assert rows[1][:3] == ("管理部", 77, 90)
    assert len(list(book["points"].iter_rows())) == 1 + 9 * 2


def test_who_waits_is_told_on_his_pages(cast: Cast, who: Assessed, signed_on: As) -> None:
    opened(cast, who, timezone.now(), **current())
    assert "等您评 2 张" in text(signed_on("olivia").get(LIST))
    assert "等您评分 5 张，逾期 0 张" in text(signed_on("mia").get("/office/"))


# Who gets in


def test_strangers_see_nothing_and_operators_write_nothing(cast: Cast, who: Assessed, signed_on: As) -> None:
    cycle = opened(cast, who, timezone.now(), **current())
    entry = logged(cast, who.departments["管理部"], today(), timezone.now())
    sheet = cycle.sheets.first()
    assert sheet is not None
    sam, olivia = signed_on("sam"), signed_on("olivia")
    hidden = (
        f"{LIST}{cycle.pk}/",
        f"{LIST}sheets/{sheet.pk}/",
        f"{LOG}{entry.pk}/file/",
        f"{LOG}?company={cast.company.pk}",
    )
    assert [sam.get(href).status_code for href in hidden] == [404] * 4
    posted = (f"{LIST}{cycle.pk}/score/", f"{LIST}{cycle.pk}/cancel/", f"{LOG}{entry.pk}/retract/")
    assert [sam.post(href, {"reason": "x"}).status_code for href in posted] == [404] * 3
    assert [olivia.post(href, {"reason": "x"}).status_code for href in posted] == [403] * 3
    assert signed_on("gus").get(LIST).status_code == signed_on("polly").get(LOG).status_code == 403


def test_pages_ask_as_often_for_three_as_for_one(cast: Cast, who: Assessed, mia: Client) -> None:
    cycle = scored(cast, who, timezone.now(), **current())
    analysed(cast, cycle, timezone.now())
    logged(cast, who.departments["管理部"], today(), timezone.now())
    pages = (LOG, LIST, f"{LIST}{cycle.pk}/")
    few = [_queries(mia, href) for href in pages]
    for department in who.departments.values():
        logged(cast, department, today(), timezone.now())
    for place in range(2):
        opened(cast, who, timezone.now(), name=f"第 {place} 次", **current(place + 1))
    assert [_queries(mia, href) for href in pages] == few


def _queries(client: Client, href: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(href).status_code == 200
    return len(asked)

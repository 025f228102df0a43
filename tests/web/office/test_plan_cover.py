"""预案覆盖 and reviews on screen: holes are named, a review is entered and counts, who may only see changes nothing."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version, put_in_force
from lianjing.domain.plans.models import PlanReview, PlanVersion
from lianjing.domain.records.models import Record
from lianjing.domain.signals.models import Classification, CodeOverride
from tests.cast import Cast, Sent, alarm
from tests.web.conftest import As

PAGE = "/office/plans/cover/"
PDF = b"%PDF-1.7\nreview\n%%EOF\n"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def standing(cast: Cast, event_class: str = "hold_up", title: str = "劫持处置") -> PlanVersion:
    """A plan in force since yesterday: Leo wrote it, Mia approved it."""
    at = timezone.now() - timedelta(days=1)
    mia: dict[str, Any] = {"by": cast.viewer("mia"), "at": at}
    version = add_plan(cast.company.pk, PlanPlace(event_class), title, by=cast.viewer("leo"), at=at)
    approve_version(version.pk, **mia)
    return put_in_force(version.pk, **mia)


def recent(code: str = "HA") -> None:
    alarm(Sent(code=code, at=timezone.now() - timedelta(hours=1)))


def enter(client: Client, version: PlanVersion, kind: str = "legal", **told: Any) -> Any:
    sound = {"conclusion": "fits", "reviewed_on": str(timezone.localdate()), "bases": ["564"]}
    return client.post(f"/office/plans/versions/{version.pk}/review/{kind}/", {**sound, **told}, follow=True)


def test_what_is_in_use_without_a_plan_is_seen_first_and_leads_to_its_draft(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    assert "一年内没有警情" in plain(text(mia.get(PAGE)))
    recent()
    page = text(mia.get(PAGE))
    assert "在用 1 格，1 格没有执行中的预案" in plain(page)
    assert page.count('class="hole"') == 1
    assert f"/office/plans/new/?company={cast.company.pk}&amp;class=hold_up&amp;grade=1" in page
    standing(cast)
    page = text(mia.get(PAGE))
    assert "在用 1 格都有执行中的预案" in plain(page)
    assert plain(page).count("✕ 没有评审") == 5


def test_a_review_is_entered_with_its_file_and_the_clause_follows(cast: Cast, signed_on: As) -> None:
    mia, version = signed_on("mia"), standing(cast)
    assert "8.4.1 a ? 证据不足" in plain(text(mia.get(PAGE)))
    page = plain(text(enter(mia, version, scan=SimpleUploadedFile("r.pdf", PDF), more_bases="本市规定")))
    assert "评审已登记。" in page
    assert "✓ 符合 合法性和适用性评审 第 1 版" in page
    assert "保安服务管理条例（国务院令第564号） 第二十五、二十九、三十条；本市规定" in page
    assert "8.4.1 a ✓ 符合" in plain(text(mia.get(PAGE)))
    review = PlanReview.objects.get()
    file = mia.get(f"/office/plans/reviews/{review.pk}/file/")
    assert (file.content, file["Content-Security-Policy"]) == (PDF, "sandbox")
    corrected = {"conclusion": "fails", "note": "缺 119", "reason": "看错", "reviewed_on": str(timezone.localdate())}
    page = plain(
        text(mia.post(f"/office/plans/reviews/{review.pk}/edit/", {**corrected, "bases": ["564"]}, follow=True))
    )
    assert ("✕ 不符合" in page, "收回或更正：看错" in page) == (True, True)
    assert "8.4.1 a ✕ 不符合" in plain(text(mia.get(PAGE)))
    assert mia.get(f"/office/plans/reviews/{review.pk}/edit/").status_code == 404
    last = PlanReview.objects.get(retracted_at=None)
    mia.post(f"/office/plans/reviews/{last.pk}/retract/", {"reason": "重做"})
    assert "8.4.1 a ? 证据不足" in plain(text(mia.get(PAGE)))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"bases": []}, "请至少选一项评审依据"),
        ({"conclusion": ""}, "请选择一项"),
        ({"conclusion": "fails"}, "请写明哪里须改"),
        ({"reviewed_on": "2020-01-01"}, "早于这一版写成的日期"),
        ({"scan": SimpleUploadedFile("r.pdf", b"MZ no pdf")}, "以内容为准"),
    ],
)
def test_a_refused_review_keeps_what_was_typed(cast: Cast, signed_on: As, told: dict[str, Any], sentence: str) -> None:
    answer = enter(signed_on("mia"), standing(cast), reviewers="王律师", **told)
    assert (answer.status_code, sentence in text(answer), "王律师" in text(answer)) == (422, True, True)
    assert not PlanReview.objects.exists()


def test_the_author_is_refused_and_a_yearly_review_begins_the_draft(cast: Cast, signed_on: As) -> None:
    leo, version = signed_on("leo"), standing(cast)
    assert "请另一人评审" in text(enter(leo, version))
    page = enter(leo, version, "yearly", conclusion="revise", note="加 119", follow_up="draft")
    assert "✕ 需要修订 年度评审" in plain(text(page))
    assert PlanVersion.objects.filter(state="draft").count() == 1
    assert enter(leo, version, "other").status_code == 404


def test_the_matrix_of_a_past_day_and_the_workbook(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    recent()
    standing(cast)
    today = timezone.localdate()
    week_ago = plain(text(mia.get(PAGE, {"on": str(today - timedelta(days=7))})))
    assert ("一年内没有警情" in week_ago, "防区" in week_ago) == (True, False)
    sheet = load_workbook(BytesIO(mia.get(f"{PAGE}export/").content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = next(row for row in rows if row[0] == "紧急" and row[1] == "一级")
    assert (found[2], found[5], found[6]) == (1, "劫持处置", 1)
    assert Record.objects.get(action="register.exported").after["register"] == "plan_cover"


def test_the_home_says_which_plans_want_a_review(cast: Cast, signed_on: As) -> None:
    mia, version = signed_on("mia"), standing(cast)
    assert "没有有效评审 1 · 年度评审超期 0 · 30 天内到期 0" in plain(text(mia.get("/office/")))
    enter(mia, version)
    assert "预案评审" not in plain(text(mia.get("/office/")))


def test_a_stranger_and_who_may_only_see(cast: Cast, signed_on: As) -> None:
    version = standing(cast)
    enter(signed_on("mia"), version)
    review = PlanReview.objects.get()
    sam = signed_on("sam")
    assert sam.get(PAGE, {"company": cast.company.pk}).status_code == 404
    assert sam.get(f"/office/plans/reviews/{review.pk}/edit/").status_code == 404
    assert sam.get(f"/office/plans/reviews/{review.pk}/file/").status_code == 404
    assert enter(sam, version).status_code == 404
    olivia = signed_on("olivia")
    assert {olivia.get(PAGE).status_code, enter(olivia, version).status_code} == {403}
    polly = signed_on("polly")
    assert enter(polly, version).status_code == 403


@pytest.mark.parametrize("plans", [1, 3])
def test_the_page_takes_the_same_queries_however_many_plans(cast: Cast, signed_on: As, plans: int) -> None:
    mia = signed_on("mia")
    for event_class in ("hold_up", "fire", "medical")[:plans]:
        enter(mia, standing(cast, event_class))
    with CaptureQueriesContext(connection) as asked:
        assert mia.get(PAGE).status_code == 200
    assert len(asked) == 23


# 分类分级


def classes(client: Client) -> str:
    return plain(text(client.get("/office/classes/")))


def test_the_shipped_classes_are_shown_until_an_own_version_is_in_force(cast: Cast, signed_on: As) -> None:
    leo, mia = signed_on("leo"), signed_on("mia")
    assert "用随产品提供的第 1 版" in classes(mia)
    leo.post(f"/office/classes/draft/{cast.company.pk}/")
    version = Classification.objects.get()
    page = text(leo.get(f"/office/classes/{version.pk}/edit/"))
    fields = dict(re.findall(r'<input type="text" name="(r\d+-\w+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'<select name="(r\d+-event_class)".*?<option value="(\w+)" selected', page))
    fields |= dict(re.findall(r'name="(r\d+-id)" value="(\d+)"', page)) | {"stand": version.content_hash}
    changed = {
        **fields,
        "r0-words": "盗警",
        "r14-event_class": "fault",
        "r14-words": "视频故障",
        "r14-g3": "看不到画面",
    }
    answer = leo.post(f"/office/classes/{version.pk}/edit/", changed, follow=True)
    assert "草稿已保存。" in plain(text(answer))
    version.refresh_from_db()
    assert (version.rows[0]["words"], version.rows[-1]["key"]) == ("盗警", "fault.1")
    refused = leo.post(
        f"/office/classes/{version.pk}/edit/", {**changed, "stand": version.content_hash, "r0-words": ""}
    )
    assert (refused.status_code, "请填写每个类别的名称" in text(refused), "视频故障" in text(refused)) == (
        422,
        True,
        True,
    )
    stale = leo.post(f"/office/classes/{version.pk}/edit/", changed)
    assert "有人改动过这份草稿" in text(stale)
    assert leo.post(f"/office/classes/{version.pk}/approve/").status_code == 403
    mia.post(f"/office/classes/{version.pk}/approve/")
    mia.post(f"/office/classes/{version.pk}/force/")
    assert "执行第 2 版" in classes(mia)
    assert "视频故障" in plain(text(mia.get(f"/office/classes/{version.pk}/", follow=True)))
    assert mia.post(f"/office/classes/{version.pk}/withdraw/", {"reason": ""}).status_code == 422
    mia.post(f"/office/classes/{version.pk}/withdraw/", {"reason": "另起一版"})
    assert "用随产品提供的第 1 版" in classes(mia)


def test_a_code_is_read_otherwise_and_as_the_table_has_it_again(cast: Cast, signed_on: As) -> None:
    mia, place = signed_on("mia"), f"/office/classes/codes/{cast.company.pk}/"
    told = {"scheme": "SIA", "code": "BA", "event_class": "hold_up", "grade": "1"}
    assert "代码表里没有这个代码" in text(mia.post(place, {**told, "code": "QQ"}))
    page = plain(text(mia.post(place, told, follow=True)))
    assert "SIA BA 入侵报警 紧急 ◆ 一级 入侵 ▲ 二级" in page
    mia.post(f"{place}restore/", {"scheme": "SIA", "code": "BA"})
    assert not CodeOverride.objects.exists()
    assert "改写的历史" in classes(mia)
    assert mia.post(f"{place}restore/", {"scheme": "SIA", "code": "BA"}).status_code == 404
    assert signed_on("leo").post(place, told).status_code == 403


def test_a_stranger_sees_no_classification_and_an_operator_changes_none(cast: Cast, signed_on: As) -> None:
    signed_on("leo").post(f"/office/classes/draft/{cast.company.pk}/")
    version = Classification.objects.get()
    sam, olivia = signed_on("sam"), signed_on("olivia")
    assert sam.get("/office/classes/", {"company": cast.company.pk}).status_code == 404
    assert {sam.get(f"/office/classes/{version.pk}/{it}").status_code for it in ("", "edit/")} == {404}
    assert "用随产品提供的第 1 版" in classes(olivia)
    assert olivia.get(f"/office/classes/{version.pk}/edit/").status_code == 403

"""Controlled documents in the office: the list and its search, one of them, each act with its form, who gets in."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.companies.departments import add_department, add_post
from lianjing.domain.companies.versions import Span
from lianjing.domain.documents.actions import Wording, draft_edition
from lianjing.domain.documents.deciding import withdraw_document
from lianjing.domain.documents.distributing import Whom, complete_readings, confirm_reading, distribute_document
from lianjing.domain.documents.models import Distribution, Document, Edition, Reading
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.documents.written import PDF, document, docx, moved_to, only, owner
from tests.domain.findings.found import moved_to as finding_moved_to
from tests.staff import HIRED
from tests.web.conftest import As

LIST = "/office/documents/"
DAY = timedelta(days=1)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode()))


def at(one: Document, act: str = "") -> str:
    return f"{LIST}{one.pk}/" + (f"{act}/" if act else "")


def of(edition: Edition, act: str) -> str:
    return f"{LIST}editions/{edition.pk}/{act}/"


def offered(answer: Any) -> list[str]:
    return re.findall(r'class="button(?: go)?" href="/office/documents/(?:editions/)?\d+/(\w+)/"', text(answer))


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


@pytest.fixture
def today() -> date:
    return timezone.localdate()


TYPED = {"kind": "management", "number": "GL-01", "title": "值守管理制度", "owner": "001", "cycle_months": "12"}
WORDS = {"label": "第1版", "text": "# 值守\n\n每班<b>两人</b>"}


def test_an_empty_list_says_where_to_begin(cast: Cast, mia: Client) -> None:
    page = text(mia.get(LIST))
    assert "还没有登记文件。规范 8.2 要求四类文件受控" in page
    assert f"{LIST}new/{cast.company.pk}/" in page
    assert "没有符合条件的文件。" in text(mia.get(f"{LIST}?q=x"))


def test_one_goes_from_draft_to_in_force_by_three_people(cast: Cast, signed_on: As, today: date) -> None:
    owner(cast)
    leo, mia = signed_on("leo"), signed_on("mia")
    assert leo.get(f"{LIST}new/{cast.company.pk}/").status_code == 200
    answer = leo.post(f"{LIST}new/{cast.company.pk}/", TYPED | WORDS)
    one = Document.objects.get()
    edition = only(one)
    assert answer["Location"] == at(one)
    assert offered(leo.get(at(one)))[:3] == ["submit", "discard", "change"]
    steps: list[tuple[Client, str, dict[str, Any], str]] = [
        (leo, "change", WORDS | {"text": "每班三人"}, "draft"),
        (leo, "submit", {}, "in_review"),
        (mia, "review", {"note": "逐条看过"}, "reviewed"),
        (mia, "approve", {}, "approved"),
        (mia, "issue", {"effective_on": str(today)}, "issued"),
    ]
    for who, act, told, state in steps:
        assert who.get(of(edition, act)).status_code == 200, act
        assert who.post(of(edition, act), told)["Location"] == at(one), act
        edition.refresh_from_db()
        assert edition.state == state, act
    page = text(mia.get(at(one)))
    for words in ("✓ 现行", "每班三人", "逐条看过", edition.approved_hash, "审查通过", "发布"):
        assert words in page
    assert offered(mia.get(at(one))) == ["editions", "distribute", "reviewed", "owner", "withdraw"]


def test_its_author_is_told_why_he_cannot_approve_and_nothing_is_lost(cast: Cast, signed_on: As) -> None:
    edition = moved_to(cast, "in_review")
    leo = signed_on("leo")
    own = "这一版由您起草，不能自己审查或批准，请由他人进行。"
    page = text(leo.get(at(edition.document)))
    assert own in page
    assert "review" not in offered(leo.get(at(edition.document)))
    answer = leo.post(of(edition, "review"), {"note": "看过的意见"})
    assert answer.status_code == 422
    assert own in text(answer)
    assert "看过的意见" in text(answer)
    assert leo.get(of(edition, "approve")).status_code == 403
    back = signed_on("mia").get(of(edition, "issue"), follow=True)
    assert "批准之后才能发布施行。" in text(back)


def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_rest_stays(
    cast: Cast, mia: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    owner(cast)
    url = f"{LIST}new/{cast.company.pk}/"
    answer = mia.post(url, TYPED | WORDS | {"file": SimpleUploadedFile("制度.docx", PDF)})
    assert (answer.status_code, Document.objects.count(), list(tmp_path.rglob("*.pdf"))) == (422, 0, [])
    page = text(answer)
    assert "文件名“制度.docx”与内容不符：内容是 PDF。" in page
    assert "值守管理制度" in page
    mia.post(url, TYPED | WORDS | {"file": SimpleUploadedFile("制度.docx", docx("双人双锁"))})
    edition = only(Document.objects.get())
    kept = mia.get(of(edition, "file"))
    assert (kept.content, kept["Content-Security-Policy"]) == (docx("双人双锁"), "sandbox")
    assert Record.objects.get(action="document.file_taken").after["edition"] == "第1版"  # type: ignore[index]
    assert "下载附件" in text(mia.get(at(edition.document)))
    assert kept["Content-Disposition"].startswith("attachment; filename*=UTF-8''GL-01-")
    (tmp_path / edition.file.name).write_bytes(b"changed")
    assert "%E6%A0%A1%E9%AA%8C%E5%80%BC%E4%B8%8D%E7%AC%A6" in mia.get(of(edition, "file"))["Content-Disposition"]
    assert "双人双锁</mark>" in text(mia.get(f"{LIST}?q=双人双锁"))


def test_what_is_typed_is_shown_as_text(cast: Cast, mia: Client) -> None:
    one = moved_to(cast, "issued", text="# 题\n\n<script>x</script>", title="<b>制度</b>").document
    page = text(mia.get(at(one)))
    assert "<script>x" not in page
    assert "<b>制度</b>" not in page
    assert "&lt;b&gt;制度" in text(mia.get(f"{LIST}?q=制度"))


def test_the_list_is_narrowed_and_says_in_which_edition_it_was_found(cast: Cast, mia: Client, today: date) -> None:
    one = moved_to(cast, "issued", effective_on=today, text="值守人员每班两人").document
    draft_edition(one.pk, Wording("第2版", "钥匙三把锁"), by=cast.viewer("leo"), at=NOON)
    moved_to(cast, "draft", number="JS-01", title="复核流程", kind="technical")
    assert ("GL-01" in text(mia.get(f"{LIST}?kind=technical")), "JS-01" in text(mia.get(f"{LIST}?tab=work"))) == (
        False,
        True,
    )
    page = text(mia.get(f"{LIST}?q=值守人员"))
    assert "<mark>值守人员</mark>每班两人" in page
    assert "在版本 第2版 中" in text(mia.get(f"{LIST}?q=三把锁"))
    assert "起草中" in text(mia.get(f"{LIST}?state=draft"))


def test_what_changed_between_two_editions_is_shown(cast: Cast, mia: Client, today: date) -> None:
    one = moved_to(cast, "issued", effective_on=today, text="甲\n乙").document
    second = draft_edition(one.pk, Wording("第2版", "甲\n丙"), by=cast.viewer("leo"), at=NOON)
    page = text(mia.get(of(second, "diff")))
    assert "<del>乙</del>" in page
    assert "<ins>丙</ins>" in page
    assert mia.get(of(Edition.objects.get(label="第1版"), "diff")).status_code == 404
    Edition.objects.filter(pk=second.pk).update(text="丙\n" * 2001)
    assert "正文超过 2000 行，太长，不逐行比较" in text(mia.get(of(second, "diff")))


def test_it_is_distributed_and_who_has_read_is_listed(cast: Cast, signed_on: As, mia: Client, today: date) -> None:
    edition = moved_to(cast, "issued", effective_on=today)
    one = edition.document
    assert mia.get(at(one, "distribute")).status_code == 200
    assert mia.post(at(one, "distribute"), {"staff_no": "001", "days": "7"})["Location"] == at(one)
    assert "应读 1 人，已确认 0 人" in text(mia.get(at(one)))
    olivia, reading = signed_on("olivia"), Reading.objects.get()
    assert "值守管理制度" in text(olivia.get("/learn/documents/"))
    assert "文件 <b>1</b>" in text(olivia.get("/learn/due/"))
    mine = f"/learn/documents/{reading.pk}/"
    assert "我已阅读，确认" in text(olivia.get(mine))
    assert olivia.post(f"{mine}confirm/")["Location"] == mine
    assert "我已阅读，确认" not in text(olivia.get(mine))
    assert "✓ 已确认" in text(mia.get(of(edition, "readings")))
    assert "文件" not in text(olivia.get("/learn/due/"))
    end = f"{at(one)}distributions/{Distribution.objects.get().pk}/end/"
    assert mia.post(end)["Location"] == at(one)
    assert "还没有发放" in text(mia.get(at(one)))


def test_nobody_opens_what_was_given_to_another(cast: Cast, signed_on: As, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    edition = moved_to(cast, "issued")
    distribute_document(edition.document_id, Whom("001"), 7, by=cast.viewer("mia"), at=NOON)
    mine = f"/learn/documents/{Reading.objects.get().pk}/"
    for name in ("oscar", "mia", "sam"):
        who = signed_on(name)
        assert [who.get(mine).status_code, who.get(f"{mine}file/").status_code] == [404, 404]
        assert who.post(f"{mine}confirm/").status_code == 404
    assert signed_on("olivia").get(at(edition.document)).status_code == 403
    assert "您的账号还没有对应的人员档案" in text(signed_on("oscar").get("/learn/documents/"))


def test_reviews_owners_status_and_the_end_have_their_forms(cast: Cast, mia: Client, today: date) -> None:
    one = moved_to(cast, "issued", number="GB/T 20988-2007", kind="external", effective_on=today - DAY).document
    for act, told in (
        ("reviewed", {"reviewed_on": str(today), "note": "仍适用"}),
        ("owner", {"owner": "001", "since": str(today)}),
        ("withdraw", {"last_day": str(today), "reason": "并入"}),
    ):
        assert mia.get(at(one, act)).status_code == 200, act
        assert mia.post(at(one, act), told)["Location"] == at(one), act
    status = {"state": "superseded", "since": "2026-01-01", "origin": "平台", "confidence": "OK"}
    answer = mia.post(at(one, "status"), status)
    assert (answer.status_code, "请填写。" in text(answer)) == (422, True)
    mia.post(at(one, "status"), status | {"successor": "GB/T 20988-2025"})
    assert "◐ 已被代替：GB/T 20988-2025" in text(mia.get(at(one)))


def test_a_review_that_is_late_is_the_loud_next_step(cast: Cast, mia: Client, today: date) -> None:
    one = moved_to(cast, "issued", effective_on=today - 400 * DAY).document
    page = mia.get(at(one))
    assert f'class="button go" href="{at(one, "reviewed")}"' in text(page)
    assert (offered(page)[0], "现行版本该复审了。" in text(page)) == ("reviewed", True)
    far = mia.post(at(one, "reviewed"), {"reviewed_on": str(today), "next_on": "2099-01-01", "note": "仍适用"})
    assert (far.status_code, "复审周期 12 个月，从" in text(far), "仍适用" in text(far)) == (422, True, True)
    mia.post(at(one, "reviewed"), {"reviewed_on": str(today), "note": "仍适用"})
    assert 'class="button go"' not in text(mia.get(at(one)))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"file": SimpleUploadedFile("空.pdf", b"")}, "文件是空的。"),
        ({"cycle_months": "十二"}, "请填整数。"),
        ({"cycle_months": "9" * 30}, "请填 1 到 60 个月。"),
        ({"cycle_months": ""}, "请填写。"),
        ({"kept_months": "-1"}, "请填 1 到 1200 个月。"),
        ({"kind": "x"}, "没有这个选项。"),
        ({"department": "999999"}, "没有这个选项。"),
        ({"owner": "X"}, "本单位没有工号 X 的人员。"),
    ],
)
def test_what_cannot_be_is_refused_in_our_words(
    cast: Cast, mia: Client, told: dict[str, Any], sentence: str, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    owner(cast)
    answer = mia.post(f"{LIST}new/{cast.company.pk}/", TYPED | WORDS | told)
    assert (answer.status_code, sentence in text(answer), Document.objects.count()) == (422, True, 0)


def test_a_planned_end_is_told_changed_and_called_off(cast: Cast, mia: Client, today: date) -> None:
    one = moved_to(cast, "issued", effective_on=today - DAY).document
    mia.post(at(one, "withdraw"), {"last_day": str(today + 9 * DAY), "reason": "并入"})
    page = mia.get(at(one))
    assert f"现行，到 {today + 9 * DAY} 为止，以后废止。" in text(page)
    assert offered(page) == ["editions", "distribute", "reviewed", "owner", "end", "stay"]
    assert f"到 {today + 9 * DAY} 废止" in text(mia.get(LIST))
    assert f'value="{today + 9 * DAY}"' in text(mia.get(at(one, "end")))
    far = mia.post(at(one, "end"), {"last_day": str(today + 900 * DAY), "reason": "改"})
    assert (far.status_code, "最后一天不能晚于" in text(far)) == (422, True)
    assert mia.post(at(one, "end"), {"last_day": str(today), "reason": "提前"})["Location"] == at(one)
    assert "现行，到" in text(mia.get(at(one)))
    assert mia.post(at(one, "stay"), {"reason": "还要用"})["Location"] == at(one)
    assert "withdraw" in offered(mia.get(at(one)))


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("end", "没有定下的废止日期，或那一天已经过去。"),
        ("stay", "没有定下的废止日期，或那一天已经过去。"),
        ("withdraw", "没有现行版本，不能废止。"),
        ("reviewed", "今天没有现行版本，无从复审。"),
        ("status", "只有外来文件登记现行状态。"),
    ],
)
def test_a_form_that_makes_no_sense_does_not_open(cast: Cast, mia: Client, act: str, sentence: str) -> None:
    one = document(cast)
    answer = mia.get(at(one, act), follow=True)
    assert (answer.redirect_chain, sentence in text(answer)) == ([(at(one), 302)], True)


def test_a_person_and_a_post_are_both_listed(cast: Cast, mia: Client) -> None:
    one = moved_to(cast, "issued").document
    since = Span(HIRED)
    department = add_department(
        cast.company.pk, {"name": "运行部", "kind": "operation", "parent": None}, since, by=cast.viewer("mia"), at=NOON
    )
    post = add_post(department.pk, {"title": "值班长"}, since, by=cast.viewer("mia"), at=NOON)
    mia.post(at(one, "distribute"), {"staff_no": "001", "post": post.pk, "department": department.pk, "days": "7"})
    page = text(mia.get(at(one)))
    assert [words in page for words in ("陈思远 001", "岗位：值班长", "部门：运行部")] == [True, True, True]


def test_what_is_due_is_told_on_the_first_page_and_beside_the_work_list(
    cast: Cast, signed_on: As, mia: Client, today: date
) -> None:
    assert "没有到期的复审，也没有逾期未读的。" in text(mia.get("/office/"))
    assert "逾期未读" not in text(mia.get("/office/worklist/"))
    late = moved_to(cast, "issued", effective_on=today - 400 * DAY)
    distribute_document(late.document_id, Whom("001"), 7, by=cast.viewer("mia"), at=NOON)
    Reading.objects.update(due_on=today - DAY)
    said = "复审逾期 1 · 30 天内应复审 0 · 逾期未读 1 人次"
    for url in ("/office/", "/office/worklist/"):
        assert said in text(mia.get(url))
        assert "/office/documents/?tab=review" in text(mia.get(url))
        assert said not in text(signed_on("sam").get(url))
    unread = text(mia.get(f"{LIST}?tab=unread"))
    assert ("GL-01" in unread, f'href="{of(late, "readings")}">✕ 逾期 1 人' in unread) == (True, True)
    complete_readings(cast.company.pk, by=SYSTEM, at=NOON)
    confirm_reading(Reading.objects.get().pk, by=cast.viewer("olivia"), at=NOON)
    assert "GL-01" not in text(mia.get(f"{LIST}?tab=unread"))


def test_the_standards_that_are_referred_to_are_offered(cast: Cast, mia: Client) -> None:
    owner(cast)
    page = text(mia.get(f"{LIST}standards/"))
    assert "还没有登记 19 项" in page
    form = text(mia.get(f"{LIST}new/{cast.company.pk}/?standard=GB/T 28181-2016"))
    assert 'value="GB/T 28181-2016"' in form
    document(cast, "GB/T 28181-2016", kind="external")
    assert "还没有登记 18 项" in text(mia.get(f"{LIST}standards/"))


def test_what_is_over_its_time_is_listed_and_erased_with_a_reason(cast: Cast, signed_on: As, mia: Client) -> None:
    edition = moved_to(cast, "issued", effective_on=date(2020, 1, 1))
    withdraw_document(edition.document_id, date(2021, 1, 1), "并入", by=cast.viewer("mia"), at=NOON)
    page = text(mia.get(f"{LIST}retention/"))
    assert "本系统的默认值，没有法规或标准依据" in page
    assert "2024-01-01" in page
    period = f"{LIST}retention/{cast.company.pk}/"
    assert mia.get(period).status_code == 200
    mia.post(period, {"kind": "management", "months": "24", "basis": "单位规定"})
    assert "单位规定" in text(mia.get(f"{LIST}retention/"))
    assert signed_on("leo").get(of(edition, "erase")).status_code == 403
    assert mia.get(of(edition, "erase")).status_code == 200
    assert mia.post(of(edition, "erase"), {"reason": ""}).status_code == 422
    mia.post(of(edition, "erase"), {"reason": "期满"})
    assert "没有期满的版本。" in text(mia.get(f"{LIST}retention/"))
    assert "期满销毁，校验值和记录留存。" in text(mia.get(at(edition.document)))


def test_a_finding_that_asks_for_a_revision_leads_there_and_back(cast: Cast, mia: Client) -> None:
    one = moved_to(cast, "issued").document
    finding = finding_moved_to(cast, "assigned")
    plan = {"cause": "没有写明", "measure": "修订制度", "revises_document": "GL-99"}
    url = f"/office/findings/{finding.pk}/plan/"
    assert "没有编号为 GL-99 的文件。" in text(mia.post(url, plan))
    assert mia.post(url, plan | {"revises_document": "GL-01"}).status_code == 302
    assert 'value="GL-01"' in text(mia.get(url))
    assert f"/office/findings/{finding.pk}/" in text(mia.get(at(one)))
    assert f'href="{at(one)}"' in text(mia.get(f"/office/findings/{finding.pk}/"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(cast: Cast, mia: Client, count: int) -> None:
    for place in range(count):
        moved_to(cast, "issued", number=f"GL-{place}")
    mia.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        mia.get(f"{LIST}?q=值守")
    assert len(asked) == 14


def test_a_stranger_finds_nothing(cast: Cast, signed_on: As) -> None:
    edition = moved_to(cast, "draft")
    sam = signed_on("sam")
    assert "GL-01" not in text(sam.get(LIST))
    gets = [sam.get(at(edition.document)), sam.get(of(edition, "file")), sam.get(of(edition, "readings"))]
    assert {answer.status_code for answer in gets} == {404}
    assert sam.post(of(edition, "submit")).status_code == 404
    assert sam.post(at(edition.document, "owner"), {"owner": "001"}).status_code == 404

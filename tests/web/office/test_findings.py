"""Findings in the office: the list, one of them, each move with its form, and who gets in."""

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

from lianjing.domain.compliance.local_adding import add_local_standard
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.findings.actions import raise_finding
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.findings.watched import Watched, note_good, raise_watched
from lianjing.domain.records.models import Record
from lianjing.web.office.finding_forms import clause_options
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.test_local_standards import EXAMPLE
from tests.domain.findings.found import moved_to, owner, raised
from tests.web.conftest import As

LIST = "/office/findings/"
PDF = b"%PDF-1.4 seen\n%%EOF\n"
MOVES = (
    *("confirm", "assign", "plan", "finish", "verify", "close", "effect", "note"),
    *("regrade", "return", "dismiss", "reopen"),
)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content.decode()))


def at(finding: Finding, move: str = "") -> str:
    return f"{LIST}{finding.pk}/" + (f"{move}/" if move else "")


def offered(answer: Any) -> list[str]:
    return re.findall(r'class="button(?: go)?" href="/office/findings/\d+/(\w+)/"', text(answer))


def due(days: int = 7) -> str:
    return str(timezone.localdate() + timedelta(days=days))


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


def test_an_empty_list_says_that_it_watches(cast: Cast, mia: Client) -> None:
    page = text(mia.get(LIST))
    assert "没有未关闭的整改。条款的判定变坏时自动提出。" in page
    assert "提出整改" in page


def test_one_is_raised_worked_on_by_its_owner_and_verified_by_another(
    cast: Cast, signed_on: As, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    owner(cast)
    mia, olivia, leo = signed_on("mia"), signed_on("olivia"), signed_on("leo")
    typed = {"title": "没有灭火器", "grade": "minor", "source_kind": "own", "clauses": ["6.2"]}
    raised_at = mia.post(f"{LIST}new/{cast.company.pk}/", typed)
    finding = Finding.objects.get()
    assert raised_at["Location"] == at(finding)
    steps: list[tuple[Client, str, dict[str, Any], str]] = [
        (mia, "confirm", {"grade": "minor"}, "confirmed"),
        (mia, "assign", {"owner": "001", "due_on": due()}, "assigned"),
        (olivia, "plan", {"cause": "没有清点", "measure": "补购两具"}, "in_progress"),
        (olivia, "note", {"note": "货已发"}, "in_progress"),
        (olivia, "finish", {"proof": "见附件", "scan": SimpleUploadedFile("a.pdf", PDF)}, "done"),
        (leo, "verify", {"note": "现场看过", "check_on": due(60)}, "verified"),
        (leo, "close", {"note": ""}, "closed"),
        (leo, "effect", {"effect": "effective", "note": "都在"}, "closed"),
    ]
    for who, move, told, state in steps:
        if move not in ("note",):
            assert who.get(at(finding, move)).status_code == 200, move
        assert who.post(at(finding, move), told)["Location"] == at(finding), move
        finding.refresh_from_db()
        assert finding.state == state, move
    page = text(leo.get(at(finding)))
    for words in (
        "整改已关闭。",
        "没有清点",
        "补购两具",
        "现场看过",
        "✓ 有效",
        "进展",
        "货已发",
        "提出整改",
        "复核通过",
    ):
        assert words in page, words
    sent = leo.get(at(finding, "proof"))
    assert (sent.content, sent["Content-Type"]) == (PDF, "application/pdf")


def test_a_page_offers_exactly_what_its_reader_may_do_now_the_next_step_first(cast: Cast, signed_on: As) -> None:
    finding = moved_to(cast, "in_progress")
    told = {name: offered(signed_on(name).get(at(finding))) for name in ("olivia", "oscar", "leo")}
    assert told == {
        "olivia": ["finish", "plan", "note"],
        "oscar": [],
        "leo": ["finish", "assign", "plan", "note", "regrade", "dismiss"],
    }
    moved_to(cast, "done", finding)
    assert offered(signed_on("leo").get(at(finding))) == ["verify", "note", "regrade", "return", "dismiss"]


def test_who_reported_it_as_done_is_told_that_another_verifies(cast: Cast, signed_on: As) -> None:
    finding = moved_to(cast, "in_progress")
    leo = signed_on("leo")
    leo.post(at(finding, "finish"), {"proof": "好了"})
    assert "整改由您报告完成，不能自己复核，请由他人复核。" in text(leo.get(at(finding)))
    assert leo.get(at(finding, "verify"))["Location"] == at(finding)
    refused = leo.post(at(finding, "verify"), {"note": "看过"})
    assert (refused.status_code, "整改由您报告完成，不能自己复核" in text(refused)) == (422, True)


@pytest.mark.parametrize(
    ("state", "move", "typed", "sentence"),
    [
        ("confirmed", "assign", {"owner": "001", "due_on": due(-1)}, "早于今天"),
        ("confirmed", "assign", {"owner": "H-9", "due_on": due()}, "本单位没有工号 H-9 的人员。"),
        ("confirmed", "assign", {"owner": "001", "due_on": "soon"}, "日期请写成 2026-11-22 的样子。"),
        ("assigned", "plan", {"cause": "", "measure": "补购"}, "请填写。"),
        ("identified", "dismiss", {"reason": ""}, "请填写。"),
        ("identified", "confirm", {"grade": "huge"}, "没有这个选项。"),
        ("assigned", "assign", {"owner": "001", "due_on": "2027-12-31"}, "请写明原因。"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    cast: Cast, mia: Client, state: str, move: str, typed: dict[str, str], sentence: str
) -> None:
    owner(cast)
    finding = moved_to(cast, state)
    answer = mia.post(at(finding, move), typed)
    page = text(answer)
    assert (answer.status_code, sentence in page) == (422, True)
    assert [value for value in typed.values() if value not in ("huge",) and value not in page] == []
    finding.refresh_from_db()
    assert finding.state == state


def test_a_file_that_is_not_what_its_name_says_is_refused(cast: Cast, mia: Client) -> None:
    finding = moved_to(cast, "in_progress")
    told = {"proof": "见附件", "scan": SimpleUploadedFile("a.pdf", b"MZ not a pdf")}
    answer = mia.post(at(finding, "finish"), told)
    assert (answer.status_code, "以内容为准，不看文件名" in text(answer)) == (422, True)


def test_what_watches_itself_says_why_it_is_not_closed(cast: Cast, signed_on: As) -> None:
    watched = Watched(cast.company.pk, "clause:5.2")
    new = NewFinding("5.2 人员配置：不符合", "major", "少 2 人", Source("clause", "5.2", "条款 5.2 人员配置"), ("5.2",))
    finding = moved_to(cast, "verified", raise_watched(watched, new, by=SYSTEM, at=NOON))
    leo = signed_on("leo")
    page = text(leo.get(at(finding)))
    assert "措施已由Leo复核，但“条款 5.2 人员配置”还没有恢复符合：恢复后自动关闭。" in page
    assert f'<a href="/office/clauses/?company={cast.company.pk}&amp;clause=5.2#c52">条款 5.2 人员配置</a>' in page
    assert offered(leo.get(at(finding))) == ["note", "return"]
    note_good(watched, by=SYSTEM, at=NOON)
    assert "整改已关闭。" in text(leo.get(at(finding)))


def test_the_list_narrows_and_counts(cast: Cast, mia: Client) -> None:
    raised(cast, "第一件", grade="major")
    late = moved_to(cast, "assigned")
    Finding.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=3), title="第二件")
    moved_to(cast, "closed", title="第三件")

    def shown(query: str) -> list[str]:
        return re.findall(r"第.件", text(mia.get(f"{LIST}?{query}")).split("<tbody>")[-1])

    assert shown("tab=overdue") == shown("owner=001") == shown("state=assigned") == ["第二件"]
    assert shown("grade=major") == shown("q=第一") == ["第一件"]
    assert shown("tab=ended") == shown("state=closed") == ["第三件"]
    assert shown("tab=nonsense&state=nonsense&after=x") == shown("")
    assert "✕ 超期 3 天" in text(mia.get(LIST))
    assert "没有符合条件的整改。" in text(mia.get(f"{LIST}?q=没有"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(cast: Cast, mia: Client, count: int) -> None:
    for _place in range(count):
        moved_to(cast, "assigned")
    mia.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        mia.get(LIST)
    assert len(asked) == 13


def test_more_than_a_page_goes_on(cast: Cast, mia: Client) -> None:
    for place in range(51):
        raised(cast, f"第{place}件")
    first = text(mia.get(LIST))
    following = re.search(r'href="([^"]+)">下一页', first)
    assert following is not None
    assert text(mia.get(following[1].replace("&amp;", "&"))).count('class="strong"') == 1


def test_the_workbook_holds_what_the_list_shows(cast: Cast, mia: Client) -> None:
    moved_to(cast, "done", clauses=("6.2",))
    raised(cast, "另一件")
    answer = mia.get(f"{LIST}export/?state=done")
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    told = dict(zip((str(cell).split(" ")[-1] for cell in rows[0]), rows[1], strict=True))
    assert len(rows) == 2
    record = Record.objects.get(action="register.exported")
    assert (record.company_id, record.after) == (cast.company.pk, {"register": "findings", "lines": 1})
    assert (told["number"], told["grade"], told["state"], told["owner"], told["clauses"], told["measure"]) == (
        "R-2026-001",
        "一般不符合",
        "待复核",
        "陈思远",
        "6.2",
        "补购两具",
    )


def test_a_clause_that_has_a_finding_by_hand_or_stands_good_gets_no_second_one(cast: Cast, mia: Client) -> None:
    there, href = raised(cast, clauses=("5.2",)), f"{LIST}clause/{cast.company.pk}/"
    assert mia.post(href, {"clause": "5.2"})["Location"] == at(there)
    said = mia.post(href, {"clause": "6.1"}, follow=True)
    assert ("6.1 现在没有不符合。" in text(said), Finding.objects.count()) == (True, 1)


def test_a_new_one_may_be_about_a_clause_of_a_local_text(cast: Cast, mia: Client) -> None:
    add_local_standard(EXAMPLE, [cast.company.pk], by=SYSTEM, at=NOON)
    number = [number for number, _words in clause_options(cast.viewer("mia"))][-1]
    assert number in text(mia.get(f"{LIST}new/{cast.company.pk}/"))
    typed = {"title": "没有告示", "grade": "minor", "source_kind": "own", "clauses": ["5.2", number]}
    assert mia.post(f"{LIST}new/{cast.company.pk}/", typed).status_code == 302
    assert Finding.objects.get().clauses == f"|5.2|{number}|"
    assert "没有告示" in text(mia.get(LIST, {"clause": number}))


def test_the_home_names_what_is_late(cast: Cast, mia: Client) -> None:
    assert "没有未关闭的整改。" in text(mia.get("/office/"))
    finding = moved_to(cast, "assigned")
    Finding.objects.filter(pk=finding.pk).update(due_on=date(2026, 1, 1))
    assert "未关闭 1 · 超期 1 · 待复核 0" in text(mia.get("/office/"))


@pytest.mark.parametrize("move", MOVES)
def test_a_move_of_another_company_is_not_there(cast: Cast, signed_on: As, move: str) -> None:
    finding = raised(cast)
    sam = signed_on("sam")
    assert {sam.get(at(finding, move)).status_code, sam.post(at(finding, move), {}).status_code} == {404}


@pytest.mark.parametrize("name", ["gus", "polly"])
def test_who_has_no_business_with_it_gets_no_further(cast: Cast, signed_on: As, name: str) -> None:
    finding = raised(cast)
    pages = (LIST, at(finding), at(finding, "confirm"), at(finding, "note"), f"{LIST}export/")
    assert {signed_on(name).get(page).status_code for page in pages} == {403}


def test_an_operator_who_does_not_own_it_only_reads(cast: Cast, signed_on: As) -> None:
    finding = moved_to(cast, "in_progress")
    oscar = signed_on("oscar")
    assert oscar.get(at(finding)).status_code == 200
    assert {oscar.get(at(finding, move)).status_code for move in MOVES} == {403}
    assert oscar.get(f"{LIST}new/{cast.company.pk}/").status_code == 403


def test_reading_pages_are_only_read(cast: Cast, mia: Client) -> None:
    finding = raised(cast)
    for page in (LIST, at(finding), at(finding, "proof"), f"{LIST}export/"):
        assert mia.post(page).status_code == 405
    for move in MOVES:
        assert mia.delete(at(finding, move)).status_code == 405
    assert mia.get(at(finding, "proof")).status_code == 404


def test_a_new_one_of_another_company_is_not_there(cast: Cast, mia: Client) -> None:
    assert mia.get(f"{LIST}new/{cast.other.pk}/").status_code == 404
    raise_finding(cast.other.pk, NewFinding("别家的", "minor"), by=cast.viewer("sam"), at=NOON)
    assert "别家的" not in text(mia.get(f"{LIST}?tab=all"))


def test_clauses_that_stand_bad_are_raised_with_one_button(cast: Cast, signed_on: As, mia: Client) -> None:
    StandingVerdict.objects.create(
        company=cast.company, clause="5.2", verdict="not_met", sentences=[], figures={}, on=NOON.date(), judged_at=NOON
    )
    href = f"{LIST}clauses/{cast.company.pk}/"
    assert f'action="{href}"' in text(mia.get(LIST))
    assert {signed_on(name).post(href).status_code for name in ("olivia", "sam")} == {403, 404}
    assert (mia.get(href).status_code, mia.post(href)["Location"]) == (405, LIST)
    assert "已逐条提出整改 1 件。" in text(mia.get(LIST))
    assert Finding.objects.get().watch_key == "clause:5.2"
    assert "逐条提出" not in text(mia.get(LIST)).replace("已逐条提出", "")


def test_a_clause_names_the_findings_about_it_and_offers_one_where_it_stands_bad(
    cast: Cast, signed_on: As, mia: Client
) -> None:
    href = f"{LIST}clause/{cast.company.pk}/"
    page = text(mia.get("/office/clauses/?verdict=not_met"))
    assert re.search(f'action="{href}"[^/]+name="clause" value="5.2"><button>提出整改</button>', page)
    assert {signed_on(name).post(href, {"clause": "5.2"}).status_code for name in ("olivia", "sam")} == {403, 404}
    assert {mia.get(href).status_code, mia.post(href, {"clause": "9.9"}).status_code} == {405, 404}
    raised_at = mia.post(href, {"clause": "5.2"})
    finding = Finding.objects.get()
    assert (raised_at["Location"], finding.watch_key, finding.grade) == (at(finding), "clause:5.2", "major")
    page = text(mia.get("/office/clauses/?verdict=not_met"))
    assert f'<a href="{at(finding)}">R-2026-001</a>' in page
    assert 'value="5.2"><button>提出整改' not in page
    assert "R-2026-001" not in text(signed_on("polly").get("/office/clauses/"))

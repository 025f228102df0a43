"""The self-inspection report: the same figures in print, workbook, file and API; recorded; for whoever sees clauses."""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from lianjing.core.seals.canonical import canonical_json
from lianjing.core.seals.signing import SealKey
from lianjing.core.viewer import System
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.people.actions import create_token
from lianjing.domain.records.actions import seal_records
from lianjing.domain.records.models import Record
from lianjing.web.self_inspection.content import Asked
from lianjing.web.self_inspection.figure_words import LINES, measured_lines, name_of
from lianjing.web.self_inspection.making import made_files
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_assessment import assess_whole_company
from tests.clauses.whole_company import put_in_post, whole_company
from tests.pdf_text import pages_of

ASKED = {"company": "harbour", "on": "2026-11-22"}


@pytest.fixture
def ask(cast: Cast, client: Client) -> Any:
    def get(name: str, where: str, **query: object) -> Any:
        token = create_token(cast.users[name], label="", by=SYSTEM, at=NOON, source="test")
        return client.get(f"/api/v1/compliance/{where}", {**ASKED, **query}, HTTP_AUTHORIZATION=f"Bearer {token}")

    return get


def page(cast: Cast, client: Client, name: str, **query: str) -> Any:
    client.force_login(cast.users[name])
    return client.get("/office/clauses/report/", {**ASKED, **query})


def sheet(content: bytes, title: str) -> list[list[Any]]:
    book = load_workbook(BytesIO(content))
    return [[cell.value for cell in row] for row in book[title].iter_rows()]


def test_the_file_for_programs_holds_the_api_s_items_and_their_digest(cast: Cast, ask: Any) -> None:
    whole_company(cast, {"watch": 2, "patrol": 1})
    told = ask("mia", "report").json()
    assert told["items"] == ask("mia", "clauses").json()["items"]
    judged = [{name: one[name] for name in one if name not in ("since", "owner", "late")} for one in told["items"]]
    assert told["items_sha256"] == sha256(canonical_json(judged).encode()).hexdigest()
    assert told["table_1"] == next(item["figures"] for item in told["items"] if item["clause"] == "5.2")
    assert [one["clause"] for one in told["clauses"]] == list(catalogue().clauses)
    assert (told["format"], told["on"], told["known"], told["made_by"]) == (
        "lianjing-self-inspection/1",
        "2026-11-22",
        None,
        "Mia",
    )
    assert sum(told["summary"].values()) == len(told["items"])
    short = {item["clause"] for item in told["items"] if item["verdict"] in ("mostly", "not_met", "insufficient")}
    assert set(told["lacking"]) == short


def test_every_figure_of_every_clause_has_a_name_in_words(cast: Cast) -> None:
    bare = list(_names(cast))
    assess_whole_company(cast, whole_company(cast, {"watch": 3, "patrol": 2}))
    found = {*bare, *_names(cast)}
    assert len(found) > 40
    assert {name for name in found if name_of(name) == name} == set()


def _names(cast: Cast) -> Iterator[str]:
    """Of an outer figure and of those inside it; a class and grade inside is a name by itself."""
    for one in judged_clauses(cast.viewer("mia"), cast.company.pk, NOON.date()):
        for name, value in one.judgement.figures.items():
            if name != LINES:
                yield name
            if isinstance(value, Mapping):
                yield from value


def test_paper_holds_every_clause_its_text_the_figures_of_table_1_and_the_head(
    cast: Cast, client: Client, tmp_path: Any
) -> None:
    whole_company(cast, {"watch": 2, "patrol": 1})
    seal = seal_records(SealKey.load_or_make(tmp_path / "key"), [], at=NOON)
    answer = page(cast, client, "mia", **{"as": "pdf"})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    pages = pages_of(answer.content)
    text = "".join("".join(pages).split())
    clauses = catalogue().clauses.values()
    assert [one.number for one in clauses if one.number.replace(" ", "") not in text] == []
    assert [one.number for one in clauses for line in one.lines if "".join(line.split()) not in text] == []
    assert f"1:{seal.hash}" in text  # type: ignore[union-attr]
    for figures in ("≥101−91", "≥102−82", "≥200−200"):  # required, eligible, margin, employed
        assert figures in text
    assert "法定代表人／负责人（签字）" in text
    assert all(f"第{number}页，共{len(pages)}页" in "".join(one.split()) for number, one in enumerate(pages, 1))


def test_the_workbook_read_again_says_what_the_api_says(cast: Cast, client: Client, ask: Any) -> None:
    whole_company(cast, {"watch": 2, "patrol": 1})
    put_in_post(cast, "X1", "watch").facts.filter(kind="education").delete()
    content = page(cast, client, "mia", **{"as": "xlsx"}).content
    items = ask("mia", "clauses").json()["items"]
    rows = [row for row in sheet(content, "条款")[1:] if row[5]]
    assert [(row[0], row[1], row[4][2:], row[5]) for row in rows] == [
        (one["clause"], one["title"], one["label"], one["sentence"]) for one in items
    ]
    figures = next(one["figures"] for one in items if one["clause"] == "5.2")
    assert [row[1:] for row in sheet(content, "表1")[1:]] == [
        [figures[name][post] for name in ("required", "eligible", "margin", "employed")] + [1, "≤100"]
        for post in ("patrol", "watch", "design_install")
    ]
    listed = [(item["clause"], one["name"], one["sentence"]) for item in items for one in item["evidence"]]
    assert [(row[1], row[3], row[4] or "") for row in sheet(content, "证据")[1:]] == listed


def test_links_are_whole_where_the_installation_has_an_address(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://alarm.example")
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="education").delete()
    book = load_workbook(BytesIO(page(cast, client, "mia", **{"as": "xlsx"}).content))
    targets = {cell.hyperlink.target for row in book["证据"].iter_rows() for cell in row if cell.hyperlink}
    assert f"https://alarm.example/office/people/{member.pk}/?on=2026-11-22" in targets
    tables = [cell.hyperlink.target for row in book["表1"].iter_rows() for cell in row if cell.hyperlink]
    assert [target.partition("?")[0] for target in tables] == [
        "https://alarm.example/office/people/",
        "https://alarm.example/office/contracts/",
    ] * 3
    inner = {cell.hyperlink.location for row in book["条款"].iter_rows() for cell in row if cell.hyperlink}
    assert all(place.startswith("'证据'!A") for place in inner)


def test_without_a_set_address_links_lead_to_where_the_page_was_opened(cast: Cast, client: Client) -> None:
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="education").delete()
    book = load_workbook(BytesIO(page(cast, client, "mia", **{"as": "xlsx"}).content))
    targets = {cell.hyperlink.target for row in book["证据"].iter_rows() for cell in row if cell.hyperlink}
    assert f"http://testserver/office/people/{member.pk}/?on=2026-11-22" in targets
    assert ("链接", "http://testserver") in [(row[0].value, row[1].value) for row in book["报告"].iter_rows()]


def test_where_no_address_is_known_no_link_is_made_and_the_report_says_how_to_read_them(cast: Cast) -> None:
    put_in_post(cast, "X1", "watch")
    asked = Asked(cast.company, NOON.date(), None)
    content = made_files(System("command line"), asked, ["xlsx"], NOON, "")["xlsx"]
    book = load_workbook(BytesIO(content))
    about = dict(sheet(content, "报告"))
    assert (about["制作人"], about["链接"][:12]) == ("命令行", "制作时不知道本系统的地址")
    assert [cell for row in book["证据"].iter_rows() for cell in row if cell.hyperlink] == []
    people = {row[0].value: row[2].hyperlink.location for row in book["表1"].iter_rows(min_row=2)}
    evidence = {f"'证据'!A{place}": row[3] for place, row in enumerate(sheet(content, "证据"), 1)}
    assert [evidence[where] for where in people.values()] == list(people)


def test_a_record_is_named_in_words(cast: Cast, client: Client) -> None:
    put_in_post(cast, "X1", "watch").facts.filter(kind="education").delete()
    rows = sheet(page(cast, client, "mia", **{"as": "xlsx"}).content, "证据")[1:]
    assert {re.sub(r"\d+", "N", row[5]) for row in rows if row[5]} == {"第 N 号", "整份清单"}


def test_what_somebody_typed_is_never_a_formula(cast: Cast, client: Client) -> None:
    member = put_in_post(cast, "=1+1", "watch")
    type(member).objects.filter(pk=member.pk).update(name='=HYPERLINK("http://x")', staff_no="=1+1")
    member.facts.filter(kind="education").delete()
    book = load_workbook(BytesIO(page(cast, client, "mia", **{"as": "xlsx"}).content))
    cells = [cell for name in book.sheetnames for row in book[name].iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(str(cell.value).startswith("=1+1 =HYPER") for cell in cells)


def test_each_one_made_is_on_sealed_record_with_the_digest_of_its_bytes(cast: Cast, client: Client, ask: Any) -> None:
    content = page(cast, client, "mia", **{"as": "json"}).content
    record = Record.objects.get(action="compliance.report_made")
    assert (record.actor_name, record.company_id) == ("Mia", cast.company.pk)
    assert (record.after or {})["sha256"] == sha256(content).hexdigest()
    assert ((record.after or {})["on"], (record.after or {})["form"]) == ("2026-11-22", "json")
    assert sha256(content).hexdigest() in page(cast, client, "polly").content.decode()
    assert Record.objects.filter(action="compliance.report_made").count() == 1


def test_the_report_names_people_to_the_police_and_keeps_what_is_private(cast: Cast, ask: Any) -> None:
    put_in_post(cast, "X1", "watch").facts.filter(kind="health").update(value="failed")
    told = {name: json.dumps(ask(name, "report").json(), ensure_ascii=False) for name in ("mia", "polly")}
    assert ["员工X1" in told[name] for name in ("mia", "polly")] == [True, True]
    assert ["体检不合格" in told[name] for name in ("mia", "polly")] == [True, False]


@pytest.mark.parametrize("form", ["pdf", "xlsx", "json", ""])
def test_a_stranger_gets_404_and_nothing_is_recorded(cast: Cast, client: Client, form: str) -> None:
    assert page(cast, client, "sam", **{"as": form}).status_code == 404
    assert not Record.objects.filter(action="compliance.report_made").exists()


def test_by_the_api_a_stranger_gets_404_and_who_sees_no_clauses_403(ask: Any) -> None:
    assert [ask(name, "report").status_code for name in ("sam", "olivia", "mia")] == [404, 403, 200]


@pytest.mark.parametrize(
    ("query", "field"), [({"as": "doc"}, "as"), ({"known": "soon"}, "known"), ({"on": "2026-02-30"}, "on")]
)
def test_what_cannot_be_asked_says_so(ask: Any, query: dict[str, str], field: str | None) -> None:
    answer = ask("mia", "report", **query)
    assert (answer.status_code, answer.json().get("field")) == (422, field)


@pytest.mark.parametrize("query", [{"as": "doc"}, {"as": "pdf", "on": "2026-02-30"}, {"as": "pdf", "known": "soon"}])
def test_a_form_or_day_that_is_none_shows_the_page_again(cast: Cast, client: Client, query: dict[str, str]) -> None:
    answer = page(cast, client, "mia", **query)
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)


def test_by_what_was_known_then_the_same_report_comes_again(cast: Cast, ask: Any) -> None:
    whole_company(cast, {"watch": 1})
    before = ask("mia", "report", known="2026-11-22").json()
    put_in_post(cast, "new", "watch", NOON.replace(day=24))
    assert ask("mia", "report", known="2026-11-22").json()["items_sha256"] == before["items_sha256"]
    assert ask("mia", "report").json()["items_sha256"] != before["items_sha256"]


@pytest.mark.parametrize(
    ("figure", "unit", "limit", "margin"),
    [
        (1_500_000, "次", "≤1,500,000 次", "+1,500,000 次"),
        (1234567.5, "秒", "≤1,234,567.5 秒", "+1,234,567.5 秒"),
        (99.5, "%", "≤99.5%", "+99.5%"),
    ],
)
def test_a_measured_figure_stands_whole_and_with_its_unit(figure: float, unit: str, limit: str, margin: str) -> None:
    words = {"heading": "4.3", "measure": "复核", "source": "某版", "why": "", "comparison": "at_most", "share": None}
    (line,) = measured_lines(
        {LINES: [{**words, "limit": figure, "measured": 0, "margin": figure, "unit": unit, "count": 1}]}
    )
    assert (line.limit, line.margin) == (limit, margin)
    assert line.measured == limit.replace("≤", "").replace(f"{figure:,}", "0")

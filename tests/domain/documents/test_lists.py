"""What the list shows, what is found in Chinese, and through whose eyes."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.papers import paper_of
from lianjing.domain.documents.actions import Wording, draft_edition
from lianjing.domain.documents.deciding import withdraw_document
from lianjing.domain.documents.document_list import TABS, DocumentsWanted, document_counts, documents, erasable
from lianjing.domain.documents.full_text import excerpt, folded, grams_of, kept_text
from lianjing.domain.documents.keeping import NewStatus, record_review, record_status
from lianjing.domain.documents.models import Document, EditionText
from lianjing.domain.documents.queries import document_page
from lianjing.domain.documents.text_diff import LINES_AT_MOST, text_diff
from tests.cast import NOON, Cast
from tests.domain.documents.written import DAY, TODAY, document, docx, moved_to


def listed(cast: Cast, name: str = "mia", **told: Any) -> list[str]:
    return [line.document.number for line in documents(cast.viewer(name), DocumentsWanted(**told), TODAY)]


def some(cast: Cast) -> None:
    """One of each standing."""
    moved_to(cast, "issued", number="GL-01", title="值守管理制度")
    moved_to(cast, "issued", number="JS-01", title="复核流程", kind="technical", effective_on=date(2025, 11, 1))
    moved_to(cast, "in_review", number="GL-02", title="交接班制度", text="交接班须双方签字。")
    gone = moved_to(cast, "issued", number="GL-03", title="旧制度", effective_on=date(2026, 1, 1))
    withdraw_document(gone.document_id, date(2026, 6, 1), "并入", by=cast.viewer("mia"), at=NOON)
    held = moved_to(cast, "issued", number="GB/T 20988-2007", title="灾难恢复规范", kind="external", text="见原件")
    status = NewStatus("superseded", date(2026, 1, 1), "平台", "GB/T 20988-2025")
    record_status(held.document_id, status, by=cast.viewer("leo"), at=NOON)


def test_each_tab_has_its_own(cast: Cast) -> None:
    some(cast)
    tabs = {tab: listed(cast, tab=tab) for tab in TABS}
    assert tabs == {
        "all": ["GB/T 20988-2007", "GL-01", "GL-02", "GL-03", "JS-01"],
        "in_force": ["GB/T 20988-2007", "GL-01", "JS-01"],
        "work": ["GL-02"],
        "review": ["JS-01"],
        "unread": [],
        "replaced": ["GB/T 20988-2007"],
        "gone": ["GL-03"],
    }
    counts = document_counts(cast.viewer("mia"), DocumentsWanted(), TODAY)
    assert counts == {tab: len(numbers) for tab, numbers in tabs.items()}
    assert listed(cast, kind="technical", owner="001") == ["JS-01"]
    assert listed(cast, state="in_review") == ["GL-02"]
    first = documents(cast.viewer("mia"), DocumentsWanted(), TODAY, limit=2)
    rest = documents(cast.viewer("mia"), DocumentsWanted(), TODAY, after=first[-1].document.pk)
    assert [one.document.number for one in rest] == ["GL-02", "GL-03", "JS-01"]


def test_a_standard_that_always_was_current_is_replaced_by_what_was_found_out_since(cast: Cast) -> None:
    held = moved_to(cast, "issued", number="GB/T 20988-2007", title="灾难恢复规范", kind="external", text="见原件")
    superseded = NewStatus("superseded", date(2026, 1, 1), "平台", "GB/T 20988-2025")
    for status in (NewStatus("current", None, "平台"), superseded):
        record_status(held.document_id, status, by=cast.viewer("leo"), at=NOON)
    assert listed(cast, tab="replaced") == ["GB/T 20988-2007"]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("值守", ["GL-01", "JS-01"]),
        ("值守人员", ["GL-01", "JS-01"]),
        ("守值", []),
        ("员值守", []),
        ("岗", ["GL-01", "JS-01"]),
        ("双方签字", ["GL-02"]),
        ("制度 双方", ["GL-02"]),
        ("gl-02", ["GL-02"]),
        ("ＧＢ/T 20988", ["GB/T 20988-2007"]),
        ("旧制度", ["GL-03"]),
        ("“", []),
        ('" OR 1=1 --', []),
    ],
)
def test_a_text_is_found_by_words_that_stand_in_it(cast: Cast, asked: str, numbers: list[str]) -> None:
    some(cast)
    EditionText.objects.filter(edition__document__number="GL-03").update(grams="旧制度 旧 制 度 旧制 制度")
    assert listed(cast, text=asked) == numbers


def test_the_text_of_a_word_file_is_found_and_that_of_another_edition_is_told_as_such(cast: Cast) -> None:
    moved_to(cast, "issued", document(cast, text="", paper=paper_of(docx("钥匙柜双人双锁"), "a.docx")))
    (line,) = documents(cast.viewer("mia"), DocumentsWanted(text="双人双锁"), TODAY)
    assert line.found is not None
    assert (line.found_force, excerpt(line.found.text, "双人双锁")) == (
        "in_force",
        (("gl-01 值守管理制度 钥匙柜".upper(), False), ("双人双锁", True)),
    )
    draft_edition(line.document.pk, Wording("第2版", "钥匙柜三把锁"), by=cast.viewer("leo"), at=NOON)
    (line,) = documents(cast.viewer("mia"), DocumentsWanted(text="三把锁"), TODAY)
    assert (line.found is not None, line.found_force, line.work is not None) == (True, None, True)


def test_grams_are_pairs_and_single_signs_of_letters_and_digits() -> None:
    assert grams_of("值守，GB 50") == ["值", "守", "值守", "g", "b", "gb", "5", "0", "50"]


def test_an_excerpt_marks_what_was_asked_for_and_says_where_it_is_cut() -> None:
    text = "甲" * 100 + "值守Abc" + "乙" * 200
    told = excerpt(text, "abc")
    assert (told[0], told[2], told[-1]) == (("…", False), ("Abc", True), ("…", False))
    assert excerpt(text, "丙") == ()


def test_a_review_is_due_as_the_day_says(cast: Cast) -> None:
    """Whatever was kept of documents that were withdrawn or superseded."""
    begun = date(2025, 11, 1)
    for number in ("GL-01", "GL-02", "GL-03", "GL-04"):
        moved_to(cast, "issued", number=number, effective_on=begun)
    mia = cast.viewer("mia")
    by_number = {one.number: one for one in Document.objects.all()}
    withdraw_document(by_number["GL-01"].pk, TODAY - DAY, "并入", by=mia, at=NOON)
    withdraw_document(by_number["GL-02"].pk, TODAY + 5 * DAY, "并入", by=mia, at=NOON)
    draft_edition(by_number["GL-03"].pk, Wording("第2版", "新"), by=cast.viewer("leo"), at=NOON)
    moved_to(cast, "issued", by_number["GL-03"], effective_on=TODAY + 5 * DAY)
    record_review(by_number["GL-04"].pk, TODAY, TODAY + 60 * DAY, "仍适用", by=mia, at=NOON)

    def due(day: date) -> dict[str, date | None]:
        lines = documents(mia, DocumentsWanted("review"), day)
        assert len(lines) == document_counts(mia, DocumentsWanted(), day)["review"]
        return {line.document.number: line.review_on for line in lines}

    assert due(TODAY) == {"GL-02": date(2026, 11, 1), "GL-03": date(2026, 11, 1)}
    assert due(TODAY + 5 * DAY) == {}
    assert due(TODAY + 30 * DAY) == {"GL-04": TODAY + 60 * DAY}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Ärger über ÖFFNUNG", "ärger ÜBER Öffnung"),
        ("ПОЖАР на объекте", "пожар"),
        ("ΑΒΓ", "αβγ"),
        ("门禁ＡＢＣ－１２", "abc-12"),
        ("「值守」日誌，甲。乙", "“值守”日誌"),
        ("《交接班制度》", "〈交接班制度〉"),
        ("甲，乙", "甲、乙"),
        ("２４小时－值守", "24小时—值守"),
    ],
)
def test_what_is_found_is_the_same_on_both_databases(cast: Cast, text: str, asked: str) -> None:
    moved_to(cast, "draft", text=text)
    (line,) = documents(cast.viewer("mia"), DocumentsWanted(text=asked), TODAY)
    assert line.found is not None
    marked = [part for part, is_found in excerpt(line.found.text, asked) if is_found]
    assert [folded(part) for part in marked] == folded(kept_text(asked)).split()


@pytest.mark.parametrize(("asked", "number"), [("e", "GL-01"), ("é", "GL-02"), ("Ü", "GL-03")])
def test_an_accent_is_a_sign_of_its_own(cast: Cast, asked: str, number: str) -> None:
    for place, text in enumerate(("甲e乙", "甲é乙", "甲ü乙"), 1):
        moved_to(cast, "draft", number=f"GL-0{place}", title="制度", text=text)
    assert listed(cast, text=asked) == [number]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("text", "queries"), [("", 5), ("值守", 7)])
def test_a_list_takes_the_same_queries_however_long(cast: Cast, count: int, text: str, queries: int) -> None:
    for place in range(count):
        moved_to(cast, "issued", number=f"GL-{place}")
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        assert len(documents(viewer, DocumentsWanted(text=text), TODAY)) == count
    assert len(asked) == queries


def test_a_page_takes_the_same_queries_however_many_editions(cast: Cast) -> None:
    one = moved_to(cast, "issued", effective_on=date(2026, 1, 1)).document
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(connection) as few:
        document_page(viewer, one.pk, TODAY)
    draft_edition(one.pk, Wording("第2版", "新"), by=cast.viewer("leo"), at=NOON)
    with CaptureQueriesContext(connection) as asked:
        page = document_page(viewer, one.pk, TODAY)
    assert page is not None
    assert (len(page.editions), len(asked), len(few)) == (2, 7, 7)


@pytest.mark.parametrize("name", ["sam", "olivia", "gus", "polly"])
def test_a_stranger_is_shown_nothing(cast: Cast, name: str) -> None:
    some(cast)
    assert listed(cast, name) == listed(cast, name, text="值守") == []
    assert set(document_counts(cast.viewer(name), DocumentsWanted(), TODAY).values()) == {0}
    assert erasable(cast.viewer(name), cast.company.pk, date(2040, 1, 1)) == []


def test_what_is_over_its_time_is_listed(cast: Cast) -> None:
    some(cast)
    assert erasable(cast.viewer("mia"), cast.company.pk, date(2029, 6, 1)) == []
    told = erasable(cast.viewer("mia"), cast.company.pk, date(2029, 6, 2))
    assert [(str(one.edition.document), str(one.kept_until)) for one in told] == [("GL-03", "2029-06-01")]


def test_a_diff_shows_what_changed_with_what_stands_around() -> None:
    before = "\n".join(f"第{n}条" for n in range(20))
    told = text_diff(before, before.replace("第10条", "第十条"))
    assert told is not None
    assert [(one.sign, one.text) for one in told if one.sign in "+-"] == [("-", "第10条"), ("+", "第十条")]
    assert (told[0].sign, told[-1].sign, len(told)) == ("…", "…", 10)
    assert text_diff(before, before) == []


def test_texts_of_too_many_lines_are_not_compared() -> None:
    table = "\n".join(f"| {n} | {n} |" for n in range(LINES_AT_MOST))
    told = text_diff(table, table.replace(" |", " 1 |"))
    assert told is not None
    assert len(told) == 2 * LINES_AT_MOST
    assert (text_diff(table, table + "\n1"), text_diff(table + "\n1", table)) == (None, None)

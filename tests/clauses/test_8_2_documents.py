"""Clauses 8.2 a to d: in force on the day, with an owner at work, reviewed in time; standards in their editions."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.domain.compliance.attested_rule import Attested
from lianjing.domain.compliance.clauses.clause_8_2_a_management import Clause82aManagement
from lianjing.domain.compliance.clauses.clause_8_2_c_external import Clause82cExternal, not_held, superseded
from lianjing.domain.compliance.documents_known import DocumentKnown, DocumentsKnown
from lianjing.domain.compliance.documents_rule import DocumentFacts
from lianjing.domain.documents.actions import Wording, draft_edition
from lianjing.domain.documents.deciding import Issue, issue_edition, recall_edition, withdraw_document
from lianjing.domain.documents.keeping import NewStatus, record_review, record_status, set_owner
from lianjing.domain.documents.models import Document
from lianjing.domain.people.models import StaffFact
from lianjing.terms.documents import DocumentKind, StandardState
from tests.cast import NOON, Cast
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.clauses.test_forecast import assert_exact
from tests.clauses.whole_company import whole_company
from tests.domain.compliance.evidence import accepted
from tests.domain.documents.written import DAY, moved_to
from tests.staff import put_on_file

KINDS = {"8.2 a": "management", "8.2 b": "technical", "8.2 c": "external", "8.2 d": "record"}
AS_RECORD = {"kept_where": "档案室", "kept_months": 24}


def one(number: str, **told: Any) -> DocumentKnown:
    known = {"kind": DocumentKind.EXTERNAL, "has_owner": True, "review_by": ON, "state": StandardState.CURRENT}
    return DocumentKnown(1, **known | {"number": number, "title": "x", "label": "1"} | told)  # type: ignore[arg-type]


def judge(*documents: DocumentKnown) -> Any:
    return Clause82aManagement().judge(DocumentFacts(DocumentsKnown(ON, documents), Attested(ON, ())))


@pytest.mark.parametrize(
    ("told", "wanted", "sentence"),
    [
        ({}, "met", "责任人都在职，复审都没有逾期；最早的 2026-11-22 前复审（GL-01）。"),
        ({"review_by": ON - DAY}, "mostly", "复审逾期 1 份：GL-01。"),
        ({"has_owner": False}, "mostly", "责任人已不在职 1 份：GL-01。"),
    ],
)
def test_each_needs_an_owner_at_work_and_a_review_in_time(told: dict[str, Any], wanted: str, sentence: str) -> None:
    found = judge(one("GL-01", kind=DocumentKind.MANAGEMENT, **told))
    assert (found.verdict.value, said(found)) == (wanted, f"现行的管理性文件 1 份，都经他人批准。{sentence}")


def test_of_another_kind_says_nothing() -> None:
    assert judge(one("GL-01")).verdict.value == "insufficient"


def test_a_superseded_standard_is_held_with_what_took_its_place_or_named() -> None:
    old = one("GB/T 20988-2007", state=StandardState.SUPERSEDED, successor="GB/T 20988-2025")
    gone = one("GB 1-1990", state=StandardState.ABOLISHED)
    assert superseded([old]) == (old,)
    assert superseded([old, one("gb/t20988—2025"), gone]) == (gone,)
    found = Clause82cExternal().judge(DocumentFacts(DocumentsKnown(ON, (old,)), Attested(ON, ())))
    assert found.verdict.value == "mostly"
    assert "已被代替而没有新版的 1 份：GB/T 20988-2007。" in said(found)
    assert "规范引用的标准没有持有的 18 项：" in said(found)


def test_a_dated_reference_is_held_in_its_edition_and_an_undated_one_in_any() -> None:
    def missing(*numbers: str) -> set[str]:
        return {standard.cited for standard in not_held(map(one, numbers))}

    assert len(missing()) == 19
    assert missing() - missing("GB 50348-2004") == {"GB 50348"}
    assert missing() - missing("GB/T 20988-2025") == set()
    assert missing() - missing("GB/T 20988-2007") == {"GB/T 20988-2007"}
    assert missing() - missing("GB/T 31068-2014") == {"GB/T 30168"}
    assert missing() - missing("GB 503480") == set()


@pytest.mark.parametrize("clause", list(KINDS))
def test_a_document_counts_from_the_day_it_is_in_force(cast: Cast, clause: str) -> None:
    more = AS_RECORD if clause == "8.2 d" else {}
    edition = moved_to(cast, "approved", kind=KINDS[clause], **more)
    assert verdicts(cast)[clause] == "insufficient"
    assert said(judged(cast)[clause]) == f"没有登记现行的{DocumentKind(KINDS[clause]).zh}。"
    issue_edition(edition.pk, Issue(ON), by=cast.viewer("mia"), at=NOON)
    wanted = "mostly" if clause == "8.2 c" else "met"
    days = (ON - DAY, ON, date(2027, 11, 22), date(2027, 11, 23))
    # The owner's employment has no end; the review is due on 2027-11-22.
    assert [verdicts(cast, day)[clause] for day in days] == ["insufficient", wanted, wanted, "mostly"]
    assert {verdicts(cast)[other] for other in KINDS if other != clause} == {"insufficient"}


def test_both_times_are_kept(cast: Cast) -> None:
    mia = cast.viewer("mia")
    edition = moved_to(cast, "issued", effective_on=date(2026, 1, 1))
    then = NOON + timedelta(hours=1)
    withdraw_document(edition.document_id, ON - DAY, "并入", by=mia, at=then + DAY)
    assert (verdicts(cast)["8.2 a"], verdicts(cast, ON - DAY)["8.2 a"]) == ("insufficient", "met")
    assert verdicts(cast, known=then)["8.2 a"] == "met"
    assert verdicts(cast, known=NOON - DAY)["8.2 a"] == "insufficient"


def test_a_recalled_edition_was_to_come_by_what_was_known_then(cast: Cast) -> None:
    edition = moved_to(cast, "issued", effective_on=ON + 5 * DAY)
    recall_edition(edition.pk, "日期定错", by=cast.viewer("mia"), at=NOON + DAY)
    day = ON + 6 * DAY
    assert (verdicts(cast, day)["8.2 a"], verdicts(cast, day, NOON)["8.2 a"]) == ("insufficient", "met")


def test_a_review_and_an_owner_who_has_gone_turn_it_and_back(cast: Cast) -> None:
    edition = moved_to(cast, "issued", effective_on=date(2025, 10, 1))
    leo = cast.viewer("leo")
    assert said(judged(cast)["8.2 a"]).endswith("复审逾期 1 份：GL-01。")
    record_review(edition.document_id, ON, None, "仍适用", by=leo, at=NOON)
    assert (verdicts(cast)["8.2 a"], verdicts(cast, ON - DAY)["8.2 a"]) == ("met", "mostly")
    StaffFact.objects.filter(member__staff_no="001", kind="employment").update(valid_until=ON - DAY)
    assert said(judged(cast)["8.2 a"]).endswith("责任人已不在职 1 份：GL-01。")
    put_on_file(cast, "002", "王芳")
    set_owner(edition.document_id, "002", None, ON, by=leo, at=NOON)
    assert verdicts(cast)["8.2 a"] == "met"


def test_a_standard_nobody_has_checked_is_named_and_one_superseded_later_turns_on_its_day(cast: Cast) -> None:
    whole_company(cast, {})
    held = Document.objects.get(number="GB/T 28181-2016")
    mia: dict[str, Any] = {"by": cast.viewer("mia"), "at": NOON}
    record_status(held.pk, NewStatus("superseded", ON, "平台", "GB/T 28181-2022"), **mia)
    assert [verdicts(cast, day)["8.2 c"] for day in (ON - DAY, ON)] == ["met", "mostly"]
    newer = moved_to(cast, "issued", number="GB/T 28181-2022", kind="external")
    assert said(judged(cast)["8.2 c"]).endswith("没有核对是否现行的 1 份：GB/T 28181-2022。")
    record_status(newer.document_id, NewStatus("current", None, "平台"), **mia)
    assert verdicts(cast)["8.2 c"] == "met"


def test_accepted_evidence_counts_while_nothing_is_registered(cast: Cast) -> None:
    accepted(cast, clauses=("8.2 a",))
    assert verdicts(cast)["8.2 a"] == "met"
    assert said(judged(cast)["8.2 a"]).startswith("没有登记现行的管理性文件。有效证据 1 份")
    moved_to(cast, "issued", effective_on=date(2025, 1, 1))
    assert verdicts(cast)["8.2 a"] == "mostly"


def test_on_every_day_the_forecast_is_that_of_the_day(cast: Cast) -> None:
    mia: dict[str, Any] = {"by": cast.viewer("mia"), "at": NOON}
    first = moved_to(cast, "issued", effective_on=date(2026, 1, 1), review_by=ON + 3 * DAY)
    draft_edition(first.document_id, Wording("第2版", "新"), by=cast.viewer("leo"), at=NOON)
    moved_to(cast, "issued", first.document, effective_on=ON + 6 * DAY, review_by=ON + 9 * DAY)
    gone = moved_to(cast, "issued", number="JS-01", kind="technical")
    withdraw_document(gone.document_id, ON + 4 * DAY, "并入", **mia)
    held = moved_to(cast, "issued", number="GB/T 28181-2016", kind="external")
    record_status(held.document_id, NewStatus("superseded", ON + 2 * DAY, "平台", "GB/T 28181-2022"), **mia)
    moved_to(cast, "issued", number="JL-01", kind="record", **AS_RECORD)
    accepted(cast, clauses=("8.2 b",), valid_until=ON + 7 * DAY)
    StaffFact.objects.filter(member__staff_no="001", kind="employment").update(valid_until=ON + 8 * DAY)
    assert_exact(cast, ON - 2 * DAY, 14)


def test_another_company_s_documents_change_nothing(cast: Cast) -> None:
    moved_to(cast, "issued")
    Document.objects.update(company=cast.other)
    for rows in ("in_force", "ownerships"):
        for row in getattr(Document.objects.get(), rows).all():
            row.company = cast.other
            row.save()
    assert verdicts(cast)["8.2 a"] == "insufficient"

"""Findings as a workbook, to be read by people."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO

from lianjing.core.days import centre_day
from lianjing.core.workbooks.cells import day, text
from lianjing.core.workbooks.columns import Column, Sheet, flag, word
from lianjing.core.workbooks.writing import Cells, Form, write_book
from lianjing.domain.findings.policy import split_clauses
from lianjing.domain.findings.queries import FindingLine
from lianjing.terms.findings import Effect, FindingGrade, FindingSource, FindingState

EXPORTED_AT_MOST = 10_000


def _words(key: str, zh: str, wide: int = 14) -> Column:
    return Column(key, zh, text(2000), "", wide=wide)


def _day(key: str, zh: str) -> Column:
    return Column(key, zh, day, "")


FINDINGS = Sheet(
    "findings",
    "整改",
    "",
    (
        _words("number", "编号"),
        _words("company", "从业单位", 20),
        _words("title", "标题", 36),
        word("grade", "级别", FindingGrade, ""),
        word("state", "状态", FindingState, ""),
        flag("overdue", "超期", ""),
        word("source", "来源", FindingSource, ""),
        _words("source_words", "来源说明", 30),
        _words("clauses", "条款", 16),
        _words("description", "情况", 40),
        _words("owner_no", "责任人工号"),
        _words("owner", "责任人"),
        _words("department", "责任部门"),
        _day("due_on", "期限"),
        _words("cause", "根因", 36),
        _words("measure", "措施", 36),
        _words("revises", "须修订", 20),
        _day("raised_on", "提出日期"),
        _words("raised_by", "提出人"),
        _day("done_on", "完成日期"),
        _words("done_by", "报告人"),
        _words("proof", "完成的依据", 36),
        _day("verified_on", "复核日期"),
        _words("verified_by", "复核人"),
        _words("verification", "复核结果", 36),
        _day("check_on", "有效性检查日期"),
        word("effect", "效果", Effect, ""),
        _day("closed_on", "结束日期"),
        _words("dismissed_for", "作废原因", 30),
    ),
)


def write_findings(lines: Iterable[FindingLine], into: "IO[bytes]") -> int:
    """Writes them in their order; how many."""
    return write_book([(FINDINGS, _rows(lines))], into, Form(labels=True))["findings"]


def _rows(lines: Iterable[FindingLine]) -> Iterator[Cells]:
    for line in lines:
        one = line.finding
        same = ("number", "title", "grade", "state", "source_words", "description", "due_on", "cause", "measure")
        more = ("raised_by", "done_by", "proof", "verified_by", "verification", "check_on", "effect", "dismissed_for")
        cells: Cells = {name: getattr(one, name) or None for name in (*same, *more)}
        cells |= {"company": one.company.name, "overdue": line.is_late, "source": one.source_kind}
        cells |= {"clauses": "、".join(split_clauses(one.clauses)), "revises": one.revises_words or None}
        cells |= {"owner_no": one.owner.staff_no, "owner": one.owner.name} if one.owner else {}
        cells |= {"department": one.department.name} if one.department else {}
        for moment in ("raised", "done", "verified", "closed"):
            cells[f"{moment}_on"] = _on(getattr(one, f"{moment}_at"))
        yield cells


def _on(at: datetime | None) -> date | None:
    return centre_day(at) if at is not None else None

"""The coverage of classes and grades by plans as a workbook, and the act of taking it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO

from lianjing.core.viewer import Viewer, require
from lianjing.core.workbooks.cells import day, text, whole
from lianjing.core.workbooks.columns import Column, Sheet, flag, word
from lianjing.core.workbooks.writing import Cells, Form, write_book
from lianjing.domain.compliance.clauses.clause_8_4_1_b_plans import CLASSES, GRADES
from lianjing.domain.compliance.plan_cover import SEE, Cell, Cover, plan_cover
from lianjing.domain.records.handing_out import record_taken
from lianjing.terms.plans import ReviewConclusion


def _words(key: str, zh: str, wide: int = 14) -> Column:
    return Column(key, zh, text(200), "", wide=wide)


def _day(key: str, zh: str) -> Column:
    return Column(key, zh, day, "")


COVER = Sheet(
    "plan_cover",
    "预案覆盖",
    "",
    (
        _words("class", "类别"),
        _words("grade", "级别", 8),
        Column("cases", "一年内警情", whole(0, 10**9), ""),
        flag("used", "在用", ""),
        flag("graded", "分类分级表有此级", ""),
        _words("plan", "执行中的预案", 30),
        Column("version", "版本", whole(0, 10**6), ""),
        _day("since", "执行自"),
        word("review", "合法性评审", ReviewConclusion, ""),
        _day("until", "评审有效至"),
        _day("due", "年度评审期限"),
        _day("drilled", "上次演练"),
    ),
)


def export_cover(
    company_id: int,
    on: date,
    known: datetime | None,
    into: "IO[bytes]",
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> int:
    """Writes the matrix of a day, and records that it was taken; how many lines. Raises Forbidden."""
    require(by, SEE, company_id)
    cover = plan_cover(by, company_id, on, known, is_now=False)
    lines = write_book([(COVER, _rows(cover, on))], into, Form(labels=True))["plan_cover"]
    record_taken("plan_cover", {company_id: lines}, SEE, by=by, at=at, source=source, on=str(on))
    return lines


def _rows(cover: Cover, on: date) -> Iterator[Cells]:
    return (_cells(cell, cover, on) for row in cover.rows for cell in row.cells if cell.is_used or cell.plan)


def _cells(cell: Cell, cover: Cover, on: date) -> Cells:
    told: Cells = {
        "class": CLASSES[cell.pair[0]],
        "grade": GRADES[cell.pair[1]],
        "cases": cell.cases,
        "used": cell.is_used,
        "graded": cell.is_graded,
    }
    if cell.plan is None:
        return told
    found = cell.plan.legal_on(on)
    told |= {"plan": cell.plan.title, "version": cell.plan.number, "since": cell.plan.since_on}
    told |= {"review": found.conclusion.value, "until": found.valid_until} if found else {}
    return told | {"due": cell.plan.due_on(on), "drilled": cover.drilled.get(cell.plan.plan_id)}

"""An assessment as a workbook, to be read by people: what each department has come to, and the points behind it."""

from collections.abc import Iterator
from typing import IO

from lianjing.core.workbooks.cells import number, text
from lianjing.core.workbooks.columns import Column, Sheet, word
from lianjing.core.workbooks.writing import Cells, Form, write_book
from lianjing.domain.assessments.models import Score
from lianjing.domain.assessments.queries import CyclePage
from lianjing.terms.assessments import SheetKind


def _words(key: str, zh: str, wide: int = 14) -> Column:
    return Column(key, zh, text(2000), "", wide=wide)


def _number(key: str, zh: str) -> Column:
    return Column(key, zh, number(-1000, 10_000), "")


RESULTS = Sheet(
    "results",
    "考核结果",
    "",
    (
        _words("department", "部门", 20),
        _number("total", "总分"),
        _number("self", "自评"),
        _number("mutual", "互评"),
        _number("assessor", "考核"),
        _number("figures", "运行数据"),
        _number("deviation", "自评减互评"),
    ),
)
POINTS = Sheet(
    "points",
    "评分明细",
    "",
    (
        _words("department", "部门", 20),
        word("kind", "评分", SheetKind, ""),
        _words("evaluator", "评分人"),
        _words("criterion", "指标", 24),
        _number("weight", "权重"),
        _number("scale", "满分"),
        _number("points", "得分"),
        _words("evidence", "依据", 36),
    ),
)
"""Besides the sheets that count, those of figures: their value stands in the evidence."""


def write_cycle(page: CyclePage, into: "IO[bytes]") -> int:
    """Writes it; of how many departments."""
    return write_book([(RESULTS, _results(page)), (POINTS, _points(page))], into, Form(labels=True))["results"]


def _results(page: CyclePage) -> Iterator[Cells]:
    for one in page.results:
        by_kind = {kind.value: one.totals.by_kind[kind] for kind in SheetKind}
        told = {"total": one.covered.score, "figures": one.totals.figures, "deviation": one.totals.deviation}
        yield {"department": one.covered.name, **by_kind, **told}


def _points(page: CyclePage) -> Iterator[Cells]:
    names = {one.covered.department_id: one.covered.name for one in page.results}
    sheets = {sheet.pk: sheet for one in page.results for sheet in one.sheets.values() if sheet.submitted_at}
    for row in Score.objects.filter(sheet__in=list(sheets)).select_related("criterion").order_by("sheet", "criterion"):
        sheet, line = sheets[row.sheet_id], row.criterion
        evaluator = sheet.evaluator.name if sheet.evaluator else None
        told = {"department": names[sheet.department_id], "kind": sheet.kind, "evaluator": evaluator}
        told |= {"criterion": line.name, "weight": line.weight, "scale": line.scale}
        yield {**told, "points": row.points, "evidence": row.evidence or None}

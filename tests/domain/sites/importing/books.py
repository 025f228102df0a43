"""Workbooks for tests, made in memory."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.domain.companies.models import Company
from lianjing.domain.sites.importing.actions import examine_file, import_file
from lianjing.domain.sites.importing.columns import SHEETS
from lianjing.terms.sentences import words
from tests.cast import NOON, SYSTEM

Table = Sequence[Sequence[Any]]
"""The headers, and rows."""

SHOP: Mapping[str, Table] = {
    "customers": [["code", "name", "kind"], ["C1", "金店", "shop"]],
    "sites": [["code", "customer", "name"], ["S1", "C1", "解放路金店"]],
    "panels": [["account", "site", "protocol"], ["0012", "S1", "dc09"]],
    "zones": [
        ["panel", "number", "name", "kind", "principle"],
        ["0012", "1", "前门", "intrusion", "magnetic"],
        ["0012", "2", "大堂", "intrusion", "pir"],
    ],
}
"""A customer with a site, a panel and two zones."""


def workbook(sheets: Mapping[str, Table]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def csv_file(rows: Table, encoding: str = "utf-8") -> bytes:
    into = io.StringIO()
    csv.writer(into).writerows(rows)
    return into.getvalue().encode(encoding)


def with_cell(sheets: Mapping[str, Table], sheet: str, row: int, column: str, value: Any) -> dict[str, Table]:
    """The same sheets with one other cell; `row` as Excel counts it. A column that is not there is added."""
    rows = [list(cells) for cells in sheets[sheet]]
    if column not in rows[0]:
        rows = [[*cells, column if place == 0 else None] for place, cells in enumerate(rows)]
    rows[row - 1][rows[0].index(column)] = value
    return {**sheets, sheet: rows}


def take(company: Company, sheets: Mapping[str, Table] | File, by: Viewer = SYSTEM) -> Outcome:
    """Imports."""
    return import_file(_file(sheets), company.pk, by=by, at=NOON, source="test")


def look(company: Company, sheets: Mapping[str, Table] | File, by: Viewer = SYSTEM) -> Outcome:
    """Looks what importing would do."""
    return examine_file(_file(sheets), company.pk, by=by, at=NOON)


def _file(sheets: Mapping[str, Table] | File) -> File:
    return sheets if isinstance(sheets, File) else File("book.xlsx", workbook(sheets))


def errors(outcome: Outcome) -> list[tuple[str | None, int | None, str | None]]:
    return [(fault.sheet, fault.row, fault.column) for fault in outcome.plan.faults]


def sentences(outcome: Outcome) -> list[str]:
    return [words(fault) for fault in outcome.plan.faults]


def counted(outcome: Outcome) -> tuple[int, int, int]:
    """Created, changed, unchanged."""
    from lianjing.core.workbooks.planning import What

    plan = outcome.plan
    return plan.count(What.CREATED), plan.count(What.CHANGED), plan.unchanged.total()


assert set(SHOP) <= set(SHEETS)

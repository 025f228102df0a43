"""Tables of figures as an Excel workbook: one sheet a table."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

BOLD = Font(bold=True)
LONGEST_TITLE = 31
"""Characters of a sheet's name; Excel allows no more."""
WIDTH = 14
FORBIDDEN = re.compile(r"[][:*?/\\]")
"""In a sheet's name."""

Rows = Sequence[Sequence[Any]]


def write_tables(into: "Path | IO[bytes]", tables: Sequence[tuple[str, Rows]]) -> None:
    """Titles with their rows, the first of which is the head. Text stays text, also when it looks like a formula."""
    book = Workbook(write_only=True)
    for place, (title, rows) in enumerate(tables, 1):
        page = book.create_sheet(f"{place} {FORBIDDEN.sub(' ', title)}"[:LONGEST_TITLE])
        page.freeze_panes = "A2"
        for number, head in enumerate(rows[0], 1):
            page.column_dimensions[get_column_letter(number)].width = max(WIDTH, 2 * len(str(head)))
        for line, row in enumerate(rows):
            page.append([_cell(page, value, bold=line == 0) for value in row])
    book.save(into)


def _cell(page: Any, value: Any, *, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = BOLD
    return cell

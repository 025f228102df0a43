"""From raw cells to typed rows. Each broken cell is one fault, and its row goes on without it. No Django."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from lianjing.core.workbooks.cells import cleaned, shown
from lianjing.core.workbooks.columns import (
    Column,
    Sheet,
    Sheets,
    column_named,
    is_passed_over,
    sheet_in,
    sheet_named,
)
from lianjing.core.workbooks.faults import BadCell, BadFile, Fault
from lianjing.core.workbooks.files import MOST_ROWS, RawSheet, sheets_of
from lianjing.core.workbooks.xlsx import RawRow, Unsound
from lianjing.terms.sentences import marked as _

HEAD_ROWS = 10
"""Within so many rows the headers must stand; a title may stand above them."""


@dataclass(slots=True)
class Row:
    """One row. `values` are the cells that were filled and sound."""

    number: int
    values: dict[str, Any]
    broken: tuple[str, ...] = ()
    """Columns that are at fault in this row, each told once."""

    def break_(self, column: str) -> None:
        self.broken = (*self.broken, column)


@dataclass(slots=True)
class Rows:
    """A sheet that was read."""

    sheet: Sheet
    head: int
    """Number of the row with the headers."""
    columns: frozenset[str]
    rows: list[Row]
    is_torn: bool = False
    """A column was not understood: what is missing may stand there."""


@dataclass(slots=True)
class Book:
    """All that was read of a file."""

    sheets: dict[str, Rows] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lost: bool = False
    """A sheet was not understood: what others name may stand there."""

    def rows(self, key: str) -> list[Row]:
        found = self.sheets.get(key)
        return found.rows if found else []

    @property
    def count(self) -> int:
        return sum(len(found.rows) for found in self.sheets.values())


def read_book(name: str, content: bytes, sheets: Sheets) -> Book:
    """Reads a file whole, in which any of `sheets` may be.

    Raises NotATable when it is none at all; everything else becomes a fault.
    """
    book = Book()
    for raw in sheets_of(name, content):
        if is_passed_over(raw.title):
            continue
        try:
            _read_sheet(book, raw, sheets)
        except BadFile as bad:
            if type(bad) is not BadFile:
                raise
            book.lost = True
            book.faults.append(_named_by_key(bad.fault, sheets))
        if book.count > MOST_ROWS:
            book.faults.append(Fault(None, None, None, _("行数超过 %(rows)d：请分成几个文件。"), {"rows": MOST_ROWS}))
            break
    if not book.sheets and not book.faults:
        told = _("文件里没有可以导入的内容：应有 %(sheets)s 等工作表。")
        book.faults.append(Fault(None, None, None, told, {"sheets": "、".join(islice(sheets, 4))}))
    return book


def _named_by_key(fault: Fault, sheets: Sheets) -> Fault:
    sheet = sheet_named(fault.sheet, sheets) if fault.sheet else None
    return Fault(sheet.key, fault.row, fault.column, fault.sentence, fault.figures) if sheet else fault


def _read_sheet(book: Book, raw: RawSheet, sheets: Sheets) -> None:
    named = sheet_named(raw.title, sheets) or (None if raw.is_named else sheet_in(raw.title, sheets))
    head, before, rest = _head_of(raw.rows, named, sheets)
    if head is None:
        return
    sheet = named or _told_by_columns(head[1], sheets)
    if sheet is None and raw.is_hidden:
        # Lists to pick from, and the like.
        return
    if sheet is None:
        book.lost = True
        book.faults.append(_unknown_sheet(raw.title, head[1], sheets))
        return
    if sheet.key in book.sheets:
        told = _("“%(title)s”与另一工作表都是 %(sheet)s，请合并为一张。")
        book.faults.append(Fault(sheet.key, None, None, told, {"title": raw.title, "sheet": sheet.key}))
        return
    rows = _headed(book, sheet, head)
    if rows is not None:
        reader = _RowReader(sheet, _places(sheet, head[1]), book.faults)
        rows.rows = [row for raw_row in chain(before, rest) if (row := reader.read(raw_row))]
        book.sheets[sheet.key] = rows
    else:
        book.lost = True


def _unknown_sheet(title: str, heads: Sequence[Any], sheets: Sheets) -> Fault:
    fitting = [sheet.key for sheet in _having_columns(heads, sheets)]
    if fitting:
        told = _("“%(title)s”的列在 %(sheets)s 里都有，分不出是哪一张：请用其中之一命名。")
        return Fault(title, None, None, told, {"title": title, "sheets": "、".join(fitting)})
    told = _("不认识工作表“%(title)s”：可用的是 %(sheets)s。")
    return Fault(title, None, None, told, {"title": title, "sheets": "、".join(sheets)})


def _head_of(
    rows: Iterator[RawRow], sheet: Sheet | None, sheets: Sheets
) -> tuple[RawRow | None, list[RawRow], Iterator[RawRow]]:
    """The row with the headers, and what comes below it: the first rows again, and the rest.

    The first that names the key column; when none does, the first with anything in it.
    """
    first: list[RawRow] = []
    for row in rows:
        if not any(_is_filled(cell) for cell in row[1]):
            continue
        first.append(row)
        if _names_key(sheet, row[1], sheets):
            return row, [], rows
        if len(first) == HEAD_ROWS:
            break
    return (first[0] if first else None), first[1:], rows


def _names_key(sheet: Sheet | None, cells: Sequence[Any], sheets: Sheets) -> bool:
    if sheet is None:
        return _told_by_columns(cells, sheets) is not None
    found = [column for cell in cells if isinstance(cell, str) and (column := column_named(sheet, cell))]
    return sheet.columns[0] in found


def _told_by_columns(cells: Sequence[Any], sheets: Sheets) -> Sheet | None:
    """The one sheet that has all these columns."""
    fitting = _having_columns(cells, sheets)
    return fitting[0] if len(fitting) == 1 else None


def _having_columns(cells: Sequence[Any], sheets: Sheets) -> list[Sheet]:
    """The sheets that have all these columns; of several those whose Chinese names they are, too."""
    titles = [str(cell) for cell in cells if _is_filled(cell)]
    fitting = []
    for sheet in sheets.values():
        found = [column_named(sheet, title) for title in titles]
        if titles and all(found) and sheet.columns[0] in found:
            exact = sum(cleaned(title) == column.header for title, column in zip(titles, found, strict=True) if column)
            fitting.append((exact, sheet))
    best = max((exact for exact, _sheet in fitting), default=0)
    return [sheet for exact, sheet in fitting if exact == best]


def _is_filled(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cleaned(cell))


def _headed(book: Book, sheet: Sheet, head: RawRow) -> Rows | None:
    """The sheet without its rows yet; None when nothing can be told of any row."""
    number, cells = head
    seen: set[str] = set()
    torn = False
    for cell in cells:
        if not _is_filled(cell):
            continue
        column = column_named(sheet, str(cell))
        if column is None:
            torn = True
            told = _("不认识列“%(title)s”：可用的是 %(columns)s。")
            figures = {"title": shown(cell), "columns": "、".join(column.key for column in sheet.columns)}
            book.faults.append(Fault(sheet.key, number, shown(cell), told, figures))
        elif column.key in seen:
            told = _("列“%(title)s”出现了两次。")
            book.faults.append(Fault(sheet.key, number, column.key, told, {"title": column.header}))
        else:
            seen.add(column.key)
    for column in sheet.columns[: sheet.keys]:
        if column.key not in seen:
            if not torn:
                told = _("缺少列“%(title)s”：没有它认不出每一行是什么。")
                book.faults.append(Fault(sheet.key, number, column.key, told, {"title": column.header}))
            return None
    return Rows(sheet, number, frozenset(seen), [], torn)


def _places(sheet: Sheet, cells: Sequence[Any]) -> list[tuple[int, Column]]:
    """Which cell of a row belongs to which column; the first of two counts."""
    found: dict[str, tuple[int, Column]] = {}
    for place, cell in enumerate(cells):
        if _is_filled(cell) and (column := column_named(sheet, str(cell))) is not None:
            found.setdefault(column.key, (place, column))
    return list(found.values())


class _RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, sheet: Sheet, places: Iterable[tuple[int, Column]], faults: list[Fault]) -> None:
        self._sheet, self._places, self._faults = sheet, list(places), faults
        self._keys = sheet.columns[: sheet.keys]

    def read(self, raw: RawRow) -> Row | None:
        """None for an empty row."""
        number, cells = raw
        row = Row(number, {})
        for place, column in self._places:
            cell = cells[place] if place < len(cells) else None
            if not _is_filled(cell):
                continue
            try:
                row.values[column.key] = column.read(_sound(cell))
            except BadCell as bad:
                row.break_(column.key)
                self._faults.append(Fault(self._sheet.key, number, column.key, bad.sentence, bad.figures))
        if not row.values and not row.broken:
            return None
        for column in self._keys:
            if column.key not in row.values and column.key not in row.broken:
                row.break_(column.key)
                told = _("没有填写%(title)s，认不出这一行是什么。")
                self._faults.append(Fault(self._sheet.key, number, column.key, told, {"title": column.zh}))
                break
        return row


def _sound(cell: Any) -> Any:
    if isinstance(cell, Unsound):
        raise BadCell(cell.sentence, text=cell.text)
    return cell

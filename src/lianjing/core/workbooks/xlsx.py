"""An Excel workbook, sheet by sheet and row by row. No Django.

openpyxl reads workbooks, too; it takes four times as long for a hundred thousand rows, passes over merged cells while
it streams, and hands out formulas or their values, not both.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import join, normpath
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from lianjing.terms.sentences import marked as _

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
PROLOGUE = 65_536
"""Bytes of a part in which a document type would stand."""
MOST_MERGED = 20_000

RawRow = tuple[int, Sequence[Any]]
"""The number that Excel shows beside a row, and its cells."""


class DamagedWorkbook(Exception):
    """It is no workbook, or a part of it cannot be read."""


@dataclass(frozen=True, slots=True)
class Unsound:
    """A cell that holds no value: the error of a formula, or a formula that was never calculated."""

    sentence: str
    text: str = ""


NO_RESULT = Unsound(_("这里的公式没有计算结果：请用 Excel 打开并保存一次，或改成值。"))


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: its title, and where its rows are."""

    title: str
    path: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class _Styles:
    """By the number of a cell's style: whether it shows a date, or a span of time."""

    dates: frozenset[int]
    spans: frozenset[int]


class Workbook:
    """An opened workbook. Raises DamagedWorkbook, also while rows are read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        try:
            book = self._related("", "officeDocument")[0]
            self.pages, self._epoch = self._read_book(book)
            self._strings = list(self._read_strings(book))
            self._styles = self._read_styles(book)
        except _BROKEN as wrong:
            raise DamagedWorkbook from wrong

    def rows(self, page: Page) -> Iterator[RawRow]:
        """Rows with anything in them, as far as cells go; cells that are merged downwards all have their value."""
        try:
            merged = self._merged(page)
            rows = self._read_rows(page)
            yield from filled_down(rows, merged) if merged else rows
        except _BROKEN as wrong:
            raise DamagedWorkbook from wrong

    # Parts

    def _open(self, path: str) -> IO[bytes]:
        with self._archive.open(path) as source:
            if b"<!DOCTYPE" in source.read(PROLOGUE):
                raise DamagedWorkbook
        return self._archive.open(path)

    def _elements(self, path: str, name: str) -> Iterator[Element]:
        """Elements of that name, whatever the namespace; each is emptied when the next is asked for."""
        with self._open(path) as source:
            for _event, element in _parsed(source):
                if element.tag.rpartition("}")[2] == name:
                    yield element
                    element.clear()

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Kind and path of what a part refers to, by id."""
        folder, _slash, name = path.rpartition("/")
        rels = join(folder, "_rels", f"{name}.rels")
        found = {}
        for one in self._elements(rels, "Relationship"):
            target = str(one.get("Target"))
            where = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found[str(one.get("Id"))] = (str(one.get("Type")).rpartition("/")[2], where)
        return found

    def _related(self, path: str, kind: str) -> list[str]:
        return [where for its, where in self._relations(path).values() if its == kind and where in self._names]

    def _read_book(self, path: str) -> tuple[list[Page], Any]:
        relations = self._relations(path)
        epoch = CALENDAR_WINDOWS_1900
        pages = []
        with self._open(path) as source:
            for _event, element in _parsed(source):
                name = element.tag.rpartition("}")[2]
                if name == "workbookPr" and element.get("date1904") in ("1", "true"):
                    epoch = CALENDAR_MAC_1904
                elif name == "sheet":
                    key = next((value for attribute, value in element.items() if attribute.endswith("}id")), "")
                    kind, where = relations.get(key, ("", ""))
                    if kind == "worksheet":
                        hidden = element.get("state", "visible") != "visible"
                        pages.append(Page(str(element.get("name")), where, hidden))
        return pages, epoch

    def _read_strings(self, book: str) -> Iterator[str]:
        for path in self._related(book, "sharedStrings"):
            yield from (_text(element) for element in self._elements(path, "si"))

    def _read_styles(self, book: str) -> _Styles:
        formats: dict[int, str] = dict(BUILTIN_FORMATS)
        styles: list[int] = []
        for path in self._related(book, "styles"):
            for element in self._elements(path, "numFmt"):
                formats[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            for element in self._elements(path, "cellXfs"):
                styles = [int(one.get("numFmtId", 0)) for one in element]
        kinds = [(place, formats.get(number)) for place, number in enumerate(styles)]
        return _Styles(
            frozenset(place for place, told in kinds if is_date_format(told)),
            frozenset(place for place, told in kinds if is_timedelta_format(told)),
        )

    # Rows

    def _read_rows(self, page: Page) -> Iterator[RawRow]:
        with self._open(page.path) as source:
            space = MAIN
            number = 0
            for _event, element in _parsed(source):
                tag = element.tag
                if tag == f"{STRICT}row":
                    space = STRICT
                if tag == f"{space}row":
                    number = int(element.get("r") or number + 1)
                    cells = self._cells(element, space)
                    element.clear()
                    if cells:
                        yield number, cells

    def _cells(self, row: Element, space: str) -> list[Any]:
        cells: list[Any] = []
        for element in row:
            place = _column(element.get("r"))
            if place is None:
                place = len(cells)
            value = self._value(element, space)
            if value is None:
                continue
            if place > len(cells):
                cells.extend([None] * (place - len(cells)))
            if place == len(cells):
                cells.append(value)
            else:
                cells[place] = value
        return cells

    def _value(self, cell: Element, space: str) -> Any:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{space}is")
            return None if inline is None else _text(inline)
        told = cell.findtext(f"{space}v")
        if told is None or (told == "" and kind != "str"):
            return NO_RESULT if cell.find(f"{space}f") is not None else None
        if kind == "n":
            return self._number(told, int(cell.get("s", 0)))
        if kind == "s":
            return self._strings[int(told)]
        if kind == "b":
            return told in ("1", "true")
        if kind == "e":
            return Unsound(_("这里是公式错误 %(text)s。"), told)
        return _unescaped(told)

    def _number(self, told: str, style: int) -> Any:
        value = float(told) if "." in told or "E" in told or "e" in told else int(told)
        if style not in self._styles.dates:
            return value
        try:
            return from_excel(value, self._epoch, timedelta=style in self._styles.spans)
        except (OverflowError, ValueError):
            return Unsound(_("“%(text)s”是日期格式，但没有这一天。"), told)

    def _merged(self, page: Page) -> list["Merged"]:
        """Stands below the rows, so the part is looked through once for it, as bytes."""
        blocks: set[bytes] = set()
        with self._open(page.path) as source:
            rest = b""
            while piece := source.read(1 << 20):
                blocks.update(_MERGED.findall(rest + piece))
                rest = (rest + piece)[-200:]
        return list(_downwards(blocks))


_BROKEN = (
    ParseError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)
"""What a damaged file, or one with a password, makes of the libraries."""


def _parsed(source: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Without entities of its own, which `_open` has refused, XML cannot grow while it is read."""
    return iterparse(source)  # noqa: S314


def _column(reference: str | None) -> int | None:
    """ "C7" is 2."""
    if not reference:
        return None
    letters = reference.rstrip("0123456789")
    return column_index_from_string(letters) - 1


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """`_x000D_` is how a workbook keeps what XML cannot."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """Text that would be taken for such an escape."""
    return _ESCAPED.sub(r"_x005F_x\1_", text) if "_x" in text else text


def _text(element: Element) -> str:
    """Of a string with or without parts; how it is read aloud is left out."""
    pieces = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [part.text or "" for part in child if part.tag.rpartition("}")[2] == "t"]
    return _unescaped("".join(pieces))


# Merged cells

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})\"")


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of merged cells: its value is in the first row."""

    column: int
    """Counted from 0."""
    first: int
    last: int


def _downwards(blocks: set[bytes]) -> Iterator[Merged]:
    """Blocks of more than one row; of several columns only the first has the value."""
    for block in sorted(blocks)[:MOST_MERGED]:
        left, top, _right, bottom = range_boundaries(block.decode())
        if left is not None and top is not None and bottom is not None and bottom > top:
            yield Merged(left - 1, top, bottom)


def filled_down(rows: Iterator[RawRow], merged: Sequence[Merged]) -> Iterator[RawRow]:
    """The rows of a block all have its value: that is what the person sees.

    A row of which nothing else is filled stays empty.
    """
    starting: dict[int, list[Merged]] = {}
    for block in merged:
        starting.setdefault(block.first, []).append(block)
    open_blocks: list[tuple[Merged, Any]] = []
    for number, cells in rows:
        open_blocks = [(block, value) for block, value in open_blocks if block.last >= number]
        if open_blocks:
            cells = list(cells)
            for block, value in open_blocks:
                cells += [None] * (block.column + 1 - len(cells))
                if cells[block.column] is None:
                    cells[block.column] = value
        for block in starting.get(number, ()):
            open_blocks.append((block, cells[block.column] if block.column < len(cells) else None))
        yield number, cells

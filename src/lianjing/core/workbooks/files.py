"""From bytes to sheets of raw cells: an Excel workbook, a CSV file, or a ZIP file of CSV files. No Django."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from lianjing.core.workbooks.encodings import decoded
from lianjing.core.workbooks.faults import BadFile
from lianjing.core.workbooks.xlsx import DamagedWorkbook, Page, RawRow, Unsound, Workbook
from lianjing.terms.sentences import marked as _

MOST_UNPACKED = 400_000_000
"""Bytes of all parts of a workbook: a small file can unpack to a disk's worth."""
MOST_ROWS = 250_000
MOST_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it is in the file. `title` is the tab's, or the name of the CSV file without its ending."""

    title: str
    rows: Iterator[RawRow]
    is_named: bool = True
    """False: the title may be any file name, and the columns say what it is."""
    is_hidden: bool = False


class NotATable(BadFile):
    """Neither an Excel workbook nor CSV: there is nothing to look at."""


def sheets_of(name: str, content: bytes) -> Iterator[RawSheet]:
    """The sheets of a file, each to be read before the next is asked for. Raises BadFile, also while rows are read."""
    if not content.strip():
        raise NotATable(_("文件是空的。"))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotATable(_("这是旧版 Excel（.xls）或有密码的工作簿：请另存为不加密的 .xlsx 再导入。"))
    if content.startswith(b"PK"):
        return _in_archive(name, content)
    ending = PurePath(name).suffix.lower()
    if ending in (".xlsx", ".xlsm", ".zip"):
        raise NotATable(_("文件损坏，或不是 Excel 工作簿：请用 Excel 打开并另存为 .xlsx。"))
    if ending not in (".csv", ".txt", ".tsv"):
        raise NotATable(_("只能导入 Excel（.xlsx）或 CSV（.csv）文件。"))
    return iter([_csv_sheet(PurePath(name).stem, content)])


def _in_archive(name: str, content: bytes) -> Iterator[RawSheet]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as wrong:
        raise NotATable(_("文件损坏，或不是 Excel 工作簿：请用 Excel 打开并另存为 .xlsx。")) from wrong
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise NotATable(_("文件解开后超过 400 MB，不能导入：请分成几个文件。"))
    if "[Content_Types].xml" in names:
        return _excel_sheets(archive)
    if PurePath(name).suffix.lower() == ".zip" or any(part.lower().endswith(".csv") for part in names):
        return _zipped(archive)
    raise NotATable(_("只能导入 Excel（.xlsx）或 CSV（.csv）文件。"))


# CSV


def _zipped(archive: zipfile.ZipFile) -> Iterator[RawSheet]:
    parts = [part for part in archive.infolist() if part.filename.lower().endswith(".csv")]
    if not parts:
        raise NotATable(_("压缩文件里没有 CSV 文件。"))
    for part in parts:
        try:
            content = archive.read(part)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as wrong:
            raise NotATable(_("压缩文件损坏或有密码，不能读取。")) from wrong
        yield _csv_sheet(PurePath(member_name(part)).stem, content)


def member_name(part: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK, which zipfile takes for CP437."""
    if part.flag_bits & 0x800:
        return part.filename
    try:
        return part.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return part.filename


def _csv_sheet(stem: str, content: bytes) -> RawSheet:
    return RawSheet(stem, _csv_rows(stem, content), is_named=False)


def _csv_rows(stem: str, content: bytes) -> Iterator[RawRow]:
    text = decoded(content, stem)
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            told = _("引号没有成对，或这一格太长：请用 Excel 打开并另存为 CSV。")
            raise BadFile(told, sheet=stem, row=number + 1) from wrong
        number += 1
        if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise BadFile(
                _("行数超过 %(rows)d 或列数超过 %(columns)d。"), sheet=stem, rows=MOST_ROWS, columns=MOST_COLUMNS
            )
        yield number, [_unwrapped(cell) for cell in cells]


_KEPT = re.compile(r'="(.*)"', re.S)


_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


def _unwrapped(cell: str) -> Any:
    """`="0012"` is how people keep Excel from taking zeros away."""
    if cell in _ERRORS:
        return Unsound(_("这里是公式错误 %(text)s。"), cell)
    found = _KEPT.fullmatch(cell.strip())
    return found[1] if found else cell


# Excel


def _excel_sheets(archive: zipfile.ZipFile) -> Iterator[RawSheet]:
    try:
        book = Workbook(archive)
    except DamagedWorkbook as wrong:
        raise NotATable(_("文件损坏，或不是 Excel 工作簿：请用 Excel 打开并另存为 .xlsx。")) from wrong
    return (RawSheet(page.title, _excel_rows(book, page), is_hidden=page.is_hidden) for page in book.pages)


def _excel_rows(book: Workbook, page: Page) -> Iterator[RawRow]:
    count = 0
    try:
        for number, cells in book.rows(page):
            if len(cells) > MOST_COLUMNS:
                raise BadFile(_("列数超过 %(columns)d。"), sheet=page.title, row=number, columns=MOST_COLUMNS)
            count += 1
            if count > MOST_ROWS:
                raise BadFile(_("行数超过 %(rows)d：请分成几个文件。"), sheet=page.title, rows=MOST_ROWS)
            yield number, cells
    except DamagedWorkbook as wrong:
        raise NotATable(_("工作表“%(title)s”损坏，不能读取。"), sheet=page.title, title=page.title) from wrong

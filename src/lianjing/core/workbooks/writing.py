"""The workbook as a file: headers of both names, choices to pick from, and a sheet that explains the columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lianjing.core.workbooks.cells import storable
from lianjing.core.workbooks.columns import EXPLANATIONS, Column, Sheet
from lianjing.core.workbooks.xlsx import escaped
from lianjing.terms.sentences import marked as _

Translate = Callable[[str], str]
Cells = dict[str, Any]
"""Values of one row by column; what is not there stays empty."""
LAST_ROW = 1_048_576
BOLD, GREY = Font(bold=True), PatternFill("solid", fgColor="FFEEEEEE")


@dataclass(frozen=True, slots=True)
class Form:
    """How values are written. `labels`: choices as Chinese words and 是/否; else as they are stored, for programs."""

    labels: bool = False


def write_book(sheets: Iterable[tuple[Sheet, Iterable[Cells]]], into: "Path | IO[bytes]", form: Form) -> dict[str, int]:
    """These sheets with these rows; how many rows each sheet has."""
    return _write(sheets, into, form, None)


def write_template(sheets: Iterable[Sheet], into: "Path | IO[bytes]", form: Form, translate: Translate = str) -> None:
    """The same workbook without rows, and with explanations."""
    wanted = list(sheets)
    _write([(sheet, ()) for sheet in wanted], into, form, lambda book: _explain(book, wanted, translate))


def _write(
    sheets: Iterable[tuple[Sheet, Iterable[Cells]]],
    into: "Path | IO[bytes]",
    form: Form,
    explain: Callable[[Workbook], None] | None,
) -> dict[str, int]:
    book = Workbook(write_only=True)
    counts = {}
    if explain is not None:
        explain(book)
    for sheet, rows in sheets:
        counts[sheet.key] = _write_sheet(book.create_sheet(sheet.key), sheet, rows, form)
    book.save(into)
    return counts


def _write_sheet(page: Any, sheet: Sheet, rows: Iterable[Cells], form: Form) -> int:
    columns = sheet.columns
    page.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(place)].width = column.wide
        if options := _options(column, form):
            _offer(page, place, options)
    page.append([head_cell(page, column.header) for column in columns])
    count = 0
    for row in rows:
        page.append([_cell(page, column, row.get(column.key), form) for column in columns])
        count += 1
    return count


def _options(column: Column, form: Form) -> list[str]:
    if column.is_flag:
        return ["是", "否"] if form.labels else ["TRUE", "FALSE"]
    if column.words is None or column.many:
        return []
    return [word.zh if form.labels else word.value for word in column.words]


def _offer(page: Any, place: int, options: Sequence[str]) -> None:
    """A list to pick from; what is typed instead is left to the import to judge, which knows more words."""
    rule = DataValidation(type="list", formula1=f'"{",".join(options)}"', allow_blank=True, showErrorMessage=False)
    letter = get_column_letter(place)
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    page.data_validations.append(rule)


def head_cell(page: Any, text: str) -> Any:
    """The head of a column."""
    cell = text_cell(page, text)
    cell.font, cell.fill = BOLD, GREY
    return cell


def _cell(page: Any, column: Column, value: Any, form: Form) -> Any:
    if value is None or value == "" or value == () or column.secret:
        return None
    if column.many:
        return text_cell(page, ",".join(_chosen(column, one, form) for one in value))
    if isinstance(value, bool):
        return ("是" if value else "否") if form.labels else value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date | int | float | Decimal):
        return value
    return text_cell(page, storable(_chosen(column, value, form)))


def _chosen(column: Column, value: Any, form: Form) -> str:
    """A choice as the form writes it; anything else as it is."""
    word = column.words.of(str(value)) if column.words is not None and form.labels else None
    return str(value) if word is None else word.zh


def text_cell(page: Any, text: str) -> Any:
    """Text stays text, also when it looks like a number or a formula."""
    cell = WriteOnlyCell(page, "")
    cell.value = escaped(text)
    cell.data_type = "s"
    if text[:1] in "0123456789=+-@":
        cell.number_format = "@"
    return cell


# Explanations


def _explain(book: Workbook, sheets: Sequence[Sheet], translate: Translate) -> None:
    page = book.create_sheet(EXPLANATIONS)
    page.freeze_panes = "A2"
    for letter, width in zip("ABCDE", (22, 26, 10, 60, 70), strict=True):
        page.column_dimensions[letter].width = width
    titles = (_("工作表"), _("列"), _("必填"), _("填写说明"), _("可选的值"))
    page.append([head_cell(page, translate(title)) for title in titles])
    for line in _explanations(sheets, translate):
        cells = [text_cell(page, text) for text in line]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append(cells)


def _explanations(sheets: Sequence[Sheet], translate: Translate) -> Iterator[tuple[str, ...]]:
    yield "", "", "", translate(GENERAL), ""
    for sheet in sheets:
        yield sheet.title, "", "", translate(sheet.told), ""
        for place, column in enumerate(sheet.columns):
            needed = translate(_("必填")) if place < sheet.keys else ""
            needed = needed or (translate(_("新登记时必填")) if column.key in sheet.needed else "")
            yield "", column.header, needed, translate(column.told) if column.told else "", choices_told(column)


def choices_told(column: Column) -> str:
    """What may be picked, by both names."""
    if column.is_flag:
        return "是、否"
    return "、".join(f"{word.zh} {word.value}" for word in column.words) if column.words is not None else ""


GENERAL = _(
    "每行一项。空单元格和没有的列保持原样；日期、数字、列表、分区号、探测原理和备用通信填“-”为清空，其余不能清空。列的次序随意，列名可只写中文或只写英文。"
    "先试运行，有一处错误就什么都不导入。"
)

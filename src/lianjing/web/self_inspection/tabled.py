"""The report as a workbook: text stays text, every clause leads to its evidence, every record to its page."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from lianjing.core.workbooks.cells import storable
from lianjing.core.workbooks.writing import head_cell, text_cell
from lianjing.terms.staffing import PostKind
from lianjing.terms.verdicts import ClauseKind, Verdict
from lianjing.web.self_inspection.content import Report
from lianjing.web.self_inspection.figure_words import measured_lines, told_figures
from lianjing.web.self_inspection.printed import lines_of, places_of
from lianjing.web.standard_words import confidence_words
from lianjing.web.tags import day_clock

LONGEST = 32_767
"""Signs that a cell of Excel holds."""
LINK = Font(color="FF1F4E9E", underline="single")
TOP = Alignment(wrap_text=True, vertical="top")
Row = Sequence[Any]


def book_of(report: Report) -> bytes:
    """Sheets 报告, 条款, 证据, 表1 and 依据."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    book.properties.title, book.properties.creator = _("自查报告"), report.made_by
    _write(book, "报告", (_("项目"), _("内容")), (24, 90), list(_about(report)))
    clauses = list(_clauses(report))
    page = _write(book, "条款", CLAUSE_HEADS, (20, 22, 50, 10, 12, 60, 50, 8), [row for row, _first in clauses])
    for number, (_row, first) in enumerate(clauses, 2):
        if first:
            _link(page.cell(number, 8), Hyperlink(ref="", location=f"'证据'!A{first}"))
    evidence = list(_evidence(report))
    page = _write(book, "证据", EVIDENCE_HEADS, (20, 16, 14, 24, 60, 18, 60), evidence)
    for number, row in enumerate(evidence, 2):
        if report.address and row[6]:
            _link(page.cell(number, 7), Hyperlink(ref="", target=row[6]))
    page = _write(book, "表1", TABLE_HEADS, (16, 12, 12, 12, 12, 18, 14), list(_table(report)))
    _link_table(page, report, {row[0]: place for place, row in enumerate(evidence, 2)})
    _write(book, "依据", BASIS_HEADS, (20, 24, 36, 24, 18, 60, 12, 44), list(_basis(report)))
    into = BytesIO()
    book.save(into)
    return into.getvalue()


CLAUSE_HEADS = ("条款号", "标题", "原文", "性质", "判定", "理由", "数据", "证据")
EVIDENCE_HEADS = ("编号", "条款号", "类别", "名称", "说明", "记录", "链接")
TABLE_HEADS = ("岗位", "应有", "合格", "余缺", "在岗", "在服务客户（户）", "适用行")
BASIS_HEADS = ("条款号", "引用编号", "名称", "采用版本", "条", "要求", "核对", "版本状态")


def _about(report: Report) -> Iterator[Row]:
    asked, licence = report.asked, report.licence
    yield _("从业单位"), asked.company.name
    yield _("单位代码"), asked.company.code
    if asked.company.is_demo:
        yield _("演示数据"), _("本单位及其记录是演示数据，不是真实情况。")
    yield _("保安服务许可证"), licence.number if licence else _("没有登记在当日有效的许可证")
    yield _("哪一天的情况"), str(asked.on)
    yield _("按何时所知"), day_clock(asked.known or report.made_at)
    yield _("制作时间"), day_clock(report.made_at)
    yield _("制作人"), report.made_by
    yield _("条款目录摘要"), report.catalogue_digest
    yield _("链接"), report.address or _("制作时不知道本系统的地址：链接一栏从 / 写起，前面加上打开本系统的地址。")
    yield _("封存链头"), str(report.head) if report.head else _("还没有封存")
    yield _("判定内容摘要"), report.items_sha256
    for verdict, count in report.counts.items():
        yield f"{verdict.sign} {_(verdict.zh)}", count


def _clauses(report: Report) -> Iterator[tuple[Row, int]]:
    """Each clause, and the row of its first evidence; 0 without any."""
    place = 2
    for entry in report.entries:
        clause, item = entry.clause, entry.item
        text = "\n".join([*clause.lines, *(" | ".join(row) for row in clause.table)])
        if item is None:
            kind = "" if clause.kind == ClauseKind.HEADING else _("不判定")
            yield (clause.number, clause.title, text, _(clause.kind.zh), kind, "", "", ""), 0
            continue
        figures = "\n".join(f"{name}：{value}" for name, value in told_figures(item["figures"]))
        figures = "\n".join([figures, *map(str, measured_lines(item["figures"]))])
        verdict, count = Verdict(item["verdict"]), len(item["evidence"])
        mark = f"{verdict.sign} {_(verdict.zh)}"
        told = (clause.number, clause.title, text, _(clause.kind.zh), mark, item["sentence"], figures, count)
        yield told, place if count else 0
        place += count


def _evidence(report: Report) -> Iterator[Row]:
    for entry in report.entries:
        for line, one in zip(lines_of(report, entry.item), entry.item["evidence"], strict=True) if entry.item else ():
            where = line.url or one["href"] or ""
            yield line.number, entry.clause.number, line.kind, line.name, line.sentence, line.record, where


def _table(report: Report) -> Iterator[Row]:
    told = report.staffing
    for post in report.posts:
        figures = (post.required, post.eligible, post.margin, post.employed, told["customers"], told["row"])
        yield _(PostKind(post.key).zh), *figures


def _link_table(page: Any, report: Report, rows: Mapping[str, int]) -> None:
    """Who is eligible and which customers count: their lists; without an address the line of evidence that names it."""
    places = places_of(report)
    for number, post in enumerate(report.posts, 2):
        for column, key in ((3, post.key), (6, "contracts")):
            line = places.get(key)
            if line is not None:
                inner = None if line.url else f"'证据'!A{rows[line.number]}"
                _link(page.cell(number, column), Hyperlink(ref="", target=line.url or None, location=inner))


def _basis(report: Report) -> Iterator[Row]:
    for entry in report.entries:
        for one, standard in entry.basis:
            told = (standard.cited, standard.name, standard.in_use, one.clause, one.asks)
            yield entry.clause.number, *told, confidence_words(one.confidence), standard.standing


def _write(book: Workbook, title: str, heads: Row, widths: Sequence[int], rows: Sequence[Row]) -> Any:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for place, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = width
    page.append([head_cell(page, _(head)) for head in heads])
    for row in rows:
        page.append([_cell(page, value) for value in row])
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if rows:
        page.auto_filter.ref = page.dimensions
    return page


def _cell(page: Any, value: Any) -> Any:
    """Numbers stay numbers; whatever is typed by somebody is text and never a formula."""
    if isinstance(value, int):
        cell = text_cell(page, "")
        cell.value, cell.data_type = value, "n"
    else:
        cell = text_cell(page, storable(str(value))[:LONGEST])
    cell.alignment = TOP
    return cell


def _link(cell: Any, link: Hyperlink) -> None:
    cell.hyperlink = link
    cell.font = LINK

"""导入导出: a workbook is looked at first, and imported at a second word; the same workbook goes out."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies
from lianjing.domain.incidents.importing import import_sites
from lianjing.domain.sites.exporting.actions import export_sites
from lianjing.domain.sites.exporting.workbook import Form, write_template
from lianjing.domain.sites.importing.actions import File, Outcome, examine_file
from lianjing.domain.sites.importing.columns import SHEETS, Column
from lianjing.domain.sites.importing.faults import Fault
from lianjing.domain.sites.importing.files import NotATable, sheets_of
from lianjing.domain.sites.importing.planning import Change, What
from lianjing.domain.sites.importing.report import counts
from lianjing.domain.sites.schedule_words import words
from lianjing.web.acting import doors, who
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.uploads import Upload, forget, keep, kept
from lianjing.web.pages import show
from lianjing.web.words import label

TAB = "exchange"
EDIT = "sites.edit"
CHANGES_SHOWN = 200
"""Of one sheet."""
ERRORS_SHOWN = 500
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHAT = {What.CREATED: later("新建"), What.CHANGED: later("修改"), What.REMOVED: later("移除")}


class UploadForm(OfficeForm):
    """A file, and for which company when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"required": later("请选择一项。")})
    file = forms.FileField(
        label=later("工作簿"),
        error_messages={**NOT_FILLED, "required": later("请选择一个文件。"), "empty": later("文件是空的。")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.zip"}),
    )

    def __init__(self, mine: list[Company], data: object = None, files: object = None) -> None:
        super().__init__(data, files)
        offer_companies(self, mine)

    def clean_file(self) -> Any:
        file, most = self.cleaned_data["file"], settings.ENVIRONMENT.import_max_mb
        if file.size > most * 1_000_000:
            told = _("文件有 %(size)s MB，最多 %(most)d MB：请分成几个文件，或请管理员在服务器上导入。")
            raise forms.ValidationError(told % {"size": f"{file.size / 1_000_000:.1f}", "most": most})
        return file


class ExportForm(OfficeForm):
    """Which company, when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"required": later("请选择一项。")})

    def __init__(self, mine: list[Company], data: object = None) -> None:
        super().__init__(data, auto_id="e-%s")
        offer_companies(self, mine)


def offer_companies(form: forms.Form, mine: list[Company]) -> None:
    """With one company there is nothing to choose."""
    field = form.fields["company"]
    if len(mine) == 1:
        field.widget = forms.HiddenInput()
        field.initial = str(mine[0].pk)
    field.choices = [(str(company.pk), company.name) for company in mine]  # type: ignore[attr-defined]


def _mine(request: HttpRequest) -> list[Company]:
    scope = viewer_of(request).scope(EDIT)
    return [company for company in companies(viewer_of(request)) if scope.holds(company.pk)]


@needs(EDIT)
@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    return _page(request, UploadForm(_mine(request)))


def _page(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = surroundings(request, TAB) | {"form": form, "export_form": ExportForm(_mine(request))}
    context |= {"most": settings.ENVIRONMENT.import_max_mb, "sheets": list(SHEETS.values())}
    return show(request, "office/exchange.html", context, status=status)


@needs(EDIT)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keeps the file and shows what it would do."""
    form = UploadForm(_mine(request), request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    brought = form.cleaned_data["file"]
    file = File(brought.name, brought.read())
    company_id = int(form.cleaned_data["company"])
    try:
        sheets_of(file.name, file.content)
    except NotATable as bad:
        form.add_error("file", words(bad.fault, _))
        return _page(request, form, status=422)
    kept_file = keep(viewer_of(request).id, company_id, file)
    return HttpResponseRedirect(reverse("office:import_look", args=[kept_file.id]))


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One sheet of the dry run."""

    title: str
    counts: dict[str, int]
    changes: list[dict[str, Any]]
    """The first ones."""
    count: int


@needs(EDIT)
@require_safe
def look(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The dry run of a kept file."""
    brought = _kept(request, upload_id)
    if brought is None:
        return _gone(request)
    try:
        with doors():
            outcome = examine_file(brought.file, brought.company_id, by=viewer_of(request), at=timezone.now())
    except NotATable as bad:
        forget(brought)
        messages.error(request, words(bad.fault, _))
        return HttpResponseRedirect(reverse("office:exchange"))
    return _show_report(request, brought, outcome)


@needs(EDIT)
@require_POST
def apply(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Imports exactly the bytes that were looked at. What is wrong meanwhile is shown as in the dry run."""
    brought = _kept(request, upload_id)
    if brought is None:
        return _gone(request)
    with doors():
        outcome = import_sites(brought.file, brought.company_id, **who(request))
    if not outcome.applied:
        return _show_report(request, brought, outcome, status=422)
    forget(brought)
    plan = outcome.plan
    told = _("已导入“%(file)s”：新建 %(created)d，修改 %(changed)d，移除 %(removed)d，不变 %(unchanged)d。") % {
        "file": brought.name,
        "created": plan.count(What.CREATED),
        "changed": plan.count(What.CHANGED),
        "removed": plan.count(What.REMOVED),
        "unchanged": plan.unchanged.total(),
    }
    messages.success(request, told)
    return HttpResponseRedirect(reverse("office:exchange"))


@needs(EDIT)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The workbook of a company; that it went out is recorded."""
    form = ExportForm(_mine(request), request.POST)
    if not form.is_valid():
        return _page(request, UploadForm(_mine(request)), status=422)
    company = next(c for c in _mine(request) if str(c.pk) == form.cleaned_data["company"])
    into = BytesIO()
    with doors():
        export_sites(company.pk, into, Form(labels=True), **who(request))
    day = timezone.localdate().isoformat()
    return _workbook(into, _("%(company)s 客户与场所 %(day)s.xlsx") % {"company": company.name, "day": day})


@needs(EDIT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    into = BytesIO()
    write_template(into, Form(labels=True), _)
    return _workbook(into, _("客户与场所导入模板.xlsx"))


def _workbook(into: BytesIO, name: str) -> HttpResponse:
    answer = HttpResponse(into.getvalue(), content_type=EXCEL)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "no-store"
    return answer


def _kept(request: HttpRequest, upload_id: int) -> Upload | None:
    """The person's own file; somebody else's is 404, as one that never was."""
    brought = kept(viewer_of(request).id, upload_id)
    if brought is not None and not viewer_of(request).scope(EDIT).holds(brought.company_id):
        raise Http404
    return brought


def _gone(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("这个文件已经导入，或已过期（保留两小时）：请重新上传。"))
    return HttpResponseRedirect(reverse("office:exchange"))


def _show_report(request: HttpRequest, brought: Upload, outcome: Outcome, status: int = 200) -> HttpResponse:
    plan = outcome.plan
    company = next((c for c in _mine(request) if c.pk == brought.company_id), None)
    sheets = [_sheet_report(outcome, key) for key in SHEETS if plan.rows[key]]
    errors = [_error(fault) for fault in plan.faults[:ERRORS_SHOWN]]
    hints = [_error(fault) for fault in plan.hints[:ERRORS_SHOWN]]
    context = surroundings(request, TAB) | {
        "upload": brought,
        "company": company,
        "sheets": sheets,
        "errors": errors,
        "errors_count": len(plan.faults),
        "hints": hints,
        "created": plan.count(What.CREATED),
        "changed": plan.count(What.CHANGED),
        "removed": plan.count(What.REMOVED),
        "unchanged": plan.unchanged.total(),
        "changes": len(plan.changes),
        "weakens": [(c, sentence) for c in plan.changes for sentence in c.weakens][:CHANGES_SHOWN],
    }
    return show(request, "office/import.html", context, status=status)


def _sheet_report(outcome: Outcome, key: str) -> SheetReport:
    changes = [change for change in outcome.plan.changes if change.sheet == key]
    told = [_told(change) for change in changes[:CHANGES_SHOWN]]
    return SheetReport(_(SHEETS[key].zh), counts(outcome, key), told, len(changes))


def _told(change: Change) -> dict[str, Any]:
    """A change as the page shows it: names of columns, and each value before and after."""
    columns = {column.key: column for column in SHEETS[change.sheet].columns}
    parts = []
    for key in dict.fromkeys([*change.before, *change.after]):
        column = columns.get(key)
        name = _(column.zh) if column else _("时刻")
        parts.append((name, _value(column, change.before.get(key)), _value(column, change.after.get(key))))
    return {"row": change.row, "key": change.key, "what": WHAT[change.what], "is": change.what.value, "parts": parts}


def _value(column: Column | None, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if column is not None and column.words is not None and value:
        return label(column.words, value)
    known = {"changed": _("（新的）"), "on file": _("（已登记）"), "none": ""}
    return "" if value is None else str(known.get(value, value) if column is not None and column.secret else value)


def _error(fault: Fault) -> dict[str, Any]:
    """With the sheet and the column by both names, as they stand in the file."""
    sheet = SHEETS.get(fault.sheet or "")
    column = next((c.header for c in sheet.columns if c.key == fault.column), None) if sheet else None
    title = sheet.title if sheet else fault.sheet
    return {"sheet": title, "row": fault.row, "column": column or fault.column, "message": words(fault, _)}

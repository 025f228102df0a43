"""导入导出: a workbook is looked at first, and imported at a second word; the same workbook goes out."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.workbooks.columns import Column
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.files import NotATable, sheets_of
from lianjing.core.workbooks.planning import Change, File, Outcome, What
from lianjing.core.workbooks.report import counts
from lianjing.core.workbooks.writing import Form, write_template
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.incidents.importing import SHEETS, examine_file, import_file
from lianjing.domain.people.importing.papers import PAPERS
from lianjing.domain.people.importing.papers_in import PHOTO, is_papers
from lianjing.domain.sites.exporting.actions import export_sites
from lianjing.terms.sentences import words
from lianjing.web.acting import doors, who
from lianjing.web.file_sending import workbook
from lianjing.web.office.exchange_forms import ExportForm, PapersForm, PeopleExportForm, UploadForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.uploads import Upload, forget, keep, kept
from lianjing.web.pages import show
from lianjing.web.words import label

TAB = "exchange"
EDIT = "sites.edit"
EDIT_PEOPLE, EXPORT_PEOPLE, IDENTITY = "people.edit", "people.export", "people.identity"
TITLES = {**SHEETS, PAPERS.key: PAPERS}
"""Of everything that a dry run tells of."""
CHANGES_SHOWN = 200
"""Of one sheet."""
ERRORS_SHOWN = 500
WHAT = {What.CREATED: later("新建"), What.CHANGED: later("修改"), What.REMOVED: later("移除")}


def mine_for(request: HttpRequest, permission: str) -> list[Company]:
    """The companies for which the person holds this permission."""
    return companies_with(viewer_of(request), permission)


@needs(EDIT)
@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, form: UploadForm | None = None, status: int = 200, **forms: Any) -> HttpResponse:
    """The whole page; `forms` are those that were sent and have something wrong in them."""
    mine, keeps_files = mine_for(request, EDIT), mine_for(request, EDIT_PEOPLE)
    context = surroundings(request, TAB) | {"form": form or UploadForm(mine), "export_form": ExportForm(mine)}
    context |= {"most": settings.ENVIRONMENT.import_max_mb, "sheets": list(SHEETS.values())}
    if keeps_files:
        context |= {"papers_form": PapersForm(keeps_files)}
    if exporting := mine_for(request, EXPORT_PEOPLE):
        context |= {"people_form": PeopleExportForm(exporting, may_reveal=bool(mine_for(request, IDENTITY)))}
    return show(request, "office/exchange.html", context | forms, status=status)


@needs(EDIT)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keeps the file and shows what it would do."""
    form = UploadForm(mine_for(request, EDIT), request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, status=422)
    brought = form.cleaned_data["file"]
    file = File(brought.name, brought.read())
    company_id = int(form.cleaned_data["company"])
    try:
        if not is_papers(file):
            sheets_of(file.name, file.content)
    except NotATable as bad:
        form.add_error("file", words(bad.fault, _))
        return page(request, form, status=422)
    return to_dry_run(request, company_id, file)


def to_dry_run(request: HttpRequest, company_id: int, file: File) -> HttpResponse:
    """Keeps what was brought, and leads on to what it would do."""
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
        outcome = import_file(brought.file, brought.company_id, **who(request))
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
    form = ExportForm(mine_for(request, EDIT), request.POST)
    if not form.is_valid():
        return page(request, status=422)
    company = next(c for c in mine_for(request, EDIT) if str(c.pk) == form.cleaned_data["company"])
    into = BytesIO()
    with doors():
        export_sites(company.pk, into, Form(labels=True), **who(request))
    day = timezone.localdate().isoformat()
    return workbook(into, _("%(company)s 客户与场所 %(day)s.xlsx") % {"company": company.name, "day": day})


@needs(EDIT)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    into = BytesIO()
    write_template(SHEETS.values(), into, Form(labels=True), _)
    return workbook(into, _("导入模板.xlsx"))


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
    company = next((c for c in mine_for(request, EDIT) if c.pk == brought.company_id), None)
    sheets = [_sheet_report(outcome, key) for key in TITLES if plan.rows[key]]
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
    return SheetReport(_(TITLES[key].zh), counts(outcome, key), told, len(changes))


def _told(change: Change) -> dict[str, Any]:
    """A change as the page shows it: names of columns, and each value before and after."""
    columns = {column.key: column for column in TITLES[change.sheet].columns}
    parts = []
    for key in dict.fromkeys([*change.before, *change.after]):
        column = columns.get(key)
        name = _(column.zh) if column else _("时刻")
        parts.append((name, _value(column, change.before.get(key)), _value(column, change.after.get(key))))
    return {"row": change.row, "key": change.key, "what": WHAT[change.what], "is": change.what.value, "parts": parts}


def _value(column: Column | None, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if column is not None and column.many:
        return "、".join(label(column.words, one) for one in value or ()) if column.words else ""
    if column is not None and column.words is not None and value:
        return _("照片") if value == PHOTO else label(column.words, value)
    known = {"changed": _("（新的）"), "on file": _("（已登记）"), "none": ""}
    return "" if value is None else str(known.get(value, value) if column is not None and column.secret else value)


def _error(fault: Fault) -> dict[str, Any]:
    """With the sheet and the column by both names, as they stand in the file."""
    sheet = TITLES.get(fault.sheet or "")
    column = next((c.header for c in sheet.columns if c.key == fault.column), None) if sheet else None
    title = sheet.title if sheet else fault.sheet
    return {"sheet": title, "row": fault.row, "column": column or fault.column, "message": words(fault, _)}

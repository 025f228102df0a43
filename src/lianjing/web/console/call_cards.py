"""应急联系单: the sheets for the day when everything is down, to be printed beforehand."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.reports.actions import note_sheet_taken
from lianjing.domain.reports.call_cards import SEE
from lianjing.domain.reports.card_files import Index, folder_of, read_index, sheet_path
from lianjing.web.acting import doors, who
from lianjing.web.console.surroundings import surroundings
from lianjing.web.file_sending import download
from lianjing.web.pages import show

TAB = "call_cards"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A company's sheets; `index` is None as long as none was made."""

    company: Company
    index: Index | None
    is_old: bool


def _mine(request: HttpRequest) -> list[Company]:
    return companies_with(viewer_of(request), SEE)


@needs(SEE)
@require_safe
def call_cards(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, TAB)
    shelves = []
    for company in _mine(request):
        index = read_index(folder_of(settings.ENVIRONMENT.call_cards_folder, company.pk))
        shelves.append(Shelf(company, index, index is not None and index.is_old(context["now"])))
    return show(request, "desk/call_cards.html", context | {"shelves": shelves})


@needs(SEE)
@require_POST
def call_card_sheet(request: HttpRequest, company_id: int, name: str) -> HttpResponse:
    """Hands a sheet out, and records who took it. A form, and no link: a browser must not fetch it by itself."""
    folder = folder_of(settings.ENVIRONMENT.call_cards_folder, company_id)
    index = read_index(folder) if any(company.pk == company_id for company in _mine(request)) else None
    sheet = next((sheet for sheet in index.sheets if sheet.name == name), None) if index else None
    if sheet is None:
        raise Http404
    try:
        content = sheet_path(folder, sheet.name).read_bytes()
    except FileNotFoundError as gone:
        raise Http404 from gone
    with doors():
        note_sheet_taken(company_id, sheet, **who(request))
    return download(content, "application/pdf", f"{sheet.name}.pdf")

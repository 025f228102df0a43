"""已结警情: the closed cases of a company, and one of them with its time line, for reading only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents import queries
from lianjing.domain.incidents.case_list import Wanted, case_list
from lianjing.domain.incidents.case_media import media_of_case
from lianjing.domain.incidents.case_page import IncidentPage, incident_page
from lianjing.domain.incidents.case_timeline import TIMELINE_SIGNALS
from lianjing.domain.incidents.false_alarms import cause_words
from lianjing.domain.incidents.models import Incident, State
from lianjing.web.acting import found
from lianjing.web.case_filters import CaseFilters, day_field
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.police.surroundings import read_company, surroundings
from lianjing.web.words import DISPOSITIONS, word

SEE = "incidents.see"


class CasesForm(CaseFilters):
    """What narrows the list: besides the rest, from which day to which."""

    since = day_field(later("自"))
    until = day_field(later("至"))
    field_order = ("q", "since", "until")

    def wanted(self, company_id: int) -> Wanted:
        days = {name: self.cleaned_data.get(name) for name in ("since", "until")}
        return Wanted(state=State.CLOSED, company_id=company_id, **days, **self.narrowed)


@needs(SEE)
@require_safe
def closed_cases(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer, company = viewer_of(request), read_company(request, company_id)
    form = CasesForm(request.GET)
    sound = form.is_valid()
    cases = case_list(viewer, form.wanted(company.pk), after=asked_id(request), limit=PAGE + 1)
    shown = cases[:PAGE]
    context = surroundings(request, "cases", company) | {"form": form, "narrowed": any(form.cleaned_data.values())}
    context["lines"] = list(zip(queries.rows_of(shown), shown, strict=True))
    context |= pager(request, shown[-1].pk if len(cases) > PAGE else None)
    return show(request, "police/cases.html", context, 200 if sound else 422)


@needs(SEE)
@require_safe
def case(request: HttpRequest, company_id: int, incident_id: int) -> HttpResponse:
    """A case that is open is for the company's own desk; here it is not there yet."""
    viewer, company = viewer_of(request), read_company(request, company_id)
    page = found(incident_page(viewer, incident_id, at=timezone.now()))
    if page.incident.company_id != company.pk or page.incident.state != State.CLOSED:
        raise Http404
    context = surroundings(request, "cases", company) | {"page": page, "case": page.incident, "row": page.row}
    context |= {
        "media": media_of_case(viewer, incident_id),
        "disposition": _disposition(page),
        "cause": _cause(page.incident),
    }
    context["joinings_left_out"] = page.incident.signal_count if page.incident.signal_count > TIMELINE_SIGNALS else 0
    return show(request, "police/case.html", context)


def _cause(case: Incident) -> str:
    """The cause that was chosen, and what was written besides."""
    return " ".join(filter(None, (cause_words(case.disposition, case.cause_kind), case.cause)))


def _disposition(page: IncidentPage) -> str:
    if page.incident.joined_into_id:
        return _("已并入 #%(number)d") % {"number": page.incident.joined_into_id}
    return word(DISPOSITIONS, page.incident.disposition)

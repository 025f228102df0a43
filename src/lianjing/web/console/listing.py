"""Cases as a list: what is open, what came of it; the way to a case that a leader wants to reopen."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.companies.queries import companies
from lianjing.domain.incidents import queries
from lianjing.domain.incidents.case_list import Wanted, case_list
from lianjing.web.case_filters import CaseFilters, day_field
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import STATES, Words, word

SEGMENTS: Words = {"active": later("未结案"), **STATES, "all": later("全部")}


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the words of the queue, and how it ended."""

    row: queries.QueueRow
    disposition: str
    cause: str
    on_paper: bool
    joined_into: int | None


class FilterForm(CaseFilters):
    """What narrows the list besides the state."""

    company = forms.TypedChoiceField(label=later("单位"), required=False, coerce=int, empty_value=None)
    on = day_field(later("日期"))

    def __init__(self, viewer: Person, data: object) -> None:
        super().__init__(data)
        mine = [(str(company.pk), company.name) for company in companies(viewer)]
        self.fields["company"].choices = [("", _("全部")), *mine]  # type: ignore[attr-defined]
        if len(mine) < 2:
            del self.fields["company"]

    def wanted(self, state: str) -> Wanted:
        told = self.cleaned_data
        asked = "" if state == "all" else state
        return Wanted(state=asked, company_id=told.get("company"), on=told.get("on"), **self.narrowed)


@needs("incidents.see")
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    viewer, asked = viewer_of(request), request.GET.get("state", "")
    form = FilterForm(viewer, request.GET)
    sound = form.is_valid()
    narrowed = any(form.cleaned_data.values())
    # Whoever looks for something looks everywhere, unless he says where.
    state = asked if asked in SEGMENTS else "all" if narrowed else "active"
    context = surroundings(request, "incidents")
    found = case_list(viewer, form.wanted(state), after=asked_id(request), limit=PAGE + 1)
    shown = found[:PAGE]
    rows = zip(queries.rows_of(shown), shown, strict=True)
    context["lines"] = [
        Line(row, case.disposition, case.cause, case.on_paper, case.joined_into_id) for row, case in rows
    ]
    context |= {"form": form, "narrowed": narrowed, "state": state, "states": _states(request, state)}
    context["may_mass_close"] = bool(viewer.scope("incidents.mass_close"))
    context |= pager(request, shown[-1].pk if len(found) > PAGE else None)
    return show(request, "desk/incidents.html", context, 200 if sound else 422)


def _states(request: HttpRequest, state: str) -> list[dict[str, Any]]:
    return [
        {"words": word(SEGMENTS, name), "href": href(request, state=name, after=None), "chosen": name == state}
        for name in SEGMENTS
    ]

"""The door of the office: the manager's home, and for everybody else the sites."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.companies.queries import companies
from lianjing.domain.compliance.verdict_reading import not_met_counts
from lianjing.web.office.home_line import Asked
from lianjing.web.office.home_lines import ahead_lines, lines
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show

MANAGES = "duty.pass"
"""Whose home it is: who can do what its lines ask for."""


@needs("sites.see")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    if not may(viewer, MANAGES):
        return HttpResponseRedirect(reverse("office:sites"))
    return show(request, "office/home.html", surroundings(request, "home") | {"blocks": lines(_asked(viewer))})


@needs(MANAGES)
@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """What will turn: reckoned once, after the page is there, since a year ahead is much to ask every 20 seconds."""
    found = list(ahead_lines(_asked(viewer_of(request))))
    if not found:
        return HttpResponse()
    return show(request, "office/_home_block.html", {"title": _("将要变化"), "lines": found, "place": "ahead"})


def _asked(viewer: Person) -> Asked:
    """Those of which most clauses are not met come first."""
    mine, bad = [one for one in companies(viewer) if viewer.scope(MANAGES).holds(one.pk)], not_met_counts(viewer)
    return Asked(viewer, sorted(mine, key=lambda one: -bad.get(one.pk, 0)), timezone.now())

"""What stands around every page of the roster: for which company, and the ways to its other pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianjing.core.access import may, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.web.office.surroundings import surroundings

TAB = "roster"


@dataclass(frozen=True, slots=True)
class Way:
    """`name` is the page's name in `office:`."""

    name: str
    words: Promise
    permission: str


WAYS = (
    Way("roster", _("排班表"), SEE),
    Way("roster_mine", _("我的班次"), SEE),
    Way("roster_plan", _("按班组排班"), EDIT),
    Way("roster_swaps", _("换班"), EDIT),
    Way("roster_leave", _("请假"), EDIT),
    Way("roster_teams", _("班组"), EDIT),
    Way("roster_kinds", _("班次"), EDIT),
    Way("roster_cover", _("最低在岗"), EDIT),
    Way("roster_rules", _("疲劳规则"), EDIT),
)


def around(request: HttpRequest, here: str, company: Company | None = None) -> dict[str, Any]:
    """Context of a page of the roster."""
    viewer = viewer_of(request)
    of = f"?company={company.pk}" if company and len(companies_with(viewer, SEE)) > 1 else ""
    ways = [
        {"words": way.words, "href": reverse(f"office:{way.name}") + of, "is_here": way.name == here}
        for way in WAYS
        if may(viewer, way.permission)
    ]
    return surroundings(request, TAB) | {"ways": ways, "company": company}

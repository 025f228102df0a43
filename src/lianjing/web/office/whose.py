"""Which company a page of the office is about."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from lianjing.core.access import viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.web.acting import found
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import asked_id
from lianjing.web.police_reading import reads


def company_asked(request: HttpRequest, permission: str) -> tuple[Company | None, list[Company]]:
    """The company of `?company=`, or the first one; and all for which the viewer holds the permission."""
    mine = companies_with(viewer_of(request), permission)
    wanted = asked_id(request, "company")
    company = next((one for one in mine if wanted in (None, one.pk)), None)
    if company is None and wanted is not None:
        raise Http404
    return company, mine


class NoCompany(Http404):
    """There is none yet that the viewer works for."""


def shown_company(request: HttpRequest, permission: str) -> tuple[Company, list[Company]]:
    """As `company_asked`, for pages that are about one. Raises NoCompany."""
    company, mine = company_asked(request, permission)
    if company is None:
        raise NoCompany
    reads(request, [company.pk])
    return company, mine


def says_when_none(tab: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Around a page of the menu about one company: a fresh installation says that it has none, and what to do."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            try:
                return view(request, *args, **named)
            except NoCompany:
                return show(request, "office/no_company.html", surroundings(request, tab))

        return guarded

    return around


def one_of(mine: Sequence[Company], company_id: int) -> Company:
    """The company of an address; 404 when it is none of them."""
    return found(next((one for one in mine if one.pk == company_id), None))

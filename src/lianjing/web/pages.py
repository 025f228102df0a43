"""What the pages of all rooms have in common: who is signed on, in words, and how a page is sent."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from lianjing.core.access import is_police_only, may, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.companies.queries import companies
from lianjing.web.words import ROLES, word

COMPANIES_NAMED = 3


def signed_on_words(request: HttpRequest) -> dict[str, Any]:
    """Who looks, in which roles, for which companies: context of every whole page."""
    viewer = viewer_of(request)
    mine = companies(viewer)
    return {
        "viewer": viewer,
        "is_police_only": is_police_only(viewer),
        "may_take_training": may(viewer, "training.take"),
        "may_see_roster": may(viewer, "roster.swap"),
        "role_words": _roles(viewer),
        "company_words": _companies([company.name for company in mine]),
        "is_demo": any(company.is_demo for company in mine),
    }


def _companies(names: list[str]) -> str:
    shown = _("、").join(names[:COMPANIES_NAMED])
    return (
        shown
        if len(names) <= COMPANIES_NAMED
        else _("%(shown)s 等 %(count)d 家") % {"shown": shown, "count": len(names)}
    )


def _roles(viewer: Person) -> str:
    held = {role.value for roles in viewer.roles.values() for role in roles}
    return _("、").join(word(ROLES, name) for name in ROLES if name in held)


def show(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page or a part of one. Never kept by a browser: what it shows is true now, and not everybody's to see."""
    response = render(request, template, dict(context), status=status)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response

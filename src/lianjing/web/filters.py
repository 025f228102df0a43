"""What stands above a list: the box, choices, and the company when there are several."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianjing.core.access import viewer_of
from lianjing.domain.companies.queries import companies
from lianjing.domain.sites.searching import TEXT_LIMIT
from lianjing.web.paging import asked_id


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down of a list: the name in the query, the words for "all", values with their words."""

    name: str
    words: str
    options: list[tuple[str, str]]
    chosen: str


def text_of(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LIMIT]


def choice(request: HttpRequest, name: str, words: str, options: list[tuple[str, str]]) -> Choice:
    """What is no option counts as not chosen."""
    asked = request.GET.get(name, "")
    return Choice(name, words, options, asked if asked in dict(options) else "")


def company_choice(request: HttpRequest) -> Choice | None:
    """Only for those who see several companies."""
    mine = companies(viewer_of(request))
    if len(mine) < 2:
        return None
    return choice(request, "company", _("全部单位"), [(str(company.pk), company.name) for company in mine])


def company_id(chosen: Choice | None) -> int | None:
    return int(chosen.chosen) if chosen and chosen.chosen else None


def bar(request: HttpRequest, hint: str, choices: list[Choice | None]) -> dict[str, Any]:
    """Context of office/_filters.html."""
    shown = [one for one in choices if one is not None]
    return {
        "text": text_of(request),
        "hint": hint,
        "filters": shown,
        "is_narrowed": bool(text_of(request) or any(one.chosen for one in shown)),
        "after": asked_id(request),
    }

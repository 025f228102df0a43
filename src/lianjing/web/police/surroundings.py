"""What stands around every page of the police: menu, person, the company that it is about and its pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianjing.core.access import may, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.web.acting import found
from lianjing.web.pages import signed_on_words

READ = "police.registers"
PAGES: tuple[tuple[str, Promise], ...] = (
    ("start", _("辖区单位")),
    ("verification", _("校验证据包")),
    ("readings", _("我的查阅记录")),
)
OF_COMPANY: tuple[tuple[str, Promise], ...] = (
    ("company", _("概况")),
    ("people", _("人员登记")),
    ("certificates", _("证书与许可")),
    ("cases", _("已结警情")),
)
ELSEWHERE: tuple[tuple[str, Promise, str], ...] = (
    ("office:clauses", _("规范条款"), "compliance.see"),
    ("office:company", _("单位资质"), "company.see"),
    ("office:departments", _("组织架构"), "company.see"),
)
"""Pages of the office that tell of one company, and who gets in."""


@dataclass(frozen=True, slots=True)
class Way:
    """A word of a menu."""

    words: Promise
    href: str
    is_here: bool


def surroundings(request: HttpRequest, tab: str, company: Company | None = None) -> dict[str, Any]:
    """Context of a whole page: `tab` is a page of PAGES, or of OF_COMPANY."""
    viewer = viewer_of(request)
    top = "start" if company is not None else tab
    return {
        "ways": [Way(words, reverse(f"police:{name}"), name == top) for name, words in PAGES],
        "company": company,
        "company_ways": _ways(request, tab, company) if company is not None else [],
        "may_see_incidents": may(viewer, "incidents.see"),
        "may_see_clauses": may(viewer, "compliance.see"),
        "now": timezone.now(),
        **signed_on_words(request),
    }


def _ways(request: HttpRequest, tab: str, company: Company) -> list[Way]:
    viewer = viewer_of(request)
    ours = [Way(words, reverse(f"police:{name}", args=[company.pk]), name == tab) for name, words in OF_COMPANY]
    others = [
        Way(words, f"{reverse(name)}?company={company.pk}", False)
        for name, words, permission in ELSEWHERE
        if viewer.scope(permission).holds(company.pk)
    ]
    return [ours[0], *others[:1], *ours[1:], *others[1:]]


def read_company(request: HttpRequest, company_id: int) -> Company:
    """The company of the address; 404 when it is none that he reads."""
    mine = companies_with(viewer_of(request), READ)
    return found(next((one for one in mine if one.pk == company_id), None))

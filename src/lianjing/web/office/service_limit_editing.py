"""Entering, correcting and taking back limits and capabilities."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.limit_list import capability_by_id, limit_by_id, limit_rows
from lianjing.domain.compliance.limit_recording import (
    correct_capability,
    correct_limit,
    record_capability,
    record_limit,
    retract_capability,
    retract_limit,
)
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.domain.facilities.equipment_list import numbers_of
from lianjing.terms.alarm_service import Measure, ServiceHeading
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.service_limit_forms import EDITION, CapabilityForm, LimitForm, initial_of
from lianjing.web.office.service_limit_words import title_of
from lianjing.web.office.service_limits import EDIT, TAB, href_of
from lianjing.web.office.whose import one_of

CAPABILITY = "office/capability_form.html"
LEAD = later("数值照本单位所持的版本填写，写明条号；产品不代拟该标准的数值。")


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_add(request: HttpRequest, company_id: int) -> HttpResponse:
    owner = _owner(request, company_id)
    initial = {"edition": EDITION, "heading": _heading(request), "measure": _usual(_heading(request))}
    form = LimitForm(request.POST or None, initial=initial)
    if request.method == "POST" and submitted(
        form, lambda _values: record_limit(company_id, form.limit(), **who(request))
    ):
        return done(request, href_of(company_id), _("限值已登记。"))
    page = FormPage(TAB, _("登记限值：%(name)s") % {"name": owner.name}, _("登记"), href_of(company_id), str(LEAD))
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_edit(request: HttpRequest, limit_id: int) -> HttpResponse:
    row = found(limit_by_id(viewer_of(request), limit_id))
    form = LimitForm(request.POST or None, initial=initial_of(row), is_correction=True)

    def act(values: dict[str, Any]) -> None:
        correct_limit(limit_id, form.limit(), values["reason"], **who(request))

    return _corrected(request, row, form, act)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_retract(request: HttpRequest, limit_id: int) -> HttpResponse:
    row = found(limit_by_id(viewer_of(request), limit_id))
    form = ReasonForm(request.POST or None)
    return _taken_back(request, row, form, lambda values: retract_limit(limit_id, values["reason"], **who(request)))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def capability_add(request: HttpRequest, company_id: int) -> HttpResponse:
    owner = _owner(request, company_id)
    initial = {"heading": _heading(request) or ServiceHeading.CENTRE.value, "item": request.GET.get("item", "")[:60]}
    initial |= {"equipment": request.GET.get("equipment", "")[:32]}
    form = CapabilityForm(request.POST or None, initial=initial, items=_items(request, company_id))
    if request.method == "POST" and submitted(
        form, lambda _values: record_capability(company_id, form.capability(), **who(request))
    ):
        return done(request, href_of(company_id), _("能力记录已登记。"))
    title = _("登记能力：%(name)s") % {"name": owner.name}
    page = FormPage(TAB, title, _("登记"), href_of(company_id), template=CAPABILITY)
    return show_form(request, page, form, _pieces(request, company_id))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def capability_edit(request: HttpRequest, fact_id: int) -> HttpResponse:
    row = found(capability_by_id(viewer_of(request), fact_id))
    items = _items(request, row.company_id)
    form = CapabilityForm(request.POST or None, initial=initial_of(row), is_correction=True, items=items)

    def act(values: dict[str, Any]) -> None:
        correct_capability(fact_id, form.capability(), values["reason"], **who(request))

    return _corrected(request, row, form, act)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def capability_retract(request: HttpRequest, fact_id: int) -> HttpResponse:
    row = found(capability_by_id(viewer_of(request), fact_id))
    form = ReasonForm(request.POST or None)
    return _taken_back(request, row, form, lambda values: retract_capability(fact_id, values["reason"], **who(request)))


def _owner(request: HttpRequest, company_id: int) -> Company:
    return one_of(companies_with(viewer_of(request), EDIT), company_id)


def _heading(request: HttpRequest) -> str:
    word = ServiceHeading.of(request.GET.get("heading", ""))
    return word.value if word else ""


def _usual(heading: str) -> str:
    """What a limit under the heading is mostly about."""
    usual = {"5.2.1": Measure.VERIFY, "5.2.2": Measure.POLICE, "5.2.3": Measure.REACH, "5.2.4": Measure.INFORM}
    return usual.get(heading, Measure.RECORDED if heading.startswith("4") else Measure.ACKNOWLEDGE).value


def _items(request: HttpRequest, company_id: int) -> list[str]:
    """How the limits call what is compared by hand."""
    rows = limit_rows(viewer_of(request), company_id, timezone.localdate())
    return [row.item for row in rows if row.item]


def _pieces(request: HttpRequest, company_id: int) -> dict[str, Any]:
    """The register's numbers, to be offered."""
    return {"pieces": numbers_of(viewer_of(request), company_id)}


def _corrected(
    request: HttpRequest, row: ServiceLimit | CapabilityFact, form: LimitForm | CapabilityForm, act: Any
) -> HttpResponse:
    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(row.company_id), _("已更正，原来的记录留存。"))
    title = _("更正：%(name)s") % {"name": title_of(row)}
    page = FormPage(TAB, title, _("更正"), href_of(row.company_id), template=CAPABILITY)
    return show_form(request, page, form, _pieces(request, row.company_id))


def _taken_back(request: HttpRequest, row: ServiceLimit | CapabilityFact, form: ReasonForm, act: Any) -> HttpResponse:
    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(row.company_id), _("已收回，记录留存。"))
    title = _("收回：%(name)s") % {"name": title_of(row)}
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。换版时更正它的最后一天。")
    return show_form(request, FormPage(TAB, title, _("收回"), href_of(row.company_id), lead), form)

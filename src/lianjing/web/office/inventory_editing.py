"""Putting equipment on the register, changing it, taking it out of service; its certificates and maintenance; needs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.facilities.actions.equipment import add_equipment, change_equipment, decommission_equipment
from lianjing.domain.facilities.actions.equipment_papers import (
    correct_certificate,
    drop_need,
    need_certificate,
    record_certificate,
    record_maintenance,
    retract_certificate,
    retract_maintenance,
)
from lianjing.domain.facilities.equipment_list import (
    certificate_by_id,
    equipment_by_id,
    maintenance_by_id,
    need_by_id,
    needs_of,
)
from lianjing.domain.facilities.equipment_policy import EDIT, SEE
from lianjing.domain.facilities.models import CertificateNeed, Equipment
from lianjing.domain.findings.queries import owner_offers
from lianjing.terms.equipment import CertificateKind, EquipmentKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.inventory import TAB, href_of
from lianjing.web.office.inventory_forms import (
    CertificateForm,
    EndForm,
    EquipmentForm,
    MaintenanceForm,
    NeedForm,
)
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of, says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.words import label

FORM = "office/inventory/form.html"
METHODS = ["GET", "HEAD", "POST"]


@needs(EDIT)
@require_http_methods(METHODS)
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    form = EquipmentForm(viewer_of(request), company.pk, request.POST or None)
    made: list[Equipment] = []

    def act(_told: dict[str, Any]) -> None:
        made.append(add_equipment(company.pk, form.new(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(made[0]), _("装备 %(number)s 已登记。") % {"number": made[0].number})
    title = _("登记装备：%(name)s") % {"name": company.name}
    page = FormPage(TAB, title, _("登记"), reverse("office:inventory"), template=FORM)
    return show_form(request, page, form, {"people": _people(request, company.pk)})


@needs(EDIT)
@require_http_methods(METHODS)
def edit(request: HttpRequest, equipment_id: int) -> HttpResponse:
    piece = _piece(request, equipment_id)
    form = EquipmentForm(viewer_of(request), piece.company_id, request.POST or None, piece)
    if request.method == "POST" and submitted(
        form, lambda _told: change_equipment(equipment_id, form.new(), **who(request))
    ):
        return done(request, href_of(piece), _("已保存。"))
    page = FormPage(TAB, _titled(_("修改"), piece), _("保存"), href_of(piece), template=FORM)
    return show_form(request, page, form, {"people": _people(request, piece.company_id)})


@needs(EDIT)
@require_http_methods(METHODS)
def end(request: HttpRequest, equipment_id: int) -> HttpResponse:
    piece = _piece(request, equipment_id)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and submitted(
        form, lambda told: decommission_equipment(equipment_id, told["on"], told["reason"], **who(request))
    ):
        return done(request, href_of(piece), _("已停用，记录留存。"))
    lead = _("停用之日起，它的能力记录、证书和维护都不再计入条款 7。")
    return show_form(request, FormPage(TAB, _titled(_("停用装备"), piece), _("停用装备"), href_of(piece), lead), form)


@needs(EDIT)
@require_http_methods(METHODS)
def certificate_add(request: HttpRequest, equipment_id: int) -> HttpResponse:
    piece = _piece(request, equipment_id)
    form = CertificateForm(*_sent(request))
    if request.method == "POST" and submitted(
        form, lambda _told: record_certificate(equipment_id, form.new(), form.kept(), **who(request))
    ):
        return done(request, href_of(piece), _("证书已登记。"))
    return show_form(request, FormPage(TAB, _titled(_("登记证书"), piece), _("登记"), href_of(piece)), form)


@needs(EDIT)
@require_http_methods(METHODS)
def certificate_edit(request: HttpRequest, certificate_id: int) -> HttpResponse:
    row = found(certificate_by_id(viewer_of(request), certificate_id))
    form = CertificateForm(*_sent(request), row)

    def act(told: dict[str, Any]) -> None:
        correct_certificate(certificate_id, form.new(), told["reason"], form.kept(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(row.equipment), _("已更正，原来的记录留存。"))
    page = FormPage(TAB, _titled(_("更正证书"), row.equipment), _("更正"), href_of(row.equipment))
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(METHODS)
def certificate_retract(request: HttpRequest, certificate_id: int) -> HttpResponse:
    row = found(certificate_by_id(viewer_of(request), certificate_id))
    return _taken_back(request, row.equipment, row.number, lambda why: retract_certificate(row.pk, why, **who(request)))


@needs(EDIT)
@require_http_methods(METHODS)
def maintenance_add(request: HttpRequest, equipment_id: int) -> HttpResponse:
    piece = _piece(request, equipment_id)
    form = MaintenanceForm(request.POST or None, initial={"done_on": timezone.localdate()})
    if request.method == "POST" and submitted(
        form, lambda _told: record_maintenance(equipment_id, form.new(), **who(request))
    ):
        return done(request, href_of(piece), _("维护已登记。"))
    return show_form(request, FormPage(TAB, _titled(_("登记维护"), piece), _("登记"), href_of(piece)), form)


@needs(EDIT)
@require_http_methods(METHODS)
def maintenance_retract(request: HttpRequest, maintenance_id: int) -> HttpResponse:
    row = found(maintenance_by_id(viewer_of(request), maintenance_id))
    said = str(row.valid_from)
    return _taken_back(request, row.equipment, said, lambda why: retract_maintenance(row.pk, why, **who(request)))


def _taken_back(request: HttpRequest, piece: Equipment, what: str, act: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda told: act(told["reason"])):
        return done(request, href_of(piece), _("已收回，记录留存。"))
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。")
    page = FormPage(TAB, _titled(_("收回 %(what)s") % {"what": what}, piece), _("收回"), href_of(piece), lead)
    return show_form(request, page, form)


# Which kinds need which certificate


@needs(SEE)
@require_safe
@says_when_none(TAB)
def certificate_needs(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, SEE)
    context = surroundings(request, TAB) | {"company": company, "companies": mine}
    rows = needs_of(viewer_of(request), company.pk)
    context |= {"rows": [(one, *_need_words(one)) for one in rows]}
    context["may_keep"] = viewer_of(request).scope(EDIT).holds(company.pk)
    return show(request, "office/inventory/needs.html", context)


@needs(EDIT)
@require_http_methods(METHODS)
def need_add(request: HttpRequest, company_id: int) -> HttpResponse:
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    form = NeedForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda told: need_certificate(company.pk, **told, **who(request))):
        return done(request, _needs_href(company.pk), _("已设定。"))
    title = _("设定须有的证书：%(name)s") % {"name": company.name}
    return show_form(request, FormPage(TAB, title, _("设定"), _needs_href(company.pk)), form)


@needs(EDIT)
@require_http_methods(METHODS)
def need_drop(request: HttpRequest, need_id: int) -> HttpResponse:
    row = found(need_by_id(viewer_of(request), need_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda told: drop_need(need_id, told["reason"], **who(request))):
        return done(request, _needs_href(row.company_id), _("已取消，记录留存。"))
    title = _("取消：%(kind)s须有%(certificate)s") % dict(zip(("kind", "certificate"), _need_words(row), strict=True))
    return show_form(request, FormPage(TAB, title, _("取消设定"), _needs_href(row.company_id)), form)


def _need_words(row: CertificateNeed) -> tuple[str, str]:
    return label(EquipmentKind, row.kind), label(CertificateKind, row.certificate)


def _needs_href(company_id: int) -> str:
    return f"{reverse('office:certificate_needs')}?company={company_id}"


def _piece(request: HttpRequest, equipment_id: int) -> Equipment:
    return found(equipment_by_id(viewer_of(request), equipment_id, timezone.localdate())).piece


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _titled(act: str, piece: Equipment) -> str:
    return _("%(act)s：%(number)s %(name)s") % {"act": act, "number": piece.number, "name": piece.name}


def _people(request: HttpRequest, company_id: int) -> list[tuple[str, str]]:
    return owner_offers(viewer_of(request), company_id, timezone.localdate())

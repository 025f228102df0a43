"""Entering, correcting and taking back places, what was found there, drawings and photos."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.facilities.actions.place_facts import (
    correct_place_fact,
    record_place_fact,
    retract_place_fact,
)
from lianjing.domain.facilities.actions.places import (
    add_place_file,
    correct_place,
    record_place,
    retract_place,
    retract_place_file,
)
from lianjing.domain.facilities.models import Place, PlaceFact
from lianjing.domain.facilities.place_list import fact_by_id, file_by_id, place_by_id, places_now
from lianjing.domain.facilities.policy import EDIT
from lianjing.terms.facilities import PlaceFactKind, PlaceKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.premises import TAB, href_of
from lianjing.web.office.premises_forms import (
    FactForm,
    FileForm,
    PlaceForm,
    fact_initial,
    place_initial,
)
from lianjing.web.office.whose import one_of
from lianjing.web.words import label


def place_href(place_id: int) -> str:
    return reverse("office:place", args=[place_id])


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def place_add(request: HttpRequest, company_id: int) -> HttpResponse:
    owner = one_of(companies_with(viewer_of(request), EDIT), company_id)
    form = PlaceForm(_centres(request, company_id), request.POST or None, initial={"centre": request.GET.get("in", "")})
    made: list[Place] = []
    if request.method == "POST" and submitted(
        form, lambda _values: made.append(record_place(company_id, form.new(), **who(request)))
    ):
        return done(request, place_href(made[0].pk), _("场地已登记。"))
    title = _("登记场地：%(name)s") % {"name": owner.name}
    return show_form(request, FormPage(TAB, title, _("登记"), href_of(company_id)), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def place_edit(request: HttpRequest, place_id: int) -> HttpResponse:
    row = found(place_by_id(viewer_of(request), place_id))
    centres = _centres(request, row.company_id)
    form = PlaceForm(centres, request.POST or None, initial=place_initial(row), is_correction=True)
    if request.method == "POST" and submitted(
        form, lambda _values: correct_place(place_id, form.new(), form.reason, **who(request))
    ):
        return done(request, place_href(place_id), _("已更正，原来的记录留存。"))
    page = FormPage(TAB, _("更正：%(name)s") % {"name": row.name}, _("更正"), place_href(place_id))
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def place_retract(request: HttpRequest, place_id: int) -> HttpResponse:
    row = found(place_by_id(viewer_of(request), place_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_place(place_id, values["reason"], **who(request))
    ):
        return done(request, href_of(row.company_id), _("已收回，记录留存。"))
    lead = _("登记错了才收回；停用的场地请更正它的最后一天。")
    page = FormPage(TAB, _("收回：%(name)s") % {"name": row.name}, _("收回"), place_href(place_id), lead)
    return show_form(request, page, form)


def _centres(request: HttpRequest, company_id: int) -> list[Place]:
    rows = places_now(viewer_of(request), company_id, EDIT)
    return [one for one in rows if one.kind == PlaceKind.CENTRE]


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def fact_add(request: HttpRequest, place_id: int) -> HttpResponse:
    row = found(place_by_id(viewer_of(request), place_id))
    initial = {"kind": request.GET.get("kind", ""), "valid_from": timezone.localdate()}
    form = FactForm(PlaceKind(row.kind), request.POST or None, request.FILES or None, initial=initial)

    def act(_values: dict[str, Any]) -> None:
        record_place_fact(place_id, form.new(), form.file(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, place_href(place_id), _("记录已登记。"))
    page = FormPage(TAB, _("登记记录：%(name)s") % {"name": row.name}, _("登记"), place_href(place_id))
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def fact_edit(request: HttpRequest, place_fact_id: int) -> HttpResponse:
    row = _standing(request, place_fact_id)
    place = found(place_by_id(viewer_of(request), row.place_id))
    sent = (request.POST or None, request.FILES or None)
    form = FactForm(PlaceKind(place.kind), *sent, initial=fact_initial(row), is_correction=True)

    def act(_values: dict[str, Any]) -> None:
        correct_place_fact(place_fact_id, form.new(), form.reason, form.file(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, place_href(row.place_id), _("已更正，原来的记录留存。"))
    lead = _("不另选文件时，原来的文件随新记录。")
    page = FormPage(TAB, _("更正：%(name)s") % {"name": _title(row)}, _("更正"), place_href(row.place_id), lead)
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def fact_retract(request: HttpRequest, place_fact_id: int) -> HttpResponse:
    row = _standing(request, place_fact_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_place_fact(place_fact_id, values["reason"], **who(request))
    ):
        return done(request, place_href(row.place_id), _("已收回，记录留存。"))
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。到期的不必收回。")
    page = FormPage(TAB, _("收回：%(name)s") % {"name": _title(row)}, _("收回"), place_href(row.place_id), lead)
    return show_form(request, page, form)


def _standing(request: HttpRequest, fact_id: int) -> PlaceFact:
    row = found(fact_by_id(viewer_of(request), fact_id))
    return found(row if row.retracted_at is None else None)


def _title(row: PlaceFact) -> str:
    return f"{row.place.name} · {label(PlaceFactKind, row.kind)}"


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def file_add(request: HttpRequest, place_id: int) -> HttpResponse:
    row = found(place_by_id(viewer_of(request), place_id))
    form = FileForm(request.POST or None, request.FILES or None)

    def act(values: dict[str, Any]) -> None:
        add_place_file(place_id, values["kind"], values["title"], form.file(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, place_href(place_id), _("文件已保存。"))
    page = FormPage(TAB, _("上传图纸或照片：%(name)s") % {"name": row.name}, _("保存"), place_href(place_id))
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def file_retract(request: HttpRequest, place_file_id: int) -> HttpResponse:
    row = found(file_by_id(viewer_of(request), place_file_id))
    found(row if row.retracted_at is None else None)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_place_file(place_file_id, values["reason"], **who(request))
    ):
        return done(request, place_href(row.place_id), _("已撤下，文件留存。"))
    page = FormPage(TAB, _("撤下：%(name)s") % {"name": row.title}, _("撤下"), place_href(row.place_id))
    return show_form(request, page, form)

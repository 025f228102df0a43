"""Recording measured values of rooms, correcting and taking them back; limits that the company takes from its own
edition."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.facilities.actions.measurements import (
    correct_measurement,
    record_measurement,
    retract_measurement,
)
from lianjing.domain.facilities.actions.room_limits import (
    correct_room_limit,
    record_room_limit,
    retract_room_limit,
)
from lianjing.domain.facilities.measured_list import latest_of, limit_by_id, measurement_by_id
from lianjing.domain.facilities.models import Measurement, RoomLimit
from lianjing.domain.facilities.place_list import place_by_id
from lianjing.domain.facilities.policy import EDIT
from lianjing.terms.facilities import PlaceKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.premises import TAB, href_of
from lianjing.web.office.premises_forms import (
    EDITION,
    LimitForm,
    MeasurementForm,
    limit_initial,
    measurement_initial,
    next_initial,
)
from lianjing.web.office.premises_words import quantity_words
from lianjing.web.office.whose import one_of

LEAD = later("数值照本单位所持的版本填写，写明条号；登记后它取代表中的限值，本单位按它判定自己。")


def measured_href(place_id: int, code: str) -> str:
    return reverse("office:measured", args=[place_id, code])


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def value_add(request: HttpRequest, place_id: int) -> HttpResponse:
    viewer, code = viewer_of(request), request.GET.get("quantity", "")[:20]
    row = found(place_by_id(viewer, place_id))
    initial = next_initial(code, latest_of(viewer, place_id, code) if code else None)
    initial.setdefault("measured_by", "")
    initial["measured_by"] = initial["measured_by"] or viewer.name
    form = MeasurementForm(PlaceKind(row.kind), request.POST or None, initial=initial)
    made: list[Measurement] = []
    if request.method == "POST" and submitted(
        form, lambda _values: made.append(record_measurement(place_id, form.new(), **who(request)))
    ):
        return done(request, measured_href(place_id, made[0].quantity), _("测量值已登记。"))
    back = measured_href(place_id, code) if code else reverse("office:place", args=[place_id])
    return show_form(request, FormPage(TAB, _("登记测量值：%(name)s") % {"name": row.name}, _("登记"), back), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def value_edit(request: HttpRequest, measurement_id: int) -> HttpResponse:
    row = found(measurement_by_id(viewer_of(request), measurement_id))
    place = found(place_by_id(viewer_of(request), row.place_id))
    kind, initial = PlaceKind(place.kind), measurement_initial(row)
    form = MeasurementForm(kind, request.POST or None, initial=initial, is_correction=True)

    def act(_values: dict[str, Any]) -> None:
        correct_measurement(measurement_id, form.new(), form.reason, **who(request))

    href = measured_href(row.place_id, row.quantity)
    if request.method == "POST" and submitted(form, act):
        return done(request, href, _("已更正，原来的记录留存。"))
    return show_form(request, FormPage(TAB, _("更正：%(name)s") % {"name": _title(row)}, _("更正"), href), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def value_retract(request: HttpRequest, measurement_id: int) -> HttpResponse:
    row = found(measurement_by_id(viewer_of(request), measurement_id))
    form, href = ReasonForm(request.POST or None), measured_href(row.place_id, row.quantity)
    if request.method == "POST" and submitted(
        form, lambda values: retract_measurement(measurement_id, values["reason"], **who(request))
    ):
        return done(request, href, _("已收回，记录留存。"))
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。到期的不必收回。")
    return show_form(request, FormPage(TAB, _("收回：%(name)s") % {"name": _title(row)}, _("收回"), href, lead), form)


def _title(row: Measurement) -> str:
    return f"{row.place.name} · {quantity_words(row.quantity)} {row.as_read}"


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_add(request: HttpRequest, company_id: int) -> HttpResponse:
    owner = one_of(companies_with(viewer_of(request), EDIT), company_id)
    form = LimitForm(request.POST or None, initial={"edition": EDITION})
    if request.method == "POST" and submitted(
        form, lambda _values: record_room_limit(company_id, form.new(), **who(request))
    ):
        return done(request, href_of(company_id) + "#limits", _("限值已登记。"))
    title = _("登记场地限值：%(name)s") % {"name": owner.name}
    return show_form(request, FormPage(TAB, title, _("登记"), href_of(company_id), str(LEAD)), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_edit(request: HttpRequest, room_limit_id: int) -> HttpResponse:
    row = found(limit_by_id(viewer_of(request), room_limit_id))
    form = LimitForm(request.POST or None, initial=limit_initial(row), is_correction=True)

    def act(_values: dict[str, Any]) -> None:
        correct_room_limit(room_limit_id, form.new(), form.reason, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(row.company_id) + "#limits", _("已更正，原来的记录留存。"))
    title = _("更正：%(name)s") % {"name": _limit_title(row)}
    return show_form(request, FormPage(TAB, title, _("更正"), href_of(row.company_id)), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_retract(request: HttpRequest, room_limit_id: int) -> HttpResponse:
    row = found(limit_by_id(viewer_of(request), room_limit_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_room_limit(room_limit_id, values["reason"], **who(request))
    ):
        return done(request, href_of(row.company_id) + "#limits", _("已收回，记录留存。"))
    title, lead = _("收回：%(name)s") % {"name": _limit_title(row)}, _("收回后，表中的限值重新算数。")
    return show_form(request, FormPage(TAB, title, _("收回"), href_of(row.company_id), lead), form)


def _limit_title(row: RoomLimit) -> str:
    return f"{quantity_words(row.quantity)} · {row.edition} {row.source_clause}"

"""班次: kinds of shifts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.people.models import ShiftKind
from lianjing.domain.people.shift_lists import shift_kind_by_id, shift_kinds
from lianjing.domain.people.shifts import EDIT, add_shift_kind, change_shift_kind, set_shift_kind_active
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import OfficeForm, text, time_of_day
from lianjing.web.office.roster.around import TAB, around
from lianjing.web.office.whose import shown_company
from lianjing.web.pages import show

FIELDS = ("code", "name", "begins", "ends")


class KindForm(OfficeForm):
    code = text(later("代码"), 8, required=True, hint=later("轮班里用它，如 A、B、C。"))
    name = text(later("名称"), 20, required=True)
    begins = time_of_day(later("开始"), required=True)
    ends = time_of_day(later("结束"), required=True, hint=later("不晚于开始的，到第二天结束；相同：24 小时。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, EDIT)
    form = KindForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda told: add_shift_kind(company.pk, told, **who(request))):
        return done(request, _href(company.pk), _("班次已登记。"))
    context = around(request, "roster_kinds", company) | {"form": form, "companies": mine}
    context["rows"] = shift_kinds(viewer_of(request), company.pk)
    return show(request, "office/roster/kinds.html", context, 422 if request.method == "POST" else 200)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind_id: int) -> HttpResponse:
    row = _kind(request, kind_id)
    form = KindForm(request.POST or None, initial={name: getattr(row, name) for name in FIELDS})
    if request.method == "POST" and submitted(form, lambda told: change_shift_kind(kind_id, told, **who(request))):
        return done(request, _href(row.company_id), _("已保存。已经排好的班次不变。"))
    title = _("修改班次：%(name)s") % {"name": row.name}
    return show_form(request, FormPage(TAB, title, _("保存"), _href(row.company_id)), form)


@needs(EDIT)
@require_POST
def use(request: HttpRequest, kind_id: int) -> HttpResponse:
    """Takes it out of use, or back."""
    row = _kind(request, kind_id)
    try:
        with doors():
            set_shift_kind_active(kind_id, not row.is_active, **who(request))
    except Refused as refusal:
        return refused(request, _href(row.company_id), refusal)
    return done(request, _href(row.company_id), _("班次已停用。") if row.is_active else _("班次已启用。"))


def _kind(request: HttpRequest, kind_id: int) -> ShiftKind:
    return found(shift_kind_by_id(viewer_of(request), kind_id))


def _href(company_id: int) -> Any:
    return f"{reverse('office:roster_kinds')}?company={company_id}"

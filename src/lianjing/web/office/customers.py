"""客户: the list, the page of one, and its form."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.sites.actions.customers import add_customer, change_customer
from lianjing.domain.sites.models import Customer
from lianjing.domain.sites.site_list import Wanted, customers
from lianjing.domain.sites.site_page import SITES_AT_MOST, customer_by_id, customer_page
from lianjing.terms.premises import SiteKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.forms import OfficeForm, text
from lianjing.web.office.forms import choice as choice_field
from lianjing.web.office.history import history
from lianjing.web.office.service_words import service_choice
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import label

TAB = "customers"


@needs("sites.see")
@require_safe
def customer_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = surroundings(request, TAB)
    kind, service, company = kind_choice(request), service_choice(request), company_choice(request)
    wanted = Wanted(text_of(request), kind.chosen, service.chosen, company_id=company_id(company))
    rows = customers(viewer, wanted, timezone.localdate(), after=asked_id(request), limit=PAGE + 1)
    context |= {"rows": rows[:PAGE], **pager(request, rows[PAGE - 1].customer.pk if len(rows) > PAGE else None)}
    context |= bar(request, _("名称、首字母、编号、账号、电话、地址"), [kind, service, company])
    context["several_companies"] = company is not None
    return show(request, "office/customers.html", context)


def kind_choice(request: HttpRequest) -> Any:
    return choice(request, "kind", _("全部类别"), [(kind.value, label(SiteKind, kind.value)) for kind in SiteKind])


@needs("sites.see")
@require_safe
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    context = surroundings(request, TAB)
    page = found(customer_page(viewer, customer_id, on=timezone.localdate()))
    context |= {"page": page, "customer": page.customer, "sites_at_most": SITES_AT_MOST}
    context["history"] = history(viewer, [("customer", customer_id)], "sites.see")
    context["may_edit"] = viewer.scope("sites.edit").holds(page.customer.company_id)
    context["may_edit_contracts"] = viewer.scope("contracts.edit").holds(page.customer.company_id)
    return show(request, "office/customer.html", context)


class CustomerForm(OfficeForm):
    """`company` is asked for only when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"invalid_choice": later("没有这个选项。")})
    name = text(later("名称"), 100, required=True)
    code = text(later("客户编号"), 32, required=True, hint=later("本单位自己的编号，导入时凭它认出客户。"))
    kind = choice_field(later("类别"), SiteKind)
    notes = text(later("备注"), 500, lines=3)

    def __init__(self, *told: Any, viewer: Viewer | None = None, **more: Any) -> None:
        super().__init__(*told, **more)
        mine = [] if viewer is None else _may_edit(viewer)
        self.fields["company"].choices = mine  # type: ignore[attr-defined]
        if len(mine) < 2:
            del self.fields["company"]


def _may_edit(viewer: Viewer) -> list[tuple[str, str]]:
    return [(str(company.pk), company.name) for company in companies_with(viewer, "sites.edit")]


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = CustomerForm(request.POST or None, viewer=viewer, initial={"kind": SiteKind.SHOP.value})
    made: list[Customer] = []

    def act(values: dict[str, Any]) -> None:
        company = values.pop("company", None) or _may_edit(viewer)[0][0]
        made.append(add_customer(int(company), values, **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(made[0].pk), _("客户已登记。接着登记合同和场所。"))
    return show_form(request, FormPage(TAB, _("登记客户"), _("登记"), reverse("office:customers")), form)


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, customer_id: int) -> HttpResponse:
    customer = found(customer_by_id(viewer_of(request), customer_id))
    form = CustomerForm(
        request.POST or None,
        initial={name: getattr(customer, name) for name in CustomerForm.base_fields if name != "company"},
    )
    if request.method == "POST" and submitted(
        form, lambda values: change_customer(customer_id, values, **who(request))
    ):
        return done(request, _href(customer_id), _("已保存。"))
    title = _("修改客户：%(name)s") % {"name": customer.name}
    return show_form(request, FormPage(TAB, title, _("保存"), _href(customer_id)), form)


def _href(customer_id: int) -> str:
    return reverse("office:customer", args=[customer_id])

"""合同: the list with what falls due, the page of one, its form, its states, its scan."""

from datetime import date as day
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.sites.actions.contracts import (
    Beginning,
    add_contract,
    change_contract,
    keep_scan,
    remove_contract,
    set_contract_state,
)
from lianjing.domain.sites.contract_list import (
    DUES,
    ContractPage,
    ContractsWanted,
    contract_page,
    contracts,
    due_counts,
    kept_scan,
)
from lianjing.domain.sites.contract_policy import NEXT
from lianjing.domain.sites.models import Contract, Customer
from lianjing.domain.sites.site_page import customer_by_id
from lianjing.terms.premises import ContractStanding
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.file_sending import kept_file
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.brought import scan_needed
from lianjing.web.office.counting import counted
from lianjing.web.office.effects import asks_anew, of_contract, of_new_contract
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, date, text
from lianjing.web.office.forms import choice as choice_field
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import label

TAB = "contracts"
FIELDS = ("number", "signed_on", "starts_on", "ends_on", "fee", "service_items", "service_plan")


@needs("contracts.see")
@require_safe
def contract_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    context = surroundings(request, TAB) | counted(request)
    on: day = context["counted_on"]
    as_of = None if context["is_today"] else on
    due = request.GET.get("due", "")
    due, company = due if due in DUES else "", company_choice(request)
    states = [(state.value, label(ContractStanding, state.value)) for state in ContractStanding]
    state = choice(request, "state", _("全部状态"), states)
    wanted = ContractsWanted(text_of(request), state.chosen, due, company_id(company), as_of)
    rows = contracts(viewer, wanted, on, after=asked_id(request), limit=PAGE + 1)
    context |= {"rows": rows[:PAGE], **pager(request, rows[PAGE - 1].contract.pk if len(rows) > PAGE else None)}
    context |= bar(request, _("合同编号、客户、场所、账号"), [state, company])
    context |= {"dues": _dues(request, due_counts(viewer, on, as_of)), "due": due, "today": on}
    context |= {"several_companies": company is not None, "on_asked": str(as_of or "")}
    context |= {"today_href": href(request, on=None, after=None)}
    return show(request, "office/contracts.html", context)


def _dues(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = {
        "": _("全部"),
        "overdue": _("已过期未处理"),
        "30": _("30 天内到期"),
        "60": _("60 天内到期"),
        "90": _("90 天内到期"),
    }
    return [
        {"name": name, "words": words[name], "count": counts.get(name), "href": href(request, due=name, after=None)}
        for name in ("", *DUES)
    ]


@needs("contracts.see")
@require_safe
def contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    return _show(request, contract_id, StateForm(None, page=_page(request, contract_id)))


def _page(request: HttpRequest, contract_id: int) -> ContractPage:
    return found(contract_page(viewer_of(request), contract_id, timezone.localdate()))


class StateForm(OfficeForm):
    """The next state, since when, and why."""

    state = forms.ChoiceField(
        label=later("变为"),
        error_messages={"required": later("请选择一项。"), "invalid_choice": later("现在不能变为这个状态。")},
    )
    since = date(later("起于"), required=True, hint=later("前一状态到前一天为止。"))
    reason = text(later("理由"), 200, lines=2, hint=later("暂停和终止必须写明。"))

    def __init__(self, data: object = None, *, page: ContractPage) -> None:
        super().__init__(data, initial={"since": timezone.localdate()}, auto_id="state-%s")
        allowed = NEXT[ContractStanding(page.line.state)]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state.value, label(ContractStanding, state.value)) for state in allowed
        ]


def _show(
    request: HttpRequest, contract_id: int, form: StateForm, scan_problem: str = "", status: int = 200
) -> HttpResponse:
    viewer, page = viewer_of(request), _page(request, contract_id)
    row = page.line.contract
    context = surroundings(request, TAB)
    context |= {"page": page, "contract": row, "line": page.line, "form": form, "scan_problem": scan_problem}
    context["may_edit_contracts"] = viewer.scope("contracts.edit").holds(row.company_id)
    context |= of_contract(request, page)
    context["states_left"] = bool(NEXT[ContractStanding(page.line.state)])
    context["history"] = history(viewer, [("contract", contract_id)], "contracts.see")
    if page.not_removable is not None:
        context["not_removable"] = _(page.not_removable.sentence) % page.not_removable.figures
    return show(request, "office/contract.html", context, status)


class ContractForm(OfficeForm):
    """What is agreed. Which sites it covers: the chosen ones, or all when none is chosen."""

    number = text(later("合同编号"), 64, required=True)
    signed_on = date(later("签订日期"))
    starts_on = date(later("起始日"))
    ends_on = date(later("到期日"), hint=later("最后一天；不填：长期。"))
    fee = forms.DecimalField(
        label=later("费用（元/年）"),
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            **NOT_FILLED,
            "invalid": later("请填数字，如 3600.00。"),
            "max_decimal_places": later("最多两位小数。"),
            "max_whole_digits": later("数字太大。"),
            "max_digits": later("数字太大。"),
        },
    )
    service_items = text(later("服务项目"), 300, lines=2)
    service_plan = text(later("服务方案"), 300, lines=2)
    sites = forms.MultipleChoiceField(
        label=later("所保场所"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=later("一个也不选：该客户的全部场所，包括以后登记的。"),
        error_messages={"invalid_choice": later("没有这个选项。")},
    )

    def __init__(self, customer: Customer, data: object = None, **more: Any) -> None:
        super().__init__(data, **more)
        choices = [(str(pk), name) for pk, name in customer.sites.order_by("name", "pk").values_list("pk", "name")]
        self.fields["sites"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["sites"]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def site_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data.get("sites", ())]


class NewContractForm(ContractForm):
    """A new one has a first state, which may have begun long ago."""

    state = choice_field(later("现在的状态"), ContractStanding)
    since = date(later("该状态起于"), required=True)

    field_order = ("number", "state", "signed_on", "since", "starts_on", "ends_on")

    def beginning(self) -> Beginning:
        return Beginning(self.cleaned_data["state"], self.cleaned_data["since"])


@needs("contracts.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, customer_id: int) -> HttpResponse:
    customer = found(customer_by_id(viewer_of(request), customer_id))
    initial = {"since": timezone.localdate(), "state": ContractStanding.DRAFT.value}
    form = NewContractForm(customer, request.POST or None, initial=initial)
    made: list[Contract] = []

    def act(_values: dict[str, Any]) -> None:
        made.append(add_contract(customer_id, form.values(), form.beginning(), form.site_ids(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(made[0].pk), _("合同已登记。"))
    title = _("登记合同：%(name)s") % {"name": customer.name}
    back = reverse("office:customer", args=[customer_id])
    asks_anew(request, form, "starts_on")
    page = FormPage(TAB, title, _("登记"), back, template="office/clauses/form_with_effect.html")
    return show_form(request, page, form, of_new_contract(request, customer))


@needs("contracts.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, contract_id: int) -> HttpResponse:
    page = _page(request, contract_id)
    row = page.line.contract
    initial = {name: getattr(row, name) for name in FIELDS}
    initial["sites"] = [str(site.pk) for site in page.sites] if page.names_sites else []
    form = ContractForm(row.customer, request.POST or None, initial=initial)
    if request.method == "POST" and submitted(
        form, lambda _values: change_contract(contract_id, form.values(), form.site_ids(), **who(request))
    ):
        return done(request, _href(contract_id), _("已保存。"))
    title = _("修改合同：%(number)s") % {"number": row.number}
    return show_form(request, FormPage(TAB, title, _("保存"), _href(contract_id)), form)


@needs("contracts.edit")
@require_POST
def change_state(request: HttpRequest, contract_id: int) -> HttpResponse:
    form = StateForm(request.POST, page=_page(request, contract_id))

    def act(values: dict[str, Any]) -> None:
        set_contract_state(contract_id, values["state"], values["since"], values["reason"], **who(request))

    if submitted(form, act):
        return done(request, _href(contract_id), _("状态已变更。"))
    return _show(request, contract_id, form, status=422)


@needs("contracts.edit")
@require_POST
def upload(request: HttpRequest, contract_id: int) -> HttpResponse:
    page, file = _page(request, contract_id), request.FILES.get("scan")
    try:
        scan = scan_needed(file)
        with doors():
            keep_scan(contract_id, scan, **who(request))
    except Refused as refusal:
        problem = _(refusal.sentence) % refusal.figures
        return _show(request, contract_id, StateForm(None, page=page), problem, status=422)
    return done(request, _href(contract_id), _("扫描件已保存。"))


@needs("contracts.see")
@require_safe
def scan(request: HttpRequest, contract_id: int) -> HttpResponse:
    """The file itself, never shown inside our pages. One that is not what was kept says so in its name."""
    row = _page(request, contract_id).line.contract
    return kept_file(kept_scan(viewer_of(request), row), row.number)


@needs("contracts.edit")
@require_POST
def remove(request: HttpRequest, contract_id: int) -> HttpResponse:
    row = _page(request, contract_id).line.contract
    try:
        with doors():
            remove_contract(contract_id, **who(request))
    except Refused as refusal:
        return refused(request, _href(contract_id), refusal)
    said = _("合同 %(number)s 已删除，记录仍在。") % {"number": row.number}
    return done(request, reverse("office:customer", args=[row.customer_id]), said)


def _href(contract_id: int) -> str:
    return reverse("office:contract", args=[contract_id])

"""Recording, correcting and taking back what is known of a company; its papers."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.area import set_area
from lianjing.domain.companies.company_facts import SPECS
from lianjing.domain.companies.fact_reading import (
    company_fact_by_id,
    fact_rows,
    fact_scan,
    seen_company,
)
from lianjing.domain.companies.known_rows import threads_of
from lianjing.domain.companies.models import Company, CompanyFact
from lianjing.domain.companies.recording import (
    correct_company_fact,
    record_company_fact,
    retract_company_fact,
    set_manager_years,
)
from lianjing.terms.staffing import CompanyFactKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.file_sending import kept_file
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.company import EDIT, SEE, TAB, title_of
from lianjing.web.office.company_form import FactForm, initial_of
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, ReasonForm, text
from lianjing.web.words import label


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    owner, kind = _keeper(request, company_id), _kind(request)
    initial = {"about": request.GET.get("about", "")}
    sent = (request.POST or None, request.FILES or None)
    form = FactForm(kind, *sent, filed=_filed(viewer_of(request), owner, kind), initial=initial)

    def act(_values: dict[str, Any]) -> None:
        record_company_fact(company_id, form.fact(), form.scan(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(company_id), _("已登记：%(what)s。") % {"what": label(CompanyFactKind, kind.value)})
    title = _("登记%(what)s") % {"what": label(CompanyFactKind, kind.value)}
    lead = _("依据：%(basis)s") % {"basis": SPECS[kind].basis}
    page = FormPage(TAB, f"{title}：{owner.name}", _("登记"), _href(company_id), lead)
    return show_form(request, page, form)


def _keeper(request: HttpRequest, company_id: int) -> Company:
    return found(seen_company(viewer_of(request), company_id))


def _kind(request: HttpRequest) -> CompanyFactKind:
    asked = request.GET.get("kind", "")
    return found(next((kind for kind in CompanyFactKind if kind.value == asked), None))


def _filed(viewer: Viewer, owner: Company, kind: CompanyFactKind) -> list[CompanyFact]:
    """What a filing can be about."""
    if not SPECS[kind].about:
        return []
    rows = fact_rows(viewer, owner.pk)
    return [row for row in rows if row.kind in SPECS[kind].about and row.retracted_at is None]


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, fact_id: int) -> HttpResponse:
    fact = _standing(request, fact_id)
    kind, viewer = CompanyFactKind(fact.kind), viewer_of(request)
    filed = _filed(viewer, fact.company, kind)
    initial = initial_of(fact) | {"about": _about_now(fact, filed)}
    sent = (request.POST or None, request.FILES or None)
    form = FactForm(kind, *sent, filed=filed, initial=initial, is_correction=True)

    def act(values: dict[str, Any]) -> None:
        correct_company_fact(fact_id, form.fact(), values["reason"], form.scan(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(fact.company_id), _("已更正，原来的记录留存。"))
    title = _("更正%(what)s：%(name)s") % {"what": label(CompanyFactKind, fact.kind), "name": title_of(fact)}
    lead = _("有新证、换版或换人时另行登记，不在这里改。")
    return show_form(request, FormPage(TAB, title, _("更正"), _href(fact.company_id), lead), form)


def _about_now(fact: CompanyFact, filed: list[CompanyFact]) -> str:
    """What a filing is about, as it stands now: it may have been corrected since."""
    threads = threads_of(fact.company_id)
    same = [row for row in filed if fact.about_id and threads[row.pk] == threads[fact.about_id]]
    return str(same[0].pk) if same else ""


def _standing(request: HttpRequest, fact_id: int) -> CompanyFact:
    fact = found(company_fact_by_id(viewer_of(request), fact_id))
    if fact.retracted_at is not None:
        raise Http404
    return fact


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, fact_id: int) -> HttpResponse:
    fact = _standing(request, fact_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_company_fact(fact_id, values["reason"], **who(request))
    ):
        return done(request, _href(fact.company_id), _("已收回，记录留存。"))
    title = _("收回%(what)s：%(name)s") % {"what": label(CompanyFactKind, fact.kind), "name": title_of(fact)}
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。到期的不必收回。")
    return show_form(request, FormPage(TAB, title, _("收回"), _href(fact.company_id), lead), form)


@needs(SEE)
@require_safe
def scan(request: HttpRequest, fact_id: int) -> HttpResponse:
    """The file itself, never shown inside our pages. One that is not what was kept says so in its name."""
    viewer = viewer_of(request)
    fact = found(company_fact_by_id(viewer, fact_id))
    return kept_file(fact_scan(viewer, fact), f"{label(CompanyFactKind, fact.kind)}-{title_of(fact)}")


class YearsForm(OfficeForm):
    """What the province asks of those who lead, beyond the law's own text."""

    manager_years = forms.IntegerField(
        label=later("相关工作年限（年）"),
        min_value=0,
        max_value=60,
        help_text=later("0：不提示。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            **NOT_FILLED,
            "invalid": later("年限请写 0 至 60 的整数。"),
            "min_value": later("年限请写 0 至 60 的整数。"),
            "max_value": later("年限请写 0 至 60 的整数。"),
        },
    )
    origin = text(later("出处"), 200, lines=2, hint=later("如“某省公安厅办事指南”，提示旁会写明。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def years(request: HttpRequest, company_id: int) -> HttpResponse:
    owner = _keeper(request, company_id)
    initial = {"manager_years": owner.manager_years, "origin": owner.manager_years_source}
    form = YearsForm(request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> None:
        set_manager_years(company_id, values["manager_years"], values["origin"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(company_id), _("已保存。"))
    lead = _("国家规定没有写年限；有的省办事指南要求 5 年以上。达不到只作提示，不判不符合。")
    return show_form(request, FormPage(TAB, _("负责人工作年限要求"), _("保存"), _href(company_id), lead), form)


class AreaForm(OfficeForm):
    """Where the company lies."""

    area = text(later("行政区划代码（6 位）"), 6, hint=later("GB/T 2260，如 330602。留空：不属于任何辖区。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def area(request: HttpRequest, company_id: int) -> HttpResponse:
    owner = _keeper(request, company_id)
    form = AreaForm(request.POST or None, initial={"area": owner.area})
    if request.method == "POST" and submitted(form, lambda told: set_area(company_id, told["area"], **who(request))):
        return done(request, _href(company_id), _("已保存。"))
    lead = _("分管这个区划的公安机关人员由此看到本单位；改动会记录。")
    return show_form(request, FormPage(TAB, _("所在区划"), _("保存"), _href(company_id), lead), form)


def _href(company_id: int) -> str:
    return f"{reverse('office:company')}?company={company_id}"

"""处置预案: what runs for which class and grade, the versions of a plan, and their way into force."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.plans import actions
from lianjing.domain.plans.actions import PlanPlace
from lianjing.domain.plans.models import PlanVersion
from lianjing.domain.plans.permissions import APPROVE, EDIT, REVIEW
from lianjing.domain.plans.policy import Step
from lianjing.domain.plans.queries import (
    SEE,
    PlanLine,
    contract_with_number,
    coverage,
    plan_line,
    plan_lines,
    site_with_code,
    steps_of,
    version_by_id,
)
from lianjing.domain.plans.review_list import reviews_of_plan
from lianjing.domain.plans.step_words import plan_words, step_in_words
from lianjing.domain.plans.templates import template_of
from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.premises import SiteKind
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import OfficeForm, ReasonForm, choice, text
from lianjing.web.office.history import history
from lianjing.web.office.plan_words import findings_of, preview, shown_review, where_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import company_asked
from lianjing.web.pages import show
from lianjing.web.paging import asked_id
from lianjing.web.words import CLASSES, GRADES

TAB = "plans"


@needs(SEE)
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The matrix of classes and grades, and the plans of single sites, contracts and kinds."""
    viewer = viewer_of(request)
    company, mine = company_asked(request, SEE)
    context = surroundings(request, TAB) | {"company": company, "companies": mine}
    if company is not None:
        lines = plan_lines(viewer, company.pk)
        context |= {"matrix": coverage(viewer, lines), "grades": GRADES}
        context["special"] = [(line, where_words(line.plan)) for line in lines if line.plan.scope != "class"]
        context["may_write"] = viewer.scope(EDIT).holds(company.pk)
    return show(request, "office/plans.html", context)


class PlanForm(OfficeForm):
    """For which cases a new plan is; its steps begin as the template's."""

    title = text(later("名称"), 60, required=True)
    event_class = forms.ChoiceField(label=later("类别"), choices=lambda: list(CLASSES.items()))
    grade = forms.TypedChoiceField(
        label=later("级别"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=lambda: [("", _("不分级")), *GRADES.items()],
    )
    site = text(later("只用于场所（场所编号）"), 32)
    contract = text(later("只用于合同（合同编号）"), 64)
    site_kind = choice(later("只用于场所类型"), SiteKind, empty=later("不限"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """`?company=&class=&grade=` come from the matrix."""
    company = found(company_asked(request, EDIT)[0])
    start = {"event_class": request.GET.get("class", ""), "grade": request.GET.get("grade", "")}
    form = PlanForm(request.POST or None, initial=start)
    made: list[PlanVersion] = []

    def act(values: dict[str, Any]) -> None:
        place = _place(request, company.pk, values)
        made.append(actions.add_plan(company.pk, place, values["title"], **who(request)))

    if request.method == "POST" and submitted(form, act):
        return HttpResponseRedirect(reverse("office:plan_edit", args=[made[0].pk]))
    back = f"{reverse('office:plans')}?company={company.pk}"
    lead = _("以模板起草：草稿从该类别、级别的模板开始，再改成自己的。场所、合同、场所类型都不填，就用于整个类别。")
    return show_form(request, FormPage(TAB, _("新预案"), _("以模板起草"), back, lead), form)


def _place(request: HttpRequest, company_id: int, values: dict[str, Any]) -> PlanPlace:
    """What was typed as a place; a site or contract that there is not is refused beside its field."""
    viewer = viewer_of(request)
    site = site_with_code(viewer, company_id, values["site"]) if values["site"] else None
    contract = contract_with_number(viewer, company_id, values["contract"]) if values["contract"] else None
    if values["site"] and site is None:
        raise Refused("site", _("没有这个场所。"))
    if values["contract"] and contract is None:
        raise Refused("contract", _("没有这份合同。"))
    return PlanPlace(values["event_class"], values["grade"], site, contract, values["site_kind"])


@needs(SEE)
@require_safe
def template(request: HttpRequest, event_class: str, grade: int) -> HttpResponse:
    """What we ship for a class and grade, to be read before anybody drafts from it."""
    company = company_asked(request, SEE)[0]
    if event_class not in list(EventClass) or grade not in list(Grade):
        raise Http404
    starter = template_of(event_class, grade)
    context = surroundings(request, TAB) | {"company": company, "event_class": event_class, "grade": grade}
    context |= {"title": plan_words(starter.title), "steps": preview(_in_words(starter.steps), [])}
    context["may_write"] = company is not None and viewer_of(request).scope(EDIT).holds(company.pk)
    return show(request, "office/plan_template.html", context)


def _in_words(steps: Sequence[Step]) -> list[Step]:
    return [step_in_words(step) for step in steps]


def line_of(request: HttpRequest, plan_id: int) -> PlanLine:
    return found(plan_line(viewer_of(request), plan_id))


@needs(SEE)
@require_safe
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan with its versions; `?version=` shows that one, else the draft, what is approved, what is in force."""
    viewer, line = viewer_of(request), line_of(request, plan_id)
    wanted = asked_id(request, "version")
    shown = _shown(line, wanted)
    context = surroundings(request, TAB) | {"line": line, "where": where_words(line.plan), "shown": shown}
    if shown is not None:
        steps = steps_of(viewer, shown)
        findings = findings_of(steps, line.plan.event_class)
        context |= {
            "steps": preview(_in_words(steps), findings),
            "findings": findings,
            "mine": viewer.id in shown.writers,
        }
        context["errors"] = sum(told.is_error for told in findings)
    context["may_write"] = viewer.scope(EDIT).holds(line.plan.company_id)
    context["may_approve"] = viewer.scope(APPROVE).holds(line.plan.company_id)
    context["has_draft"] = line.in_state("draft") is not None
    context["may_review"] = viewer.scope(REVIEW).holds(line.plan.company_id)
    reviews = reviews_of_plan(viewer, line.plan)
    context["reviews"] = [shown_review(one) for one in reviews]
    subjects = [("plan", plan_id), *(("planreview", one.pk) for one in reviews[:30])]
    context["history"] = history(viewer, subjects, SEE)
    return show(request, "office/plan.html", context)


def _shown(line: PlanLine, wanted: int | None) -> PlanVersion | None:
    if wanted is not None:
        return found(next((version for version in line.versions if version.number == wanted), None))
    states = ("draft", "approved", "in_force")
    versions = (line.in_state(state) for state in states)
    return next((version for version in versions if version), line.versions[0] if line.versions else None)


@needs(EDIT)
@require_POST
def draft(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A new draft from the latest version, or with `template=1` from the template."""
    try:
        with doors():
            version = actions.draft_version(plan_id, from_template="template" in request.POST, **who(request))
    except Refused as refusal:
        return refused(request, reverse("office:plan", args=[plan_id]), refusal)
    return HttpResponseRedirect(reverse("office:plan_edit", args=[version.pk]))


Act = Callable[..., PlanVersion]


def _move(request: HttpRequest, version_id: int, act: Act, said: str) -> HttpResponse:
    version = found(version_by_id(viewer_of(request), version_id))
    href = f"{reverse('office:plan', args=[version.plan_id])}?version={version.number}"
    try:
        with doors():
            act(version_id, **who(request))
    except Refused as refusal:
        return refused(request, href, refusal)
    return done(request, href, said)


@needs(APPROVE)
@require_POST
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    return _move(request, version_id, actions.approve_version, _("已批准；执行之后才用于新受理的警情。"))


@needs(APPROVE)
@require_POST
def force(request: HttpRequest, version_id: int) -> HttpResponse:
    return _move(request, version_id, actions.put_in_force, _("已执行：此后受理的警情按这一版处置。"))


@needs(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, version_id: int) -> HttpResponse:
    version = found(version_by_id(viewer_of(request), version_id))
    href = f"{reverse('office:plan', args=[version.plan_id])}?version={version.number}"
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: actions.withdraw_version(version_id, values["reason"], **who(request))
    ):
        return done(request, href, _("已撤下：改用更一般的预案或模板。"))
    lead = _("撤下后，新受理的警情改用更一般的预案或模板，处理中的不变；条款 8.4.1 随即重新判定。")
    title = _("撤下预案：%(name)s 第 %(number)d 版") % {"name": version.plan.title, "number": version.number}
    return show_form(request, FormPage(TAB, title, _("撤下"), href, lead), form)

"""组织架构: the tree of departments with posts, holders and duties, what is lacking, for any day."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.departments import (
    add_department,
    change_department,
    close_department,
    retract_department,
    retract_duties,
    write_duties,
)
from lianjing.domain.companies.fact_reading import seen_company
from lianjing.domain.companies.models import Department, Post
from lianjing.domain.companies.versions import Span
from lianjing.domain.people.organisation import organisation
from lianjing.domain.people.subject_pages import (
    SubjectPage,
    appointment_ids,
    department_choices,
    department_page,
    duties_by_id,
)
from lianjing.terms.sentences import words
from lianjing.terms.staffing import DepartmentKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.company_choosing import chosen
from lianjing.web.office.forms import OfficeForm, ReasonForm
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show

TAB = "departments"
GAPS_AT_MOST = 50
SEE, EDIT = "company.see", "company.edit"
SINCE_HINT = later("填本条的起始日：更正，从来如此。填以后的日子：从那天起变更，以前的留存。")
RENAMED = {"valid_from": "since"}
"""Fields of the domain by their names in these forms."""
CHOICE_ERRORS = {"required": later("请选择一项。"), "invalid_choice": later("没有这个选项。")}


@needs(SEE)
@require_safe
@says_when_none(TAB)
def departments(request: HttpRequest) -> HttpResponse:
    viewer, what = viewer_of(request), chosen(request)
    tree = organisation(viewer, what.company.pk, what.on, what.known)
    context = surroundings(request, TAB) | what.context()
    context |= {"tree": tree.departments, "gaps": [(gap, words(gap, _)) for gap in tree.gaps[:GAPS_AT_MOST]]}
    context |= {"gap_count": len(tree.gaps), "at_most": GAPS_AT_MOST}
    context["firm_gaps"] = sum(not gap.is_advice for gap in tree.gaps)
    context["names"] = viewer.scope("people.see").holds(what.company.pk)
    return show(request, "office/company/departments.html", context)


class DepartmentForm(OfficeForm):
    """What a department is called, what it is, where it belongs."""

    name = fields.text(later("名称"), 50, required=True)
    kind = fields.choice(later("类别"), DepartmentKind, hint=later("8.1.1 要求设置管理、技术、运行维护三类部门。"))
    parent = forms.ChoiceField(label=later("上级部门"), required=False, error_messages=CHOICE_ERRORS)
    since = fields.date(later("起于"), required=True)
    renamed = RENAMED

    def __init__(self, choices: list[tuple[int, str]], *told: Any, is_change: bool = False, **more: Any) -> None:
        super().__init__(*told, **more)
        top = [("", _("（没有）")), *((str(pk), name) for pk, name in choices)]
        self.fields["parent"].choices = top  # type: ignore[attr-defined]
        if is_change:
            self.fields["since"].help_text = SINCE_HINT
            self.fields["since"].required = False

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"name": given["name"], "kind": given["kind"], "parent": int(given["parent"] or 0) or None}


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    owner = found(seen_company(viewer, company_id))
    initial = {"since": timezone.localdate(), "parent": request.GET.get("parent", "")}
    initial["kind"] = DepartmentKind.OTHER.value
    form = DepartmentForm(department_choices(viewer, company_id), request.POST or None, initial=initial)

    def act(values: dict[str, Any]) -> None:
        add_department(company_id, form.told(), Span(values["since"]), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, tree_href(company_id), _("部门已设立。"))
    page = FormPage(TAB, _("设立部门：%(name)s") % {"name": owner.name}, _("设立"), tree_href(company_id))
    return show_form(request, page, form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, department_id: int) -> HttpResponse:
    viewer, page = viewer_of(request), _page(request, department_id)
    now = page.now
    initial = {"name": now.name, "kind": now.kind, "parent": str(now.parent_id or ""), "since": now.valid_from}
    choices = [one for one in department_choices(viewer, page.company.pk) if one[0] != department_id]
    form = DepartmentForm(choices, request.POST or None, initial=initial, is_change=True)

    def act(values: dict[str, Any]) -> None:
        change_department(department_id, form.told(), values["since"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(department_id), _("已保存。"))
    title = _("变更部门：%(name)s") % {"name": now.name}
    return show_form(request, FormPage(TAB, title, _("保存"), _href(department_id)), form)


@needs(SEE)
@require_safe
def department(request: HttpRequest, department_id: int) -> HttpResponse:
    page = _page(request, department_id)
    return show(request, "office/company/department.html", subject_context(request, page, "department"))


def subject_context(request: HttpRequest, page: SubjectPage[Any], kind: str) -> dict[str, Any]:
    """Context of the page of a department or a post."""
    viewer, today = viewer_of(request), timezone.localdate()
    standing = [text for text in page.duties if text.retracted_at is None]
    in_force = next((text for text in standing if text.valid_from is None or text.valid_from <= today), None)
    context = surroundings(request, TAB) | {"page": page, "now": page.now, "in_force": in_force, "today": today}
    context["other_duties"] = [text for text in page.duties if text is not in_force]
    context["may_keep"] = viewer.scope(EDIT).holds(page.company.pk)
    context["names"] = viewer.scope("people.see").holds(page.company.pk)
    subjects = [(kind, page.first.pk)]
    if kind == "post":
        subjects += [("appointment", pk) for pk in appointment_ids(viewer, page.first.pk)]
    context["history"] = history(viewer, subjects, SEE)
    return context


def _page(request: HttpRequest, department_id: int) -> SubjectPage[Department]:
    return found(department_page(viewer_of(request), department_id))


class LastDayForm(OfficeForm):
    """Until when something is there."""

    valid_until = fields.date(later("最后一天"), required=True)


class DutiesForm(OfficeForm):
    """A version of what somebody is there for."""

    text = fields.text(later("职责"), 5000, required=True, lines=12)
    since = fields.date(later("起于"), required=True, hint=later("以前的版本留存，按日期查看。"))
    renamed = RENAMED


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, department_id: int) -> HttpResponse:
    page = _page(request, department_id)
    form = LastDayForm(request.POST or None, initial={"valid_until": timezone.localdate()})
    lead = _("它到这一天为止，以前的留存；下面不能再有部门和岗位。")
    to = FormPage(TAB, _("撤销部门：%(name)s") % {"name": page.now.name}, _("撤销"), _href(department_id), lead)
    return act_or_show(
        request, form, to, lambda told: close_department(department_id, told["valid_until"], **who(request))
    )


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, department_id: int) -> HttpResponse:
    page = _page(request, department_id)
    title = _("收回部门记录：%(name)s") % {"name": page.now.name}
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。不再设的部门请撤销。")
    to = FormPage(TAB, title, _("收回"), _href(department_id), lead)
    act = lambda told: retract_department(department_id, told["reason"], **who(request))  # noqa: E731
    return act_or_show(request, ReasonForm(request.POST or None), to, act, tree_href(page.company.pk))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def duties(request: HttpRequest, department_id: int) -> HttpResponse:
    return write(request, _page(request, department_id), _href(department_id))


def write(request: HttpRequest, page: SubjectPage[Any], href: str) -> HttpResponse:
    """The form of a new version; it begins with the text of the last."""
    last = next((text.text for text in page.duties if text.retracted_at is None), "")
    form = DutiesForm(request.POST or None, initial={"text": last, "since": timezone.localdate()})
    to = FormPage(TAB, _("职责：%(name)s") % {"name": page.now}, _("保存新版"), href)
    subject: Department | Post = page.first
    return act_or_show(
        request, form, to, lambda told: write_duties(subject, told["text"], told["since"], **who(request))
    )


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def duties_retract(request: HttpRequest, duty_id: int) -> HttpResponse:
    text = found(duties_by_id(viewer_of(request), duty_id))
    href = reverse("office:post", args=[text.post_id]) if text.post_id else _href(text.department_id or 0)
    lead = _("收回后，前一版重新有效；这一版留存。")
    to = FormPage(TAB, _("收回职责第 %(number)d 版") % {"number": text.version}, _("收回"), href, lead)
    return act_or_show(
        request,
        ReasonForm(request.POST or None),
        to,
        lambda told: retract_duties(duty_id, told["reason"], **who(request)),
    )


def act_or_show(
    request: HttpRequest,
    form: OfficeForm,
    page: FormPage,
    act: Callable[[dict[str, Any]], object],
    then: str = "",
) -> HttpResponse:
    """One form, one action: back to where it came from (or `then`) when it is done."""
    if request.method == "POST" and submitted(form, act):
        return done(request, then or page.back_href, _("已保存。"))
    return show_form(request, page, form)


def tree_href(company_id: int) -> str:
    return f"{reverse('office:departments')}?company={company_id}"


def _href(department_id: int) -> str:
    return reverse("office:department", args=[department_id])

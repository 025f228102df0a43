"""岗位: one post with its duties and who holds it; its forms, appointments and deputies."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.departments import add_post, change_post
from lianjing.domain.companies.models import Post
from lianjing.domain.companies.versions import Span
from lianjing.domain.people.appointments import (
    Appointed,
    appoint,
    close_post,
    end_appointment,
    retract_appointment,
    retract_post,
)
from lianjing.domain.people.subject_pages import (
    SubjectPage,
    appointment_by_id,
    department_choices,
    department_page,
    post_page,
)
from lianjing.terms.staffing import PostKind
from lianjing.web.acting import found, who
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import FormPage
from lianjing.web.office.departments import (
    CHOICE_ERRORS,
    EDIT,
    RENAMED,
    SEE,
    SINCE_HINT,
    TAB,
    LastDayForm,
    act_or_show,
    subject_context,
    tree_href,
    write,
)
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, ReasonForm
from lianjing.web.pages import show

FIELDS = ("title", "is_key", "post_kind", "places")


class PostForm(OfficeForm):
    """What a post is. `department` is asked for when it may move."""

    title = fields.text(later("岗位名称"), 50, required=True)
    department = forms.ChoiceField(label=later("部门"), error_messages=CHOICE_ERRORS)
    post_kind = fields.choice(later("岗位类别"), PostKind, hint=later("任职者在 5.2 表 1 中属于哪一类。"))
    places = forms.IntegerField(
        label=later("定员"),
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            **NOT_FILLED,
            "invalid": later("请填整数。"),
            "min_value": later("定员应为 1 至 1000。"),
            "max_value": later("定员应为 1 至 1000。"),
        },
    )
    since = fields.date(later("起于"), required=True)
    is_key = forms.BooleanField(label=later("关键岗位：不能空缺，须有代理人"), required=False)
    renamed = RENAMED

    def __init__(self, choices: list[tuple[int, str]], *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self.fields["department"].choices = [(str(pk), name) for pk, name in choices]  # type: ignore[attr-defined]
        if choices:
            self.fields["since"].help_text = SINCE_HINT
            self.fields["since"].required = False
        else:
            del self.fields["department"]

    def told(self) -> dict[str, Any]:
        moved = self.cleaned_data.get("department")
        told = {name: self.cleaned_data[name] for name in FIELDS}
        return {**told, "department": int(moved)} if moved else told


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, department_id: int) -> HttpResponse:
    page = found(department_page(viewer_of(request), department_id))
    initial = {"places": 1, "post_kind": PostKind.OTHER.value, "since": timezone.localdate()}
    form = PostForm([], request.POST or None, initial=initial)
    back = reverse("office:department", args=[department_id])
    to = FormPage(TAB, _("设立岗位：%(name)s") % {"name": page.now.name}, _("设立"), back)
    return act_or_show(
        request, form, to, lambda told: add_post(department_id, form.told(), Span(told["since"]), **who(request))
    )


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post_id: int) -> HttpResponse:
    viewer, page = viewer_of(request), _page(request, post_id)
    now = page.now
    initial = {name: getattr(now, name) for name in FIELDS}
    initial |= {"department": str(now.department_id), "since": now.valid_from}
    form = PostForm(department_choices(viewer, page.company.pk), request.POST or None, initial=initial)
    to = FormPage(TAB, _("变更岗位：%(name)s") % {"name": now.title}, _("保存"), _href(post_id))
    return act_or_show(request, form, to, lambda told: change_post(post_id, form.told(), told["since"], **who(request)))


@needs(SEE)
@require_safe
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    page = _page(request, post_id)
    context = subject_context(request, page, "post")
    context["department"] = department_page(viewer_of(request), page.now.department_id)
    return show(request, "office/company/post.html", context)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def duties(request: HttpRequest, post_id: int) -> HttpResponse:
    return write(request, _page(request, post_id), _href(post_id))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, post_id: int) -> HttpResponse:
    page = _page(request, post_id)
    form = LastDayForm(request.POST or None, initial={"valid_until": timezone.localdate()})
    lead = _("它到这一天为止，以前的留存；任职人员须先免职。")
    to = FormPage(TAB, _("撤销岗位：%(name)s") % {"name": page.now.title}, _("撤销"), _href(post_id), lead)
    return act_or_show(request, form, to, lambda told: close_post(post_id, told["valid_until"], **who(request)))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, post_id: int) -> HttpResponse:
    page = _page(request, post_id)
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。不再设的岗位请撤销。")
    to = FormPage(TAB, _("收回岗位记录：%(name)s") % {"name": page.now.title}, _("收回"), _href(post_id), lead)
    form, then = ReasonForm(request.POST or None), tree_href(page.company.pk)
    return act_or_show(request, form, to, lambda told: retract_post(post_id, told["reason"], **who(request)), then)


class AppointForm(OfficeForm):
    """Who, from when until when, in the post or as a deputy."""

    staff_no = fields.text(later("工号"), 32, required=True, hint=later("本单位在职人员的工号。"))
    is_deputy = forms.BooleanField(label=later("作为代理人：任职者不在时代行"), required=False)
    valid_from = fields.date(later("起于"), required=True)
    valid_until = fields.date(later("最后一天"), hint=later("不填：长期。"))


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, post_id: int) -> HttpResponse:
    page = _page(request, post_id)
    form = AppointForm(request.POST or None, initial={"valid_from": timezone.localdate()})

    def act(told: dict[str, Any]) -> None:
        span = Span(told["valid_from"], told["valid_until"])
        appoint(post_id, Appointed(told["staff_no"], span, told["is_deputy"]), **who(request))

    to = FormPage(TAB, _("任命：%(name)s") % {"name": page.now.title}, _("任命"), _href(post_id))
    return act_or_show(request, form, to, act)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = found(appointment_by_id(viewer_of(request), appointment_id))
    form = LastDayForm(request.POST or None, initial={"valid_until": timezone.localdate()})
    told = {"name": row.member.name, "post": row.post.title}
    to = FormPage(TAB, _("免职：%(name)s（%(post)s）") % told, _("免职"), _href(row.post_id))
    return act_or_show(
        request, form, to, lambda told: end_appointment(appointment_id, told["valid_until"], **who(request))
    )


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, appointment_id: int) -> HttpResponse:
    row = found(appointment_by_id(viewer_of(request), appointment_id))
    lead = _("登记错了才收回：它在任何一天都不再算数，但仍留存。不再任职的请免职。")
    told = {"name": row.member.name, "post": row.post.title}
    to = FormPage(TAB, _("收回任命：%(name)s（%(post)s）") % told, _("收回"), _href(row.post_id), lead)
    form = ReasonForm(request.POST or None)
    return act_or_show(
        request, form, to, lambda told: retract_appointment(appointment_id, told["reason"], **who(request))
    )


def _page(request: HttpRequest, post_id: int) -> SubjectPage[Post]:
    return found(post_page(viewer_of(request), post_id, timezone.localdate()))


def _href(post_id: int) -> str:
    return reverse("office:post", args=[post_id])

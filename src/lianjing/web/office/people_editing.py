"""Entering a person, changing him, his number, his account, his photo, and his leaving."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.dispatch.queries import open_tasks_of
from lianjing.domain.people.holdings import held_by
from lianjing.domain.people.leaving import leave_company
from lianjing.domain.people.models import StaffMember
from lianjing.domain.people.photos import keep_photo
from lianjing.domain.people.staff import NewMember, add_member, change_member, link_account, set_identity
from lianjing.domain.people.staff_facts import member_by_id
from lianjing.domain.people.staff_page import accounts_for, photo_of
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.brought import scan_needed
from lianjing.web.office.effects import asks_anew, of_hiring, of_leaving
from lianjing.web.office.forms import OfficeForm
from lianjing.web.office.people import TAB, show_person, ways_from
from lianjing.web.office.people_forms import AccountForm, IdentityForm, LeaveForm, NewStaffForm, StaffForm


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = NewStaffForm(request.POST or None, viewer=viewer_of(request), initial={"hired_on": timezone.localdate()})
    if not form.mine:
        raise Http404
    made: list[StaffMember] = []

    def act(_values: dict[str, Any]) -> None:
        new = NewMember(form.values(), form.cleaned_data["identity"], form.facts())
        made.append(add_member(form.company_id(), new, **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, staff_href(made[0].pk), _("人员已登记。接着登记证件和培训。"))
    lead = _("证件、培训、考核等在登记之后逐项添加。")
    names = [name for name in ("company", "hired_on", "post_kind") if name in form.fields]
    asks_anew(request, form, *names)
    template = "office/clauses/form_with_effect.html"
    page = FormPage(TAB, _("登记人员"), _("登记"), reverse("office:people"), lead, template)
    return show_form(request, page, form, of_hiring(request, form.company_shown(request.POST or request.GET)))


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    initial = {name: getattr(member, name) for name in StaffForm.base_fields}
    form = StaffForm(request.POST or None, initial=initial)
    if request.method == "POST" and submitted(form, lambda values: change_member(member_id, values, **who(request))):
        return done(request, staff_href(member_id), _("已保存。"))
    return _form(request, member, _("修改：%(name)s"), _("保存"), form)


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: set_identity(member_id, values["identity"], **who(request))
    ):
        return done(request, staff_href(member_id), _("身份号码已保存。"))
    return _form(request, member, _("身份号码：%(name)s"), _("保存"), form)


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    initial = {"username": member.user.username if member.user else ""}
    form = AccountForm(request.POST or None, accounts=accounts_for(viewer_of(request), member), initial=initial)
    if request.method == "POST" and submitted(
        form, lambda values: link_account(member_id, values["username"], **who(request))
    ):
        return done(request, staff_href(member_id), _("登录账号已保存。"))
    lead = _("他用这个账号签到值班，门禁按他的档案判断。账号由管理员开设。")
    return _form(request, member, _("登录账号：%(name)s"), _("保存"), form, lead)


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, member_id: int) -> HttpResponse:
    member = _member(request, member_id)
    form = LeaveForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and submitted(
        form, lambda values: leave_company(member_id, values["last_day"], values["reason"], **who(request))
    ):
        return done(request, staff_href(member_id) + "#held", _("已登记离职。他仍持有的列在下面。"))
    more = {"held": held_by(member, timezone.localdate(), timezone.now()), "member": member}
    more["tasks"] = open_tasks_of(viewer_of(request), member.user_id) if member.user_id else []
    more |= {"may_edit_people": True, **ways_from(viewer_of(request), member), **of_leaving(request, member)}
    asks_anew(request, form, "last_day")
    more["holds_something"] = bool(more["held"]) or bool(more["tasks"])
    page = FormPage(
        TAB,
        _("离职：%(name)s") % {"name": member.name},
        _("登记离职"),
        staff_href(member_id),
        _("在职和岗位类别到这一天为止，档案保留。"),
        "office/leave.html",
    )
    return show_form(request, page, form, more)


@needs("people.files")
@require_safe
def photo(request: HttpRequest, member_id: int) -> HttpResponse:
    kept = photo_of(viewer_of(request), _member(request, member_id))
    if kept is None or not kept.unaltered:
        raise Http404
    response = HttpResponse(kept.content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


@needs("people.edit")
@require_POST
def photo_keep(request: HttpRequest, member_id: int) -> HttpResponse:
    file = request.FILES.get("photo")
    try:
        with doors():
            _member(request, member_id)
            scan = scan_needed(file)
            keep_photo(member_id, scan, **who(request))
    except Refused as refused:
        return show_person(request, member_id, {"photo": _(refused.sentence) % refused.figures}, status=422)
    return done(request, staff_href(member_id), _("照片已保存。"))


def _member(request: HttpRequest, member_id: int) -> StaffMember:
    member = found(member_by_id(viewer_of(request), member_id))
    if not viewer_of(request).scope("people.files").holds(member.company_id):
        raise Http404
    return member


def _form(
    request: HttpRequest, member: StaffMember, title: str, send: str, form: OfficeForm, lead: str = ""
) -> HttpResponse:
    page = FormPage(TAB, title % {"name": member.name}, send, staff_href(member.pk), lead)
    return show_form(request, page, form)


def staff_href(member_id: int) -> str:
    return reverse("office:person", args=[member_id])

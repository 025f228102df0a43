"""人员: the list, the page of one person, and what is shown of his file."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.crypto import Unopenable
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Person
from lianjing.domain.dispatch.queries import open_tasks_of
from lianjing.domain.people.models import StaffMember
from lianjing.domain.people.staff import reveal_identity
from lianjing.domain.people.staff_list import ALL, EMPLOYED, LEFT, StaffLine, StaffWanted, staff_list
from lianjing.domain.people.staff_page import StaffPage, reveals_of, staff_page
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind, Sex
from lianjing.web.acting import doors, found, who
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.history import history
from lianjing.web.office.people_words import (
    days_words,
    group_rows,
    kind_words,
    masked_number,
    post_kind_words,
    reason_row,
)
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import label

TAB = "people"
ELIGIBLE = {"yes": True, "no": False}


@needs("people.see")
@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    on, wrong_day = _asked_day(request)
    context = surroundings(request, TAB)
    kinds = [(kind.value, label(PostKind, kind.value)) for kind in PostKind]
    kind, company = choice(request, "kind", _("全部岗位类别"), kinds), company_choice(request)
    answers = [("yes", _("✓ 可以上岗")), ("no", _("✕ 不能上岗"))]
    is_today = on == timezone.localdate()
    eligible = choice(request, "eligible", _("今天能否上岗") if is_today else _("当日能否上岗"), answers)
    standings = [(EMPLOYED, _("在职")), (LEFT, _("已离职")), (ALL, _("全部人员"))]
    employment = choice(request, "employment", _("没有离职的"), standings)
    wanted = StaffWanted(
        text_of(request), kind.chosen, ELIGIBLE.get(eligible.chosen), employment.chosen, company_id(company)
    )
    lines = staff_list(viewer, wanted, on, after=asked_id(request), limit=PAGE + 1)
    context |= {"rows": [_row(line) for line in lines[:PAGE]]}
    context |= pager(request, lines[PAGE - 1].member.pk if len(lines) > PAGE else None)
    context |= bar(request, _("姓名、首字母、工号"), [kind, eligible, employment, company])
    context |= {"on": on, "is_today": is_today, "wrong_day": wrong_day, "on_asked": "" if is_today else str(on)}
    context |= {"today_href": href(request, on=None, after=None)}
    context |= {"several_companies": company is not None, "may_edit_people": may(viewer, "people.edit")}
    return show(request, "office/people.html", context)


def _row(line: StaffLine) -> dict[str, Any]:
    end = line.ends_next
    said, tone = days_words(end.days_left) if end is not None and end.days_left <= 90 else ("", "")
    return {
        "line": line,
        "member": line.member,
        "post_kind": post_kind_words(line.post_kind),
        "first": words(line.against[0], _) if line.against else "",
        "others": len(line.against) - 1,
        "end_kind": kind_words(end.kind.value) if end else "",
        "end_day": end.day if end else None,
        "end_said": said,
        "end_tone": tone,
    }


@needs("people.see")
@require_safe
def person(request: HttpRequest, member_id: int) -> HttpResponse:
    return show_person(request, member_id)


def show_person(
    request: HttpRequest, member_id: int, problems: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `problems`: what was wrong with one of its small forms, by name."""
    viewer, now = viewer_of(request), timezone.now()
    on, wrong_day = _asked_day(request)
    page = found(staff_page(viewer, member_id, on, now))
    member = page.member
    context = surroundings(request, TAB)
    context |= {"page": page, "member": member, "on": on, "wrong_day": wrong_day, "today": timezone.localdate()}
    context |= {"post_kind": post_kind_words(page.post_kind), "problems": problems or {}}
    context["reasons"] = [reason_row(reason, linked=page.sees_file) for reason in page.reasons]
    context["may_edit_people"] = viewer.scope("people.edit").holds(member.company_id)
    context["may_reveal"] = viewer.scope("people.identity").holds(member.company_id)
    context |= ways_from(viewer, member)
    if page.sees_file:
        context |= _file(request, page)
    return show(request, "office/person.html", context, status)


def _file(request: HttpRequest, page: StaffPage) -> dict[str, Any]:
    """What only those see who keep the files."""
    viewer, member = viewer_of(request), page.member
    groups = group_rows(page)
    tasks = open_tasks_of(viewer, member.user_id) if member.user_id else []
    return {
        "groups": [group for group in groups if group.standing or group.earlier],
        "empty_groups": [group for group in groups if not (group.standing or group.earlier) and group.add_href],
        "masked": masked_number(member.identity_tail),
        "sex": label(Sex, member.sex),
        "held": page.held,
        "tasks": tasks,
        "holds_something": bool(page.held) or bool(tasks),
        "reveals": reveals_of(viewer, member.pk),
        "history": history(viewer, [("staffmember", member.pk)], "people.files"),
    }


def ways_from(viewer: Person, member: StaffMember) -> dict[str, Any]:
    """Where else he stands, as far as the viewer may go there: roster, training, posts, teams."""
    company, ways = member.company_id, {}
    if viewer.scope("roster.see").holds(company):
        asked = {"company": company, "view": "month", "q": member.staff_no}
        ways["roster_href"] = f"{reverse('office:roster')}?{urlencode(asked)}"
    if viewer.scope("training.edit").holds(company):
        ways["training_href"] = reverse("office:training_person", args=[member.pk])
    may_open = {"posts_open": "company.see", "teams_open": "roster.edit"}
    return {**ways, **{name: viewer.scope(needed).holds(company) for name, needed in may_open.items()}}


def _asked_day(request: HttpRequest) -> tuple[date, str]:
    """The day for which eligibility is told: today unless another was asked for."""
    asked = request.GET.get("on", "")
    try:
        day = parse_date(asked) if asked else None
    except ValueError:
        day = None
    return day or timezone.localdate(), "" if day or not asked else _("日期请写成 2026-11-22 的样子。")


@needs("people.identity")
@require_POST
def reveal(request: HttpRequest, member_id: int) -> HttpResponse:
    """The whole identity number, once, for a reason that is recorded. It is in no address and in no log."""
    page = found(staff_page(viewer_of(request), member_id, timezone.localdate(), timezone.now()))
    try:
        with doors():
            number = reveal_identity(member_id, request.POST.get("reason", ""), **who(request))
    except Refused as refused:
        return show_person(request, member_id, {"reveal": _(refused.sentence) % refused.figures}, status=422)
    except Unopenable:
        said = _("身份号码用另一把数据密钥加密，无法打开。请核对证件后重新登记。")
        return show_person(request, member_id, {"reveal": said}, status=422)
    context = surroundings(request, TAB) | {"member": page.member, "number": number}
    response = show(request, "office/identity.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response

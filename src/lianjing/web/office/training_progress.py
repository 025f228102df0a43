"""布置与进度: who owes what, the longest overdue first; assigning, taking back, results of a person, papers, CSV."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.people.assigning import Assigned, To, assign_course, withdraw_assignment
from lianjing.domain.people.training_list import (
    EDIT,
    STANDINGS,
    AssignmentLine,
    AssignmentsWanted,
    assignment_by_id,
    assignments,
    attempt_by_id,
    attempts,
    course_by_id,
    groups,
    open_courses,
    trained_member,
)
from lianjing.domain.records.handing_out import record_taken
from lianjing.terms.staffing import PostKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.file_sending import Csv
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.filters import Choice, bar, choice, company_choice, company_id, text_of
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.training import TAB, course_href, training_surroundings
from lianjing.web.office.training_forms import AssignForm, people_ids
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.training_words import (
    course_told,
    hours_told,
    result_told,
    shown_questions,
    standing_told,
    subjects_told,
)

CSV_ROWS = 50_000
GROUPS_AT_MOST = 500


@needs(EDIT)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    choices = _choices(request)
    wanted = _wanted(request, *choices)
    lines = assignments(viewer, wanted, today, asked_id(request), PAGE + 1)
    context = training_surroundings(request, "progress")
    context |= {"rows": [_row(line) for line in lines[:PAGE]], "standing": wanted.standing}
    context |= pager(request, lines[PAGE - 1].assignment.pk if len(lines) > PAGE else None)
    context |= bar(request, _("姓名、首字母、工号"), list(choices)) | {"several_companies": choices[2] is not None}
    context["standings"] = _standings(request, context["counts"])
    query = request.GET.copy()
    query.pop("after", None)
    context["csv_href"] = f"{reverse('office:training_csv')}?{query.urlencode()}"
    return show(request, "office/training/progress.html", context)


def _choices(request: HttpRequest) -> tuple[Choice, Choice, Choice | None]:
    viewer, company = viewer_of(request), company_choice(request)
    taught = [(str(one.pk), f"{one.code} {one.title}") for one in open_courses(viewer, company_id(company))]
    grouped = [(str(one.pk), one.name) for one in groups(viewer, company_id(company), None, GROUPS_AT_MOST)]
    return (
        choice(request, "course", _("全部课程"), taught),
        choice(request, "group", _("全部分组"), grouped),
        company,
    )


def _wanted(request: HttpRequest, course: Choice, group: Choice, company: Choice | None) -> AssignmentsWanted:
    """What is asked for by no known word is the list of what is still owed."""
    asked = request.GET.get("standing", "open")
    return AssignmentsWanted(
        text_of(request),
        asked if asked in ("", *STANDINGS) else "open",
        int(course.chosen) if course.chosen else None,
        int(group.chosen) if group.chosen else None,
        company_id(company),
    )


def _standings(request: HttpRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    words = {"open": _("未完成"), "overdue": _("已逾期"), "passed": _("已通过"), "withdrawn": _("已撤回")}
    shown = [
        {
            "name": each,
            "words": words[each],
            "count": counts.get(each),
            "href": href(request, standing=each, after=None),
        }
        for each in STANDINGS
    ]
    query = request.GET.copy()
    query.pop("after", None)
    query["standing"] = ""
    return [*shown, {"name": "", "words": _("全部"), "count": None, "href": f"{request.path}?{query.urlencode()}"}]


def _row(line: AssignmentLine) -> dict[str, Any]:
    return {"line": line, "assignment": line.assignment, "standing": standing_told(line)}


@needs(EDIT)
@require_safe
def progress_csv(request: HttpRequest) -> HttpResponse:
    """The list as a file for a spreadsheet, narrowed in the same way; on record."""
    lines = assignments(viewer_of(request), _wanted(request, *_choices(request)), timezone.localdate(), None, CSV_ROWS)
    record_taken("training", Counter(line.assignment.company_id for line in lines), EDIT, **who(request))
    sheet = Csv(f"training-{timezone.localdate()}.csv")
    sheet.line(*_head())
    for line in lines:
        sheet.line(*_cells(line))
    return sheet.response


def _head() -> list[str]:
    return [
        _("工号"),
        _("姓名"),
        _("课程编号"),
        _("课程"),
        _("科目"),
        _("学时"),
        _("分组"),
        _("截止日期"),
        _("状态"),
        _("交卷次数"),
        _("最高分"),
        _("通过时间"),
    ]


def _cells(line: AssignmentLine) -> list[str]:
    row, course = line.assignment, line.assignment.course
    return [
        row.member.staff_no,
        row.member.name,
        course.code,
        course.title,
        subjects_told(course.subjects),
        str(course.hours),
        row.group.name if row.group else "",
        str(row.due_on),
        standing_told(line).words,
        str(line.tries),
        "" if line.best is None else str(line.best),
        _minute(row.passed_at),
    ]


def _minute(at: datetime | None) -> str:
    return f"{timezone.localtime(at, timezone.get_default_timezone()):%Y-%m-%d %H:%M}" if at else ""


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, course_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    course = found(course_by_id(viewer, course_id))
    form = AssignForm(request.POST or None, viewer=viewer, company_id=course.company_id)
    made: list[Assigned] = []

    def act(values: dict[str, Any]) -> None:
        to = To(
            people_ids(viewer, course.company_id, values["people"]),
            int(values["group"]) if values["group"] else None,
            PostKind(values["post_kind"]) if values["post_kind"] else None,
            values["again"],
        )
        made.append(assign_course(course_id, to, values["due_on"], **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, course_href(course_id), _assigned_words(made[0]))
    title = _("布置课程：%(title)s") % {"title": course.title}
    lead = _("下面几项选出的人合在一起；还欠着这门课的人不重复布置。")
    return show_form(request, FormPage(TAB, title, _("布置"), course_href(course_id), lead), form)


def _assigned_words(told: Assigned) -> str:
    parts = [
        (told.made, _("布置给 %(count)d 人。")),
        (told.owing, _("%(count)d 人已有未完成的布置。")),
        (told.passed, _("%(count)d 人已通过且仍有效。")),
        (told.gone, _("%(count)d 人不在职。")),
    ]
    return " ".join(words % {"count": count} for count, words in parts if count or words is parts[0][1])


@needs(EDIT)
@require_safe
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    return _show(request, assignment_id, ReasonForm())


def _show(request: HttpRequest, assignment_id: int, form: ReasonForm, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    line = found(assignment_by_id(viewer, assignment_id, timezone.localdate()))
    context = surroundings(request, TAB) | _row(line) | {"form": form}
    context["attempts"] = [{"attempt": one, "told": result_told(one)} for one in attempts(viewer, assignment_id)]
    context["history"] = history(viewer, [("assignment", assignment_id)], EDIT)
    return show(request, "office/training/assignment.html", context, status)


@needs(EDIT)
@require_POST
def withdraw(request: HttpRequest, assignment_id: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    found(assignment_by_id(viewer_of(request), assignment_id, timezone.localdate()))
    if submitted(form, lambda values: withdraw_assignment(assignment_id, values["reason"], **who(request))):
        return done(request, reverse("office:training_assignment", args=[assignment_id]), _("已撤回，不再要求完成。"))
    return _show(request, assignment_id, form, status=422)


@needs(EDIT)
@require_safe
def person(request: HttpRequest, member_id: int) -> HttpResponse:
    """Everything that somebody was assigned, the latest first."""
    viewer, today = viewer_of(request), timezone.localdate()
    member = found(trained_member(viewer, member_id))
    lines = assignments(viewer, AssignmentsWanted(member_id=member_id), today, asked_id(request), PAGE + 1)
    context = surroundings(request, TAB) | {"member": member, "rows": [_row(line) for line in lines[:PAGE]]}
    context |= pager(request, lines[PAGE - 1].assignment.pk if len(lines) > PAGE else None)
    return show(request, "office/training/person.html", context)


@needs(EDIT)
@require_safe
def attempt(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """A paper as evidence: as it was asked, answered and marked."""
    row = found(attempt_by_id(viewer_of(request), attempt_id))
    paper = row.paper
    context = surroundings(request, TAB) | {"attempt": row, "paper": paper, "told": result_told(row)}
    context |= {"questions": shown_questions(row, tell_right=True), "state": course_told(row.assignment.course.state)}
    context |= {"hours": hours_told(paper["hours"]), "subjects": subjects_told(paper["subjects"])}
    return show(request, "office/training/attempt.html", context)

"""培训: the courses, the page of one, its forms and its states."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.people.courses import add_course, change_course, close_course, open_course
from lianjing.domain.people.models import Course
from lianjing.domain.people.training_list import (
    EDIT,
    CoursesWanted,
    Progress,
    course_by_id,
    courses,
    progress_of,
    standing_counts,
)
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.markdown import rendered
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.training_forms import CourseForm, course_initial
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.training_words import course_state_words, course_told, hours_told, subjects_told, validity_told

TAB = "training"


def training_surroundings(request: HttpRequest, part: str) -> dict[str, Any]:
    """Context of every list of training: the parts of it, and how much is owed."""
    counts = standing_counts(viewer_of(request), timezone.localdate())
    return surroundings(request, TAB) | {"part": part, "counts": counts}


@needs(EDIT)
@require_safe
def course_list(request: HttpRequest) -> HttpResponse:
    state = choice(request, "state", _("全部状态"), list(course_state_words().items()))
    company = company_choice(request)
    wanted = CoursesWanted(text_of(request), state.chosen, company_id(company))
    lines = courses(viewer_of(request), wanted, timezone.localdate(), asked_id(request), PAGE + 1)
    context = training_surroundings(request, "courses")
    context["rows"] = [
        {
            "line": line,
            "course": line.course,
            "state": course_told(line.course.state),
            "subjects": subjects_told(line.course.subjects),
            "hours": hours_told(line.course.hours),
        }
        for line in lines[:PAGE]
    ]
    context |= pager(request, lines[PAGE - 1].course.pk if len(lines) > PAGE else None)
    context |= bar(request, _("课程编号、名称"), [state, company]) | {"several_companies": company is not None}
    return show(request, "office/training/courses.html", context)


@needs(EDIT)
@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(course_by_id(viewer, course_id))
    questions = sorted(row.questions.all(), key=lambda question: question.place)
    progress = progress_of(viewer, [course_id], timezone.localdate()).get(course_id, Progress())
    context = surroundings(request, TAB) | {"course": row, "state": course_told(row.state), "progress": progress}
    context |= {
        "content": rendered(row.content),
        "questions": [_question(question) for question in questions],
        "subjects": subjects_told(row.subjects),
        "hours": hours_told(row.hours),
        "validity": validity_told(row.valid_months),
        "history": history(viewer, [("course", course_id)], EDIT),
    }
    return show(request, "office/training/course.html", context)


def _question(question: Any) -> dict[str, Any]:
    options = [(words, place in question.right) for place, words in enumerate(question.options)]
    return {"question": question, "options": options, "several": len(question.right) > 1}


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = CourseForm(request.POST or None, viewer=viewer_of(request), initial={"pass_mark": 80})
    made: list[Course] = []

    def act(_values: dict[str, Any]) -> None:
        made.append(add_course(form.company_id(), form.values(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, course_href(made[0].pk), _("课程已建为草稿。接着写考题，再开放。"))
    return show_form(request, FormPage(TAB, _("新课程"), _("保存"), reverse("office:training")), form)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, course_id: int) -> HttpResponse:
    row = found(course_by_id(viewer_of(request), course_id))
    form = CourseForm(request.POST or None, initial=course_initial(row))
    if request.method == "POST" and submitted(
        form, lambda _values: change_course(course_id, form.values(), **who(request))
    ):
        return done(request, course_href(course_id), _("已保存。"))
    lead = _("已开始的答卷不受影响：改动只用于以后的答卷。") if row.state == "open" else ""
    title = _("修改课程：%(title)s") % {"title": row.title}
    return show_form(request, FormPage(TAB, title, _("保存"), course_href(course_id), lead), form)


@needs(EDIT)
@require_POST
def open_it(request: HttpRequest, course_id: int) -> HttpResponse:
    try:
        with doors():
            open_course(course_id, **who(request))
    except Refused as refusal:
        return refused(request, course_href(course_id), refusal)
    return done(request, course_href(course_id), _("课程已开放，可以布置了。"))


@needs(EDIT)
@require_POST
def close_it(request: HttpRequest, course_id: int) -> HttpResponse:
    try:
        with doors():
            owing = close_course(course_id, **who(request))
    except Refused as refusal:
        return refused(request, course_href(course_id), refusal)
    said = _("课程已停用，撤回了 %(count)d 项没有完成的布置。") % {"count": owing}
    return done(request, course_href(course_id), said)


def course_href(course_id: int) -> str:
    return reverse("office:course", args=[course_id])

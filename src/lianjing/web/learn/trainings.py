"""My training: what I owe and by when, what I have passed, and the course itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.documents.queries import my_counts
from lianjing.domain.people.taking import start_attempt
from lianjing.domain.people.training_list import (
    TAKE,
    AssignmentLine,
    due_counts,
    has_file,
    my_attempts,
    my_open_training,
    my_passed_training,
    my_training,
)
from lianjing.web.acting import doors, found, who
from lianjing.web.learn.answering import refused
from lianjing.web.learn.surroundings import surroundings
from lianjing.web.markdown import rendered
from lianjing.web.pages import show
from lianjing.web.paging import asked_id, pager
from lianjing.web.training_words import hours_told, result_told, standing_told, subjects_told, validity_told

PAGE = 30


@needs(TAKE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer, today, after = viewer_of(request), timezone.localdate(), asked_id(request)
    passed = my_passed_training(viewer, today, after, PAGE + 1)
    owed = [] if after else my_open_training(viewer, today)
    context = surroundings(request) | {"owed": [_row(line) for line in owed], "is_first_page": not after}
    context["passed"] = [_row(line) for line in passed[:PAGE]]
    context |= pager(request, passed[PAGE - 1].assignment.pk if len(passed) > PAGE else None)
    context["has_file"] = bool(owed or passed) or has_file(viewer)
    return show(request, "learn/home.html", context)


@needs(TAKE)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """The links that the other rooms show while a training or a document is owed; nothing at all while nothing is."""
    viewer, today = viewer_of(request), timezone.localdate()
    owing, overdue = due_counts(viewer, today)
    unread, late = my_counts(viewer, today)
    context = {"owing": owing, "overdue": overdue, "unread": unread, "late": late}
    return show(request, "learn/_due.html", context)


@needs(TAKE)
@require_safe
def training(request: HttpRequest, assignment_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    line = found(my_training(viewer, assignment_id, timezone.localdate()))
    course = line.assignment.course
    tries = my_attempts(viewer, assignment_id)
    context = surroundings(request) | _row(line) | _counts_for(course)
    context |= {"course": course, "content": rendered(course.content), "attempts": [_try(one) for one in tries]}
    context["unfinished"] = next((one for one in tries if one.submitted_at is None), None)
    return show(request, "learn/training.html", context)


@needs(TAKE)
@require_POST
def start(request: HttpRequest, assignment_id: int) -> HttpResponse:
    try:
        with doors():
            attempt = start_attempt(assignment_id, **who(request))
    except Refused as refusal:
        return refused(request, refusal)
    return HttpResponseRedirect(reverse("learn:paper", args=[attempt.pk]))


def _row(line: AssignmentLine) -> dict[str, Any]:
    return {"line": line, "assignment": line.assignment, "standing": standing_told(line)}


def _counts_for(course: Any) -> dict[str, str]:
    return {
        "hours": hours_told(course.hours),
        "subjects": subjects_told(course.subjects),
        "validity": validity_told(course.valid_months),
    }


def _try(attempt: Any) -> dict[str, Any]:
    return {"attempt": attempt, "told": result_told(attempt)}

"""One paper: its questions, kept as they are answered; handed in; and afterwards what was right and wrong."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.people.course_policy import OPTIONS_AT_MOST, QUESTIONS_AT_MOST
from lianjing.domain.people.models import Attempt
from lianjing.domain.people.taking import keep_answers, submit_attempt
from lianjing.domain.people.training_list import TAKE, my_attempt
from lianjing.web.acting import doors, found, who
from lianjing.web.learn.answering import refused
from lianjing.web.learn.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.training_words import hours_told, result_told, shown_questions, subjects_told


@needs(TAKE)
@require_safe
def paper(request: HttpRequest, attempt_id: int) -> HttpResponse:
    return _show(request, attempt_id)


@needs(TAKE)
@require_POST
def keep(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """By the page itself after each answer, or by the button that leaves it for later."""
    with doors():
        attempt = keep_answers(attempt_id, _answers(request), **who(request))
    if request.headers.get("HX-Request"):
        return show(request, "learn/_kept.html", _kept(attempt) | {"kept_at": timezone.now()})
    messages.success(request, _("已保存，可以以后接着答。"))
    return HttpResponseRedirect(reverse("learn:home"))


@needs(TAKE)
@require_POST
def submit(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """What was answered is kept even when the paper is not complete."""
    told = _answers(request)
    try:
        with doors():
            keep_answers(attempt_id, told, **who(request))
            submit_attempt(attempt_id, told, **who(request))
    except Refused as refusal:
        if my_attempt(viewer_of(request), attempt_id) is None:
            return refused(request, refusal)
        return _show(request, attempt_id, _(refusal.sentence) % refusal.figures, status=422)
    return HttpResponseRedirect(reverse("learn:paper", args=[attempt_id]))


def _show(request: HttpRequest, attempt_id: int, problem: str = "", status: int = 200) -> HttpResponse:
    attempt = found(my_attempt(viewer_of(request), attempt_id))
    # After a failed try one learns what was wrong, not the answers: the next try asks the same.
    questions = shown_questions(attempt, tell_right=bool(attempt.passed))
    context = surroundings(request) | {"attempt": attempt, "paper": attempt.paper, "questions": questions}
    context |= {"problem": problem, "told": result_told(attempt), **_kept(attempt)}
    if attempt.submitted_at is None:
        return show(request, "learn/paper.html", context, status)
    context |= {"hours": hours_told(attempt.paper["hours"]), "subjects": subjects_told(attempt.paper["subjects"])}
    context["wrong"] = sum(not question.right for question in questions)
    return show(request, "learn/result.html", context, status)


def _kept(attempt: Attempt) -> dict[str, int]:
    return {"answered": sum(bool(given) for given in attempt.answers), "of": len(attempt.answers)}


def _answers(request: HttpRequest) -> Mapping[int, Sequence[int]]:
    """`q3=0&q3=2`: of the fourth question the first and the third option. What cannot be meant is left out."""
    numbers = range(QUESTIONS_AT_MOST)
    return {number: _places(request.POST.getlist(f"q{number}")) for number in numbers if f"q{number}" in request.POST}


_PLACES: Mapping[str, int] = {str(place): place for place in range(OPTIONS_AT_MOST)}


def _places(told: Sequence[str]) -> list[int]:
    return [_PLACES[text] for text in told if text in _PLACES]

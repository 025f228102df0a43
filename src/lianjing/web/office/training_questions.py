"""考题 of a course: written, changed, moved, taken out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.people.courses import add_question, change_question, move_question, remove_question
from lianjing.domain.people.models import Question
from lianjing.domain.people.training_list import EDIT, course_by_id, question_by_id
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.training import TAB, course_href
from lianjing.web.office.training_forms import QuestionForm

TEMPLATE = "office/training/question.html"


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, course_id: int) -> HttpResponse:
    """Saved with the second button, the next one may be written at once."""
    course = found(course_by_id(viewer_of(request), course_id))
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda _values: add_question(course_id, form.question(), **who(request))
    ):
        href = request.path if "another" in request.POST else course_href(course_id)
        return done(request, href, _("考题已添加。"))
    title = _("新考题：%(title)s") % {"title": course.title}
    return _form(request, FormPage(TAB, title, _("保存"), course_href(course_id), template=TEMPLATE), form, True)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, question_id: int) -> HttpResponse:
    question = _question(request, question_id)
    form = QuestionForm(request.POST or None, question=question)
    if request.method == "POST" and submitted(
        form, lambda _values: change_question(question_id, form.question(), **who(request))
    ):
        return done(request, course_href(question.course_id), _("已保存。"))
    title = _("修改考题：%(title)s") % {"title": question.course.title}
    page = FormPage(TAB, title, _("保存"), course_href(question.course_id), template=TEMPLATE)
    return _form(request, page, form, False)


def _form(request: HttpRequest, page: FormPage, form: QuestionForm, is_new: bool) -> HttpResponse:
    lines = form.lines()
    more: dict[str, Any] = {"lines": [line for line in lines if not line["more"]], "is_new": is_new}
    return show_form(request, page, form, more | {"more_lines": [line for line in lines if line["more"]]})


@needs(EDIT)
@require_POST
def up(request: HttpRequest, question_id: int) -> HttpResponse:
    return _move(request, question_id, up=True)


@needs(EDIT)
@require_POST
def down(request: HttpRequest, question_id: int) -> HttpResponse:
    return _move(request, question_id, up=False)


def _move(request: HttpRequest, question_id: int, *, up: bool) -> HttpResponse:
    with doors():
        question = move_question(question_id, up=up, **who(request))
    return done(request, f"{course_href(question.course_id)}#question-{question_id}", _("顺序已调整。"))


@needs(EDIT)
@require_POST
def remove(request: HttpRequest, question_id: int) -> HttpResponse:
    href = course_href(_question(request, question_id).course_id)
    try:
        with doors():
            remove_question(question_id, **who(request))
    except Refused as refusal:
        return refused(request, href, refusal)
    return done(request, href, _("考题已删除；已有的答卷里仍保留。"))


def _question(request: HttpRequest, question_id: int) -> Question:
    return found(question_by_id(viewer_of(request), question_id))

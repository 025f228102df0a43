"""Writing a course: what is to be read and asked, and whether it may be assigned.

A change of an open course counts for later papers only: an attempt keeps the paper that it began with.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.entering import enter, once, told
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.people.course_policy import (
    QUESTIONS_AT_MOST,
    NewQuestion,
    check_move,
    check_ready,
    sound_course,
    sound_question,
)
from lianjing.domain.people.models import Assignment, Course, Question
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

EDIT = "training.edit"
FIELDS = frozenset({"code", "title", "subjects", "content", "hours", "pass_mark", "valid_months"})


@transaction.atomic
def add_course(company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Course:
    """Begins a course as a draft; `values`: all of FIELDS. Raises Missing, Forbidden or Refused naming the field."""
    company = locked(Company.objects.all(), company_id, by, see=EDIT, company="id")
    require(by, EDIT, company.pk)
    course = Course(company=company, changed_at=at)
    _save(course, values)
    _before, after = difference({}, told(course, FIELDS))
    write_down("course.added", course, company.pk, Actor(by, at, source), after=after)
    return course


@transaction.atomic
def change_course(course_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Course:
    """Changes what a course is; `values`: all of FIELDS. Raises Missing, Forbidden or Refused naming the field."""
    course = _course(course_id, by)
    had = told(course, FIELDS)
    course.changed_at = at
    _save(course, values)
    if course.state == "open":
        check_ready(course.content, course.questions.count())
    before, after = difference(had, told(course, FIELDS))
    if after:
        write_down("course.changed", course, course.company_id, Actor(by, at, source), before=before, after=after)
    return course


@transaction.atomic
def open_course(course_id: int, *, by: Viewer, at: datetime, source: str = "") -> Course:
    """From now on it may be assigned. Raises Missing, Forbidden, or Refused while it has nothing to read or to ask."""
    course = _course(course_id, by)
    check_move(course.state, "open")
    check_ready(course.content, course.questions.count())
    _move(course, "open", {}, Actor(by, at, source))
    return course


@transaction.atomic
def close_course(course_id: int, *, by: Viewer, at: datetime, source: str = "") -> int:
    """From now on nobody is assigned it, and whoever still owes it no longer does; how many those were.

    Raises Missing, Forbidden or Refused.
    """
    course = _course(course_id, by)
    check_move(course.state, "closed")
    owing = Assignment.objects.filter(course=course, passed_at=None, withdrawn_at=None).update(withdrawn_at=at)
    _move(course, "closed", {"withdrawn": owing}, Actor(by, at, source))
    return owing


@transaction.atomic
def add_question(course_id: int, new: NewQuestion, *, by: Viewer, at: datetime, source: str = "") -> Question:
    """Puts a question behind the others. Raises Missing, Forbidden or Refused (`text`, `options`, `right`)."""
    course = _course(course_id, by)
    places = list(course.questions.order_by("place").values_list("place", flat=True))
    if len(places) >= QUESTIONS_AT_MOST:
        raise Refused("", _("一门课程最多 %(limit)d 道题。"), limit=QUESTIONS_AT_MOST)
    question = Question(course=course, place=places[-1] + 1 if places else 1)
    _write(question, new)
    _note("course.question_added", question, Actor(by, at, source), after=_question_told(question))
    return question


@transaction.atomic
def change_question(question_id: int, new: NewQuestion, *, by: Viewer, at: datetime, source: str = "") -> Question:
    """Writes a question anew. Raises Missing, Forbidden or Refused (`text`, `options`, `right`)."""
    question = _question(question_id, by)
    had = _question_told(question)
    _write(question, new)
    before, after = difference(had, _question_told(question))
    if after:
        _note("course.question_changed", question, Actor(by, at, source), before=before, after=after)
    return question


@transaction.atomic
def move_question(question_id: int, *, up: bool, by: Viewer, at: datetime, source: str = "") -> Question:
    """Lets it change places with the one before it, or behind it; at the end nothing happens.

    Raises Missing or Forbidden.
    """
    question = _question(question_id, by)
    beside = question.course.questions.filter(**{f"place__{'lt' if up else 'gt'}": question.place})
    other = beside.order_by("-place" if up else "place").first()
    if other is None:
        return question
    had, there = question.place, other.place
    # No two may stand at one place, not even for a moment.
    Question.objects.filter(pk=question.pk).update(place=0)
    Question.objects.filter(pk=other.pk).update(place=had)
    Question.objects.filter(pk=question.pk).update(place=there)
    question.place = there
    actor = Actor(by, at, source)
    _note("course.question_moved", question, actor, before={"place": had}, after={"place": there})
    return question


@transaction.atomic
def remove_question(question_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes a question out; papers that have it keep it. Raises Missing, Forbidden, or Refused for the last one of an
    open course."""
    question = _question(question_id, by)
    if question.course.state == "open" and question.course.questions.count() == 1:
        raise Refused("", _("开放的课程至少要有一道题。"))
    _note("course.question_removed", question, Actor(by, at, source), before=_question_told(question), after={})
    question.delete()


def _course(course_id: int, by: Viewer) -> Course:
    course = locked(Course.objects.all(), course_id, by, see=EDIT)
    require(by, EDIT, course.company_id)
    return course


def _question(question_id: int, by: Viewer) -> Question:
    """The question, its course locked."""
    course_id = Question.objects.filter(pk=question_id).values_list("course_id", flat=True).first()
    if course_id is None:
        raise Missing(f"question {question_id}")
    course = _course(course_id, by)
    question = course.questions.filter(pk=question_id).first()
    if question is None:
        raise Missing(f"question {question_id}")
    question.course = course
    return question


def _save(course: Course, values: Mapping[str, Any]) -> None:
    enter(course, sound_course({name: values[name] for name in FIELDS}))
    with once("code", _("课程编号 %(code)s 已经有了。"), code=course.code):
        course.save()


def _move(course: Course, to: str, more: Mapping[str, Any], actor: Actor) -> None:
    course.state, course.changed_at = to, actor.at
    course.save(update_fields=["state", "changed_at"])
    action = "course.opened" if to == "open" else "course.closed"
    write_down(action, course, course.company_id, actor, after=more)


def _write(question: Question, new: NewQuestion) -> None:
    sound = sound_question(new)
    question.text, question.options, question.right = sound.text, list(sound.options), list(sound.right)
    question.save()


def _question_told(question: Question) -> dict[str, Any]:
    """In words: places alone would say nothing once the options have changed."""
    right = [question.options[place] for place in question.right]
    return {"text": question.text, "options": question.options, "right": right}


def _note(action: str, question: Question, actor: Actor, **told: Mapping[str, Any]) -> None:
    """A change of a question is a change of its course, and stands among its records."""
    course = question.course
    Course.objects.filter(pk=course.pk).update(changed_at=actor.at)
    after = {"question_id": question.pk, **told["after"]}
    write_down(action, course, course.company_id, actor, before=told.get("before"), after=after)

"""Taking a course on line: a paper is begun, answered, handed in and marked here; a pass goes on the person's file.

The paper is kept as it was when it was begun, with the right answers: they never leave it before it is handed in.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, person_id, require
from lianjing.domain.people.course_policy import last_day, score_of, sound_answers, unanswered
from lianjing.domain.people.fact_kinds import Part
from lianjing.domain.people.fact_policy import TEXT_AT_MOST, NewFact
from lianjing.domain.people.facts import Entry, enter_fact
from lianjing.domain.people.models import Assignment, Attempt, Course, StaffFact, StaffMember
from lianjing.domain.records.changing import Actor, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import Outcome, StaffFactKind

TAKE = "training.take"
Answers = Mapping[int, Sequence[int]]
"""Places of the chosen options, both from 0, by the place of the question in the paper."""


@transaction.atomic
def start_attempt(assignment_id: int, *, by: Viewer, at: datetime, source: str = "") -> Attempt:
    """Begins a paper, or goes on with the one that is not handed in yet.

    Raises Missing (not his), Forbidden, or Refused: passed already, withdrawn.
    """
    assignment = _assignment(assignment_id, by)
    _check_owed(assignment)
    begun = assignment.attempts.filter(submitted_at=None).order_by("-pk").first()
    if begun is not None:
        return begun
    paper = _paper(assignment.course)
    blank: list[list[int]] = [[] for _question in paper["questions"]]
    attempt = Attempt.objects.create(assignment=assignment, started_at=at, paper=paper, answers=blank)
    after = {"course": assignment.course.code, "assignment": assignment.pk}
    write_down("training.started", attempt, assignment.company_id, Actor(by, at, source), after=after)
    return attempt


@transaction.atomic
def keep_answers(attempt_id: int, told: Answers, *, by: Viewer, at: datetime, source: str = "") -> Attempt:
    """Keeps what is answered so far. A paper that is handed in stays as it is. Raises Missing or Forbidden."""
    attempt = _attempt(attempt_id, by)
    if attempt.submitted_at is None:
        _answer(attempt, told)
        attempt.save(update_fields=["answers"])
    return attempt


@transaction.atomic
def submit_attempt(attempt_id: int, told: Answers, *, by: Viewer, at: datetime, source: str = "") -> Attempt:
    """Hands the paper in and marks it; a pass is recorded as training of the person. A second time changes nothing.

    Raises Missing (not his), Forbidden, or Refused: an unanswered question, withdrawn meanwhile.
    """
    attempt = _attempt(attempt_id, by)
    if attempt.submitted_at is not None:
        return attempt
    assignment = attempt.assignment
    _check_owed(assignment)
    _answer(attempt, told)
    missing = unanswered(attempt.answers)
    if missing:
        raise Refused("", _("还有 %(count)d 题没有答：第 %(first)d 题。"), count=len(missing), first=missing[0])
    actor = Actor(by, at, source)
    _mark(attempt, at)
    if attempt.passed:
        attempt.evidence = _record(attempt, actor)
        assignment.passed_at = at
        assignment.save(update_fields=["passed_at"])
    attempt.save(update_fields=["answers", "submitted_at", "score", "passed", "evidence"])
    after = {"course": attempt.paper["code"], "score": attempt.score, "passed": attempt.passed}
    after |= {"answers": attempt.answers, "paper_sha256": _digest(repr(attempt.paper)), "fact": attempt.evidence_id}
    write_down("training.submitted", attempt, assignment.company_id, actor, after=after)
    return attempt


def _assignment(assignment_id: int, by: Viewer) -> Assignment:
    """What he himself is assigned, locked. Raises Missing or Forbidden."""
    me = person_id(by)
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True).select_related("course", "member")
    row = None if me is None else rows.filter(pk=assignment_id, member__user_id=me).first()
    if row is None:
        raise Missing(f"assignment {assignment_id}")
    require(by, TAKE, row.company_id)
    return row


def _attempt(attempt_id: int, by: Viewer) -> Attempt:
    """A paper of his; what it is about is locked, so that the same paper is not handed in twice at once."""
    assignment_id = Attempt.objects.filter(pk=attempt_id).values_list("assignment_id", flat=True).first()
    if assignment_id is None:
        raise Missing(f"attempt {attempt_id}")
    assignment = _assignment(assignment_id, by)
    attempt = Attempt.objects.get(pk=attempt_id)
    attempt.assignment = assignment
    return attempt


def _check_owed(assignment: Assignment) -> None:
    if assignment.withdrawn_at is not None:
        raise Refused("", _("这项培训已经撤回，不用再做。"))
    if assignment.passed_at is not None:
        raise Refused("", _("这项培训已经通过。"))


def _paper(course: Course) -> dict[str, Any]:
    """Everything that the result depends on, as it is now."""
    return {
        "code": course.code,
        "title": course.title,
        "hours": str(course.hours),
        "subjects": course.subjects,
        "pass_mark": course.pass_mark,
        "valid_months": course.valid_months,
        "content_sha256": _digest(course.content),
        "questions": [
            {"text": question.text, "options": question.options, "right": question.right}
            for question in course.questions.order_by("place")
        ],
    }


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _answer(attempt: Attempt, told: Answers) -> None:
    attempt.answers = sound_answers([len(question["options"]) for question in attempt.paper["questions"]], told)


def _mark(attempt: Attempt, at: datetime) -> None:
    paper = attempt.paper
    attempt.score = score_of([question["right"] for question in paper["questions"]], attempt.answers)
    attempt.passed = attempt.score >= paper["pass_mark"]
    attempt.submitted_at = at


def _record(attempt: Attempt, actor: Actor) -> StaffFact:
    """The training on his file, from the day on which he passed."""
    assignment, paper = attempt.assignment, attempt.paper
    member = StaffMember.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.member_id)
    today = timezone.localdate(actor.at)
    return enter_fact(member, _fact(attempt, today, last_day(today, paper["valid_months"])), Entry(actor))


def _fact(attempt: Attempt, begins: date, ends: date | None) -> NewFact:
    """In Chinese, as the file is kept."""
    paper = attempt.paper
    content = f"{paper['code']} {paper['title']}，在线考试 {attempt.score} 分（合格线 {paper['pass_mark']} 分），"
    details = {
        "hours": float(paper["hours"]),
        "subjects": paper["subjects"],
        "content": f"{content}答卷 {attempt.pk}",
        "result": Outcome.PASSED.value,
    }
    issuer = attempt.assignment.company.name
    title = paper["title"][: TEXT_AT_MOST[Part.VALUE]]
    return NewFact(StaffFactKind.TRAINING, title, begins, ends, "", issuer[: TEXT_AT_MOST[Part.ISSUER]], details)

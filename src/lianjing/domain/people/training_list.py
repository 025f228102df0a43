"""Reading courses, who owes which, and how the papers ended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.people.models import Assignment, Attempt, Course, Question, StaffMember, TrainingGroup

EDIT, TAKE = "training.edit", "training.take"
AT_ONCE = 5000
"""Figures of one question: SQLite takes no more than some ten thousands."""
NEVER: tuple[int, int | None] = (0, None)
OPEN = Q(passed_at=None, withdrawn_at=None)
STANDINGS: Mapping[str, tuple[str, ...]] = {
    "open": ("due_on", "id"),
    "overdue": ("due_on", "id"),
    "passed": ("-passed_at", "-id"),
    "withdrawn": ("-withdrawn_at", "-id"),
}
"""How assignments may stand, each with the order of its list: what is longest overdue comes first."""


def training_owing(member_ids: Collection[int], on: date) -> dict[int, list[Assignment]]:
    """What these people have not passed though it was due before the day `on`, by member; one query.

    A step of queries: the duty gate asks. `assignment.course.title` says what is owed, `due_on` since when. What was
    passed or withdrawn meanwhile is no longer owed, whatever the day.
    """
    rows = Assignment.objects.filter(OPEN, member_id__in=member_ids, due_on__lt=on)
    found: dict[int, list[Assignment]] = {}
    for row in rows.select_related("course").order_by("due_on", "pk"):
        found.setdefault(row.member_id, []).append(row)
    return found


# The office's side


@dataclass(frozen=True, slots=True)
class Progress:
    """How many owe a course, how many of them for too long, and how many have passed it."""

    open: int = 0
    overdue: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class CourseLine:
    course: Course
    questions: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class CoursesWanted:
    text: str = ""
    state: str = ""
    company_id: int | None = None


def courses(viewer: Viewer, wanted: CoursesWanted, on: date, after: int | None, limit: int) -> list[CourseLine]:
    """By number; three queries, one of them for where the list goes on."""
    rows = behind(visible(Course.objects.all(), viewer, EDIT), ("code", "id"), after)
    if wanted.text:
        rows = rows.filter(Q(code__icontains=wanted.text) | Q(title__icontains=wanted.text))
    rows = _narrowed(rows, state=wanted.state, company_id=wanted.company_id)
    shown = list(rows.select_related("company").annotate(asked=Count("questions"))[:limit])
    told = progress_of(viewer, [row.pk for row in shown], on)
    return [CourseLine(row, row.asked, told.get(row.pk, Progress())) for row in shown]


def progress_of(viewer: Viewer, course_ids: Collection[int], on: date) -> dict[int, Progress]:
    """By course; one query. A course that nobody was ever assigned is left out."""
    rows = visible(Assignment.objects.filter(course_id__in=course_ids), viewer, EDIT)
    counted = rows.values("course_id").annotate(
        open=Count("pk", filter=OPEN),
        overdue=Count("pk", filter=OPEN & Q(due_on__lt=on)),
        passed=Count("pk", filter=Q(passed_at__isnull=False)),
    )
    return {row["course_id"]: Progress(row["open"], row["overdue"], row["passed"]) for row in counted}


def course_by_id(viewer: Viewer, course_id: int) -> Course | None:
    """With its questions, in their order; None when there is none that the viewer may edit."""
    rows = visible(Course.objects.select_related("company"), viewer, EDIT)
    return rows.prefetch_related("questions").filter(pk=course_id).first()


def question_by_id(viewer: Viewer, question_id: int) -> Question | None:
    rows = visible(Question.objects.select_related("course"), viewer, EDIT, company_field="course__company_id")
    return rows.filter(pk=question_id).first()


def open_courses(viewer: Viewer, company_id: int | None = None) -> list[Course]:
    """What may be assigned, or was once: for choices. Drafts are left out."""
    rows = visible(Course.objects.exclude(state="draft"), viewer, EDIT)
    return list(_narrowed(rows, company_id=company_id).order_by("code", "pk"))


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment with its tries: how many were handed in, and the best of them."""

    assignment: Assignment
    tries: int
    best: int | None
    on: date

    @property
    def standing(self) -> str:
        row = self.assignment
        if row.passed_at is not None:
            return "passed"
        if row.withdrawn_at is not None:
            return "withdrawn"
        return "overdue" if row.due_on < self.on else "open"

    @property
    def days_left(self) -> int:
        """Until the last day on which it is in time; negative: overdue for so many days."""
        return (self.assignment.due_on - self.on).days


@dataclass(frozen=True, slots=True)
class AssignmentsWanted:
    """`standing`: of STANDINGS, "" for all. `text`: name, initials or number of the person."""

    text: str = ""
    standing: str = ""
    course_id: int | None = None
    group_id: int | None = None
    company_id: int | None = None
    member_id: int | None = None


def assignments(
    viewer: Viewer, wanted: AssignmentsWanted, on: date, after: int | None, limit: int
) -> list[AssignmentLine]:
    """What is owed comes by its day, the longest overdue first; what is settled, the latest first."""
    rows = _standing(visible(Assignment.objects.all(), viewer, EDIT), wanted.standing, on)
    rows = behind(rows, STANDINGS.get(wanted.standing, ("-id",)), after)
    rows = _narrowed(
        rows,
        course_id=wanted.course_id,
        group_id=wanted.group_id,
        company_id=wanted.company_id,
        member_id=wanted.member_id,
    )
    if wanted.text:
        named = Q(member__name__icontains=wanted.text) | Q(member__staff_no__icontains=wanted.text)
        rows = rows.filter(named | Q(member__initials__startswith=wanted.text.lower()))
    return _lines(rows.select_related("course", "member", "company", "group")[:limit], on)


def _standing(rows: "QuerySet[Assignment]", standing: str, on: date) -> "QuerySet[Assignment]":
    if standing == "passed":
        return rows.filter(passed_at__isnull=False)
    if standing == "withdrawn":
        return rows.filter(withdrawn_at__isnull=False)
    if standing in ("open", "overdue"):
        return rows.filter(OPEN, **({"due_on__lt": on} if standing == "overdue" else {}))
    return rows


def _lines(rows: "QuerySet[Assignment]", on: date) -> list[AssignmentLine]:
    """One more query, but for exports of thousands."""
    shown = list(rows)
    told: dict[int, tuple[int, int | None]] = {}
    for begin in range(0, len(shown), AT_ONCE):
        part = [row.pk for row in shown[begin : begin + AT_ONCE]]
        handed_in = Attempt.objects.filter(assignment__in=part, submitted_at__isnull=False)
        counted = handed_in.values("assignment_id").annotate(tries=Count("pk"), best=Max("score"))
        told |= {row["assignment_id"]: (row["tries"], row["best"]) for row in counted}
    tried = [(row, *told.get(row.pk, NEVER)) for row in shown]
    return [AssignmentLine(row, tries, best, on) for row, tries, best in tried]


def standing_counts(viewer: Viewer, on: date) -> dict[str, int]:
    """How many are owed, how many of them for too long, and by how many people; one query."""
    rows, late = visible(Assignment.objects.filter(OPEN), viewer, EDIT), Q(due_on__lt=on)
    people = Count("member_id", filter=late, distinct=True)
    return dict(rows.aggregate(open=Count("pk"), overdue=Count("pk", filter=late), overdue_people=people))


def assignment_by_id(viewer: Viewer, assignment_id: int, on: date) -> AssignmentLine | None:
    rows = visible(Assignment.objects.select_related("course", "member", "company", "group"), viewer, EDIT)
    return next(iter(_lines(rows.filter(pk=assignment_id), on)), None)


def attempts(viewer: Viewer, assignment_id: int) -> list[Attempt]:
    """The tries at one assignment, the latest first."""
    rows = visible(Attempt.objects.all(), viewer, EDIT, company_field="assignment__company_id")
    return list(rows.filter(assignment_id=assignment_id).select_related("evidence").order_by("-pk"))


def attempt_by_id(viewer: Viewer, attempt_id: int) -> Attempt | None:
    """A paper for the manager's eyes."""
    rows = visible(Attempt.objects.all(), viewer, EDIT, company_field="assignment__company_id")
    about = rows.select_related("assignment__member", "assignment__course", "assignment__company", "evidence")
    return about.filter(pk=attempt_id).first()


def trained_member(viewer: Viewer, member_id: int) -> StaffMember | None:
    """Somebody who may be assigned courses."""
    return visible(StaffMember.objects.select_related("company"), viewer, EDIT).filter(pk=member_id).first()


def groups(viewer: Viewer, company_id: int | None, after: int | None, limit: int) -> list[TrainingGroup]:
    """By name, each with `people`, the number of them."""
    rows = behind(visible(TrainingGroup.objects.all(), viewer, EDIT), ("name", "id"), after)
    rows = _narrowed(rows, company_id=company_id)
    return list(rows.select_related("company").annotate(people=Count("members"))[:limit])


def group_by_id(viewer: Viewer, group_id: int) -> TrainingGroup | None:
    by_number = Prefetch("members", StaffMember.objects.order_by("staff_no", "pk"))
    rows = visible(TrainingGroup.objects.select_related("company"), viewer, EDIT)
    return rows.prefetch_related(by_number).filter(pk=group_id).first()


@dataclass(frozen=True, slots=True)
class Named:
    """Whom the typed words mean; `unknown` mean nobody, `several` more than one."""

    found: Sequence[int]
    unknown: Sequence[str]
    several: Sequence[str]


def people_named(viewer: Viewer, company_id: int, words: Collection[str]) -> Named:
    """Finds people of a company by staff number, or else by their whole name; two queries."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, EDIT)
    wanted = list(dict.fromkeys(words))
    numbers = dict(rows.filter(staff_no__in=wanted).values_list("staff_no", "pk"))
    names: dict[str, list[int]] = {}
    for name, pk in rows.filter(name__in=[word for word in wanted if word not in numbers]).values_list("name", "pk"):
        names.setdefault(name, []).append(pk)
    found = {word: [numbers[word]] if word in numbers else names.get(word, []) for word in wanted}
    return Named(
        found=list(dict.fromkeys(pks[0] for pks in found.values() if len(pks) == 1)),
        unknown=[word for word, pks in found.items() if not pks],
        several=[word for word, pks in found.items() if len(pks) > 1],
    )


# The learner's side


def _mine(viewer: Viewer) -> "QuerySet[Assignment]":
    me = person_id(viewer)
    rows = visible(Assignment.objects.filter(withdrawn_at=None), viewer, TAKE)
    return rows.none() if me is None else rows.filter(member__user_id=me)


def has_file(viewer: Viewer) -> bool:
    """Whether there is a member of staff behind the account."""
    me = person_id(viewer)
    return me is not None and StaffMember.objects.filter(user_id=me).exists()


def my_open_training(viewer: Viewer, on: date) -> list[AssignmentLine]:
    """What he owes, the first due first."""
    return _lines(_mine(viewer).filter(OPEN).select_related("course").order_by("due_on", "pk"), on)


def my_passed_training(viewer: Viewer, on: date, after: int | None, limit: int) -> list[AssignmentLine]:
    """What he has passed, the latest first."""
    rows = behind(_mine(viewer).filter(passed_at__isnull=False), ("-passed_at", "-id"), after)
    return _lines(rows.select_related("course")[:limit], on)


def my_training(viewer: Viewer, assignment_id: int, on: date) -> AssignmentLine | None:
    rows = _mine(viewer).select_related("course", "company").filter(pk=assignment_id)
    return next(iter(_lines(rows, on)), None)


def my_attempts(viewer: Viewer, assignment_id: int) -> list[Attempt]:
    """His tries at one assignment, the latest first; one that is not handed in yet among them."""
    rows = Attempt.objects.filter(assignment__in=_mine(viewer).filter(pk=assignment_id))
    return list(rows.select_related("evidence").order_by("-pk"))


def my_attempt(viewer: Viewer, attempt_id: int) -> Attempt | None:
    rows = Attempt.objects.filter(assignment__in=_mine(viewer), pk=attempt_id)
    return rows.select_related("assignment__course", "evidence").first()


def due_counts(viewer: Viewer, on: date) -> tuple[int, int]:
    """How many he owes, and how many of them for too long; one query."""
    told = _mine(viewer).filter(OPEN).aggregate(owing=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=on)))
    return told["owing"], told["overdue"]


def _narrowed(rows: "QuerySet[Any]", **wanted: Any) -> "QuerySet[Any]":
    """By those of the columns for which something is wanted."""
    return rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "")})

"""The days on which clauses will turn if nothing is done: of the specification, and of local texts by what they are
mapped to and by evidence of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.clause_courses import Asked, Course, course_of, held
from lianjing.domain.compliance.judging import Evidence, Judgement
from lianjing.domain.compliance.local_ahead import local_ahead
from lianjing.domain.compliance.local_texts import local_editions
from lianjing.domain.compliance.looking_ahead import DAYS, DAYS_AT_MOST, Span
from lianjing.domain.compliance.queries import SEE
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.sharing import one_sweep

CAUSES_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Turn:
    """On a day a clause no longer stands as on the day before."""

    clause: Clause
    on: date
    before: Judgement
    after: Judgement
    causes: tuple[Evidence, ...]
    """The records by which it turns, at most so many; `more_causes`: how many are not listed."""
    more_causes: int
    looks_back: bool
    """Only because nothing more occurs: of what occurred something is too old by then."""


def forecast(
    viewer: Viewer,
    company_id: int,
    on: date,
    days: int = DAYS,
    known: datetime | None = None,
    *,
    looks_back: bool = True,
) -> list[Turn]:
    """Every turn after day `on` and up to `days` later, in order of days and of the text, those of local texts behind
    it, by what was known at `known` (None: is now). Each verdict is that of `all_judged` on its day; a clause of a
    local text that only begins or ends to be in force turns not. [] for who may not see it. `looks_back` False: without
    the rules that judge by what occurred lately; they read long for what the asker would not show. What is mapped to
    one of them is judged then by how that stands on the first day."""
    if not viewer.scope(SEE).holds(company_id):
        return []
    span = Span(on, on + min(timedelta(days=min(days, DAYS_AT_MOST)), date.max - on))
    asked: Asked = (viewer, company_id, span, known)
    with one_sweep():
        courses = [course_of(clause, asked) for clause in catalogue().judged if looks_back or not _looks_back(clause)]
        found = [turn for course in courses for turn in _turns(course)]
        found += _local_turns(courses, asked)
    return sorted(found, key=lambda turn: turn.on)


def _looks_back(clause: Clause) -> bool:
    rule = rules().get(clause.number)
    return rule is not None and rule.looks_back


def _turns(course: Course) -> Iterable[Turn]:
    for day, before, after in course.turns:
        yield _turn(course.clause, day, (before, after), course.causes(day), course.looks_back)


def _local_turns(courses: Sequence[Course], asked: Asked) -> Iterable[Turn]:
    viewer, company_id, _span, known = asked
    editions = local_editions(viewer, company_id, known)
    named = {one.to for text in editions for clause in text.clauses for one in clause.mappings}
    stands = {course.clause.number: course for course in courses}
    missing = [clause for clause in catalogue().judged if clause.number in named - stands.keys()]
    stands |= {clause.number: held(clause, asked) for clause in missing}
    for clause, day, verdicts, causes, looks_back in local_ahead(editions, stands, asked):
        yield _turn(clause, day, verdicts, causes, looks_back)


def _turn(
    clause: Clause,
    day: date,
    verdicts: tuple[Judgement, Judgement],
    causes: tuple[Evidence, ...],
    looks_back: bool,
) -> Turn:
    listed, more = causes[:CAUSES_AT_MOST], max(0, len(causes) - CAUSES_AT_MOST)
    return Turn(clause, day, *verdicts, listed, more, looks_back)

"""The supervisor's board: who does what now, and what waits for somebody. A fixed number of queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.act_words import act_words
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.queries import QUEUE_ORDER, SHOWN, QueueRow, rows_of
from lianjing.domain.incidents.queue_policy import AgeLimits
from lianjing.domain.people.duty_list import open_duties
from lianjing.domain.people.models import Duty
from lianjing.domain.records.models import Record

SEE = "board.see"
HELD_SHOWN = 1000
"""Cases in hands that are listed; a centre has fewer."""
FREE_SHOWN = 100
ON_HOLD_SHOWN = 100
GRADES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class LastAct:
    """What was last done to a case, in words."""

    at: datetime
    words: str
    actor: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in somebody's hands: since when, and what was last done."""

    row: QueueRow
    taken_at: datetime | None
    last: LastAct | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on duty, or who has a case though he is not (`duty` is None). Longest wait: the oldest alarm of his
    cases that nobody has looked at yet."""

    user_id: int
    name: str
    company_name: str
    duty: Duty | None
    cases: Sequence[CaseLine]

    @property
    def waiting_since(self) -> datetime | None:
        return min((case.row.attention_at for case in self.cases if not case.row.acknowledged), default=None)


@dataclass(frozen=True, slots=True)
class FreeLine:
    """Cases of a grade that nobody has: how many, how many are past their red and their amber limit, the oldest."""

    grade: int
    count: int
    late: int
    amber: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board that this app knows. `held_count` may be more than is listed."""

    people: Sequence[PersonLine]
    free: Sequence[FreeLine]
    first_free: Sequence[QueueRow]
    held_count: int
    on_hold: Sequence[QueueRow]
    """On hold, the first to come back first: in hands or free."""
    escalated_count: int
    """Open cases of which leader or manager was told because nobody reacted."""

    @property
    def free_count(self) -> int:
        return sum(line.count for line in self.free)


def board(viewer: Viewer, at: datetime) -> Board:
    """Who stands duty with his cases, and the free cases by grade."""
    rows = visible(Incident.objects.exclude(state=State.CLOSED), viewer, SEE)
    held = rows.filter(holder__isnull=False)
    taken = list(held.select_related(*SHOWN).order_by(*QUEUE_ORDER)[:HELD_SHOWN])
    free = rows.filter(holder=None, held_until=None)
    first = free.select_related(*SHOWN).order_by(*QUEUE_ORDER)[:FREE_SHOWN]
    count = held.count() if len(taken) == HELD_SHOWN else len(taken)
    on_hold = rows.filter(held_until__isnull=False).select_related(*SHOWN).order_by("held_until", "pk")[:ON_HOLD_SHOWN]
    return Board(
        people=_people(viewer, taken),
        free=_free_lines(free, at),
        first_free=rows_of(first),
        held_count=count,
        on_hold=rows_of(on_hold),
        escalated_count=rows.exclude(escalated_to="").count(),
    )


def _people(viewer: Viewer, taken: Sequence[Incident]) -> list[PersonLine]:
    last = _last_acts(viewer, [case.pk for case in taken])
    cases: dict[int, list[CaseLine]] = defaultdict(list)
    for case, row in zip(taken, rows_of(taken), strict=True):
        cases[case.holder_id or 0].append(CaseLine(row, case.taken_at, last.get(case.pk)))
    duties = {duty.user_id: duty for duty in open_duties(viewer)}
    on_duty = [_person(duty, cases.pop(user_id, [])) for user_id, duty in duties.items()]
    others = [
        PersonLine(user_id, lines[0].row.holder_name, lines[0].row.company_name, None, lines)
        for user_id, lines in cases.items()
    ]
    return others + on_duty


def _person(duty: Duty, lines: Sequence[CaseLine]) -> PersonLine:
    return PersonLine(duty.user_id, duty.user.shown_name, duty.company.name, duty, lines)


def _last_acts(viewer: Viewer, ids: Iterable[int]) -> Mapping[int, LastAct]:
    """The newest record of each case: one query for their numbers, one for themselves."""
    keys = [str(pk) for pk in ids]
    if not keys:
        return {}
    rows = visible(Record.objects.filter(subject_type="incident", subject_id__in=keys), viewer, SEE)
    newest = rows.order_by().values("subject_id").annotate(last=Max("id")).values_list("last", flat=True)
    return {
        int(record.subject_id): LastAct(record.at, act_words(record), record.actor_name if record.actor_id else "")
        for record in Record.objects.filter(pk__in=list(newest))
    }


def _free_lines(free: "QuerySet[Incident]", at: datetime) -> list[FreeLine]:
    """By grade. How long is too long is each company's own, by class and grade: one query for what there is, one to
    count what is late."""
    kinds = list(free.order_by().values_list("company_id", "event_class", "grade").distinct())
    late, amber = _past_limits(kinds, at)
    counted = (
        free.order_by()
        .values("grade")
        .annotate(
            n=Count("pk"), late=Count("pk", filter=late), past=Count("pk", filter=amber), oldest=Min("attention_at")
        )
    )
    found = {row["grade"]: row for row in counted}
    return [
        FreeLine(grade, row["n"], row["late"], row["past"] - row["late"], row["oldest"])
        if (row := found.get(grade))
        else FreeLine(grade, 0, 0, 0, None)
        for grade in GRADES
    ]


def _past_limits(kinds: Sequence[tuple[int | None, str, int]], at: datetime) -> tuple[Q, Q]:
    """What is past its red limit, and what is past its amber one. Companies with the same limits share a condition."""
    figures = figures_by_company({company_id for company_id, _, _ in kinds})
    alike: dict[tuple[str, int, AgeLimits], set[int | None]] = defaultdict(set)
    for company_id, event_class, grade in kinds:
        alike[event_class, grade, figures[company_id].ages(event_class, grade)].add(company_id)
    late, amber = Q(pk=None), Q(pk=None)
    for (event_class, grade, limits), companies in alike.items():
        theirs = Q(company_id__in=companies - {None}) | (Q(company=None) if None in companies else Q(pk=None))
        waiting = theirs & Q(event_class=event_class, grade=grade, acknowledged=False)
        late |= waiting & Q(attention_at__lte=at - timedelta(seconds=limits.red))
        amber |= waiting & Q(attention_at__lte=at - timedelta(seconds=limits.amber))
    return late, amber

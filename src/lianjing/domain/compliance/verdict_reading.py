"""Clauses as they stand, from what is kept where that is today's, and judged on the spot where it is not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.kept_verdicts import judged_of
from lianjing.domain.compliance.local_judging import local_judged
from lianjing.domain.compliance.models import ClauseReader, StandingVerdict, VerdictCount, VerdictTurn, WaitingClause
from lianjing.domain.compliance.past_days import Asked, remember, remembered, revision_of
from lianjing.domain.compliance.queries import SEE, Judged, judged_clauses
from lianjing.domain.compliance.waking import woken_by
from lianjing.domain.signals.days import today
from lianjing.terms.verdicts import Verdict

YEAR = timedelta(days=365)
TURNS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause as it stands. `since`: the day since when; None: not known."""

    judged: Judged
    since: date | None = None
    judged_at: datetime | None = None
    """When it was judged; None: just now, or remembered and still so."""
    has_evidence: bool = False
    """Only what has been judged for this asking has."""


def standing_clauses(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Standing]:
    """Every judged clause in the order of the text; [] for who may not see it.

    What is kept is taken for today and by what is known now, what is remembered otherwise, and only of clauses that
    nothing has woken since.
    """
    if not viewer.scope(SEE).holds(company_id):
        return []
    standing = _standing_now if known is None and on == today() else _standing_then
    found = standing(viewer, Asked(company_id, on, known))
    return [found[clause.number] for clause in catalogue().judged]


def _standing_now(viewer: Viewer, asked: Asked) -> dict[str, Standing]:
    # Wakes first: what is judged between the two questions is in the answer to the second, and still counts as woken.
    woken = _woken(asked.company_id)
    rows = _rows(viewer, asked.company_id)
    fresh = {number: row for number, row in rows.items() if row.on == asked.on and not row.defect and row.verdict}
    ours = catalogue().clauses
    kept = {number: _standing(row) for number, row in fresh.items() if number in ours and number not in woken}
    anew = _judged_but(kept, viewer, asked)
    return kept | {one.clause.number: Standing(one, _since_of(one, rows), has_evidence=True) for one in anew}


def _standing_then(viewer: Viewer, asked: Asked) -> dict[str, Standing]:
    # The revision before anything is judged, and the wakes before what has been judged since, for the same reason.
    revision = revision_of(asked.company_id)
    kept = remembered(asked, _woken(asked.company_id))
    anew = _judged_but(kept, viewer, asked)
    if anew:
        remember(asked, revision, anew)
    found = {number: Standing(one) for number, one in kept.items()}
    return found | {one.clause.number: Standing(one, has_evidence=True) for one in anew}


def _judged_but(kept: Collection[str], viewer: Viewer, asked: Asked) -> list[Judged]:
    """What is missing of all clauses, judged."""
    missing = [clause.number for clause in catalogue().judged if clause.number not in kept]
    return judged_clauses(viewer, asked.company_id, asked.on, asked.known, only=missing) if missing else []


def standing_with_local(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Standing]:
    """As `standing_clauses`, and behind them what local texts ask: judged on the spot by those that they are mapped
    to, and since when as it is kept."""
    standing = standing_clauses(viewer, company_id, on, known)
    local = local_judged(viewer, company_id, on, known, [one.judged for one in standing])
    rows = _rows(viewer, company_id) if local and known is None and on == today() else {}
    return [*standing, *(Standing(one, _since_of(one, rows), has_evidence=True) for one in local)]


def since_when(viewer: Viewer, company_id: int, judged: list[Judged]) -> dict[str, date | None]:
    """Of clauses that were judged for today by what is known now: the day since when each stands so."""
    rows = _rows(viewer, company_id)
    return {one.clause.number: _since_of(one, rows) for one in judged}


def turns_of(viewer: Viewer, company_id: int, clause: str) -> list[VerdictTurn]:
    """The latest turns of a clause, the last one first."""
    rows = visible(VerdictTurn.objects.filter(company_id=company_id, clause=clause), viewer, SEE)
    return list(rows.order_by("-pk")[:TURNS_SHOWN])


def counts_of_year(viewer: Viewer, company_id: int, until: date) -> list[VerdictCount]:
    """The counts of the year up to that day, in order."""
    rows = visible(VerdictCount.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.filter(on__gt=max(until, date.min + YEAR) - YEAR, on__lte=until).order_by("on"))


def first_counted(viewer: Viewer, company_id: int) -> date | None:
    """The day on which all clauses were judged for the first time."""
    rows = visible(VerdictCount.objects.filter(company_id=company_id, in_retrospect=False), viewer, SEE)
    return rows.order_by("on").values_list("on", flat=True).first()


def not_met_counts(viewer: Viewer) -> dict[int, int]:
    """By company: how many clauses are kept as not met."""
    rows = visible(StandingVerdict.objects.filter(verdict=Verdict.NOT_MET.value), viewer, SEE)
    return dict(rows.order_by().values_list("company_id").annotate(n=Count("pk")))


def turned_since(viewer: Viewer, day: date) -> dict[int, int]:
    """By company: how many clauses have turned on that day or later."""
    rows = visible(VerdictTurn.objects.filter(day__gte=day), viewer, SEE)
    return dict(rows.order_by().values_list("company_id").annotate(n=Count("clause", distinct=True)))


def kept_companies(viewer: Viewer) -> set[int]:
    """Those of which verdicts are kept at all."""
    rows = visible(StandingVerdict.objects.all(), viewer, SEE)
    return set(rows.order_by().values_list("company_id", flat=True).distinct())


def _rows(viewer: Viewer, company_id: int) -> dict[str, StandingVerdict]:
    rows = visible(StandingVerdict.objects.filter(company_id=company_id), viewer, SEE)
    return {row.clause: row for row in rows}


def _standing(row: StandingVerdict) -> Standing:
    return Standing(judged_of(row), row.since, row.judged_at)


def _since_of(one: Judged, rows: dict[str, StandingVerdict]) -> date | None:
    """Only while the kept verdict is still the same one."""
    row = rows.get(one.clause.number)
    return row.since if row and not one.defect and row.verdict == one.judgement.verdict.value else None


def _woken(company_id: int) -> set[str]:
    """What waits to be judged anew, and what messages that nobody has read yet will wake."""
    waiting = WaitingClause.objects.filter(company_id=company_id).values_list("clause", flat=True)
    topics = _unread().filter(Q(company_id=company_id) | Q(company_id=None)).values_list("topic", flat=True).distinct()
    return set(waiting).union(*(woken_by()[topic] for topic in topics.order_by()))


def woken_companies(viewer: Viewer, company_ids: Collection[int]) -> set[int]:
    """Those of these in which something waits to be judged anew, or will be woken by a message that nobody has read."""
    rows = visible(WaitingClause.objects.filter(company_id__in=company_ids), viewer, SEE).order_by()
    waiting = rows.values_list("company_id", flat=True)
    told = set(_unread().order_by().values_list("company_id", flat=True).distinct())
    return set(company_ids) if None in told else {*waiting.distinct(), *(told & set(company_ids))}


def _unread() -> "QuerySet[Message]":
    read_to = ClauseReader.objects.values_list("position", flat=True).first() or 0
    return Message.objects.filter(Q(position__gt=read_to) | Q(position=None), topic__in=woken_by())

"""Keeps how every clause stands today: judges what was woken, and everything once a day (docs/decisions/0025).

Judging reads for a while and locks nothing; what was found is written in one short transaction, if nobody else has
written of that company meanwhile. So two workers, or one that was killed and begins again, turn nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.kept_phrases import packed
from lianjing.domain.compliance.kept_verdicts import judged_of
from lianjing.domain.compliance.local_judging import all_judged, local_judged, one_judged
from lianjing.domain.compliance.local_texts import local_texts
from lianjing.domain.compliance.models import JudgedCompany, StandingVerdict, VerdictTurn, WaitingClause
from lianjing.domain.compliance.queries import Judged, judged_clauses
from lianjing.domain.compliance.verdict_tally import count_today
from lianjing.domain.compliance.waking import fingerprint

TURNED = "clause.turned"
ANSWER = ("verdict", "sentences", "figures", "on", "since")
DAY = timedelta(days=1)
LOOKS_BACK = 31
"""Days that are judged one by one to find when a verdict turned while nobody looked."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a company: by whom, when, and what its row said before."""

    row: JudgedCompany
    by: Viewer
    at: datetime

    @property
    def company_id(self) -> int:
        return self.row.company_id

    @property
    def on(self) -> date:
        return centre_day(self.at)

    @property
    def is_stale(self) -> bool:
        """Not all of it has been judged on that day by these rules."""
        return self.row.swept_on != self.on or self.row.rules != fingerprint()


def judge_waiting(company_id: int, *, by: Viewer, at: datetime) -> int:
    """Judges the clauses of a company that wait, and keeps what they say; how many were judged.

    What is woken while they are judged goes on waiting. On a new day all of them are judged.
    """
    look = _Look(JudgedCompany.objects.get_or_create(company_id=company_id)[0], by, at)
    if look.is_stale:
        return judge_all(company_id, by=by, at=at)
    waiting = dict(WaitingClause.objects.filter(company_id=company_id).values_list("clause", "woken_at"))
    if not waiting:
        return 0
    judged = judged_clauses(by, company_id, look.on, only=waiting)
    return _write(look, judged + _local(look, judged), waiting)


def judge_all(company_id: int, *, by: Viewer, at: datetime) -> int:
    """The full sweep of a company: every clause, by the rules of today; what is no clause any more goes. How many."""
    look = _Look(JudgedCompany.objects.get_or_create(company_id=company_id)[0], by, at)
    waiting = dict(WaitingClause.objects.filter(company_id=company_id).values_list("clause", "woken_at"))
    look.row.swept_on, look.row.rules = look.on, fingerprint()
    judged = all_judged(by, company_id, look.on)
    return _write(look, judged, waiting, [one.clause.number for one in judged])


def _local(look: _Look, judged: Sequence[Judged]) -> list[Judged]:
    """What local texts ask: all of it, whatever was woken, by how the clauses stand that they are mapped to."""
    if not local_texts(look.by, look.company_id, look.on):
        return []
    found = {one.clause.number: one for one in judged}
    rest = [clause.number for clause in catalogue().judged if clause.number not in found]
    rows = StandingVerdict.objects.filter(company_id=look.company_id, clause__in=rest, defect="").exclude(verdict="")
    found |= {row.clause: judged_of(row) for row in rows}
    lacking = [number for number in rest if number not in found]
    anew = judged_clauses(look.by, look.company_id, look.on, only=lacking) if lacking else []
    return local_judged(look.by, look.company_id, look.on, None, [*found.values(), *anew])


def _write(
    look: _Look, judged: Sequence[Judged], waiting: dict[str, datetime], everything: Sequence[str] | None = None
) -> int:
    """`everything`: these numbers are all that there are."""
    numbers = [one.clause.number for one in judged]
    rows = StandingVerdict.objects.filter(company_id=look.company_id)
    before = {row.clause: row for row in rows.filter(clause__in=numbers)}
    turns = {one.clause.number: _turn(look, before[one.clause.number], one) for one in judged if _turned(one, before)}
    kept = [_standing(look, one, before.get(one.clause.number), turns.get(one.clause.number)) for one in judged]
    with transaction.atomic():
        if not _is_first(look):
            return 0
        StandingVerdict.objects.bulk_create(
            kept,
            update_conflicts=True,
            unique_fields=["company", "clause"],
            update_fields=[*ANSWER, "judged_at", "revision", "defect"],
        )
        if everything is not None:
            rows.exclude(clause__in=everything).delete()
        _answered(look.company_id, waiting)
        VerdictTurn.objects.bulk_create(turns.values())
        count_today(look.company_id, look.on, look.at)
        emit([_news(turn) for turn in turns.values()], at=look.at)
    return len(kept)


def _answered(company_id: int, waiting: dict[str, datetime]) -> None:
    """They wait no longer. One that was woken again meanwhile has another time, and goes on waiting."""
    for woken_at in set(waiting.values()):
        clauses = [clause for clause, at in waiting.items() if at == woken_at]
        WaitingClause.objects.filter(company_id=company_id, clause__in=clauses, woken_at=woken_at).delete()


def _is_first(look: _Look) -> bool:
    """Locks the company's row and moves it on; False: somebody else has written since the look began."""
    row = JudgedCompany.objects.select_for_update(no_key=True).get(pk=look.company_id)
    if row.revision != look.row.revision:
        return False
    row.revision, row.swept_on, row.rules = row.revision + 1, look.row.swept_on, look.row.rules
    row.failures, row.retry_at, row.defect = 0, None, ""
    row.save(update_fields=["revision", "swept_on", "rules", "failures", "retry_at", "defect"])
    return True


def _turned(one: Judged, before: dict[str, StandingVerdict]) -> bool:
    """A rule that gave no answer has turned nothing; the first answer is no turn either."""
    had = before.get(one.clause.number)
    return had is not None and had.verdict not in ("", one.judgement.verdict.value) and not one.defect


def _turn(look: _Look, had: StandingVerdict, one: Judged) -> VerdictTurn:
    number, to = one.clause.number, one.judgement.verdict.value
    told = {"from_verdict": had.verdict, "to_verdict": to, "day": _begun(look, had, number, to), "at": look.at}
    return VerdictTurn(company_id=look.company_id, clause=number, **told)


def _begun(look: _Look, had: StandingVerdict, number: str, verdict: str) -> date:
    """The day since when it stands so. Days on which nobody looked are judged one by one, backwards from today."""
    first = max(had.on + DAY, look.on - LOOKS_BACK * DAY)
    begun = look.on
    while begun > first and _verdict_on(look, number, begun - DAY) == verdict:
        begun -= DAY
    return begun


def _verdict_on(look: _Look, number: str, on: date) -> str:
    one = one_judged(look.by, look.company_id, number, on)
    return "" if one is None or one.defect else one.judgement.verdict.value


def _standing(look: _Look, one: Judged, had: StandingVerdict | None, turn: VerdictTurn | None) -> StandingVerdict:
    """The row as it is to be; of a rule that gave no answer the last answer stays, with the defect."""
    found, company_id, number = one.judgement, look.company_id, one.clause.number
    row = StandingVerdict(company_id=company_id, clause=number, defect=one.defect, judged_at=look.at, on=look.on)
    # What it is once this look is written: if another came first, nothing of this one is.
    row.revision = look.row.revision + 1
    row.verdict = "" if one.defect else found.verdict.value
    row.sentences, row.figures = packed(found.sentences), dict(found.figures)
    row.since = turn.day if turn else had.since if had else None
    if one.defect and had is not None:
        for name in ANSWER:
            setattr(row, name, getattr(had, name))
    return row


def _news(turn: VerdictTurn) -> News:
    told = {"clause": turn.clause, "from": turn.from_verdict, "to": turn.to_verdict, "company": turn.company_id}
    return News(TURNED, turn.company_id, told)

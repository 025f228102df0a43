"""A clause that turns bad raises a finding; one that turns good says so on it, and closes it when it was verified."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.refusals import Missing
from lianjing.core.viewer import Viewer, require
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.finding_gaps import WANTING, clauses_without_finding
from lianjing.domain.compliance.kept_phrases import unpacked
from lianjing.domain.compliance.local_judging import one_judged
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.domain.compliance.models import StandingVerdict
from lianjing.domain.compliance.turn_policy import GRADES, asks_for_finding
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.policy import EDIT
from lianjing.domain.findings.queries import open_by_clause
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.findings.watched import Watched, note_good, raise_watched
from lianjing.terms.findings import FindingSource
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Verdict

FOLLOWER = "clause findings"
DESCRIPTION_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Turn:
    """A clause of a company has another verdict now; `was` None: it had none."""

    company_id: int
    clause: str
    was: Verdict | None
    now: Verdict


@transaction.atomic
def raise_for_clause(turn: Turn, *, by: Viewer, at: datetime, source: str = "") -> Finding | None:
    """Raises the finding of a clause, notes on it that it got worse, or that it is good again; None when the turn asks
    for nothing. Turning to and fro makes no second one while one is open. Runs as the system."""
    clause = catalogue().clauses.get(turn.clause) or judged_entries(by, turn.company_id).get(turn.clause)
    if clause is None:
        return None
    watched = Watched(turn.company_id, f"clause:{clause.number}")
    if turn.now not in GRADES:
        return note_good(watched, by=by, at=at, source=source)
    if not asks_for_finding(turn.was, turn.now) and not _has_open(watched):
        return None
    return raise_watched(watched, _finding_of(clause, turn, by, _day(at)), by=by, at=at, source=source)


@transaction.atomic
def raise_standing(company_id: int, *, by: Viewer, at: datetime, source: str = "") -> list[Finding]:
    """Raises a finding for each clause that stands bad and has no open one: a company that begins has turned nothing,
    and yet much may be wanting. Raises Forbidden."""
    require(by, EDIT, company_id)
    rows = clauses_without_finding(by, company_id)
    turns = [Turn(company_id, row.clause, None, Verdict(row.verdict)) for row in rows]
    raised = [raise_for_clause(turn, by=by, at=at, source=source) for turn in turns]
    return [finding for finding in raised if finding is not None]


def raise_for_one(company_id: int, number: str, *, by: Viewer, at: datetime, source: str = "") -> Finding | None:
    """Raises the finding of a clause that somebody points at, by how it stands now; what is open about it already is
    given instead. None: it does not stand bad. Raises Forbidden, or Missing."""
    require(by, EDIT, company_id)
    found = one_judged(by, company_id, number, _day(at))
    if found is None:
        raise Missing(f"clause {number}")
    turn = Turn(company_id, number, None, found.judgement.verdict)
    if turn.now.value not in WANTING:
        return None
    there = open_by_clause(by, company_id, (number,)).get(number)
    return there[0] if there else raise_for_clause(turn, by=by, at=at, source=source)


def _day(at: datetime) -> date:
    return centre_day(at)


def _has_open(watched: Watched) -> bool:
    rows = Finding.objects.filter(company_id=watched.company_id, watch_key=watched.key, closed_at=None)
    return rows.exists()


def _finding_of(clause: Clause, turn: Turn, viewer: Viewer, on: date) -> NewFinding:
    # Kept as it is written: records and findings are in Chinese, whoever reads them.
    name = f"{clause.number} {clause.title}"
    return NewFinding(
        title=f"{name}：{turn.now.zh}"[:100],
        grade=GRADES[turn.now].value,
        description=_reasons(clause, turn, viewer, on)[:DESCRIPTION_LIMIT],
        source=Source(FindingSource.CLAUSE.value, clause.number, f"条款 {name}"[:200]),
        clauses=(clause.number,),
    )


def _reasons(clause: Clause, turn: Turn, viewer: Viewer, on: date) -> str:
    """Why: as it was kept with the verdict, else as is said now; a rule that fails says that it does."""
    kept = StandingVerdict.objects.filter(
        company_id=turn.company_id, clause=clause.number, verdict=turn.now.value
    ).first()
    if kept is not None:
        return "".join(words(sentence) for sentence in unpacked(kept.sentences))
    found = one_judged(viewer, turn.company_id, clause.number, on)
    return "".join(words(sentence) for sentence in found.judgement.sentences) if found else ""

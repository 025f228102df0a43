"""The specification's clauses and, behind them, those of local texts: judged by what they are mapped to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import Attested, AttestedRule
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.local_rule import NO_OWN, LocalFacts, Own, judge_local
from lianjing.domain.compliance.local_text import LocalClause, LocalText
from lianjing.domain.compliance.local_texts import local_texts
from lianjing.domain.compliance.queries import Judged, judged_clauses
from lianjing.domain.compliance.sharing import one_sweep
from lianjing.terms.verdicts import ClauseKind, Verdict


def all_judged(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[Judged]:
    """As `judged_clauses`, and behind them what local texts ask of the company. [] for who may not see it."""
    found = judged_clauses(viewer, company_id, on, known)
    return found + local_judged(viewer, company_id, on, known, found)


def one_judged(viewer: Viewer, company_id: int, number: str, on: date, known: datetime | None = None) -> Judged | None:
    """One clause; of a local text with what it is mapped to. None: there is none that is judged, for the viewer."""
    place = (viewer, company_id, on, known)
    found = judged_clauses(*place, only=(number,)) if number in catalogue().clauses else all_judged(*place)
    return next((one for one in found if one.clause.number == number), None)


def local_judged(
    viewer: Viewer, company_id: int, on: date, known: datetime | None, found: list[Judged]
) -> list[Judged]:
    """What local texts ask, `found` being how the specification's clauses stand."""
    texts = local_texts(viewer, company_id, on, known)
    if not texts:
        return []
    stands = {one.clause.number: one.judgement for one in found}
    clauses = entries_of(texts)
    asked = (viewer, company_id, on, known)
    with one_sweep():
        day = LocalDay(clauses, stands.get, lambda entry: own_of(entry, own_rule(entry).facts(*asked)))
        judged = [(entry, day.of(key)) for key, (_clause, entry) in clauses.items() if entry.kind.is_judged]
    return [Judged(entry, judgement, True) for entry, judgement in judged if judgement is not None]


Entries = Mapping[str, tuple[LocalClause, Clause]]
"""Clauses of some texts, each by its number."""


def entries_of(texts: Iterable[LocalText]) -> Entries:
    return {text.key(clause): (clause, text.entry(clause)) for text in texts for clause in text.clauses}


class LocalDay:
    """Judges the clauses of the texts of one day, each once, those that others are mapped to first. `stands`: how a
    clause of the specification does; `own`: what evidence of its own says of one of these."""

    def __init__(
        self, clauses: Entries, stands: Callable[[str], Judgement | None], own: Callable[[Clause], Own]
    ) -> None:
        self._clauses, self._stands, self._own = clauses, stands, own
        self._known: dict[str, Judgement | None] = {}

    def of(self, key: str) -> Judgement | None:
        if key not in self._clauses:
            return self._stands(key)
        if key not in self._known:
            self._known[key] = None  # A text that leads back to itself proves nothing by that.
            clause, entry = self._clauses[key]
            mapped = tuple((one, self.of(one.to)) for one in clause.mappings)
            own = self._own(entry) if clause.kind == ClauseKind.ATTESTED else Own()
            self._known[key] = judge_local(LocalFacts(clause, mapped, own))
        return self._known[key]


def own_rule(entry: Clause) -> AttestedRule:
    """What only people can say: the one rule of all such clauses."""
    return AttestedRule(replace(entry, lacking=NO_OWN))


def own_of(entry: Clause, facts: Attested) -> Own:
    """What evidence of its own says of the clause."""
    found = own_rule(entry).judge(facts)
    counts = None if found.verdict == Verdict.INSUFFICIENT else found.verdict
    return Own(counts, found.sentences, found.evidence)

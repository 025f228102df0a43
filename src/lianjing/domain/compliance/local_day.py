"""Clauses of local texts on one day, by how those stand that they are mapped to: steps of who judges a day and of who
looks ahead."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from lianjing.domain.compliance.attested_rule import Attested, AttestedRule
from lianjing.domain.compliance.catalogue import Clause
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.local_rule import NO_OWN, LocalFacts, Own, judge_local
from lianjing.domain.compliance.local_text import LocalClause, LocalText
from lianjing.terms.verdicts import ClauseKind, Verdict

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

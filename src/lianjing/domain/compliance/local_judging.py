"""The specification's clauses and, behind them, those of local texts: judged by what they are mapped to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.attested_rule import AttestedRule
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
    with one_sweep():
        return _Local(texts, found, (viewer, company_id, on, known)).judged()


class _Local:
    """Judges the clauses of some texts, each once, those that others are mapped to first."""

    def __init__(
        self, texts: list[LocalText], found: list[Judged], asked: tuple[Viewer, int, date, datetime | None]
    ) -> None:
        self._known: dict[str, Judgement | None] = {one.clause.number: one.judgement for one in found}
        self._texts, self._asked = texts, asked
        self._clauses: Mapping[str, tuple[LocalClause, Clause]] = {
            text.key(clause): (clause, text.entry(clause)) for text in texts for clause in text.clauses
        }

    def judged(self) -> list[Judged]:
        found = [(entry, self._of(key)) for key, (_clause, entry) in self._clauses.items() if entry.kind.is_judged]
        return [Judged(entry, judgement, True) for entry, judgement in found if judgement is not None]

    def _of(self, key: str) -> Judgement | None:
        if key not in self._known and key in self._clauses:
            self._known[key] = None  # A text that leads back to itself proves nothing by that.
            clause, entry = self._clauses[key]
            mapped = tuple((one, self._of(one.to)) for one in clause.mappings)
            own = _own_of(entry, *self._asked) if clause.kind == ClauseKind.ATTESTED else Own()
            self._known[key] = judge_local(LocalFacts(clause, mapped, own))
        return self._known.get(key)


def _own_of(entry: Clause, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Own:
    """What evidence of its own says of the clause: the one rule of all that only people can say."""
    rule = AttestedRule(replace(entry, lacking=NO_OWN))
    found = rule.judge(rule.facts(viewer, company_id, on, known))
    counts = None if found.verdict == Verdict.INSUFFICIENT else found.verdict
    return Own(counts, found.sentences, found.evidence)

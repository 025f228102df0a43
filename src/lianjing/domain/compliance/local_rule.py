"""How a clause of a local text is judged: by the table of `local_policy`, with its reasons. Pure."""

from dataclasses import dataclass, field

from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.local_policy import local_verdict
from lianjing.domain.compliance.local_text import LocalClause, LocalMapping
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import ClauseKind, Relation, Verdict

MAPPED_EVIDENCE = 50
"""Of a mapped clause; it lists all of its own itself."""
TOLD = {
    Relation.EQUAL: _("与 %(to)s 等同，该条%(verdict)s。"),
    Relation.SUBSET: _("要求不多于 %(to)s，该条%(verdict)s。"),
    Relation.SUPERSET: _("要求多于 %(to)s，该条%(verdict)s；多出的部分要有自有证据。"),
    Relation.INTERSECTS: _("与 %(to)s 部分重合，该条%(verdict)s，只作参考；本条要有自有证据。"),
}
GONE = _("对应的 %(to)s 当日不在用，按证据不足计。")
NO_OWN = _("没有自有证据。")


@dataclass(frozen=True, slots=True)
class Own:
    """What its own evidence says; `verdict` None: none counts on the day."""

    verdict: Verdict | None = None
    sentences: tuple[Phrase, ...] = (Phrase(NO_OWN),)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalFacts:
    """What a local clause is judged by. A target that does not count on the day has no judgement."""

    clause: LocalClause
    mapped: tuple[tuple[LocalMapping, Judgement | None], ...]
    own: Own = field(default_factory=Own)


def judge_local(facts: LocalFacts) -> Judgement:
    """Pure: the table of `local_policy`, with its reasons."""
    known = [(one.relation, found.verdict if found else Verdict.INSUFFICIENT) for one, found in facts.mapped]
    told = [_told(one, found) for one, found in facts.mapped]
    if facts.clause.kind == ClauseKind.ATTESTED and (facts.own.verdict or not known or any(map(_asks_own, known))):
        told += facts.own.sentences
    figures = {
        "mapped": [
            {"to": one.to, "relation": one.relation.value, "verdict": verdict.value}
            for (one, _found), (_relation, verdict) in zip(facts.mapped, known, strict=True)
        ],
        "own": facts.own.verdict.value if facts.own.verdict else None,
    }
    evidence = (*facts.own.evidence, *_evidence(facts))
    return Judgement(local_verdict(known, facts.own.verdict), tuple(told), figures, evidence)


def _asks_own(known: tuple[Relation, Verdict]) -> bool:
    """Whether evidence of its own would change what this mapping says."""
    relation, verdict = known
    return relation in (Relation.SUPERSET, Relation.INTERSECTS) or (
        relation == Relation.SUBSET and verdict != Verdict.MET
    )


def _told(one: LocalMapping, found: Judgement | None) -> Phrase:
    if found is None:
        return said(GONE, to=one.to)
    return said(TOLD[one.relation], to=one.to, verdict=Phrase(found.verdict.zh))


def _evidence(facts: LocalFacts) -> tuple[Evidence, ...]:
    """That of the mapped clauses, each once: one evidence serves several texts."""
    found = [one for _mapping, judged in facts.mapped if judged for one in judged.evidence[:MAPPED_EVIDENCE]]
    return tuple(one for place, one in enumerate(found) if one not in found[:place])

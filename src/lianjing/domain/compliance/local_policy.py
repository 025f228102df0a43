"""What a clause of a local text is judged by: the clauses that it is mapped to, and evidence of its own. Pure.

The table stands in docs/howto/add-a-local-standard.md, and a test compares the two.
"""

from collections.abc import Callable, Iterable

from lianjing.terms.verdicts import WORST_FIRST, Relation, Verdict

Own = Verdict | None
"""What accepted evidence of its own says for the day; None without any."""


def worst(*verdicts: Verdict) -> Verdict:
    return min(verdicts, key=WORST_FIRST.index)


def verdict_by(relation: Relation, mapped: Verdict, own: Own) -> Verdict:
    """Of a clause with one mapping."""
    return _BY[relation](mapped, own)


def local_verdict(mapped: Iterable[tuple[Relation, Verdict]], own: Own) -> Verdict:
    """Of a clause with these mappings: the worst that any of them says. Without any only its own evidence decides."""
    found = [verdict_by(relation, verdict, own) for relation, verdict in mapped]
    return worst(*found) if found else _own(own)


def _own(own: Own) -> Verdict:
    return own or Verdict.INSUFFICIENT


def _equal(mapped: Verdict, _evidence: Own) -> Verdict:
    return mapped


def _subset(mapped: Verdict, own: Own) -> Verdict:
    """Asks no more than the other. Where that falls short, it may do so in what this one does not ask."""
    return worst(mapped, own or mapped) if mapped == Verdict.MET else _own(own)


def _superset(mapped: Verdict, own: Own) -> Verdict:
    """Asks more: never better than the other, and the rest is not proved without evidence of its own."""
    return worst(mapped, _own(own))


def _intersects(_mapped: Verdict, own: Own) -> Verdict:
    return _own(own)


_BY: dict[Relation, Callable[[Verdict, Own], Verdict]] = {
    Relation.EQUAL: _equal,
    Relation.SUBSET: _subset,
    Relation.SUPERSET: _superset,
    Relation.INTERSECTS: _intersects,
}

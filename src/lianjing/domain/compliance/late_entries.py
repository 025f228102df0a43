"""A past day as it was known then and as it is known now: both verdicts, and what was entered in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.dated_entries import LIMITS, Entered, entered_after
from lianjing.domain.compliance.entered_records import records_entered_after
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.queries import Judged
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.verdict_reading import standing_with_local
from lianjing.domain.signals.days import today

SHOWN_AT_MOST = 50
Kind = tuple[str, str, frozenset[str]]
"""What decides which clauses an entry is about: there are thousands of entries and some fifty of these."""


@dataclass(frozen=True, slots=True)
class Late:
    """`then`: the judgement of the day by what was known when it ended. `more`: entries that are not listed."""

    then: Judgement
    entries: tuple[Entered, ...]
    more: int


def late_verdicts(viewer: Viewer, company_id: int, on: date, judged: Sequence[Judged]) -> dict[str, Late]:
    """By clause, where the verdict or the figures of a past day are others than on that day; `judged`: by what is known
    now. One sweep more for a past day that nobody has asked about yet, nothing for today."""
    if on >= today():
        return {}
    ended = end_of(on, None)
    now = {one.clause.number: one for one in judged}
    mapped = {number: _mapped(one) for number, one in now.items() if number not in catalogue().clauses}
    then = [one.judged for one in standing_with_local(viewer, company_id, on, ended)]
    turned = [one for one in then if one.clause.number in now and _differs(one, now[one.clause.number])]
    entered = _entered(viewer, company_id, on, ended) if turned else []
    return {one.clause.number: _late(one, entered, mapped) for one in turned}


def _entered(viewer: Viewer, company_id: int, on: date, ended: datetime) -> list[Entered]:
    """The latest first."""
    what = (viewer, company_id, on, ended)
    return sorted([*entered_after(*what), *records_entered_after(*what)], key=lambda one: one.at, reverse=True)


def _differs(then: Judged, now: Judged) -> bool:
    if then.defect or now.defect:
        return False
    had, has = then.judgement, now.judgement
    return (had.verdict, had.figures) != (has.verdict, has.figures)


def _mapped(local: Judged) -> list[str]:
    """What a clause of a local text is judged by."""
    return [one["to"] for one in local.judgement.figures["mapped"]]


def _late(then: Judged, entered: Sequence[Entered], mapped: Mapping[str, list[str]]) -> Late:
    rests_on = _rests_on(then.clause.number, mapped)
    kinds = {_kind(one) for one in entered}
    ours = {kind for kind in kinds if any(_concerns(kind, number) for number in rests_on)}
    mine = [one for one in entered if _kind(one) in ours]
    return Late(then.judgement, tuple(mine[:SHOWN_AT_MOST]), max(0, len(mine) - SHOWN_AT_MOST))


def _rests_on(clause: str, mapped: Mapping[str, list[str]]) -> set[str]:
    """The clause itself, and whatever it is mapped to."""
    found, waiting = set[str](), [clause]
    while waiting:
        here = waiting.pop()
        waiting += [to for to in mapped.get(here, ()) if to not in found]
        found.add(here)
    return found


def _kind(one: Entered) -> Kind:
    return one.kind, one.topic, one.clauses


def _concerns(of: Kind, clause: str) -> bool:
    kind, topic, served = of
    if served:
        return clause in served
    if clause not in catalogue().clauses:
        return False
    if topic == LIMITS:
        return kind.endswith(f":{clause}")
    rule = rules()[clause]
    return kind in rule.reads if rule.reads else topic in rule.wakes_on

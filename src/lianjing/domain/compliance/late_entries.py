"""A past day as it was known then and as it is known now: both verdicts, and what was entered in between."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.dated_entries import LIMITS, Entered, entered_after
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.queries import Judged, judged_clauses
from lianjing.domain.compliance.registry import rules
from lianjing.domain.signals.days import today

SHOWN_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Late:
    """`then`: the judgement of the day by what was known when it ended. `more`: entries that are not listed."""

    then: Judgement
    entries: tuple[Entered, ...]
    more: int


def late_verdicts(viewer: Viewer, company_id: int, on: date, judged: Sequence[Judged]) -> dict[str, Late]:
    """By clause, where the verdict or the figures of a past day are others than on that day; `judged`: by what is known
    now. One sweep more for a past day, nothing for today."""
    if on >= today():
        return {}
    ended = end_of(on, None)
    now = {one.clause.number: one for one in judged}
    mapped = {number: _mapped(one) for number, one in now.items() if number not in catalogue().clauses}
    place = (viewer, company_id, on, ended)
    then = all_judged(*place) if mapped else judged_clauses(*place, only=now)
    turned = [one for one in then if one.clause.number in now and _differs(one, now[one.clause.number])]
    entered = entered_after(viewer, company_id, on, ended) if turned else []
    return {one.clause.number: _late(one, entered, mapped) for one in turned}


def _differs(then: Judged, now: Judged) -> bool:
    if then.defect or now.defect:
        return False
    had, has = then.judgement, now.judgement
    return (had.verdict, had.figures) != (has.verdict, has.figures)


def _mapped(local: Judged) -> list[str]:
    """What a clause of a local text is judged by."""
    return [one["to"] for one in local.judgement.figures["mapped"]]


def _late(then: Judged, entered: Iterable[Entered], mapped: Mapping[str, list[str]]) -> Late:
    rests_on = _rests_on(then.clause.number, mapped)
    mine = [one for one in entered if any(_concerns(one, number) for number in rests_on)]
    return Late(then.judgement, tuple(mine[:SHOWN_AT_MOST]), max(0, len(mine) - SHOWN_AT_MOST))


def _rests_on(clause: str, mapped: Mapping[str, list[str]]) -> set[str]:
    """The clause itself, and whatever it is mapped to."""
    found, waiting = set[str](), [clause]
    while waiting:
        here = waiting.pop()
        waiting += [to for to in mapped.get(here, ()) if to not in found]
        found.add(here)
    return found


def _concerns(one: Entered, clause: str) -> bool:
    if one.clauses:
        return clause in one.clauses
    if clause not in catalogue().clauses:
        return False
    if one.topic == LIMITS:
        return one.kind.endswith(f":{clause}")
    rule = rules()[clause]
    return one.kind in rule.reads if rule.reads else one.topic in rule.wakes_on

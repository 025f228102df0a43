"""响应时间: how long each step took, for all cases of a period and group by group, and how limits were kept.

One query; columns of whole numbers only, so that a month of 100,000 cases takes well under a second.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from lianjing.core.viewer import Viewer
from lianjing.domain.people.models import User
from lianjing.domain.reports.models import ResponseLimits
from lianjing.domain.reports.periods import Period, cases_of
from lianjing.domain.reports.policy import (
    AXES,
    AXES_AT_ONCE,
    BULK_LEAST,
    BUSY_SLOT,
    DANGER,
    DEFAULT_LIMITS,
    QUICK_CLOSE_MS,
    SAME_TEXT_LEAST,
    SLOTS_AN_HOUR,
    TIMES,
    Limits,
    Rung,
    Spread,
    rungs,
    spread,
)

Row = tuple[Any, ...]
Key = tuple[Any, ...]

GROUPS_AT_MOST = 500
AT_ONCE = 10_000
"""Rows from the database at a time: they are small, and each turn costs."""
_COLUMNS = tuple(kpi.column for kpi in TIMES)
_BESIDES = ("event_class", "operator_id", "viewed_slot", "closer_id", "closed_slot", "cause_key", "quick_holds")
_PLACE = {name: place for place, name in enumerate((*_COLUMNS, *_BESIDES))}


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that share the values of the axes asked for: the spread of each time, by key."""

    values: dict[str, Any]
    words: dict[str, str]
    """For an operator his name; of the other axes the caller has the words."""
    cases: int
    times: dict[str, Spread]


@dataclass(frozen=True, slots=True)
class Load:
    """How much people had to do at once."""

    taken: int
    slots: int
    """Spans of ten minutes in which somebody took anything, person by person."""
    busy: int

    @property
    def per_hour(self) -> float | None:
        return self.taken * SLOTS_AN_HOUR / self.slots if self.slots else None


@dataclass(frozen=True, slots=True)
class Responses:
    """`paper` cases are counted and not timed."""

    cases: int
    paper: int
    times: dict[str, Spread]
    groups: list[Group]
    groups_left_out: int
    rungs: list[Rung]
    limits: Limits
    limits_are_own: bool
    load: Load
    gaming: dict[str, int]


def responses(viewer: Viewer, period: Period, *, by: Sequence[str] = (), now: datetime) -> Responses:
    """Every time of the period, altogether and grouped by up to four axes (`policy.AXES`)."""
    axes = [name for name in dict.fromkeys(by) if name in AXES][:AXES_AT_ONCE]
    wanted = cases_of(viewer, period)
    paper = wanted.filter(on_paper=True).count()
    fields = [*_COLUMNS, *_BESIDES, *(_field(name) for name in axes)]
    rows = list(wanted.filter(on_paper=False).values_list(*fields).iterator(chunk_size=AT_ONCE))
    limits, own = limits_of(viewer, period.company_id)
    groups = _groups(rows, axes) if axes else []
    return Responses(
        cases=len(rows) + paper,
        paper=paper,
        times=_times(rows),
        groups=groups[:GROUPS_AT_MOST],
        groups_left_out=max(0, len(groups) - GROUPS_AT_MOST),
        rungs=_rungs(rows, _missed(viewer, period, limits, now), limits),
        limits=limits,
        limits_are_own=own,
        load=_load(rows),
        gaming=_gaming(rows),
    )


def _field(axis: str) -> str:
    return "operator_id" if axis == "operator" else axis


def _times(rows: Sequence[Row]) -> dict[str, Spread]:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(TIMES)
    return {kpi.key: spread(column) for kpi, column in zip(TIMES, columns, strict=False)}


def _groups(rows: Sequence[Row], axes: Sequence[str]) -> list[Group]:
    parted: dict[Key, list[Row]] = defaultdict(list)
    first = len(_PLACE)
    for row in rows:
        parted[row[first:]].append(row)
    names = _names(key[axes.index("operator")] for key in parted) if "operator" in axes else {}
    groups = []
    for key in sorted(parted, key=_order):
        values = dict(zip(axes, key, strict=True))
        words = {"operator": names.get(values["operator"], "")} if "operator" in axes else {}
        groups.append(Group(values, words, len(parted[key]), _times(parted[key])))
    return groups


def _order(key: Key) -> tuple[tuple[bool, Any], ...]:
    """Nobody comes last."""
    return tuple((value is None, value or 0 if not isinstance(value, str) else value) for value in key)


def _names(ids: Iterable[int | None]) -> dict[int, str]:
    return {user.pk: user.shown_name for user in User.objects.filter(pk__in={pk for pk in ids if pk is not None})}


def limits_of(viewer: Viewer, company_id: int | None) -> tuple[Limits, bool]:
    """The limits that hold, and whether the company has set them itself; of several together: the defaults."""
    if company_id is None or not viewer.scope("figures.see").holds(company_id):
        return DEFAULT_LIMITS, False
    row = ResponseLimits.objects.filter(pk=company_id).first()
    if row is None:
        return DEFAULT_LIMITS, False
    return Limits(row.danger_first_s, row.danger_last_s, row.other_first_s, row.other_last_s), True


def _missed(viewer: Viewer, period: Period, limits: Limits, now: datetime) -> dict[str, int]:
    """Cases that nobody has acted on though their last limit is over, by class. Younger ones are still undecided."""
    waiting = cases_of(viewer, period).filter(act_ms=None, on_paper=False)
    found: dict[str, int] = {}
    for danger, seconds in ((True, limits.danger_last_s), (False, limits.other_last_s)):
        late = waiting.filter(received_at__lt=now - timedelta(seconds=seconds))
        late = late.filter(event_class__in=DANGER) if danger else late.exclude(event_class__in=DANGER)
        found |= {row["event_class"]: row["n"] for row in late.order_by().values("event_class").annotate(n=Count("pk"))}
    return found


def _rungs(rows: Sequence[Row], missed: dict[str, int], limits: Limits) -> list[Rung]:
    intake, act, kind = _PLACE["intake_ms"], _PLACE["act_ms"], _PLACE["event_class"]
    waits: dict[str, list[int]] = {"danger": [], "other": []}
    for row in rows:
        if row[act] is not None:
            waits["danger" if row[kind] in DANGER else "other"].append(row[intake] + row[act])
    told = []
    for group in ("danger", "other"):
        late = sum(n for name, n in missed.items() if (name in DANGER) is (group == "danger"))
        told += rungs(group, waits[group], late, limits)
    return told


def _load(rows: Sequence[Row]) -> Load:
    operator, slot = _PLACE["operator_id"], _PLACE["viewed_slot"]
    taken = Counter((row[operator], row[slot]) for row in rows if row[slot] is not None)
    return Load(taken.total(), len(taken), sum(n > BUSY_SLOT for n in taken.values()))


def _gaming(rows: Sequence[Row]) -> dict[str, int]:
    place = _PLACE
    closes = Counter(
        (row[place["closer_id"]], row[place["closed_slot"]]) for row in rows if row[place["closed_slot"]] is not None
    )
    texts = Counter(
        (row[place["operator_id"]], row[place["cause_key"]]) for row in rows if row[place["cause_key"]] is not None
    )
    return {
        "quick_holds": sum(row[place["quick_holds"]] for row in rows),
        "quick_closes": sum(_closed_quickly(row) for row in rows),
        "same_text": sum(n for n in texts.values() if n >= SAME_TEXT_LEAST),
        "bulk_clears": sum(n for n in closes.values() if n >= BULK_LEAST),
    }


def _closed_quickly(row: Row) -> bool:
    """Both are counted from the queue, so that their difference lies between taking and closing."""
    viewed, closed = row[_PLACE["acknowledge_ms"]], row[_PLACE["total_ms"]]
    return viewed is not None and closed is not None and closed - viewed < QUICK_CLOSE_MS

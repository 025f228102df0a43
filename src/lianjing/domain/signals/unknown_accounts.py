"""What accounts that no site has sent lately. Every look is bounded, whatever a mad panel sends."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from lianjing.core.viewer import Viewer
from lianjing.domain.signals.models import AccountMark, Frame, FrameOfAccount, Lane, LineDay, Signal, Treatment
from lianjing.domain.signals.policy import lane_key
from lianjing.domain.sites.models import Panel

DAYS = timedelta(days=30)
"""For so long an account that has sent a signal stays in the list; as far back as a sweep reaches by default."""
COUNTED = 1000
"""Signals of an account that are counted and graded, the latest first."""
TOLD = 20
"""Of them, those that are told in words."""
KINDS_TOLD = 3

Line = tuple[str, str]
"""Listener and account."""


@dataclass(frozen=True, slots=True)
class UnknownFacts:
    """What one account sent. `count` and `grade` of its signals (`is_more`: of the latest thousand); `sends`: scheme,
    code, qualifier and how often, of the latest ones; the last four of its latest frame."""

    first_at: datetime | None
    count: int = 0
    is_more: bool = False
    grade: int | None = None
    sends: tuple[tuple[str, str, str, int], ...] = ()
    kinds: int = 0
    peer: str = ""
    transport: str = ""
    token: str = ""
    encrypted: bool = False


def unknown_lanes(viewer: Viewer, now: datetime) -> "QuerySet[Lane]":
    """Accounts without a panel that have sent signals in the last days, each with when it did last (`at`): for who
    reads what belongs to no company."""
    if not viewer.scope("frames.see").everything:
        return Lane.objects.none()
    in_use = Panel.objects.filter(removed_at=None, listener=OuterRef("listener"), account=OuterRef("account"))
    orphans = Treatment.objects.filter(lane=OuterRef("pk"), site=None, received_at__gte=now - DAYS)
    lanes = Lane.objects.filter(~Exists(in_use), Exists(orphans), site=None).exclude(account="")
    return lanes.annotate(at=Subquery(orphans.order_by("-received_at").values("received_at")[:1]))


def unknown_facts(viewer: Viewer, lines: Collection[Line]) -> dict[Line, UnknownFacts]:
    """What these accounts sent: ten queries, however many."""
    if not lines or not viewer.scope("frames.see").everything:
        return {}
    lanes = _lanes(lines)
    counted, told = _counted(lanes), _told(lanes)
    frames = _frames(lines, told)
    first = _first_seen(lines)
    found = {}
    for line in lines:
        lane = next((lane for lane in lanes if (lane.listener, lane.account) == line), None)
        count, grade, first_signal = counted.get(lane.pk, (0, None, None)) if lane else (0, None, None)
        sends = told[lane.pk].events if lane and lane.pk in told else Counter()
        frame = frames.get(line)
        seen = [at for at in (first.get(line), first_signal, frame and frame.received_at) if at]
        found[line] = UnknownFacts(
            first_at=min(seen, default=None),
            count=count,
            is_more=count >= COUNTED,
            grade=grade,
            sends=tuple((*event, times) for event, times in sends.most_common(KINDS_TOLD)),
            kinds=len(sends),
            peer=frame.peer if frame else "",
            transport=frame.transport if frame else "",
            token=frame.token if frame else "",
            encrypted=bool(frame and frame.reading.get("encrypted")),
        )
    return found


def _lanes(lines: Collection[Line]) -> list[Lane]:
    """With the instants of the last signal that is counted, and told: to find them takes as many steps of an index."""
    sent = Treatment.objects.filter(lane=OuterRef("pk"), site=None).order_by("-received_at").values("received_at")
    lanes = Lane.objects.filter(key__in=[lane_key(None, *line) for line in lines])
    bounds = {"counted_from": Subquery(sent[COUNTED - 1 : COUNTED]), "told_from": Subquery(sent[TOLD - 1 : TOLD])}
    return list(lanes.annotate(**bounds))


def _since(lanes: Sequence[Lane], bound: str) -> "QuerySet[Treatment]":
    """Signals of these lanes from their bounds on; all of a lane that has fewer."""
    few = [lane.pk for lane in lanes if getattr(lane, bound) is None]
    many = [Q(lane=lane, received_at__gte=getattr(lane, bound)) for lane in lanes if getattr(lane, bound) is not None]
    return Treatment.objects.filter(reduce(or_, many, Q(lane_id__in=few)), site=None)


def _counted(lanes: Sequence[Lane]) -> dict[int, tuple[int, int, datetime]]:
    rows = _since(lanes, "counted_from").order_by().values("lane_id")
    told = rows.annotate(n=Count("signal_id"), worst=Min("grade"), first=Min("received_at"))
    return {row["lane_id"]: (min(row["n"], COUNTED), row["worst"], row["first"]) for row in told}


@dataclass(slots=True)
class _Told:
    """The latest signals of one lane: how often each event came, and the newest frame."""

    events: Counter[tuple[str, str, str]]
    frame_id: int = 0


def _told(lanes: Sequence[Lane]) -> dict[int, _Told]:
    rows = list(_since(lanes, "told_from").values_list("lane_id", "signal_id", "frame_id"))
    named = Signal.objects.filter(pk__in=[signal_id for _, signal_id, _ in rows])
    events = {pk: event for pk, *event in named.values_list("pk", "scheme", "code", "qualifier")}
    told: dict[int, _Told] = defaultdict(lambda: _Told(Counter()))
    for lane_id, signal_id, frame_id in rows:
        if signal_id in events:
            scheme, code, qualifier = events[signal_id]
            told[lane_id].events[scheme, code, qualifier] += 1
        told[lane_id].frame_id = max(told[lane_id].frame_id, frame_id)
    return told


def _first_seen(lines: Collection[Line]) -> dict[Line, datetime]:
    """By the line figures, which are kept for half a year: heartbeats count too."""
    rows = LineDay.objects.filter(listener__in={one for one, _ in lines}, account__in={one for _, one in lines})
    grouped = rows.order_by().values("listener", "account").annotate(at=Min("first_seen_at"))
    return {(row["listener"], row["account"]): row["at"] for row in grouped}


def _frames(lines: Collection[Line], told: Mapping[int, _Told]) -> dict[Line, Frame]:
    """The latest frame of each account: that of its latest signal, or whatever else it sent."""
    of_signals = Frame.objects.filter(pk__in=[one.frame_id for one in told.values()])
    found = {(frame.listener, frame.account): frame for frame in of_signals.defer("raw", "answer", "digest")}
    others = {account for listener, account in lines if (listener, account) not in found}
    if others:
        for frame in Frame.objects.filter(pk__in=_latest_of(others)).defer("raw", "answer", "digest"):
            found.setdefault((frame.listener, frame.account), frame)
    return found


def _latest_of(accounts: Collection[str]) -> list[int]:
    mark = AccountMark.objects.values_list("frame_id", flat=True).get()
    late = Frame.objects.filter(pk__gt=mark, account__in=accounts).order_by().values("account", "listener")
    early = FrameOfAccount.objects.filter(account__in=accounts).order_by().values("account")
    found = [row["last"] for row in late.annotate(last=Max("pk"))]
    return found + [row["last"] for row in early.annotate(last=Max("frame_id"))]

"""What one account sent lately, for its page. Every look is bounded, whatever a mad panel sends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lianjing.core.viewer import Viewer
from lianjing.domain.signals.accounts import frames_of_account
from lianjing.domain.signals.arrivals import second_paths_of
from lianjing.domain.signals.daily_account import today
from lianjing.domain.signals.diagnosis import FrameFacts, LineFacts, Oddity, PanelFacts, beat_seconds, oddities
from lianjing.domain.signals.models import Frame, LineDay
from lianjing.domain.signals.queries import FrameLine, frames_by_id
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.policy import normal_account
from lianjing.domain.sites.queries import KeyState, key_state, panel_in_use

FRAMES_JUDGED = 200
FRAMES_LOOKED_AT = 400
"""An account may be used on two listeners; their frames stand in one list."""
FRAMES_SHOWN = 20
DAYS_JUDGED = 30


@dataclass(frozen=True, slots=True)
class EventCount:
    """How often a panel sent one event among the frames that were looked at, and when last."""

    scheme: str
    code: str
    qualifier: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What a panel sends, counted over the frames that were looked at."""

    frames: int = 0
    since: datetime | None = None
    tokens: dict[str, int] = field(default_factory=dict)
    transports: dict[str, int] = field(default_factory=dict)
    encrypted: int = 0
    repeats: int = 0
    second_paths: int = 0
    events: tuple[EventCount, ...] = ()
    dialect: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathState:
    """A transmission path on file, and how it stands. `last_seen_at` is that of what it cannot be told apart from."""

    place: int
    kind: str
    transport: str
    category: str
    interval_s: int | None
    misses: int
    last_seen_at: datetime | None
    lost_at: datetime | None


@dataclass(frozen=True, slots=True)
class PanelPage:
    """All that the page of one account shows. `panel` is None when no site has it."""

    listener: str
    account: str
    panel: Panel | None
    key: KeyState
    facts: PanelFacts
    odd: list[Oddity]
    sent: Sent
    latest: list[FrameLine]
    paths: list[PathState]


def panel_page(viewer: Viewer, listener: str, account: str, *, now: datetime) -> PanelPage | None:
    """One account: seen by its company's readers, and one that no site has by the installation's; else None."""
    account = normal_account(account)
    panel, scope = panel_in_use(viewer, listener, account), viewer.scope("frames.see")
    if not scope.holds(panel.site.company_id if panel else None):
        return None
    rows = _latest(listener, account, panel.added_at if panel else None)
    lines = _lines(listener, account, panel.added_at.date() if panel else date.min)
    if panel is None and not rows and not lines:
        return None
    second = {found.frame_id for found in second_paths_of(row.pk for row in rows)}
    key = key_state(viewer, panel) if panel else KeyState(0, None)
    frames = [_facts(row, row.pk in second) for row in rows]
    facts = PanelFacts(panel is not None, key.length, key.since, key.unopenable, frames, lines)
    shown = frames_by_id(viewer, [row.pk for row in rows[:FRAMES_SHOWN]])
    paths = _paths(panel, lines) if panel else []
    return PanelPage(listener, account, panel, key, facts, oddities(facts, now), _sent(rows, frames), shown, paths)


def _paths(panel: Panel, lines: Sequence[LineFacts]) -> list[PathState]:
    return [
        PathState(
            place=path.place,
            kind=path.kind,
            transport=path.transport,
            category=path.category,
            interval_s=path.interval_s,
            misses=path.misses,
            last_seen_at=max(
                (line.last_seen_at for line in lines if path.transport in ("", line.transport)), default=None
            ),
            lost_at=path.lost_at,
        )
        for path in panel.paths.order_by("place")
    ]


def _last_seen(transport: str, lines: Sequence[LineFacts]) -> datetime | None:
    return max((line.last_seen_at for line in lines if transport in ("", line.transport)), default=None)


def _latest(listener: str, account: str, since: datetime | None) -> list[Frame]:
    """The newest frames, newest first, without their bytes. From before `since` they are not this site's."""
    ids = frames_of_account(account, limit=FRAMES_LOOKED_AT)
    rows = Frame.objects.filter(pk__in=ids).defer("raw", "answer", "digest").order_by("-pk")
    own = [row for row in rows if row.listener == listener and (since is None or row.received_at >= since)]
    return own[:FRAMES_JUDGED]


def _lines(listener: str, account: str, since: date) -> list[LineFacts]:
    days = LineDay.objects.filter(listener=listener, account=account)
    days = days.filter(day__gte=max(since, today() - timedelta(days=DAYS_JUDGED))).order_by("-day")
    by_transport: dict[str, list[LineDay]] = {}
    for day in days:
        by_transport.setdefault(day.transport, []).append(day)
    return [_line_facts(transport, told) for transport, told in sorted(by_transport.items())]


def _line_facts(transport: str, days: Sequence[LineDay]) -> LineFacts:
    """`days`: the latest first."""
    return LineFacts(
        transport=transport,
        last_seen_at=max(day.last_seen_at for day in days),
        beats_today=days[0].heartbeat_count if days[0].day == today() else 0,
        beat_s=beat_seconds((d.first_seen_at, d.last_seen_at, d.heartbeat_count) for d in days[:2]),
        longest_gap_s=max(day.longest_gap_s for day in days),
    )


def _facts(row: Frame, second_path: bool) -> FrameFacts:
    reading = row.reading
    return FrameFacts(
        received_at=row.received_at,
        device_at=row.device_at,
        listener=row.listener,
        kind=row.kind,
        token=row.token,
        transport=row.transport,
        sequence=row.sequence,
        reason=row.reason,
        encrypted=bool(reading.get("encrypted")),
        is_repeat=row.repeat_of_id is not None,
        dialect=tuple(reading.get("dialect") or ()),
        unknown_codes=row.unknown_codes,
        second_path=second_path,
    )


def _sent(rows: Sequence[Frame], frames: Sequence[FrameFacts]) -> Sent:
    if not rows:
        return Sent()
    return Sent(
        frames=len(rows),
        since=rows[-1].received_at,
        tokens=_counted(frame.token for frame in frames if frame.token),
        transports=_counted(frame.transport for frame in frames),
        encrypted=sum(frame.encrypted for frame in frames),
        repeats=sum(frame.is_repeat for frame in frames),
        second_paths=sum(frame.second_path for frame in frames),
        events=tuple(_events(rows)),
        dialect=_counted(name for frame in frames for name in frame.dialect),
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _events(rows: Sequence[Frame]) -> list[EventCount]:
    """Newest first, repeats left out."""
    found: dict[tuple[str, str, str], EventCount] = {}
    for row in rows:
        if row.repeat_of_id is None:
            for event in row.reading.get("events") or ():
                name = event["scheme"], event["code"], event["qualifier"]
                known = found.get(name)
                found[name] = EventCount(
                    *name, known.count + 1 if known else 1, known.last_at if known else row.received_at
                )
    return sorted(found.values(), key=lambda event: event.last_at, reverse=True)

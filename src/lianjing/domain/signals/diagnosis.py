"""What is odd about a panel, from its latest frames and line figures. No Django, no clock.

Names and figures only: the words, and what to do about each, are the desk's (web/console/advice.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

SILENT_AFTER = timedelta(hours=25)
"""Of a panel whose heartbeat is not known: the longest interval of EN 50136, and a daily test report has an hour."""
MISSED_BEATS = 3
LEAST_SILENCE = timedelta(minutes=3)
CLOCK_TOLERANCE_S = 40
"""What an encrypted frame may be behind (DC-09 5.5.1.9); in clear it is only odd."""
FAST_TOLERANCE_S = 20
MANY_REPEATS = 5
REPEAT_SHARE = 0.2
COUNTED = 4
"""So many frames show whether a panel counts its sequence."""
ROUND = 9900
"""From here on a smaller number is the next round."""
WORST_FIRST = (
    "unknown-account",
    "unopenable-key",
    "wrong-key",
    "no-key",
    "plain-refused",
    "clock-refused",
    "not-read",
    "unreadable",
    "silent",
    "never-heard",
    "clock-off",
    "unknown-codes",
    "many-repeats",
    "account-differs",
    "unread-remainder",
    "plain-allowed",
    "impossible-time",
    "no-counting",
    "counts-anew",
    "second-path",
)
"""Every oddity, in the order in which it is told."""
SERIOUS = frozenset(WORST_FIRST[:10])
"""Oddities by which an alarm may be lost or not understood."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """One frame, as far as it is judged. `device_at`: the panel's clock, None when it told none."""

    received_at: datetime
    device_at: datetime | None
    listener: str
    kind: str
    token: str
    transport: str
    sequence: str
    reason: str
    encrypted: bool
    is_repeat: bool
    dialect: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    second_path: bool = False


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A transport's life in the last days. `beat_s`: the heartbeat's interval as observed, None when unknown."""

    transport: str
    last_seen_at: datetime
    beats_today: int
    beat_s: int | None
    longest_gap_s: int


@dataclass(frozen=True, slots=True)
class PanelFacts:
    """All that is known of one account. `frames`: newest first."""

    registered: bool
    key_length: int
    key_since: datetime | None
    key_unopenable: bool
    frames: Sequence[FrameFacts]
    lines: Sequence[LineFacts]


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that is odd: its name, when it was seen last, and its figures for the sentence."""

    name: str
    at: datetime | None = None
    figures: Mapping[str, object] = field(default_factory=dict)

    @property
    def serious(self) -> bool:
        return self.name in SERIOUS


def last_heard(facts: PanelFacts) -> datetime | None:
    """The last sign of any kind."""
    times = [line.last_seen_at for line in facts.lines] + [frame.received_at for frame in facts.frames[:1]]
    return max(times, default=None)


def beat_seconds(days: Iterable[tuple[datetime, datetime, int]]) -> int | None:
    """The interval of a heartbeat from (first, last, count) of days, the latest first; None when none had enough."""
    for first, last, count in days:
        if count >= MISSED_BEATS and last > first:
            return max(1, round((last - first).total_seconds() / (count - 1)))
    return None


def oddities(facts: PanelFacts, now: datetime) -> list[Oddity]:
    """What is odd, the worst first."""
    found = [*_of_the_account(facts, now), *_of_the_key(facts), *_of_the_clock(facts), *_of_the_frames(facts)]
    return sorted(found, key=lambda oddity: WORST_FIRST.index(oddity.name))


def _of_the_account(facts: PanelFacts, now: datetime) -> list[Oddity]:
    heard = last_heard(facts)
    found = [] if facts.registered else [Oddity("unknown-account", heard)]
    if heard is None:
        return [*found, Oddity("never-heard")]
    limit = silence_limit(facts.lines)
    if now - heard > limit:
        found.append(Oddity("silent", heard, {"limit": int(limit.total_seconds())}))
    return found


def silence_limit(lines: Iterable[LineFacts]) -> timedelta:
    """For how long this panel may say nothing before that is odd."""
    beats = [line.beat_s for line in lines if line.beat_s]
    return max(LEAST_SILENCE, timedelta(seconds=MISSED_BEATS * min(beats))) if beats else SILENT_AFTER


def _of_the_key(facts: PanelFacts) -> list[Oddity]:
    """Judged by the latest frame of its kind: a fault that was mended is none any more."""
    if facts.key_unopenable:
        return [Oddity("unopenable-key", facts.key_since)]
    found = []
    encrypted = next((f for f in facts.frames if f.encrypted and f.kind != "unreadable"), None)
    if encrypted and encrypted.reason in ("wrong-key", "no-key"):
        told = sum(f.reason == encrypted.reason for f in facts.frames)
        # The key may have been entered since.
        entered = bool(facts.key_length and facts.key_since and facts.key_since > encrypted.received_at)
        found.append(Oddity(encrypted.reason, encrypted.received_at, {"count": told, "entered": entered}))
    plain = next((f for f in facts.frames if "plain-with-key" in (f.reason, *f.dialect)), None)
    if plain and facts.key_length:
        refused = plain.reason == "plain-with-key"
        count = sum("plain-with-key" in (f.reason, *f.dialect) for f in facts.frames)
        found.append(Oddity("plain-refused" if refused else "plain-allowed", plain.received_at, {"count": count}))
    return found


def _of_the_clock(facts: PanelFacts) -> list[Oddity]:
    latest = next((f for f in facts.frames if f.encrypted and f.kind != "unreadable"), None)
    timed = [f for f in facts.frames if f.device_at and not f.is_repeat][:10]
    off = round(median((f.device_at - f.received_at).total_seconds() for f in timed if f.device_at)) if timed else 0
    if latest and latest.reason in ("time-window", "no-timestamp"):
        own = (latest.device_at - latest.received_at).total_seconds() if latest.device_at else None
        figures = {"offset": None if own is None else round(own), "count": _count(facts, latest.reason)}
        return [Oddity("clock-refused", latest.received_at, figures)]
    if not -CLOCK_TOLERANCE_S <= off <= FAST_TOLERANCE_S:
        return [Oddity("clock-off", timed[0].received_at, {"offset": off})]
    return []


def _count(facts: PanelFacts, reason: str) -> int:
    return sum(frame.reason == reason for frame in facts.frames)


def _of_the_frames(facts: PanelFacts) -> list[Oddity]:
    frames = facts.frames
    unread = ("unread-token", "unknown-token", "unreadable-data")
    told = [
        _seen("not-read", [f for f in frames if f.reason in unread]),
        _seen("unreadable", [f for f in frames if f.kind == "unreadable"]),
        _seen("account-differs", [f for f in frames if "account-differs" in f.dialect]),
        _seen("unread-remainder", [f for f in frames if "unread-remainder" in f.dialect]),
        _seen("impossible-time", [f for f in frames if "impossible-time" in f.dialect]),
        _seen("second-path", [f for f in frames if f.second_path]),
        _unknown_codes(frames),
        _many_repeats(frames),
        *_of_the_sequence(frames),
    ]
    return [oddity for oddity in told if oddity]


def _seen(name: str, frames: Sequence[FrameFacts]) -> Oddity | None:
    return Oddity(name, frames[0].received_at, {"count": len(frames)}) if frames else None


def _unknown_codes(frames: Sequence[FrameFacts]) -> Oddity | None:
    codes = Counter(code for frame in frames for code in frame.unknown_codes)
    if not codes:
        return None
    latest = next(f.received_at for f in frames if f.unknown_codes)
    return Oddity("unknown-codes", latest, {"codes": [code for code, _ in codes.most_common(8)]})


def _many_repeats(frames: Sequence[FrameFacts]) -> Oddity | None:
    repeats = [f for f in frames if f.is_repeat]
    if len(repeats) < MANY_REPEATS or len(repeats) < REPEAT_SHARE * len(frames):
        return None
    return Oddity("many-repeats", repeats[0].received_at, {"count": len(repeats), "of": len(frames)})


def _of_the_sequence(frames: Sequence[FrameFacts]) -> list[Oddity | None]:
    """DC-09 numbers run from 0001 to 9999 and round, on each path by itself."""
    counted = [f for f in reversed(frames) if f.listener == "dc09" and f.kind == "signal" and not f.is_repeat]
    counted = [f for f in counted if f.sequence.isascii() and f.sequence.isdigit()]
    if len(counted) < COUNTED:
        return []
    latest = counted[-1]
    if len({f.sequence for f in counted}) == 1:
        return [Oddity("no-counting", latest.received_at, {"sequence": latest.sequence})]
    anew = sum(_times_anew([f for f in counted if f.transport == transport]) for transport in ("tcp", "udp"))
    return [Oddity("counts-anew", latest.received_at, {"count": anew})] if anew else []


def _times_anew(frames: Sequence[FrameFacts]) -> int:
    numbers = [int(frame.sequence) for frame in frames]
    return sum(0 < later < earlier < ROUND for earlier, later in pairwise(numbers))

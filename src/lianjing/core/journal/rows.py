"""From frames to rows: numbers them, finds repeats, computes digests. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from lianjing.core.journal.digest import hashed_text
from lianjing.core.seals.canonical import instant
from lianjing.core.seals.merkle import root
from lianjing.terms.frames import FrameEntry
from lianjing.terms.signals import DecodedEvent, FrameKind, Signal

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Marks:
    """The last ids in use. Ids are given here, not by the database, so that a batch can be sent again unchanged."""

    batch: int = 0
    frame: int = 0
    signal: int = 0


class FirstFrame(NamedTuple):
    """An earlier frame that was not itself a repeat."""

    repeat_key: bytes
    frame_id: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """All rows of one commit. `marks` are the last ids it uses."""

    row: Row
    frames: list[Row]
    signals: list[Row]
    marks: Marks


def repeat_keys(entries: Iterable[FrameEntry]) -> list[bytes]:
    """The keys to look up before these entries are made into rows."""
    return [key for entry in entries if (key := _repeat_key(entry)) is not None]


def build_batch(
    entries: Sequence[FrameEntry], after: Marks, firsts: Iterable[FirstFrame], stored_at: datetime
) -> Batch:
    """Rows for `entries` in order of arrival, ids following `after`. `firsts` are the known frames with equal keys."""
    maker = _Maker(after, stored_at)
    for first in firsts:
        maker.remember(first)
    for entry in entries:
        maker.add(entry)
    return maker.batch()


@dataclass(slots=True)
class _Maker:
    after: Marks
    stored_at: datetime
    frames: list[Row] = field(default_factory=list)
    signals: list[Row] = field(default_factory=list)
    firsts: dict[bytes, FirstFrame] = field(default_factory=dict)

    def remember(self, first: FirstFrame) -> None:
        """Keeps the latest first of a key: an older one is out of its window whenever the later one exists."""
        known = self.firsts.get(first.repeat_key)
        if known is None or known.received_at <= first.received_at:
            self.firsts[first.repeat_key] = first

    def add(self, entry: FrameEntry) -> None:
        frame_id = self.after.frame + len(self.frames) + 1
        first_id = self._first_of(entry, frame_id)
        told = _told(entry.frame.signal)
        row = _frame_row(entry, told)
        row["id"], row["batch_id"], row["stored_at"] = frame_id, self.after.batch + 1, self.stored_at
        row["repeat_of"] = first_id
        signals = [] if first_id is not None else self._signal_rows(entry, frame_id, row["account"], told.events)
        row["digest"] = sha256(hashed_text(row, signals)).digest()
        self.frames.append(row)
        self.signals += signals

    def batch(self) -> Batch:
        marks = Marks(self.after.batch + 1, self.after.frame + len(self.frames), self.after.signal + len(self.signals))
        row = {
            "id": marks.batch,
            "committed_at": self.stored_at,
            "frame_count": len(self.frames),
            "signal_count": len(self.signals),
            "root": root([frame["digest"] for frame in self.frames]),
        }
        return Batch(row, self.frames, self.signals, marks)

    def _first_of(self, entry: FrameEntry, frame_id: int) -> int | None:
        """The id of the frame that this one repeats. The window counts from the first, so repeats do not stretch it."""
        key = _repeat_key(entry)
        if key is None:
            return None
        first = self.firsts.get(key)
        if first and entry.received_at - first.received_at <= timedelta(seconds=entry.frame.repeat_window):
            return first.frame_id
        self.firsts[key] = FirstFrame(key, frame_id, entry.received_at)
        return None

    def _signal_rows(self, entry: FrameEntry, frame_id: int, account: str, events: list[Row]) -> list[Row]:
        start = self.after.signal + len(self.signals) + 1
        return [
            {
                "id": start + ordinal,
                "frame_id": frame_id,
                "ordinal": ordinal,
                "received_at": entry.received_at,
                "listener": entry.listener,
                "account": account,
                **event,
            }
            for ordinal, event in enumerate(events)
        ]


def _repeat_key(entry: FrameEntry) -> bytes | None:
    """Only what is answered as received can be a repeat; heartbeats are figures, and broken frames are all kept."""
    return entry.frame.repeat_key if entry.frame.kind in (FrameKind.SIGNAL, FrameKind.UNSUPPORTED) else None


def account_of(signal: Signal | None) -> str:
    """The account under which a frame is filed: the header's, else the data's; hexadecimal, so in upper case."""
    return plain_text((signal.account or signal.data_account or "").upper()) if signal else ""


def line_of(entry: FrameEntry) -> tuple[str, str, str]:
    """The line on which a frame came: listener, account, transport."""
    return entry.listener, account_of(entry.frame.signal), entry.transport


def plain_text(text: str | None) -> str:
    """Text that both databases take: PostgreSQL stores no NUL, UTF-8 has no lone surrogates. `raw` keeps the truth."""
    if not text:
        return ""
    if text.isprintable() and text.isascii():
        return text
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


class _Told(NamedTuple):
    """A signal in words that both databases take: as columns of its events, and as its reading in canonical JSON."""

    signal: Signal | None
    events: list[Row]
    reading: str


def _told(signal: Signal | None) -> _Told:
    if signal is None:
        return _Told(None, [], "{}")
    try:
        told = _spelled(signal)
    except TypeError:
        # A lone surrogate is no text.
        return _spelled(_mended(signal))
    # The reading holds every text of the signal, so one look at it shows that nearly none needs mending.
    return _spelled(_mended(signal)) if "\\u0000" in told.reading else told


def _spelled(signal: Signal) -> _Told:
    events = [_event_columns(event) for event in signal.events]
    reading = orjson.dumps(_reading(signal, events), option=orjson.OPT_SORT_KEYS)
    return _Told(signal, events, reading.decode())


def _mended(part: Any) -> Any:
    """The same, with `plain_text` for every text in it."""
    if isinstance(part, str):
        return plain_text(part)
    if isinstance(part, tuple):
        # Named tuples are made by `_make`, plain ones by `tuple`.
        return getattr(part, "_make", tuple)(map(_mended, part))
    return part


def _frame_row(entry: FrameEntry, told: _Told) -> Row:
    frame, signal = entry.frame, told.signal
    row = {
        "received_at": entry.received_at,
        "device_at": None,
        "listener": entry.listener,
        "transport": entry.transport,
        "peer": entry.peer,
        "kind": str(frame.kind),
        "raw": frame.raw,
        "token": "",
        "account": "",
        "receiver": "",
        "line": "",
        "sequence": "",
        "reading": told.reading,
        "reason": frame.reason or "",
        "answer": frame.answer,
        "repeat_key": frame.repeat_key,
        "event_count": len(told.events),
    }
    if signal is not None:
        row["device_at"] = signal.device_at
        row["token"] = signal.token
        row["account"] = account_of(signal)
        row["receiver"] = signal.receiver or ""
        row["line"] = signal.line or ""
        row["sequence"] = signal.sequence
    return row


@lru_cache(maxsize=4096)
def _event_columns(event: DecodedEvent) -> Row:
    """Shared between equal events: copy it, never change it."""
    meaning = event.meaning
    return {
        "scheme": str(meaning.scheme),
        "code": meaning.code,
        "qualifier": event.qualifier,
        "event_class": str(meaning.event_class),
        "grade": int(meaning.grade),
        "phase": str(meaning.phase),
        "address_kind": str(meaning.address_kind),
        "area": event.area or "",
        "address": event.address or "",
        "text": event.text or "",
        "known": meaning.known,
    }


def _reading(signal: Signal, events: list[Row]) -> Row:
    """The whole reading, for the raw traffic page: also of a repeat, whose events have no rows of their own."""
    return {
        "protocol": signal.protocol,
        "token": signal.token,
        "account": signal.account,
        "data_account": signal.data_account,
        "receiver": signal.receiver,
        "line": signal.line,
        "sequence": signal.sequence,
        "encrypted": signal.encrypted,
        "device_at": instant(signal.device_at) if signal.device_at else None,
        "events": events,
        "extras": [list(extra) for extra in signal.extras],
        "dialect": signal.dialect,
    }

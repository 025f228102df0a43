"""From frames to rows: numbers them, finds repeats, computes digests. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from lianjing.core.journal.digest import FRAME_COLUMNS, SIGNAL_COLUMNS, hashed_text
from lianjing.core.seals.canonical import instant
from lianjing.core.seals.merkle import root
from lianjing.terms.frames import FrameEntry
from lianjing.terms.signals import DecodedEvent, FrameKind, Signal

Row = dict[str, Any]


class BatchRow(NamedTuple):
    """A row of journal_batch, in the order of its columns."""

    id: int
    committed_at: datetime
    frame_count: int
    signal_count: int
    root: bytes


class FrameRow(NamedTuple):
    """A row of journal_frame, in the order of its columns. Instants are aware UTC."""

    id: int
    batch_id: int
    received_at: datetime
    stored_at: datetime
    device_at: datetime | None
    listener: str
    transport: str
    peer: str
    kind: str
    raw: bytes
    token: str
    account: str
    receiver: str
    line: str
    sequence: str
    reading: str
    reason: str
    answer: bytes | None
    repeat_key: bytes | None
    repeat_of: int | None
    event_count: int
    digest: bytes


class SignalRow(NamedTuple):
    """A row of journal_signal, in the order of its columns."""

    id: int
    frame_id: int
    ordinal: int
    received_at: datetime
    listener: str
    account: str
    scheme: str
    code: str
    qualifier: str
    event_class: str
    grade: int
    phase: str
    address_kind: str
    area: str
    address: str
    text: str
    known: bool


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

    row: BatchRow
    frames: list[FrameRow]
    signals: list[SignalRow]
    marks: Marks


def repeat_keys(entries: Iterable[FrameEntry]) -> list[bytes]:
    """The keys to look up before these entries are made into rows."""
    return [key for entry in entries if (key := _repeat_key(entry)) is not None]


def new_keys(frames: Iterable[FrameRow]) -> list[tuple[bytes, int]]:
    """Keys and ids of those among `frames` that later ones may repeat."""
    return [(row.repeat_key, row.id) for row in frames if row.repeat_key is not None and row.repeat_of is None]


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


class _Maker:
    def __init__(self, after: Marks, stored_at: datetime) -> None:
        self._after, self._stored_at, self._stored_text = after, stored_at, instant(stored_at)
        self._frames: list[FrameRow] = []
        self._signals: list[SignalRow] = []
        self._firsts: dict[bytes, FirstFrame] = {}

    def remember(self, first: FirstFrame) -> None:
        """Keeps the latest first of a key: an older one is out of its window whenever the later one exists."""
        known = self._firsts.get(first.repeat_key)
        if known is None or known.received_at <= first.received_at:
            self._firsts[first.repeat_key] = first

    def add(self, entry: FrameEntry) -> None:
        frame_id = self._after.frame + len(self._frames) + 1
        first_id = self._first_of(entry, frame_id)
        told = _told(entry.frame.signal)
        place = frame_id, self._after.batch + 1, entry.received_at, self._stored_at
        frame = (*place, *_frame_columns(entry, told), first_id, len(told.events))
        signals = [] if first_id is not None else self._signal_rows(entry, frame_id, told)
        times = instant(entry.received_at), self._stored_text, told.device_at
        self._frames.append(FrameRow._make((*frame, _digest(frame, signals, times))))
        self._signals += signals

    def batch(self) -> Batch:
        marks = Marks(
            self._after.batch + 1, self._after.frame + len(self._frames), self._after.signal + len(self._signals)
        )
        proof = root([frame.digest for frame in self._frames])
        row = BatchRow(marks.batch, self._stored_at, len(self._frames), len(self._signals), proof)
        return Batch(row, self._frames, self._signals, marks)

    def _first_of(self, entry: FrameEntry, frame_id: int) -> int | None:
        """The id of the frame that this one repeats. The window counts from the first, so repeats do not stretch it."""
        key = _repeat_key(entry)
        if key is None:
            return None
        first = self._firsts.get(key)
        if first and entry.received_at - first.received_at <= timedelta(seconds=entry.frame.repeat_window):
            return first.frame_id
        self._firsts[key] = FirstFrame(key, frame_id, entry.received_at)
        return None

    def _signal_rows(self, entry: FrameEntry, frame_id: int, told: "_Told") -> list[SignalRow]:
        start = self._after.signal + len(self._signals) + 1
        return [
            SignalRow(start + ordinal, frame_id, ordinal, entry.received_at, entry.listener, told.account, *event)
            for ordinal, event in enumerate(told.events)
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


EventColumns = tuple[str, str, str, str, int, str, str, str, str, str, bool]
"""The columns of journal_signal from `scheme` on."""

_EVENT_COLUMNS = SIGNAL_COLUMNS[6:]
_TIMES = slice(FRAME_COLUMNS.index("received_at"), FRAME_COLUMNS.index("device_at") + 1)
_BYTES = [FRAME_COLUMNS.index(column) for column in ("raw", "answer", "repeat_key")]


class _Told(NamedTuple):
    """A signal in words that both databases take."""

    signal: Signal | None
    account: str
    device_at: str | None
    events: list[EventColumns]
    reading: str
    """Canonical JSON."""


def _told(signal: Signal | None) -> _Told:
    if signal is None:
        return _Told(None, "", None, [], "{}")
    try:
        told = _tell(signal)
    except TypeError:
        # A lone surrogate is no text.
        return _tell(_mended(signal))
    # The reading holds every text of the signal, so one look at it shows that nearly none needs mending.
    return _tell(_mended(signal)) if "\\u0000" in told.reading else told


def _tell(signal: Signal) -> _Told:
    events = [_event(event) for event in signal.events]
    device_at = instant(signal.device_at) if signal.device_at else None
    # Keys in order: what is sorted already need not be sorted for every frame.
    reading = {
        "account": signal.account,
        "data_account": signal.data_account,
        "device_at": device_at,
        "dialect": signal.dialect,
        "encrypted": signal.encrypted,
        "events": [words for _, words in events],
        "extras": signal.extras,
        "line": signal.line,
        "protocol": signal.protocol,
        "receiver": signal.receiver,
        "sequence": signal.sequence,
        "token": signal.token,
    }
    columns = [columns for columns, _ in events]
    return _Told(signal, account_of(signal), device_at, columns, orjson.dumps(reading).decode())


def _mended(part: Any) -> Any:
    """The same, with `plain_text` for every text in it."""
    if isinstance(part, str):
        return plain_text(part)
    if isinstance(part, tuple):
        # Named tuples are made by `_make`, plain ones by `tuple`.
        return getattr(part, "_make", tuple)(map(_mended, part))
    return part


def _frame_columns(entry: FrameEntry, told: _Told) -> tuple[Any, ...]:
    """The columns of journal_frame from `device_at` to `repeat_key`."""
    listener, transport, peer, _, frame = entry
    origin = listener, transport, peer, str(frame.kind), frame.raw
    outcome = told.reading, frame.reason or "", frame.answer, frame.repeat_key
    signal = told.signal
    if signal is None:
        return (None, *origin, "", "", "", "", "", *outcome)
    named = signal.token, told.account, signal.receiver or "", signal.line or "", signal.sequence
    return (signal.device_at, *origin, *named, *outcome)


def _digest(frame: tuple[Any, ...], signals: list[SignalRow], times: tuple[str, str, str | None]) -> bytes:
    """`digest.frame_digest` of these rows. `times`: received, stored and device's, spelled."""
    spelled = list(frame)
    spelled[_TIMES] = times
    for place in _BYTES:
        if spelled[place] is not None:
            spelled[place] = spelled[place].hex()
    return sha256(hashed_text(spelled, [(*row[:3], times[0], *row[4:]) for row in signals])).digest()


@lru_cache(maxsize=4096)
def _event(event: DecodedEvent) -> tuple[EventColumns, Row]:
    """As columns, and in words for the reading: shared between equal events, never changed."""
    meaning = event.meaning
    columns = (
        str(meaning.scheme),
        meaning.code,
        event.qualifier,
        str(meaning.event_class),
        int(meaning.grade),
        str(meaning.phase),
        str(meaning.address_kind),
        event.area or "",
        event.address or "",
        event.text or "",
        meaning.known,
    )
    return columns, dict(sorted(zip(_EVENT_COLUMNS, columns, strict=True)))

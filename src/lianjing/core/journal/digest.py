"""The digest of one stored frame: what the journal writes and what a verifier computes again from the rows it reads."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from operator import itemgetter
from typing import Any

import orjson

from lianjing.core.seals.canonical import canonical_json, instant

FORMAT = 1
"""Goes into every digest: a later layout cannot pass as this one."""

FRAME_COLUMNS = (
    "id",
    "batch_id",
    "received_at",
    "stored_at",
    "device_at",
    "listener",
    "transport",
    "peer",
    "kind",
    "raw",
    "token",
    "account",
    "receiver",
    "line",
    "sequence",
    "reading",
    "reason",
    "answer",
    "repeat_key",
    "repeat_of",
    "event_count",
)
"""Every column of journal_frame but the digest itself."""

SIGNAL_COLUMNS = (
    "id",
    "frame_id",
    "ordinal",
    "received_at",
    "listener",
    "account",
    "scheme",
    "code",
    "qualifier",
    "event_class",
    "grade",
    "phase",
    "address_kind",
    "area",
    "address",
    "text",
    "known",
)
"""Every column of journal_signal."""


def frame_digest(row: Mapping[str, Any], signals: Iterable[Mapping[str, Any]]) -> bytes:
    """SHA-256 over `frame_text`."""
    return sha256(frame_text(row, signals)).digest()


def frame_text(row: Mapping[str, Any], signals: Iterable[Mapping[str, Any]]) -> bytes:
    """`hashed_text` of a journal_frame row and its journal_signal rows as a database gives them back.

    Times may be aware datetime, naive datetime or text (both UTC); bytes may be memoryview; `reading` text or parsed
    JSON; `known` bool or 0/1. Signals may come in any order.
    """
    frame = {column: _normal(column, row[column]) for column in FRAME_COLUMNS}
    events = [{column: _normal(column, signal[column]) for column in SIGNAL_COLUMNS} for signal in signals]
    return hashed_text(frame, sorted(events, key=itemgetter("ordinal")))


def hashed_text(frame: Mapping[str, Any], signals: list[dict[str, Any]]) -> bytes:
    """`{"format":1,"frame":{…},"signals":[{…},…]}` as canonical JSON (core.seals.canonical) in UTF-8.

    `frame` has exactly FRAME_COLUMNS, each of `signals`, in order, exactly SIGNAL_COLUMNS: times as datetime, bytes in
    hexadecimal, `reading` a string that holds its canonical JSON. Raises TypeError for what JSON cannot hold.
    """
    content = {"format": FORMAT, "frame": frame, "signals": signals}
    return orjson.dumps(content, default=_spell, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)


def _spell(value: Any) -> str:
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"a journal row holds no {type(value).__name__}")


@lru_cache(maxsize=256)
def _instant(value: datetime) -> str:
    return instant(value if value.tzinfo else value.replace(tzinfo=UTC))


def _normal(column: str, value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    if column in _INSTANTS and isinstance(value, str):
        return datetime.fromisoformat(value)
    if column == "reading" and not isinstance(value, str):
        return canonical_json(value)
    return bool(value) if column == "known" else value


_INSTANTS = frozenset({"received_at", "stored_at", "device_at"})

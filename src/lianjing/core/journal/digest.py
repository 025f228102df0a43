"""The digest of one stored frame: what the journal writes and what a verifier computes again from the rows it reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any

import orjson

from lianjing.core.seals.canonical import canonical_json, instant

FORMAT = 2
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
    frame = [_spell(column, row[column]) for column in FRAME_COLUMNS]
    in_order = sorted(signals, key=itemgetter("ordinal"))
    return hashed_text(frame, [[_spell(column, signal[column]) for column in SIGNAL_COLUMNS] for signal in in_order])


def hashed_text(frame: Sequence[Any], signals: Sequence[Sequence[Any]]) -> bytes:
    """`[2,[frame],[[signal],…]]` as JSON without spaces in UTF-8: values only, since the order of columns is fixed.

    `frame` in the order of FRAME_COLUMNS, each of `signals` (by ordinal) in that of SIGNAL_COLUMNS: times as `instant`
    spells them, bytes in hexadecimal, `reading` a string that holds its canonical JSON. Raises TypeError otherwise.
    """
    return orjson.dumps([FORMAT, frame, signals], option=orjson.OPT_PASSTHROUGH_DATETIME)


def _spell(column: str, value: Any) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return _instant(value)
    if column in _INSTANTS and isinstance(value, str):
        return _instant(datetime.fromisoformat(value))
    if column == "reading" and not isinstance(value, str):
        return canonical_json(value)
    return bool(value) if column == "known" else value


def _instant(value: datetime) -> str:
    return instant(value if value.tzinfo else value.replace(tzinfo=UTC))


_INSTANTS = frozenset({"received_at", "stored_at", "device_at"})

"""The digest of one stored frame: what the journal writes and what a verifier computes again from the rows it reads."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

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
    """SHA-256 over the canonical JSON of a journal_frame row and its journal_signal rows.

    Takes rows as either database gives them back: times as aware datetime, naive datetime or text (both UTC); bytes as
    bytes or memoryview; `reading` as text or as parsed JSON; `known` as bool or 0/1. Signals may come in any order.
    The text that is hashed is `{"format":1,"frame":{…},"signals":[{…},…]}` with keys in order, bytes in hexadecimal,
    instants as `core.seals.canonical.instant` spells them and `reading` as a string that holds its canonical JSON.
    """
    events = ",".join([_SIGNAL.spell(signal) for signal in sorted(signals, key=itemgetter("ordinal"))])
    content = f'{{"format":{FORMAT},"frame":{_FRAME.spell(row)},"signals":[{events}]}}'
    return sha256(content.encode()).digest()


class _Spelling:
    """What `canonical_json` gives for a normalised row, several times as fast: this runs for every frame."""

    def __init__(self, columns: Iterable[str]) -> None:
        # A text column is never null, so it needs no more than the quoting of the standard library.
        self._parts = [(column, _SPELLED.get(column, encode_basestring)) for column in sorted(columns)]
        self._template = "{" + ",".join(f'"{column}":%s' for column, _ in self._parts) + "}"

    def spell(self, row: Mapping[str, Any]) -> str:
        return self._template % tuple([spell(row[column]) for column, spell in self._parts])


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)


@lru_cache(maxsize=256)
def _instant(value: datetime | str | None) -> str:
    if value is None:
        return "null"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f'"{instant(at if at.tzinfo else at.replace(tzinfo=UTC))}"'


def _bytes(value: Any) -> str:
    return "null" if value is None else f'"{bytes(value).hex()}"'


def _reading(value: Any) -> str:
    return encode_basestring(value if isinstance(value, str) else canonical_json(value))


def _truth(value: Any) -> str:
    return "true" if value else "false"


_SPELLED: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("id", "batch_id", "event_count", "frame_id", "ordinal", "grade"), str),
    "repeat_of": _number,
    "received_at": _instant,
    "stored_at": _instant,
    "device_at": _instant,
    "raw": _bytes,
    "answer": _bytes,
    "repeat_key": _bytes,
    "reading": _reading,
    "known": _truth,
}

_FRAME = _Spelling(FRAME_COLUMNS)
_SIGNAL = _Spelling(SIGNAL_COLUMNS)

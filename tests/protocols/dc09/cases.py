"""Shared by the DC-09 tests: the collected frames, a receiver to feed, and one fixed instant."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lianjing.protocols.dc09 import Connection, FrameReceived, PanelProfile
from lianjing.protocols.dc09.body import Blocks, read_blocks, split_time
from lianjing.protocols.dc09.crypt import decrypt, strip_pad

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
KEY = bytes.fromhex("A54DCA182530BB1D6D132CDED6237B2E")

_VECTORS = Path(__file__).parent.parent / "vectors" / "dc09.jsonl"


def fixed_pad(count: int) -> bytes:
    """Pad bytes with every forbidden value among them, so that a test fails if one gets through."""
    return b"|[]\r\n\0abcdefghij"[:count]


@dataclass(frozen=True)
class Vector:
    """One collected frame: the bytes as found, and what they say."""

    id: int
    raw: bytes
    key: bytes | None
    expect: dict[str, Any]

    @property
    def frame(self) -> bytes:
        """With LF and CR, which logs leave out."""
        start = self.raw if self.raw.startswith(b"\n") else b"\n" + self.raw
        return start if b"\r" in start[9:] else start + b"\r"

    def text(self, rest: bytes) -> bytes:
        """What stands behind the header's bracket, decrypted if a key is known."""
        if not self.key:
            return rest
        plain = decrypt(rest, self.key)
        assert plain is not None
        return strip_pad(plain)

    def blocks(self, rest: bytes) -> Blocks | None:
        return read_blocks(split_time(self.text(rest))[0])


def vectors() -> list[Vector]:
    return [_vector(json.loads(line)) for line in _VECTORS.read_text(encoding="utf-8").splitlines()]


def _vector(row: dict[str, Any]) -> Vector:
    key = row.get("key")
    as_bytes = bytes.fromhex(key) if key and row["key_form"] == "hex" else key.encode() if key else None
    return Vector(row["id"], unescape(row["raw"]), as_bytes, row["expect"])


def unescape(text: str) -> bytes:
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def utf8(text: str) -> str:
    """The collection shows bytes as Latin-1; panels meant UTF-8."""
    return text.encode("latin-1").decode("utf-8")


def receiver(key: bytes | None = None, *, stream: bool = True) -> Connection:
    """A receiver's side that knows one key for all accounts, or none."""
    return Connection(lambda account: PanelProfile(key), pad=fixed_pad, stream=stream)


def receive(raw: bytes, key: bytes | None = None, at: datetime = NOW) -> list[FrameReceived]:
    """Everything in `raw`, to the end of the connection."""
    connection = receiver(key)
    return connection.receive_data(raw, at) + connection.close(at)


def receive_one(raw: bytes, key: bytes | None = None, at: datetime = NOW) -> FrameReceived:
    (frame,) = receive(raw, key, at)
    return frame

"""One panel in the hands of a test: with a clock and a sequence counter of its own, both of which may be wrong."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lianjing.protocols.dc09.panel import Reply, ReplyKind, build_frame, parse_reply

PATIENCE_S = 20.0
NO_PAD_BYTES = str.maketrans({"|": "x", "[": "x", "]": "x"})


@dataclass
class LonePanel:
    """Sends one frame at a time and waits for its answer. `fast_by` is what is wrong with its clock."""

    account: str
    key: bytes | None = None
    tells_time: bool = True
    fast_by: timedelta = timedelta()
    sequence: int = 0
    raising: list[bytes] = field(default_factory=list)
    """For each event the frame that was acknowledged first: it is raised."""
    further: list[bytes] = field(default_factory=list)
    """What else was answered: refused frames, and repeats of acknowledged ones. None of them is raised."""
    _line: socket.socket | None = None
    _is_told: bool = False

    def dial(self, port: int) -> None:
        """Connects, anew if need be, to the receiver on this port."""
        self.hang_up()
        self._line = socket.create_connection(("127.0.0.1", port), PATIENCE_S)

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def report(self, event: str) -> Reply:
        """A new event, as "1130 01 003", under the next sequence number."""
        self.sequence = self.sequence % 9999 + 1
        self._is_told = False
        return self.send_again(event)

    def send_again(self, event: str) -> Reply:
        """Under the same sequence number, with the time as the panel now has it."""
        at = datetime.now(UTC) + self.fast_by if self.tells_time else None
        data = f"#{self.account}|{event}"
        raw = build_frame("ADM-CID", data, self.account, self.sequence, at=at, key=self.key, pad=random_pad)
        reply = parse_reply(self._ask(raw), self.key)
        acknowledged = reply.kind is ReplyKind.ACK
        (self.raising if acknowledged and not self._is_told else self.further).append(raw)
        self._is_told = self._is_told or acknowledged
        return reply

    def set_clock(self, told: datetime) -> None:
        """By what a receiver said."""
        self.fast_by = told - datetime.now(UTC)

    def reboot(self) -> None:
        """It counts from the beginning, as panels do that keep their counter in memory."""
        self.sequence = 0

    def _ask(self, raw: bytes) -> bytes:
        assert self._line is not None, "dial first"
        self._line.sendall(raw)
        answer = b""
        while not answer.endswith(b"\r"):
            more = self._line.recv(4096)
            assert more, "the receiver hung up"
            answer += more
        return answer


def random_pad(count: int) -> bytes:
    """New for every frame, so that no two ciphertexts are alike. None of the bytes that end a pad or a block."""
    return os.urandom(count).decode("latin-1").translate(NO_PAD_BYTES).encode("latin-1")


@contextmanager
def lone_panel(account: str, key: bytes | None = None, *, tells_time: bool = True) -> Iterator[LonePanel]:
    """A panel that has not dialled yet, and hangs up in the end."""
    panel = LonePanel(account, key, tells_time)
    try:
        yield panel
    finally:
        panel.hang_up()

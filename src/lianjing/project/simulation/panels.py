"""One simulated panel: counts its frames, waits for the ACK, sends again with the same number, sets its clock."""

import asyncio
import os
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from lianjing.project.simulation.links import Link, LinkDown
from lianjing.project.simulation.messages import Message
from lianjing.protocols.dc09.panel import Reply, ReplyKind, UnreadableReply, build_frame, parse_reply

ATTEMPTS = 4
"""Once, and three times again."""

_LAST_SEQUENCE = 9999


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one frame ended. `answer` is ACK, NAK, DUH, RSP, or why there was none; `milliseconds` from its start."""

    account: str
    sequence: int
    words: str
    answer: str
    acknowledged: bool
    milliseconds: float
    attempts: int


@dataclass(slots=True)
class Panel:
    """Sends one frame at a time over its link. `sequence` starts anywhere: a frame equal to one of the last three
    minutes in number and content would be taken for its repeat."""

    account: str
    link: Link
    key: bytes | None = None
    timeout: float = 5.0
    stamped: bool = True
    sequence: int = field(default_factory=lambda: random.randint(1, _LAST_SEQUENCE))  # noqa: S311 not a secret
    _clock: timedelta = timedelta()
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def say(self, message: Message) -> Outcome:
        """Sends until acknowledged, refused, or four attempts are over. Never raises for the network's sake."""
        async with self._busy:
            sequence, self.sequence = self.sequence, self.sequence % _LAST_SEQUENCE + 1
            started = monotonic()
            answer, attempt = "no answer", 0
            while attempt < ATTEMPTS:
                attempt += 1
                answer = await self._try(message, sequence)
                if answer in (ReplyKind.ACK, ReplyKind.DUH, ReplyKind.RSP):
                    break
                if answer != ReplyKind.NAK:
                    await self._reconnect(attempt)
            return Outcome(
                account=self.account,
                sequence=sequence,
                words=message.words,
                answer=answer,
                acknowledged=answer in (ReplyKind.ACK, ReplyKind.RSP),
                milliseconds=(monotonic() - started) * 1000,
                attempts=attempt,
            )

    async def close(self) -> None:
        """Hangs up."""
        await self.link.reset()

    async def _try(self, message: Message, sequence: int) -> str:
        try:
            async with asyncio.timeout(self.timeout):
                await self.link.send(self._frame(message, sequence))
                return await self._reply(sequence)
        except TimeoutError:
            return f"no answer in {self.timeout:g} s"
        except LinkDown as error:
            return str(error)

    async def _reply(self, sequence: int) -> str:
        """The reply to this frame; what is no reply, or one to an earlier frame, is passed over."""
        while True:
            raw = await self.link.receive()
            try:
                reply = parse_reply(raw, self.key)
            except UnreadableReply:
                continue
            if reply.kind is ReplyKind.NAK:
                self._set_clock(reply)
                return reply.kind
            if reply.sequence == f"{sequence:04d}":
                return reply.kind

    def _set_clock(self, reply: Reply) -> None:
        """A NAK carries the receiver's time (DC-09 5.5.3.2): the panel takes it over and sends again."""
        if reply.at is not None:
            self._clock = reply.at - datetime.now(UTC)

    async def _reconnect(self, attempt: int) -> None:
        await self.link.reset()
        if attempt < ATTEMPTS:
            await asyncio.sleep(min(0.2 * attempt, self.timeout))

    def _frame(self, message: Message, sequence: int) -> bytes:
        return build_frame(
            message.token,
            message.block(self.account),
            self.account,
            sequence,
            at=datetime.now(UTC) + self._clock if self.stamped or self.key else None,
            key=self.key,
            pad=os.urandom,
        )

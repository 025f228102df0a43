"""A crowd of panels, as a process of its own. `python -m bench.panels ORDER` prints a `Load`, both as JSON.

Closed loop: each sends a frame, waits for its answer, sends the next. Open loop (a rate is given): each frame has its
time to be sent, and its delay counts from that time, so that a stall is not hidden.
"""

import asyncio
import gc
import json
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import cast

import uvloop

from bench.frames import Letter, account_of, key_of, letters
from bench.machine import cpu_seconds, memory_mib
from lianjing.protocols.dc09.panel import ReplyKind, parse_reply

PATIENCE_S = 15.0
"""How long the last answers may take."""
SLICE_S = 0.001
"""How often the crowd looks whether the last answer is there."""
TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Order:
    """What the crowd shall do."""

    port: int
    pid: int
    """Of the receiver: what it uses is read at the first frame and at the last answer."""
    kind: str
    connections: int
    seconds: float
    most: int = 0
    """Frames a second built beforehand for a closed loop, so that building is not measured; they must not run out."""
    first: int = 0
    """Number of the first frame (see `frames.letters`)."""
    account: int = 0
    accounts: int = 200
    """Accounts from the number `account` on."""
    step: int = 1
    rate: float = 0.0
    """Frames a second of all together; 0 for a closed loop."""
    echo: bool = False
    """The other end sends back what it gets."""


@dataclass(frozen=True, slots=True)
class Load:
    """What the crowd met."""

    sent: int
    acked: int
    wrong: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    most_ms: float
    receiver_cpu_s: float
    receiver_mib: float
    own_cpu: float
    """Share of its core that the load generator itself needed."""
    ran_out: bool


class Panel(asyncio.Protocol):
    """One connection. Answers come in the order of the frames."""

    def __init__(self, crowd: "Crowd", mine: list[Letter]) -> None:
        self._crowd, self._left = crowd, iter(mine)
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._rest = b""
        self.last: tuple[bytes, bytes] | None = None
        """An answer as it came, and what it had to hold."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._write = self.transport.write

    def data_received(self, data: bytes) -> None:
        now, crowd = time.perf_counter(), self._crowd
        *answers, self._rest = (self._rest + data if self._rest else data).split(b"\r")
        for answer in answers:
            echo, since = self._waiting.popleft()
            crowd.delays.append(now - since)
            if echo not in answer:
                crowd.wrong += 1
            self.last = answer, echo
        if now < crowd.ask_until and answers:
            self.send_next(now)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting:
            raise RuntimeError(f"a connection ended with {len(self._waiting)} frames unanswered: {exc}")

    def send_next(self, since: float) -> None:
        """The next of its own frames, when one is left."""
        for letter in self._left:
            self.send(letter, since)
            return
        self._crowd.ran_out = True

    def send(self, letter: Letter, since: float) -> None:
        self._waiting.append((letter.echo, since))
        self._crowd.sent += 1
        self._write(letter.frame)


class Crowd:
    """All panels of one order."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self.sent = self.wrong = 0
        self.delays: list[float] = []
        self.ask_until = 0.0
        """Until when an answer brings the next frame about; never in the open loop."""
        self.ran_out = False

    async def run(self) -> Load:
        """Builds the frames, connects, sends, waits for every answer, checks the last of each panel in full."""
        order, panels = self._order, self._panels()
        for panel in panels:
            await asyncio.get_running_loop().create_connection(lambda panel=panel: panel, "127.0.0.1", order.port)  # type: ignore[misc]
        # What is there stays: looking through a million frames for garbage would be a stall of our own.
        gc.freeze()
        receiver_before, own_before = cpu_seconds(order.pid), time.process_time()
        began = time.perf_counter()
        await (self._by_the_clock(panels, began) if order.rate else self._all_at_once(panels, began))
        ended = await self._last_answer()
        used, own = cpu_seconds(order.pid) - receiver_before, time.process_time() - own_before
        for panel in panels:
            panel.transport.close()
        self.wrong += sum(not self._whole(panel) for panel in panels if panel.last)
        return self._load(ended - began, used, own)

    def _panels(self) -> list[Panel]:
        order = self._order
        each: list[list[Letter]] = [[] for _ in range(order.connections)]
        if not order.rate:
            for number, letter in enumerate(self._letters(int(order.most * order.seconds))):
                each[number % order.connections].append(letter)
        return [Panel(self, mine) for mine in each]

    def _letters(self, count: int) -> Iterator[Letter]:
        order = self._order
        accounts = [account_of(order.account + number * order.step) for number in range(order.accounts)]
        for letter in letters(order.kind, accounts, count, order.first):
            yield Letter(letter.frame, letter.frame[:-1]) if order.echo else letter

    async def _all_at_once(self, panels: list[Panel], began: float) -> None:
        self.ask_until = began + self._order.seconds
        for panel in panels:
            panel.send_next(time.perf_counter())
        await asyncio.sleep(self._order.seconds)

    async def _by_the_clock(self, panels: list[Panel], began: float) -> None:
        rate = self._order.rate
        for number, letter in enumerate(self._letters(int(rate * self._order.seconds))):
            due = began + number / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            elif number % TOGETHER == 0:
                # Behind time, answers must be read all the same.
                await asyncio.sleep(0)
            panels[number % len(panels)].send(letter, due)

    async def _last_answer(self) -> float:
        deadline = time.perf_counter() + PATIENCE_S
        # Asked now and then: to tell at every answer would slow the crowd.
        while len(self.delays) < self.sent and time.perf_counter() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(SLICE_S)
        return time.perf_counter()

    def _whole(self, panel: Panel) -> bool:
        """Whether the panel's last answer has its checksum and length right, can be decrypted, and is an ACK."""
        if self._order.echo or panel.last is None:
            return True
        answer, echo = panel.last
        account = echo.rpartition(b"#")[2][:-1].decode()
        reply = parse_reply(answer + b"\r", key_of(account) if self._order.kind == "encrypted" else None)
        return reply.kind is ReplyKind.ACK and reply.account == account and reply.sequence.encode() in echo

    def _load(self, seconds: float, used: float, own: float) -> Load:
        delays = sorted(1000 * delay for delay in self.delays)
        p50, p95, p99 = (delays[len(delays) * part // 100] for part in (50, 95, 99))
        return Load(
            self.sent,
            len(delays),
            self.wrong,
            seconds,
            p50,
            p95,
            p99,
            delays[-1],
            used,
            memory_mib(self._order.pid),
            own / seconds,
            self.ran_out,
        )


if __name__ == "__main__":
    print(json.dumps(asdict(uvloop.run(Crowd(Order(**json.loads(sys.argv[1]))).run()))))

"""Keeps simulated panels talking: the pace, the heartbeats, the lines on the screen, the sum at the end."""

import asyncio
import contextlib
import statistics
import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from lianjing.project.simulation.links import LinkDown, open_link
from lianjing.project.simulation.messages import EVERY_ACCOUNT, HEARTBEAT, Message, Timed
from lianjing.project.simulation.mix import Ordinary
from lianjing.project.simulation.panels import Outcome, Panel

_REMEMBERED = 10_000  # answer times kept for the summary, so that a run of days stays small
_WAITING_A_PANEL = 4
_PARTING_SECONDS = 2.0


@dataclass(slots=True)
class Tally:
    """What has come of the frames so far."""

    quiet: bool = False
    show_heartbeats: bool = True
    started: float = field(default_factory=monotonic)
    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    failed: int = 0
    repeats: int = 0
    times: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def add(self, outcome: Outcome) -> None:
        self.answers[outcome.answer] += 1
        self.repeats += outcome.attempts - 1
        if outcome.acknowledged:
            self.acknowledged += 1
            self.times.append(outcome.milliseconds)
        else:
            self.failed += 1
        hidden = self.quiet or (outcome.words == HEARTBEAT.words and not self.show_heartbeats)
        if not hidden or not outcome.acknowledged:
            print(line(outcome), flush=True)

    def interrupted(self, frames: int) -> None:
        """Frames under way when the run was ended: nobody knows what became of them."""
        if frames:
            self.failed += frames
            self.answers["interrupted"] += frames

    def summary(self) -> str:
        sent = self.acknowledged + self.failed
        told = f"{sent} frames in {monotonic() - self.started:.1f} s: {self.acknowledged} acknowledged"
        if self.failed:
            others = ", ".join(f"{count} {answer}" for answer, count in self.answers.items() if answer != "ACK")
            told += f", {self.failed} NOT ({others})"
        if self.repeats:
            told += f"; {self.repeats} sent again"
        if self.times:
            told += f"; answer in ms: median {statistics.median(self.times):.1f}, "
            told += f"99% {percentile(self.times, 0.99):.1f}, longest {max(self.times):.1f}"
        return told


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def line(outcome: Outcome) -> str:
    """One frame on the screen: time, account, number, what, answer, milliseconds."""
    at = datetime.now().astimezone().strftime("%H:%M:%S.%f")[:-3]
    again = f" (attempt {outcome.attempts})" if outcome.attempts > 1 else ""
    return (
        f"{at}  {outcome.account:<8} #{outcome.sequence:04d}  {outcome.words:<16} -> "
        f"{outcome.answer}{again}  {outcome.milliseconds:.1f} ms"
    )


@dataclass(slots=True)
class Pace:
    """How much and how fast. `interval`: seconds between events of all panels together."""

    interval: float = 0.0
    count: int | None = None
    seconds: float | None = None

    async def ticks(self, stop: asyncio.Event) -> AsyncIterator[int]:
        """Numbers from 0, each when it is due, until count, seconds or `stop` ends it."""
        started, number = monotonic(), 0
        while not stop.is_set() and number != self.count:
            due = number * self.interval
            if self.seconds is not None and due > self.seconds:
                # Nothing more is due in this time, but heartbeats and restorals go on to its end.
                await pause(stop, started + self.seconds - monotonic())
                return
            await pause(stop, started + due - monotonic())
            if stop.is_set() or (self.seconds is not None and monotonic() - started > self.seconds):
                return
            yield number
            number += 1


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Waits, but not longer than until `stop`."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


class Simulation:
    """Some panels, one tally. Every method that talks returns when it is through or `stop` is set."""

    def __init__(self, panels: Sequence[Panel], tally: Tally) -> None:
        self.panels = panels
        self.tally = tally
        self.stop = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(len(panels) * _WAITING_A_PANEL)

    async def cycle(self, messages: Sequence[Message], pace: Pace) -> None:
        """Every panel says every message, then again, as the pace allows."""
        async for number in pace.ticks(self.stop):
            panel = self.panels[number % len(self.panels)]
            await self._begin(panel, messages[number // len(self.panels) % len(messages)])

    async def script(self, rows: Sequence[Timed]) -> None:
        """Each row at its second. Raises LookupError for an account that is not simulated."""
        by_account = {panel.account: panel for panel in self.panels}
        started = monotonic()
        for row in sorted(rows, key=lambda row: row.after):
            await pause(self.stop, started + row.after - monotonic())
            if self.stop.is_set():
                return
            for panel in self.panels if row.account == EVERY_ACCOUNT else [by_account[row.account]]:
                await self._begin(panel, row.message)

    async def ordinary(self, days: Sequence[Ordinary], pace: Pace) -> None:
        """Panels in random order, an alarm first so that there is something to see; restorals follow by themselves."""
        chance = days[0].chance
        async for number in pace.ticks(self.stop):
            place = chance.randrange(len(self.panels)) if number else 0
            said = days[place].next() if number else days[0].alarm()
            await self._begin(self.panels[place], said.message)
            if said.later is not None:
                self._talk(self._afterwards(self.panels[place], said.later, said.after))

    def heartbeats(self, seconds: float) -> None:
        """Every panel says NULL every so many seconds, spread so that they do not all speak at once."""
        for place, panel in enumerate(self.panels):
            self._talk(self._beat(panel, seconds, seconds * place / len(self.panels)))

    async def finish(self) -> None:
        """Ends heartbeats and restorals to come, waits for frames under way, hangs up. After Ctrl-C it waits briefly:
        the receiver may be on its way out too."""
        limit = _PARTING_SECONDS if self.stop.is_set() else None
        self.stop.set()
        while self._talks:
            _, waiting = await asyncio.wait(self._talks, timeout=limit)
            self.tally.interrupted(len(waiting))
            for talk in waiting:
                talk.cancel()
        await asyncio.gather(*(panel.close() for panel in self.panels))

    async def _begin(self, panel: Panel, message: Message) -> None:
        """Starts a frame; waits first when too many are waiting already, as with a receiver that is away."""
        await self._room.acquire()
        self._talk(self._say(panel, message))

    async def _say(self, panel: Panel, message: Message) -> None:
        try:
            self.tally.add(await panel.say(message))
        finally:
            self._room.release()

    async def _afterwards(self, panel: Panel, message: Message, seconds: float) -> None:
        await pause(self.stop, seconds)
        if not self.stop.is_set():
            self.tally.add(await panel.say(message))

    async def _beat(self, panel: Panel, seconds: float, first: float) -> None:
        await pause(self.stop, first)
        while not self.stop.is_set():
            self.tally.add(await panel.say(HEARTBEAT))
            await pause(self.stop, seconds)

    def _talk(self, talk: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(talk)
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)


async def wait_for_receiver(host: str, port: int, seconds: float, stop: asyncio.Event) -> bool:
    """Until something listens on TCP `port`, at most `seconds`. False: it does not."""
    deadline = monotonic() + seconds
    while not stop.is_set():
        link = open_link("tcp", host, port)
        try:
            await link.send(b"")
        except LinkDown:
            if monotonic() > deadline:
                return False
            await pause(stop, 0.3)
        else:
            return True
        finally:
            await link.reset()
    return True


def complain(text: str) -> int:
    """Wrong use: says so, exit code 2."""
    print(f"lianjing simulate: {text}", file=sys.stderr)
    return 2

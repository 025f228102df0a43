"""The journal as the event loop sees it: hand a frame in, await its durability."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from functools import partial
from threading import Event, Thread

from lianjing.core.journal.engine import Engine
from lianjing.core.journal.line_events import LineEvent
from lianjing.core.journal.lines import Line, LineBook
from lianjing.core.journal.rows import line_of
from lianjing.core.journal.writer import Settled, State, Waiting, Writer, contacts
from lianjing.terms.frames import FrameEntry, JournalUnavailable
from lianjing.terms.signals import FrameKind

log = logging.getLogger(__name__)

MAX_WAITING = 50_000
"""Frames that may wait for a commit; more are turned away unanswered, so that a slow disk does not eat the memory."""

STALL_S = 10.0
"""A commit that runs longer than this is a fault that people should see, though nothing is lost by it."""

TEND_S = 0.5


def utc_now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """A `receivers.ports.Journal`. `start` it inside the running loop, `stop` it before the loop ends."""

    def __init__(self, engine: Engine, zone: tzinfo, clock: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._lines = LineBook(zone)
        self._writer = Writer(engine, self._lines, clock, self._deliver)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_contact: Callable[[Line, datetime], None] | None = None
        """Called in the event loop for every sign of life of a line, once it is settled."""
        self._stopped = Event()
        self._threads = [
            Thread(target=self._writer.run, name="journal-writer", daemon=True),
            Thread(target=self._tend, name="journal-tend", daemon=True),
        ]

    def start(self) -> None:
        """Returns at once; the journal is `healthy` as soon as its database is."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    async def opened(self, timeout_s: float) -> bool:
        """Waits until the journal is healthy, at most so long; whether it is."""
        for _ in range(int(timeout_s * 100)):
            if self.healthy:
                return True
            await asyncio.sleep(0.01)
        return self.healthy

    async def stop(self) -> None:
        """Finishes what waits, saves the line figures and lets go of the database."""
        self._writer.stop()
        await asyncio.to_thread(self._threads[0].join)
        self._stopped.set()
        await asyncio.to_thread(self._threads[1].join)

    @property
    def healthy(self) -> bool:
        return self.fault is None

    @property
    def fault(self) -> str | None:
        """Why nothing can be made durable now, in words for people; None while all is well."""
        if self._writer.state is State.OPEN and (busy_s := self.busy_s) > STALL_S:
            return f"a commit has been running for {busy_s:.0f} s"
        return self._writer.fault

    @property
    def busy_s(self) -> float:
        """How long the commit that runs now has been running; 0 between commits."""
        busy_since = self._writer.busy_since
        return 0.0 if busy_since is None else time.monotonic() - busy_since

    def figures(self) -> dict[str, int]:
        """Counts since the start (see `writer.Tally`), and how many frames wait and lines are known now."""
        return {
            **asdict(self._writer.tally),
            "waiting": self._writer.waiting_count,
            "lines": len(self._lines),
            "untracked": self._lines.untracked,
        }

    def take(self, entry: FrameEntry, settled: Settled) -> None:
        """Begins to store; see `receivers.ports.Journal`. Call it from the loop that called `start`."""
        if self._writer.state is State.DOWN:
            settled(self._writer.fault)
        elif entry.frame.kind is FrameKind.HEARTBEAT and self._is_figure(entry):
            settled(self.fault)
        elif self._writer.waiting_count >= MAX_WAITING:
            settled("too many frames wait for a commit")
        else:
            self._writer.put(Waiting(entry, settled))

    @property
    def standing_losses(self) -> dict[int, Line] | None:
        """Paths that were lost when the last receiver ended; None until the journal has been open."""
        return self._writer.line_events.standing

    def note_line_events(self, events: Iterable[LineEvent]) -> None:
        """To be saved, in this order, as soon as the journal can."""
        self._writer.line_events.note(events)

    def last_seen(self, line: Line) -> datetime | None:
        """When a line was last heard, as far as its figures are kept."""
        return self._lines.last_seen(line)

    def erase(self, first_id: int, last_id: int) -> None:
        """Begins to erase the content of these frames, by order of retention. May be asked again at any time."""
        self._writer.erase(first_id, last_id)

    def store(self, entry: FrameEntry) -> asyncio.Future[None]:
        """As `take`, to be awaited: ends once the frame is durable; raises JournalUnavailable."""
        future: asyncio.Future[None] = (self._loop or asyncio.get_running_loop()).create_future()
        self.take(entry, partial(_resolve, future))
        return future

    def _is_figure(self, entry: FrameEntry) -> bool:
        """Whether a heartbeat costs no row, since its line has had its first of the day; then it is noted. With a fault
        it is not: its answer, on which the panel relies, says that the journal could take an alarm."""
        line = line_of(entry)
        if self.fault is None:
            beat = self._lines.beat(line, entry.received_at)
            if beat and self.on_contact is not None:
                self.on_contact(line, entry.received_at)
            return beat
        return self._lines.heard_today(line, entry.received_at)

    def _deliver(self, taken: Sequence[Waiting], fault: str | None) -> None:
        """In the writer's thread. One call into the loop for the whole batch."""
        if self._loop is None:
            return
        try:
            self._loop.call_soon_threadsafe(self._settle, taken, fault)
        except RuntimeError:
            # The loop has ended, and with it every connection that could have been answered.
            log.warning("journal: %d frames have no one to answer them", len(taken))

    def _settle(self, taken: Sequence[Waiting], fault: str | None) -> None:
        for waiting in taken:
            try:
                waiting.settled(fault)
            except Exception:
                # One connection's trouble must not cost the others of this commit their answers.
                log.exception("journal: an answer was not sent")
        if fault is None and self.on_contact is not None:
            for line, at, _ in contacts(taken):
                self.on_contact(line, at)

    def _tend(self) -> None:
        while not self._stopped.wait(TEND_S):
            self._engine.tend()


def _resolve(future: asyncio.Future[None], fault: str | None) -> None:
    if future.done():
        return
    if fault is None:
        future.set_result(None)
    else:
        future.set_exception(JournalUnavailable(fault))

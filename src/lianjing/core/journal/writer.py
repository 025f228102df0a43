"""The one thread that writes the journal: commits whatever has gathered while the last commit ran."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from threading import Event

from lianjing.core.journal.engine import BatchRefused, Engine, EngineFault, IdsTaken
from lianjing.core.journal.line_events import LineEvents
from lianjing.core.journal.lines import Line, LineBook
from lianjing.core.journal.repeats import LONGEST_WINDOW_S, MOST, RecentKeys
from lianjing.core.journal.rows import Batch, Marks, build_batch, line_of, new_keys, repeat_keys
from lianjing.terms.frames import FrameEntry
from lianjing.terms.signals import FrameKind, Signal

log = logging.getLogger(__name__)

MAX_BATCH = 1000
"""Bounds how long the first frame of a batch waits for the last, and the size of a transaction."""

REOPEN_S = 0.5
RETRY_S = 0.1
PROBE_S = 2.0
"""With nothing to write for this long the writer makes sure that it could."""
LINES_S = 3.0
"""How often line figures are saved: at most so much of them is lost when the process is killed."""
ERASE_S = 0.1
"""The pause between two portions of an erasure, so that alarms hardly notice it."""
ERASE_FRAMES = 200
ACCOUNTS_FRAMES = 1000
"""How many frames wait to be found by their account: enough that several of one account share a page of the index, and
few enough that an alarm hardly waits behind them. With nothing else to do they are entered at once."""
LINES_A_COMMIT = 500
"""Small enough that an alarm hardly waits behind figures."""
EVENTS_A_COMMIT = 500


Settled = Callable[[str | None], object]
"""Called with None for a durable frame, else with why it is not known to be."""


class State(Enum):
    DOWN = "down"
    """Nothing can be stored; what comes is turned away at once."""
    RETRYING = "retrying"
    """The connection was lost under a batch, which is being sent again; what comes waits."""
    OPEN = "open"


@dataclass(slots=True)
class Waiting:
    """One frame that nobody may answer yet, and whom to tell when it is durable."""

    entry: FrameEntry
    settled: Settled


@dataclass(slots=True)
class Tally:
    """What the writer did since it began."""

    batches: int = 0
    frames: int = 0
    signals: int = 0
    repeats: int = 0
    rejected: int = 0
    """Frames that the database would not take as read; kept by their raw bytes, not answered."""
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Unstorable:
    """What is left of a frame whose reading the database refuses: its bytes, for the raw traffic page."""

    raw: bytes
    kind: FrameKind = FrameKind.UNREADABLE
    signal: Signal | None = None
    reason: str | None = "unstorable"
    answer: bytes | None = None
    repeat_key: bytes | None = None
    repeat_window: int = 0


Deliver = Callable[[Sequence[Waiting], str | None], None]
"""Called from the writer's thread: these frames are durable (None), or the fault that leaves it open."""


class Writer:
    """`put` from any thread; `run` in one. Owns the engine, the ids and the health of the journal."""

    def __init__(self, engine: Engine, lines: LineBook, clock: Callable[[], datetime], deliver: Deliver) -> None:
        self.state = State.DOWN
        self.fault: str | None = "the journal is not open yet"
        self.tally = Tally()
        self._engine, self._lines, self._clock, self._deliver = engine, lines, clock, deliver
        self.line_events = LineEvents()
        self._waiting: deque[Waiting] = deque()
        self._wake = Event()
        self._stopping = Event()
        self._marks = Marks()
        self._recent = RecentKeys()
        self._one_by_one = 0
        self._accounts_mark = 0
        self._erasing: tuple[int, int] | None = None
        self._erased_at = 0.0
        self._wrote_at = self._saved_lines_at = time.monotonic()
        self.busy_since: float | None = None

    @property
    def waiting_count(self) -> int:
        return len(self._waiting)

    def put(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        # The writer clears the event before it looks at the queue, so a set one is enough; setting it is not cheap.
        if not self._wake.is_set():
            self._wake.set()

    def erase(self, first_id: int, last_id: int) -> None:
        """Erases the content of these frames, portion by portion, beside what else there is to do."""
        if self._erasing is None:
            self._erasing = (first_id, last_id)

    def stop(self) -> None:
        """Asks `run` to finish what waits, save the line figures and return."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Serves until `stop`. Whatever goes wrong costs no answered frame and is tried again."""
        while not self._stopping.is_set() or self._waiting:
            self._turn()
        try:
            while self.state is State.OPEN and self._save_some_line_events():
                pass
            while self.state is State.OPEN and self._save_some_lines():
                pass
        except EngineFault as fault:
            log.error("journal: the last line figures are lost: %s", fault)
        self._engine.close()
        self.state, self.fault = State.DOWN, "the receiver was stopped"

    def _turn(self) -> None:
        try:
            if self.state is State.DOWN:
                self._open()
            self._serve()
        except EngineFault as fault:
            self._go_down(str(fault))
        except Exception as wrong:
            # The thread must outlive a mistake of ours: without it no frame would ever be answered again.
            log.exception("journal: unexpected")
            self._go_down(f"unexpected: {wrong!r}")

    def _open(self) -> None:
        self._open_engine()
        if not self._lines.loaded:
            self._lines.load(self._engine.load_lines())
        if self.line_events.standing is None:
            self.line_events.standing = self._engine.standing_losses()
        self._now_open()

    def _open_engine(self) -> None:
        self._marks = self._engine.open()
        self._recent.load(self._engine.recent_keys(LONGEST_WINDOW_S, MOST))
        self._accounts_mark = self._engine.account_mark()

    def _now_open(self) -> None:
        self.state, self.fault = State.OPEN, None
        self._wrote_at = time.monotonic()
        log.info("journal: open")

    def _mark_down(self, fault: str) -> None:
        if self.state is not State.DOWN or fault != self.fault:
            # Once for each fault, also for one that is met at the start; not with every attempt to open again.
            log.error("journal: %s", fault)
        if self.state is not State.DOWN:
            self.tally.faults += 1
        self.state, self.fault = State.DOWN, fault

    def _go_down(self, fault: str) -> None:
        self._mark_down(fault)
        self._engine.close()
        self._turn_away(fault)
        self._stopping.wait(REOPEN_S)
        # Who looked at the state just before it changed is in the queue only now.
        self._turn_away(fault)

    def _turn_away(self, fault: str) -> None:
        taken = self._take(len(self._waiting))
        if taken:
            self._deliver(taken, fault)

    def _serve(self) -> None:
        self._wake.wait(0.0 if self._waiting else 0.25)
        self._wake.clear()
        taken = self._take(1 if self._one_by_one else MAX_BATCH)
        if taken:
            self._store(taken)
        elif self._accounts_mark < self._marks.frame:
            self._index_accounts()
        elif time.monotonic() - self._wrote_at > PROBE_S:
            self._engine.probe()
            self._wrote_at = time.monotonic()
        if self._marks.frame - self._accounts_mark >= ACCOUNTS_FRAMES:
            self._index_accounts()
        if self.line_events:
            self._save_some_line_events()
        if self._erasing is not None and time.monotonic() - self._erased_at > ERASE_S:
            self._erase_some(*self._erasing)
        if time.monotonic() - self._saved_lines_at > LINES_S and not self._save_some_lines():
            self._saved_lines_at = time.monotonic()

    def _index_accounts(self) -> None:
        last = min(self._marks.frame, self._accounts_mark + ACCOUNTS_FRAMES)
        self._engine.index_accounts(self._accounts_mark, last)
        self._accounts_mark, self._wrote_at = last, time.monotonic()

    def _erase_some(self, first_id: int, last_id: int) -> None:
        end = min(last_id, first_id + ERASE_FRAMES - 1)
        self._engine.erase(first_id, end)
        self._erasing = (end + 1, last_id) if end < last_id else None
        self._erased_at = self._wrote_at = time.monotonic()

    def _take(self, most: int) -> list[Waiting]:
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def _store(self, taken: list[Waiting]) -> None:
        self.busy_since = time.monotonic()
        try:
            batch = self._durably(self._wanting_rows(taken))
        except (BatchRefused, ValueError, TypeError, OverflowError) as refusal:
            self._engine.abandon()
            self._refused(taken, refusal)
        except Exception as fault:
            # First the state, then the news: who hears of a fault must find the journal unhealthy.
            self._mark_down(str(fault) or repr(fault))
            self._deliver(taken, self.fault)
            raise
        else:
            self._one_by_one = max(0, self._one_by_one - 1)
            if batch:
                self._count(batch)
            self._settle(taken)
        finally:
            self.busy_since = None

    def _wanting_rows(self, taken: list[Waiting]) -> list[FrameEntry]:
        """All but heartbeats whose line has had its first of the day, be it while they waited or in this very batch."""
        entries, begun = [], set()
        for waiting in taken:
            entry = waiting.entry
            if entry.frame.kind is FrameKind.HEARTBEAT:
                line = line_of(entry)
                if line in begun or self._lines.heard_today(line, entry.received_at):
                    continue
                begun.add(line)
            entries.append(entry)
        return entries

    def _count(self, batch: Batch) -> None:
        self._wrote_at = time.monotonic()
        self.tally.batches += 1
        self.tally.frames += len(batch.frames)
        self.tally.signals += len(batch.signals)
        self.tally.repeats += sum(frame.repeat_of is not None for frame in batch.frames)

    def _settle(self, taken: list[Waiting]) -> None:
        self._lines.note_all(contacts(taken))
        self._deliver(taken, None)

    def _durably(self, entries: list[FrameEntry]) -> Batch | None:
        """Commits. A lost connection is made again and the same rows sent again, while the engine's patience lasts."""
        if not entries:
            return None
        give_up_at = time.monotonic() + self._engine.patience_s
        batch: Batch | None = None
        while True:
            try:
                if batch is None:
                    batch = self._prepare(entries)
                self._engine.commit(batch)
            except EngineFault as fault:
                self._open_again(fault, give_up_at)
                if isinstance(fault, IdsTaken):
                    batch = None
            else:
                self._marks = batch.marks
                self._recent.remember(new_keys(batch.frames))
                return batch

    def _prepare(self, entries: list[FrameEntry]) -> Batch:
        firsts = self._engine.first_frames(self._recent.candidates(repeat_keys(entries)))
        return build_batch(entries, self._marks, firsts, self._clock())

    def _open_again(self, fault: EngineFault, give_up_at: float) -> None:
        while time.monotonic() < give_up_at:
            if self.state is State.OPEN:
                log.warning("journal: %s; trying again", fault)
                self.tally.faults += 1
                self.state, self.fault = State.RETRYING, str(fault)
            self._engine.close()
            time.sleep(RETRY_S)
            try:
                # The marks of rows that were numbered already stay theirs: they may be stored under them.
                self._open_engine()
            except EngineFault as still:
                self.fault = str(still)
            else:
                self._now_open()
                return
        raise fault

    def _refused(self, taken: list[Waiting], refusal: Exception) -> None:
        """One bad frame must not cost the others their answer: a refused batch is stored frame by frame."""
        if len(taken) > 1:
            self._waiting.extendleft(reversed(taken))
            self._one_by_one = len(taken)
            return
        log.error("journal: a frame was refused: %s", refusal)
        self.tally.rejected += 1
        self._one_by_one = max(0, self._one_by_one - 1)
        entry = taken[0].entry
        self._deliver(taken, f"refused: {refusal}")
        bare = FrameEntry(
            entry.listener, entry.transport, entry.peer, entry.received_at, Unstorable(bytes(entry.frame.raw))
        )
        try:
            self._durably([bare])
        except BatchRefused as again:
            self._engine.abandon()
            raise EngineFault(f"refuses even raw bytes: {again}") from again

    def _save_some_lines(self) -> bool:
        """Saves one portion; whether there may be more. Under load every line has news again by then: that can wait."""
        rows = self._lines.take_unsaved(LINES_A_COMMIT)
        if not rows:
            return False
        try:
            self._engine.save_lines(rows)
        except (EngineFault, BatchRefused) as wrong:
            self._lines.put_back(rows)
            raise EngineFault(str(wrong)) from wrong
        self._wrote_at = time.monotonic()
        return len(rows) == LINES_A_COMMIT

    def _save_some_line_events(self) -> bool:
        """Saves one portion; whether there may be more."""
        events = self.line_events.take(EVENTS_A_COMMIT)
        if not events:
            return False
        try:
            self._engine.save_line_events(events)
        except (EngineFault, BatchRefused) as wrong:
            self.line_events.put_back(events)
            raise EngineFault(str(wrong)) from wrong
        self._wrote_at = time.monotonic()
        return len(events) == EVENTS_A_COMMIT


def contacts(taken: Sequence[Waiting]) -> Iterator[tuple[Line, datetime, bool]]:
    """Signs of life: only what was understood is one, since anyone can send in a panel's name what no key opens."""
    for waiting in taken:
        entry = waiting.entry
        kind = entry.frame.kind
        if entry.frame.signal and kind in (FrameKind.SIGNAL, FrameKind.HEARTBEAT):
            yield line_of(entry), entry.received_at, kind is FrameKind.HEARTBEAT

"""The watch, put to work: hears what the journal stores, follows which paths there are, saves what becomes of them."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from lianjing.core.directory.sources import Source
from lianjing.core.journal import Journal, utc_now
from lianjing.core.journal.line_events import LineEvent, LineEventKind
from lianjing.core.journal.lines import Line
from lianjing.core.supervision.paths import Path, Paths
from lianjing.core.supervision.watch import Changes, Watch

log = logging.getLogger(__name__)

TURN_S = 1.0
OPENING_S = 0.05
HELD_UP_S = 2.0
"""Messages that wait for a commit so long are not silence."""
TRANSPORTS = ("tcp", "udp")


class Supervision:
    """Everything happens in the event loop, but for the reading of paths. `start` it when somebody listens, and inside
    the running loop; `stop` it before the journal.

    `listeners`: the names of those that listen. Panels of one that is switched off are not missed.
    """

    def __init__(
        self, source: Source, journal: Journal, listeners: Collection[str], clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._journal, self._listeners, self._clock = journal, frozenset(listeners), clock
        self._paths = Paths(source, self._told, self._told_all)
        self._watch = Watch(clock().timestamp())
        self._standing: dict[int, Line] | None = None
        """Losses of the last run whose paths we have not met yet; None until the journal has told them."""
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begins to supervise, as soon as the journal has been open."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends the turns; what they found is left with the journal."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await asyncio.to_thread(self._paths.stop)

    @property
    def fault(self) -> str | None:
        """Why it may not know of the latest paths; None while all is well."""
        return self._paths.fault

    def figures(self) -> dict[str, int]:
        """How many paths are watched and lost now; how often an outage of our own gave all of them their time again."""
        return {"watched": len(self._watch), "lost": self._watch.lost_count, "outages": self._watch.gap_count}

    def heard(self, line: Line, at: datetime) -> None:
        """A sign of life of this line."""
        if len(self._watch):
            # Some panels are known by their transport and some are not: the message counts for both kinds.
            seconds = at.timestamp()
            self._watch.heard(line[:2], seconds)
            self._watch.heard(line, seconds)

    async def turn(self) -> None:
        """Once a second by itself. None while nothing can be stored: then nobody is heard, and nobody is missed."""
        if not self._journal.healthy or self._journal.busy_s > HELD_UP_S:
            return
        now = self._clock().timestamp()
        while True:
            self._journal.note_line_events(self._events(self._watch.turn(now)))
            if not self._watch.behind:
                return
            # Frames have their turn between two portions.
            await asyncio.sleep(0)

    async def _run(self) -> None:
        # Once, at the start: the journal tells nobody when it opens.
        while self._journal.standing_losses is None:  # noqa: ASYNC110
            await asyncio.sleep(OPENING_S)
        self._standing = dict(self._journal.standing_losses)
        self._journal.on_contact = self.heard
        self._paths.start()
        while True:
            try:
                await self.turn()
            except Exception:
                # Whatever it was, lines must go on being watched.
                log.exception("supervision: unexpected")
            await asyncio.sleep(TURN_S)

    def _events(self, changes: Changes) -> Iterator[LineEvent]:
        for heard in changes.heard:
            yield self._event(heard.path, LineEventKind.HEARD, heard.at, heard.last_heard)
        for lost in changes.lost:
            yield self._event(lost.path, LineEventKind.LOST, lost.at, lost.last_heard)

    def _event(self, path_id: int, kind: LineEventKind, at: float, last_heard: float | None) -> LineEvent:
        path = self._paths.find(path_id)
        line = (path.listener, path.account, path.transport) if path else ("", "", "")
        heard_at = _instant(last_heard) if last_heard else None
        if heard_at is None and kind is LineEventKind.LOST:
            heard_at = self._last_seen(line)
        return LineEvent(path_id, line, kind, _instant(at), heard_at)

    def _last_seen(self, line: Line) -> datetime | None:
        """From the figures of the line: it may have been heard before we began."""
        listener, account, transport = line
        seen = [
            self._journal.last_seen((listener, account, each)) for each in ([transport] if transport else TRANSPORTS)
        ]
        return max((at for at in seen if at), default=None)

    def _told(self, paths: Sequence[Path]) -> None:
        """In the reading thread."""
        self._soon(partial(self._enter, paths))

    def _told_all(self) -> None:
        """In the reading thread."""
        self._soon(self._forget_the_rest)

    def _soon(self, call: Callable[[], object]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _enter(self, paths: Sequence[Path]) -> None:
        for path in paths:
            if path.live and path.listener in self._listeners:
                lost = self._standing is not None and self._standing.pop(path.id, None) is not None
                key = (path.listener, path.account, path.transport)
                self._watch.watch(path.id, key if path.transport else key[:2], path.interval_s, path.misses, lost=lost)
            elif self._watch.unwatch(path.id):
                self._unwatched(path.id, (path.listener, path.account, path.transport))

    def _forget_the_rest(self) -> None:
        """All paths were told: who was lost when the last run ended, and is not among them, is not missed any more."""
        if self._standing:
            for path_id, line in self._standing.items():
                self._unwatched(path_id, line)
            self._standing.clear()

    def _unwatched(self, path_id: int, line: Line) -> None:
        self._journal.note_line_events([LineEvent(path_id, line, LineEventKind.UNWATCHED, self._clock())])


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

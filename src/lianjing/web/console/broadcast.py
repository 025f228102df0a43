"""One per web process: turns outbox messages into rows of the queue, rendered once for all streams.

A row is the same for everybody who may see it, so it is read and rendered once a language and shared. The readers
have a database connection of their own; a stream has none.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.utils import timezone, translation

from lianjing.core.viewer import Person
from lianjing.domain.incidents.queries import QueueRow, queue_rows
from lianjing.web.console.presence import Presence
from lianjing.web.console.rows import row_html
from lianjing.web.console.surroundings import AccountCache, Situation, blind, live_parts, situation

CACHED_ROWS = 2000
STATUS_SECONDS = 0.9
"""A little less than the streams' own second, so that they do not show it every other time."""

SHOWN_BY = ("incidents.see", "accounting.see", "status.see", "escalations.see", "handovers.see")
"""Who shares the scopes of these shares one status."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RenderedRow:
    """A case's row as of some moment at or after `position`; `html` is empty when it has left the queue."""

    position: int
    html: str
    grade: int
    fresh: bool
    offered_to: int | None = None


@dataclass(slots=True)
class _Wanted:
    """A row that somebody waits for, and whose eyes may read it."""

    viewer: Person
    position: int
    ready: "asyncio.Future[RenderedRow]"


@dataclass(slots=True)
class _Status:
    """What header, truth line and banners show to one scope, in each language asked for."""

    seen: Situation
    read_at: float
    parts: dict[str, dict[str, str]] = field(default_factory=dict)


def _is_stale(task: "asyncio.Task[_Status]") -> bool:
    if not task.done():
        return False
    failed = task.cancelled() or task.exception() is not None
    return failed or time.monotonic() - task.result().read_at >= STATUS_SECONDS


def _read(work: Callable[[], T]) -> T:
    """Runs in a reader's thread, which keeps its connection; a broken one is replaced."""
    try:
        return work()
    except DatabaseError:
        connection.close()
        return work()


def _let_go() -> None:
    # Looked up in the reader's own thread: each thread has its own connection.
    connection.close()


def _render(row: QueueRow | None, position: int) -> RenderedRow:
    if row is None:
        return RenderedRow(position, "", 0, False)
    return RenderedRow(position, row_html(row), row.grade, not row.acknowledged, row.offered_to_id)


class Broadcast:
    """Rows and status for the streams of this process."""

    def __init__(self) -> None:
        self._rows: OrderedDict[tuple[str, int], RenderedRow] = OrderedDict()
        self._wanted: dict[str, dict[int, _Wanted]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._row_reader = ThreadPoolExecutor(1, "console-rows")
        self._status_reader = ThreadPoolExecutor(1, "console-status")
        self._status: dict[object, asyncio.Task[_Status]] = {}
        self._accounts = AccountCache()
        self.presence = Presence(self._status_reader)

    def close(self) -> None:
        """Ends the readers and their connections."""
        for reader in (self._row_reader, self._status_reader):
            reader.submit(_let_go)
            reader.shutdown()

    async def row(self, viewer: Person, incident_id: int, position: int, language: str) -> RenderedRow:
        """The case's row, read at or after `position`. `viewer` must be one who may see the case."""
        kept = self._rows.get((language, incident_id))
        if kept is not None and kept.position >= position:
            return kept
        wanted = self._wanted.setdefault(language, {})
        waiting = wanted.get(incident_id)
        if waiting is None:
            waiting = wanted[incident_id] = _Wanted(viewer, position, asyncio.get_running_loop().create_future())
        waiting.position = max(waiting.position, position)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_rows())
        return await asyncio.shield(waiting.ready)

    async def _read_rows(self) -> None:
        """Reads all rows wanted at this moment in one go, again and again until nobody waits."""
        loop = asyncio.get_running_loop()
        while any(self._wanted.values()):
            batch, self._wanted = self._wanted, {}
            for language, wanted in batch.items():
                try:
                    done = await loop.run_in_executor(self._row_reader, self._rows_of, language, wanted)
                except Exception as failed:  # noqa: BLE001 - handed to every stream that waits
                    for waiting in wanted.values():
                        waiting.ready.set_exception(failed)
                    continue
                for incident_id, rendered in done.items():
                    self._keep((language, incident_id), rendered)
                    wanted[incident_id].ready.set_result(rendered)

    def _keep(self, key: tuple[str, int], rendered: RenderedRow) -> None:
        self._rows[key] = rendered
        self._rows.move_to_end(key)
        while len(self._rows) > CACHED_ROWS:
            self._rows.popitem(last=False)

    def _rows_of(self, language: str, wanted: dict[int, _Wanted]) -> dict[int, RenderedRow]:
        by_viewer: dict[int, list[int]] = {}
        viewers = {w.viewer.id: w.viewer for w in wanted.values()}
        for incident_id, waiting in wanted.items():
            by_viewer.setdefault(waiting.viewer.id, []).append(incident_id)
        with translation.override(language):
            found: dict[int, QueueRow] = {}
            for viewer_id, ids in by_viewer.items():
                found |= _read(partial(queue_rows, viewers[viewer_id], ids))
            return {i: _render(found.get(i), waiting.position) for i, waiting in wanted.items()}

    async def status(self, viewer: Person, language: str) -> dict[str, Any]:
        """Counts and live parts for the viewer's companies, read at most once a second for all who share them."""
        scope = tuple(viewer.scope(permission) for permission in SHOWN_BY)
        task = self._status.get(scope)
        if task is None or _is_stale(task):
            task = self._status[scope] = asyncio.create_task(self._read_status(viewer))
        status = await asyncio.shield(task)
        if language not in status.parts:
            status.parts[language] = live_parts(status.seen, language)
        seen = status.seen
        return {"counts": seen.counts, "faulty": bool(seen.health.faults), "parts": status.parts[language]}

    async def _read_status(self, viewer: Person) -> _Status:
        loop = asyncio.get_running_loop()
        seen = await loop.run_in_executor(self._status_reader, self._situation, viewer)
        return _Status(seen, time.monotonic())

    def _situation(self, viewer: Person) -> Situation:
        try:
            return _read(partial(situation, viewer, timezone.now(), self._accounts))
        except DatabaseError:
            return blind()

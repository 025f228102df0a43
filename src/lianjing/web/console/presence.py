"""Whose browsers are there: marked for everybody together, however many streams and tabs they have."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from lianjing.core.outbox.pulse import WEB, beat
from lianjing.core.viewer import Person
from lianjing.domain.people.duties import mark_seen

log = logging.getLogger(__name__)

EVERY_SECONDS = 5.0


class Presence:
    """One of a web process. Once it has held a stream it says to the end that it listens: only then is a browser that
    is not heard really gone (`workers.escalation`)."""

    def __init__(self, writer: ThreadPoolExecutor) -> None:
        self._writer = writer
        self._streams: Counter[int] = Counter()
        self._people: dict[int, Person] = {}
        self._task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def of(self, viewer: Person) -> AsyncIterator[None]:
        """The viewer is there while this lasts."""
        self._streams[viewer.id] += 1
        self._people[viewer.id] = viewer
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            self._streams[viewer.id] -= 1
            if not self._streams[viewer.id]:
                del self._streams[viewer.id], self._people[viewer.id]

    async def _go_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await loop.run_in_executor(self._writer, _mark, list(self._people.values()))


def _mark(people: list[Person]) -> None:
    now = timezone.now()
    try:
        beat(WEB, now)
        if people:
            mark_seen(by=people, at=now)
    except DatabaseError:
        log.warning("whose browsers are there cannot be noted now", exc_info=True)
        connection.close()

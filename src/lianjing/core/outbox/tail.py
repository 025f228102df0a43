"""One reader of the bus a web process, shared by all its event streams."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections, connection

from lianjing.core.doorbell import Doorbell
from lianjing.core.outbox import read
from lianjing.core.outbox.models import Message
from lianjing.core.outbox.stamp import STAMPED_BELL

log = logging.getLogger(__name__)

QUEUE_LIMIT = 2000
"""Messages that a slow stream may leave waiting; beyond that it is told to start over."""
REPLAY_LIMIT = 5000
"""Messages that a returning stream may have missed; beyond that reloading is cheaper than replaying."""


class FellBehind(Exception):
    """The stream missed more than can be replayed: reload the page's partials and start from `position`."""

    def __init__(self, position: int) -> None:
        super().__init__(f"start over from {position}")
        self.position = position


class Subscription:
    """An iterator over messages in order, without gaps and without repeats, starting after `position`."""

    def __init__(self, position: int) -> None:
        self.position = position
        self._live: asyncio.Queue[Message] = asyncio.Queue(QUEUE_LIMIT)
        self._overrun = False

    def offer(self, message: Message) -> None:
        try:
            self._live.put_nowait(message)
        except asyncio.QueueFull:
            self._overrun = True

    async def replay(self) -> list[Message]:
        """What was missed before the live queue began."""
        missed: list[Message] = []
        while page := await sync_to_async(read.after)(self.position):
            missed += page
            self.position = page[-1].position or self.position
            if len(missed) > REPLAY_LIMIT:
                raise FellBehind(await sync_to_async(read.head_position)())
            if len(page) < read.PAGE:
                break
        return missed

    async def next(self) -> Message:
        """The next live message. Raises `FellBehind` when this stream was too slow."""
        while True:
            if self._overrun:
                raise FellBehind(await sync_to_async(read.head_position)())
            message = await self._live.get()
            if (message.position or 0) > self.position:
                self.position = message.position or 0
                return message


class Tailer:
    """Follows the bus in a thread of its own and hands every message to every subscription."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    @asynccontextmanager
    async def subscribe(self, after: int | None) -> AsyncIterator[Subscription]:
        """A subscription from `after` on (None: from now). Call `replay()` first, then `next()` for ever."""
        self._start(asyncio.get_running_loop())
        head = await sync_to_async(read.head_position)()
        subscription = Subscription(head if after is None else after)
        # Joined before the replay is read, so that nothing falls between the two; `next` drops what both hold.
        self._subscriptions.add(subscription)
        try:
            if after is not None and after > head:
                raise FellBehind(head)
            if after is not None and after + 1 < await sync_to_async(read.first_position)():
                raise FellBehind(head)
            yield subscription
        finally:
            self._subscriptions.discard(subscription)

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            self._loop = loop
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._follow, name="outbox-tail", daemon=True)
                self._thread.start()

    def _publish(self, messages: list[Message]) -> None:
        for subscription in list(self._subscriptions):
            for message in messages:
                subscription.offer(message)

    def _follow(self) -> None:
        bell = Doorbell(STAMPED_BELL)
        position: int | None = None
        while self._loop is not None and not self._loop.is_closed():
            try:
                if position is None:
                    position = read.head_position()
                messages = read.after(position)
            except DatabaseError:
                log.warning("the outbox cannot be read; trying again", exc_info=True)
                close_old_connections()
                bell.wait(0.5)
                continue
            if not messages:
                bell.wait(1.0)
                continue
            position = messages[-1].position
            try:
                self._loop.call_soon_threadsafe(self._publish, messages)
            except RuntimeError:  # the server is shutting down and its loop has closed
                break
        bell.close()
        connection.close()

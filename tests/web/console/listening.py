"""Listening to the event stream as a browser would, and reading what it says."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest

from lianjing.core.outbox.stamp import stamp
from lianjing.core.viewer import Person
from lianjing.web.console import stream


@dataclass(frozen=True)
class Event:
    kind: str
    position: int | None
    data: dict[str, Any]


def parsed(piece: bytes) -> Event | None:
    """One server-sent event; None for what a page does not see."""
    fields = dict(line.split(": ", 1) for line in piece.decode().strip().splitlines())
    if "event" not in fields:
        return None
    position = int(fields["id"]) if "id" in fields else None
    return Event(fields["event"], position, json.loads(fields["data"]))


Happening = Callable[[], object]


@dataclass
class Ear:
    """One browser's stream: who listens, from where, and for how many events of the named kinds."""

    viewer: Person
    after: int | None
    count: int
    kinds: tuple[str, ...] = ("incident", "reset", "over")
    language: str = "zh-hans"

    async def hear(self) -> list[Event]:
        heard: list[Event] = []
        listener = stream.Listener(HttpRequest(), self.viewer, self.language)
        async for piece in stream._events(listener, self.after):
            event = parsed(piece)
            if event is not None and event.kind in self.kinds:
                heard.append(event)
            if len(heard) == self.count:
                break
        return heard


def listen(*ears: Ear, then: Happening | None = None) -> list[list[Event]]:
    """What each ear hears; `then` happens once all of them listen."""

    async def run() -> list[list[Event]]:
        hearing: list[Awaitable[list[Event]]] = [asyncio.create_task(asyncio.wait_for(e.hear(), 10)) for e in ears]
        if then is not None:
            await asyncio.sleep(0.4)
            await sync_to_async(then)()
            await sync_to_async(stamp)()
        heard = await asyncio.gather(*hearing)
        await sync_to_async(stream.let_go)()
        return list(heard)

    try:
        return asyncio.run(run())
    finally:
        stream.fold()
        if stream.tailer._thread is not None:
            stream.tailer._thread.join(5)

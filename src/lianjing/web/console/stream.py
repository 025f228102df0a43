"""The event stream of the desk: the outbox in order, as rows of the queue, by server-sent events.

SSE id = outbox position, so a client resumes exactly where it was; what it cannot catch up with, it is told to reload.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import is_held_back, may, needs, viewer_of
from lianjing.core.outbox.models import Message
from lianjing.core.outbox.tail import FellBehind, Subscription, Tailer
from lianjing.core.viewer import Person
from lianjing.web.console.broadcast import Broadcast

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
"""A silent line cannot be told from a dead one: the page misses this tick and says so."""
STATUS_SECONDS = 1.0
SESSION_SECONDS = 20.0
"""How often a stream looks whether its session still stands and its roles are still the same."""
TOGETHER = 100
"""Messages that are sent on in one go; of several about one case only the last needs a row."""

tailer = Tailer()
_broadcasts: dict[asyncio.AbstractEventLoop, Broadcast] = {}


def broadcast() -> Broadcast:
    """The one of this process; a server has one loop, tests have several one after the other."""
    loop = asyncio.get_running_loop()
    if loop not in _broadcasts:
        _broadcasts[loop] = Broadcast()
    return _broadcasts[loop]


def fold() -> None:
    """Ends the readers of a loop that has closed; nothing is left that holds a connection."""
    for loop, held in list(_broadcasts.items()):
        if loop.is_closed():
            held.close()
            del _broadcasts[loop]


def packed(event: str, data: Mapping[str, Any], position: int | None = None) -> bytes:
    """One server-sent event. JSON without line breaks needs one data line."""
    head = f"id: {position}\n" if position is not None else ""
    return f"{head}event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@dataclass(slots=True)
class Listener:
    """Who listens, in which language, and how his session is looked up again."""

    request: HttpRequest
    viewer: Person
    language: str

    async def still_here(self) -> bool:
        """Whether the session stands; takes over roles that have changed. Holds no connection afterwards."""
        return await sync_to_async(self._look)()

    def _look(self) -> bool:
        again = HttpRequest()
        again.session = type(self.request.session)(self.request.session.session_key)
        try:
            again.user = get_user(again)
            self.viewer = viewer_of(again)
            return may(self.viewer, "incidents.see") and not is_held_back(again)
        except PermissionDenied:
            return False
        finally:
            let_go()


def let_go() -> None:
    """Closes this thread's connections: a stream lives for hours and must not hold one."""
    for held in connections.all(initialized_only=True):
        if not held.in_atomic_block:
            held.close()


@needs("incidents.see")
@require_safe
async def events(request: HttpRequest) -> StreamingHttpResponse:
    """`?after=` or Last-Event-ID: the position up to which the page knows everything."""
    viewer = viewer_of(request)
    listener = Listener(request, viewer, asked_language(request))
    await sync_to_async(let_go)()
    response = StreamingHttpResponse(_events(listener, asked_position(request)), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@needs("incidents.see")
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Answers whether the person is still signed on: a stream that breaks cannot say why."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def asked_position(request: HttpRequest) -> int | None:
    """Last-Event-ID is newer than the address that the page once made."""
    for text in (request.headers.get("Last-Event-ID", ""), request.GET.get("after", "")):
        if text.isascii() and text.isdigit() and len(text) < 19:
            return int(text)
    return None


def asked_language(request: HttpRequest) -> str:
    """The language of the page that listens: its worker may outlive a switch in another tab."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


async def _events(listener: Listener, after: int | None) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    try:
        async with tailer.subscribe(after) as subscription, broadcast().presence.of(listener.viewer):
            await sync_to_async(let_go)()
            async for piece in _follow(listener, subscription):
                yield piece
    except FellBehind as behind:
        # The client takes this position and comes back.
        yield packed("reset", {"position": behind.position}, behind.position)
    except DatabaseError:
        log.warning("a stream ends because the database is away; its page reconnects", exc_info=True)


async def _follow(listener: Listener, subscription: Subscription) -> AsyncIterator[bytes]:
    pulse = Pulse(listener)
    async for piece in _rows(listener, await subscription.replay()):
        yield piece
    await sync_to_async(let_go)()
    coming = asyncio.create_task(subscription.next())
    try:
        while True:
            for piece in pulse.beat():
                yield piece
            if pulse.over:
                return
            await asyncio.wait({coming, *pulse.running}, timeout=pulse.pause(), return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                messages, coming = await _drawn(subscription, coming)
                async for piece in _rows(listener, messages):
                    yield piece
    finally:
        for task in {coming, *pulse.running}:
            task.cancel()


async def _drawn(
    subscription: Subscription, coming: "asyncio.Task[Message]"
) -> "tuple[list[Message], asyncio.Task[Message]]":
    """What has come in by now, and the task of what comes next: the rows of a storm are read together."""
    messages: list[Message] = []
    while coming.done() and len(messages) < TOGETHER:
        messages.append(coming.result())
        coming = asyncio.create_task(subscription.next())
        await asyncio.sleep(0)
    return messages, coming


async def _rows(listener: Listener, messages: list[Message]) -> AsyncIterator[bytes]:
    """The messages that concern the listener, each case once, as of its last message; the order stays."""
    scope = listener.viewer.scope("incidents.see")
    last: dict[int, Message] = {}
    alerts: set[int] = set()
    news = ""
    for message in messages:
        if message.topic in NEWS:
            told = listener.viewer.scope("duty.see").holds(message.company_id)
            news = message.topic if told else news
        incident_id = message.payload.get("incident")
        if not isinstance(incident_id, int) or not scope.holds(message.company_id):
            continue
        last.pop(incident_id, None)
        last[incident_id] = message
        if _alerts(message, listener.viewer):
            alerts.add(incident_id)
    rendered = await asyncio.gather(*(_rendered(listener, i, m) for i, m in last.items()))
    for (incident_id, message), row in zip(last.items(), rendered, strict=True):
        data = {"id": incident_id, "topic": message.topic, "html": row.html or None, "grade": row.grade}
        data["offered_to"] = row.offered_to
        told = row.fresh or message.topic in SEEN_AND_YET
        yield packed("incident", data | {"alert": told and incident_id in alerts}, message.position)
    if news:
        # Without a position: the page resumes by its cases, and news only says that something is to be read again.
        yield packed("news", {"topic": news})


NEWS = frozenset({"duty.started", "duty.ended", "handover.drawn_up", "handover.signed", "handover.remarked"}) | {
    "duty.lapsed",
    "duty.entitled",
    "duty.passed",
    "duty.pass_ended",
}
"""What is no case and yet changes a page that somebody looks at."""

ALERTING = frozenset({"incident.opened", "incident.joined", "incident.reopened", "incident.adopted"}) | {
    "incident.customer_answered",
    "incident.given_back",
}
ESCALATED = "incident.escalated"
WAIT_OVER = "incident.waited"
SEEN_AND_YET = frozenset({ESCALATED, WAIT_OVER})
"""What sounds although somebody has looked at the case."""


def _alerts(message: Message, viewer: Person) -> bool:
    """Whether this sounds a tone: a new alarm does, a restoral that joins a case does not; what nobody reacts to
    sounds where it is told, and the end of a plan's waiting for whoever waits, or for all when that is nobody."""
    if message.topic == ESCALATED:
        return viewer.scope("escalations.see").holds(message.company_id)
    if message.topic == WAIT_OVER:
        return message.payload.get("holder") in ("", str(viewer.id))
    return message.topic in ALERTING and bool(message.payload.get("alarm", True))


async def _rendered(listener: Listener, incident_id: int, message: Message) -> Any:
    return await broadcast().row(listener.viewer, incident_id, message.position or 0, listener.language)


class Pulse:
    """What a stream sends by the clock: the tick, the status when it has changed, and the end of a session.

    Looking something up runs beside the stream: a slow count must not hold back an alarm.
    """

    def __init__(self, listener: Listener) -> None:
        self.over = False
        self._listener = listener
        now = time.monotonic()
        self._tick_at = self._status_at = now
        self._session_at = now + SESSION_SECONDS
        self._status: asyncio.Task[dict[str, Any]] | None = None
        self._session: asyncio.Task[bool] | None = None
        self._sent: dict[str, Any] | None = None

    @property
    def running(self) -> "set[asyncio.Task[Any]]":
        return {task for task in (self._status, self._session) if task is not None}

    def pause(self) -> float:
        """Seconds until something is due that is not already under way."""
        due = [self._tick_at]
        due += [self._status_at] if self._status is None else []
        due += [self._session_at] if self._session is None else []
        return max(0.0, min(due) - time.monotonic())

    def beat(self) -> list[bytes]:
        """What is to be sent now; starts what is due."""
        self._begin(time.monotonic())
        pieces = self._status_piece()
        if self._session is not None and self._session.done():
            self.over = not self._session.result()
            self._session = None
            pieces += [packed("over", {})] if self.over else []
        if time.monotonic() >= self._tick_at:
            self._tick_at = time.monotonic() + TICK_SECONDS
            pieces.append(packed("tick", {"now": int(timezone.now().timestamp() * 1000)}))
        return pieces

    def _begin(self, now: float) -> None:
        if self._status is None and now >= self._status_at:
            self._status_at = now + STATUS_SECONDS
            asked = broadcast().status(self._listener.viewer, self._listener.language)
            self._status = asyncio.create_task(asked)
        if self._session is None and now >= self._session_at:
            self._session_at = now + SESSION_SECONDS
            self._session = asyncio.create_task(self._listener.still_here())

    def _status_piece(self) -> list[bytes]:
        if self._status is None or not self._status.done():
            return []
        status, self._status = self._status.result(), None
        if status == self._sent:
            return []
        self._sent = status
        return [packed("status", status)]

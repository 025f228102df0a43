"""What of the queue stands apart: breaking through, escalated, offered."""

from dataclasses import dataclass

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.queries import QUEUE_ORDER, SHOWN, QueueRow, rows_of
from lianjing.domain.incidents.queue_policy import MANAGER, URGENT_CLASSES

BREAKING_AT_MOST = 4
"""Rows over a page; of more, the count is told, and the one that came last is among the rows."""
ESCALATED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Breaking:
    """What is shown over whatever is done, and how many more there are."""

    rows: tuple[QueueRow, ...] = ()
    more: int = 0


NOTHING_BREAKING = Breaking()


def breaking_through(viewer: Viewer, limit: int = BREAKING_AT_MOST) -> Breaking:
    """Hold-ups and fires that nobody has looked at, in the order of the queue; what came last is never hidden behind
    what is left lying. One query, two more when there are more than `limit`."""
    rows = Incident.objects.exclude(state=State.CLOSED).filter(acknowledged=False, event_class__in=URGENT_CLASSES)
    mine = visible(rows, viewer, "incidents.see")
    found = list(mine.select_related(*SHOWN).order_by(*QUEUE_ORDER)[: limit + 1])
    if len(found) <= limit:
        return Breaking(tuple(rows_of(found)))
    last = mine.select_related(*SHOWN).order_by("-attention_at", "-pk")[:1]
    shown = list(dict.fromkeys([*found[: limit - 1], *last]))
    return Breaking(tuple(rows_of(shown)), mine.count() - len(shown))


def escalated(viewer: Viewer, *, to_manager: bool = False, limit: int = ESCALATED_AT_MOST) -> list[QueueRow]:
    """What the viewer has been told of because nobody reacts; empty, without a question, for whom it is not told.
    `to_manager`: only what the manager was told."""
    if not viewer.scope("escalations.see"):
        return []
    rows = Incident.objects.exclude(state=State.CLOSED).exclude(escalated_to="")
    if to_manager:
        rows = rows.filter(escalated_to=MANAGER)
    found = visible(rows, viewer, "escalations.see").select_related(*SHOWN).order_by(*QUEUE_ORDER)
    return rows_of(found[:limit])


def offers_to(viewer: Viewer, limit: int = 10) -> list[QueueRow]:
    """Cases that somebody asks the viewer to take over, the longest asked first."""
    rows = visible(Incident.objects.filter(offered_to_id=person_id(viewer)), viewer, "incidents.see")
    return rows_of(rows.select_related(*SHOWN).order_by("offered_at", "pk")[:limit])


def cases_of(viewer: Viewer, limit: int = 50) -> list[QueueRow]:
    """The open cases that the viewer has, in the order of the queue."""
    rows = Incident.objects.exclude(state=State.CLOSED).filter(holder_id=person_id(viewer))
    found = visible(rows, viewer, "incidents.see").select_related(*SHOWN).order_by(*QUEUE_ORDER)
    return rows_of(found[:limit])

"""Tasks that are out when a shift ends: a list of the hand-over, and a section of the board."""

from datetime import datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.dispatch.models import Task, TaskState
from lianjing.domain.dispatch.permissions import SEE
from lianjing.domain.dispatch.policy import OUT
from lianjing.domain.incidents.hand_over_lists import Line, Listed, words_of
from lianjing.domain.incidents.hand_over_policy import LISTED_AT_MOST
from lianjing.domain.incidents.joined_cases import case_that_stays
from lianjing.domain.incidents.queries import case_words


def out_now(viewer: Viewer, limit: int = LISTED_AT_MOST) -> list[Task]:
    """Tasks that have neither a result nor an end, the oldest first."""
    rows = visible(Task.objects.filter(state__in=OUT), viewer, SEE)
    return list(
        rows.select_related("guard", "incident__site", "incident__lane", "incident__joined_into").order_by("pk")[:limit]
    )


def tasks_list(viewer: Viewer, at: datetime) -> Listed:
    """What whoever comes must know of guards on their way and on the scene."""
    count = visible(Task.objects.filter(state__in=OUT), viewer, SEE).count()
    return Listed(count, [_line(task) for task in out_now(viewer)])


def _line(task: Task) -> Line:
    sent_for, incident = task.incident, case_that_stays(task.incident)
    return Line(
        words_of(task.sent_at),
        f"{task.guard.shown_name} · {TaskState(task.state).label}",
        sent_for.site.name if sent_for.site else "",
        case_words(incident),
        incident.grade,
        incident.pk,
    )

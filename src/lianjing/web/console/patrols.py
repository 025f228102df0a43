"""The part of the case page about guards: who was sent, how far he is, whom one can send."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Person
from lianjing.domain.dispatch.queries import GuardLine, guards_of, last_callback, tasks_of_case
from lianjing.domain.incidents.queries import IncidentPage


def patrols(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The tasks of the case; for the holder also the guards to choose from."""
    told: dict[str, Any] = {"tasks": tasks_of_case(viewer, page.row.id)}
    if not page.moves["send_task"].allowed:
        return told
    guards = guards_of(viewer, page.incident.company_id)
    return told | {
        "guard_choices": [(guard.username, _guard_words(guard)) for guard in guards],
        "callback": last_callback(viewer, page.incident.company_id),
    }


def _guard_words(guard: GuardLine) -> str:
    busy = _("在办 %(count)d 件") % {"count": guard.open_tasks} if guard.open_tasks else _("空闲")
    return f"{guard.name} · {busy}"

"""The part of the case page about guards: who was sent, how far he is, whom one can send."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Person
from lianjing.domain.dispatch.guard_list import GuardLine, guards_of
from lianjing.domain.dispatch.queries import last_callback, tasks_of_case
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.terms.sentences import words


def patrols(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The tasks of the case; for the holder also the guards to choose from."""
    told: dict[str, Any] = {"tasks": tasks_of_case(viewer, page.row.id)}
    if not page.moves["send_task"].allowed:
        return told
    guards = guards_of(viewer, page.incident.company_id, at)
    return told | {
        "guard_choices": [(guard.username, _guard_words(guard)) for guard in guards],
        "callback": last_callback(viewer, page.incident.company_id),
    }


def _guard_words(guard: GuardLine) -> str:
    """吴大勇 · 值班中（城东） · 空闲; of one whom the gate would not let in, why."""
    busy = _("在办 %(count)d 件") % {"count": guard.open_tasks} if guard.open_tasks else _("空闲")
    parts = [guard.name, *([_on_duty(guard)] if guard.on_duty else []), busy]
    if not guard.standing.allowed:
        parts.append(_("▲ 不能值班：%(reason)s") % {"reason": words(guard.standing, _)})
    elif guard.standing.passed_until:
        parts.append(_("凭放行"))
    return " · ".join(parts)


def _on_duty(guard: GuardLine) -> str:
    return _("值班中（%(place)s）") % {"place": guard.place} if guard.place else _("值班中")

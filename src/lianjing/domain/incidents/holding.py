"""挂起: a case put off for a while, and its return."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import Actor, BadChoice, finish_move, start_move, written
from lianjing.domain.incidents.queue_policy import HELD_LEVEL, HOLD_AT_LEAST, HOLD_AT_MOST, return_levels
from lianjing.domain.incidents.waiting import end_hold, forget_escalation, set_escalation

REASON_LIMIT = 200
BATCH = 100


@transaction.atomic
def hold_incident(
    incident_id: int,
    *,
    reason: str,
    until: datetime | None,
    by: Viewer,
    at: datetime,
    return_level: int | None = None,
    source: str = "",
) -> Incident:
    """Puts the case behind everything else until `until`; it stays with its holder, and any new alarm wakes it.

    `return_level`: its place afterwards, from 4 + grade (the usual one, behind every new case) to 8. No reaction: a
    clock of escalation that runs goes on. Raises BadChoice for `reason`, `until` or `return_level`.
    """
    incident = start_move("hold", incident_id, by)
    if until is None or not HOLD_AT_LEAST <= until - at <= HOLD_AT_MOST:
        raise BadChoice("until", _("请选择挂起多久：1 分钟至 24 小时。"))
    levels = return_levels(incident.grade)
    if return_level is not None and return_level not in levels:
        allowed = {"low": levels[0], "high": levels[-1]}
        raise BadChoice("return_level", _("恢复后的优先级为 %(low)d 至 %(high)d。") % allowed)
    incident.hold_reason = written("reason", reason, required=True, limit=REASON_LIMIT)
    incident.held_until, incident.queue_level = until, HELD_LEVEL
    incident.return_level = return_level or levels[0]
    after = {"text": incident.hold_reason, "until": until.isoformat(), "level": incident.return_level}
    return finish_move(incident, "incident.held", Actor(by, at, source), after)


@transaction.atomic
def wake_incident(incident_id: int, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """Its holder goes on with it before the time is over."""
    incident = start_move("wake", incident_id, by)
    end_hold(incident, _level_back(incident))
    return finish_move(incident, "incident.woken", Actor(by, at, source), {"why": "person"})


@transaction.atomic
def wake_due(*, by: Viewer, at: datetime) -> int:
    """Ends the hold of cases whose time is over, at the place they were to come back to; their clocks start anew.

    Returns how many. Runs as the system.
    """
    require(by, "incidents.hold", None)
    rows = Incident.objects.filter(held_until__lte=at).select_related("company__desk_settings")
    due = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("held_until", "pk")[:BATCH])
    for incident in due:
        level = _level_back(incident)
        end_hold(incident, level)
        incident.attention_at = at
        forget_escalation(incident)
        set_escalation(incident, figures_of_company(incident.company))
        finish_move(incident, "incident.woken", Actor(by, at, "clock"), {"why": "time", "level": level})
    return len(due)


def _level_back(incident: Incident) -> int:
    return incident.return_level or return_levels(incident.grade)[0]

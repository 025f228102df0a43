"""How a case comes to wait for a reaction, and ceases to. What these change, their caller saves.

Steps of the actions of this app, and no actions themselves.
"""

from datetime import datetime, timedelta

from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.queue_policy import DeskFigures, is_overdue

HOLD_FIELDS = ["queue_level", "held_until", "hold_reason", "return_level"]
ESCALATION_FIELDS = ["escalate_at", "escalated_to"]


def wait_from(incident: Incident, at: datetime, figures: DeskFigures) -> None:
    """Nobody has looked at it since `at`: its ages and its escalation start anew."""
    incident.acknowledged, incident.attention_at = False, at
    forget_escalation(incident)
    set_escalation(incident, figures)


def set_escalation(incident: Incident, figures: DeskFigures) -> None:
    """When the leader is to be told. A case that becomes more urgent while it waits may be due sooner, never later."""
    if incident.escalated_to:
        return
    seconds = figures.ages(incident.event_class, incident.grade).escalate
    due = incident.attention_at + timedelta(seconds=seconds)
    incident.escalate_at = min(due, incident.escalate_at or due)


def forget_escalation(incident: Incident) -> None:
    incident.escalate_at, incident.escalated_to = None, ""


def case_is_overdue(incident: Incident, at: datetime) -> bool:
    """Whether it waits too long for whom it belongs to. Needs the company's `desk_settings` loaded."""
    return is_overdue(
        incident.event_class,
        acknowledged=incident.acknowledged,
        attention_at=incident.attention_at,
        at=at,
        reaction_seconds=figures_of_company(incident.company).reaction_seconds,
    )


def end_hold(incident: Incident, level: int) -> bool:
    """Back into the order at this level; False when it was not on hold."""
    was_held = incident.held_until is not None
    incident.held_until, incident.return_level, incident.hold_reason = None, None, ""
    incident.queue_level = level
    return was_held


def end_offer(incident: Incident) -> None:
    incident.offered_to, incident.offered_at = None, None

"""移交: a case passes to a named person, who is asked first."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.desk_duty import take_on
from lianjing.domain.incidents.giving import give_to
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import (
    Actor,
    BadChoice,
    finish_move,
    refuse_role,
    start_move,
    visible_case,
    written,
)
from lianjing.domain.incidents.waiting import end_offer
from lianjing.domain.people.duty_list import who_may_take_over
from lianjing.domain.people.refusing import tells_refusals

NOTE_LIMIT = 200


@transaction.atomic
def offer_incident(
    incident_id: int, *, to: str, by: Viewer, at: datetime, note: str = "", source: str = ""
) -> Incident:
    """Asks somebody on duty for the case's company to take it over; until he accepts it stays with its holder.

    `to`: his sign-on name. Raises BadChoice when he is not on duty there.
    """
    incident = start_move("offer", incident_id, by)
    others = {user.username: user for user in who_may_take_over(by, incident.company_id)}
    if to not in others:
        raise BadChoice("to", _("请选择一位正在值班的同事。"))
    incident.offered_to, incident.offered_at = others[to], at
    after = {"to": others[to].shown_name, "text": written("note", note, limit=NOTE_LIMIT)}
    return finish_move(incident, "incident.offered", Actor(by, at, source), after)


@transaction.atomic
def withdraw_offer(incident_id: int, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """The holder keeps the case after all."""
    incident = start_move("withdraw", incident_id, by)
    after = {"to": incident.offered_to.shown_name if incident.offered_to else ""}
    end_offer(incident)
    return finish_move(incident, "incident.offer_withdrawn", Actor(by, at, source), after)


@tells_refusals
@transaction.atomic
def accept_incident(
    incident_id: int, *, by: Viewer, at: datetime, up_to: int | None = None, source: str = ""
) -> Incident:
    """Who was asked takes the case over; it is his from now on. `up_to`: as when it is taken."""
    actor = Actor(by, at, source)
    seen = visible_case(incident_id, by)
    refuse_role("accept", seen, by)
    take_on(actor, seen)
    return give_to(start_move("accept", incident_id, by), actor, up_to, "incident.accepted")


@transaction.atomic
def decline_incident(incident_id: int, *, by: Viewer, at: datetime, reason: str = "", source: str = "") -> Incident:
    """Who was asked does not take the case; it stays with its holder."""
    incident = start_move("decline", incident_id, by)
    why = written("reason", reason, limit=NOTE_LIMIT)
    end_offer(incident)
    return finish_move(incident, "incident.declined", Actor(by, at, source), {"text": why})

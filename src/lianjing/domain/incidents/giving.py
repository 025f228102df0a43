"""A case passes into a person's hands, or out of them.

Steps of the actions of this app, and no actions themselves.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Forbidden, person_id
from lianjing.domain.incidents.desk_figures import figures_of_company
from lianjing.domain.incidents.models import Incident, IncidentSignal, State
from lianjing.domain.incidents.moving import Actor, finish_move
from lianjing.domain.incidents.plan_running import run_of, told_of
from lianjing.domain.incidents.waiting import end_hold, end_offer, wait_from

BACK_IN = {State.TAKEN.value: State.OPEN.value}
"""A case that nobody has begun on is open again when it comes back; another stays where it was."""


def see(incident: Incident, actor: Actor, up_to: int | None) -> int:
    """Marks alarms as seen, up to the signal that the person's page showed last; None: all that are there."""
    unseen = IncidentSignal.objects.filter(incident=incident, is_alarm=True, seen_at=None)
    shown = unseen if up_to is None else unseen.filter(treatment_id__lte=up_to)
    count = shown.update(seen_at=actor.at, seen_by_id=person_id(actor.by))
    incident.unseen = unseen.count()
    incident.acknowledged = incident.unseen == 0
    return count


def give_to(incident: Incident, actor: Actor, up_to: int | None = None, topic: str = "") -> Incident:
    """The person has the case from now on: no hold and no offer outlives that. `topic`: how it came to him."""
    former = incident.holder.shown_name if incident.holder else None
    holder_id = person_id(actor.by)
    if holder_id is None:
        raise Forbidden(_("只有人员能受理警情。"))
    incident.holder_id, incident.taken_at = holder_id, actor.at
    seen = see(incident, actor, up_to)
    after: dict[str, Any] = {"holder": actor.by.name, "seen": seen, **told_of(run_of(incident, actor))}
    if end_hold(incident, incident.grade):
        after["hold_ended"] = True
    end_offer(incident)
    before = {"holder": former} if former else None
    return finish_move(incident, topic or "incident.taken", actor, after, before)


def give_back(incident: Incident, topic: str, actor: Actor, after: Mapping[str, Any] | None = None) -> Incident:
    """Nobody has it any more: it waits for a reaction from now on. On hold it stays, until its time is over."""
    before = {"holder": incident.holder.shown_name} if incident.holder else None
    incident.holder, incident.taken_at = None, None
    incident.state = BACK_IN.get(incident.state, incident.state)
    end_offer(incident)
    wait_from(incident, actor.at, figures_of_company(incident.company))
    if incident.held_until is None:
        incident.queue_level = incident.grade
    return finish_move(incident, topic, actor, after, before)

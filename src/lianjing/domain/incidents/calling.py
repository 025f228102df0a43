"""拨打: attempts to reach people about a case, each with what came of it. Errors as in `actions.py`."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.contacting import whom
from lianjing.domain.incidents.customer_policy import CALL_OUTCOMES, DIRECTIONS, call_time_problem, list_outcome
from lianjing.domain.incidents.models import CallAttempt, Incident, IncidentSignal
from lianjing.domain.incidents.moving import Actor, BadChoice, chosen, finish_move, start_move, written
from lianjing.domain.incidents.plan_running import call_covers, due_step
from lianjing.domain.incidents.stepping import do_step
from lianjing.domain.plans.policy import StepKind, outcomes_of
from lianjing.domain.sites.actions.contacts import doubt_contact
from lianjing.domain.sites.models import Contact

CALLED = "incident.called"


@transaction.atomic
def record_call(
    incident_id: int,
    *,
    contact: int | str | None,
    outcome: str,
    by: Viewer,
    at: datetime,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    direction: str = "out",
    note: str = "",
    source: str = "",
) -> CallAttempt:
    """An attempt to reach somebody: a contact of the site by number or name, or anybody by name.

    `outcome`: one of CALL_OUTCOMES; `direction`: out or in; without times it was now, and never long before the first
    signal of the case. When somebody else answers, the contact is marked: his number has to be put right. Where the
    plan stands at its list of calls, it goes on when somebody was reached, or nobody could be; a list that comes later
    is done then.
    """
    incident = start_move("call", incident_id, by)
    person = whom(incident, contact)
    ended = ended_at or at
    started = started_at or ended
    way = chosen("direction", direction or "out", DIRECTIONS)
    if problem := call_time_problem(started, ended, at, first_signal_at=_first_signal_at(incident), direction=way):
        raise BadChoice("started_at", _(problem))
    attempt = CallAttempt.objects.create(
        incident=incident,
        contact=person.contact,
        name=person.name,
        masked=person.masked,
        direction=way,
        started_at=started,
        ended_at=ended,
        outcome=chosen("outcome", outcome, CALL_OUTCOMES),
        note=written("note", note),
        by_id=person_id(by),
    )
    if outcome == "wrong_person" and person.contact is not None and incident.site_id is not None:
        on = timezone.localdate(at)
        doubt_contact(incident.site_id, person.contact.pk, on, by=by, at=at, source=source)
    after = {"contact": person.name, "number": person.masked, "direction": attempt.direction, "outcome": outcome}
    after |= {"started_at": instant(started), "ended_at": instant(ended), "text": attempt.note}
    finish_move(incident, CALLED, Actor(by, at, source), after)
    _go_on(incident, _came_of_list(attempt), Actor(by, at, source))
    return attempt


def _go_on(incident: Incident, came_of_it: str, actor: Actor) -> None:
    """Takes the plan on from its list of calls, or notes that the list is done before its turn."""
    due = due_step(incident, StepKind.DIAL_LIST, actor.by)
    if due is None:
        call_covers(incident, came_of_it, actor)
    elif came_of_it in outcomes_of(due):
        do_step(incident.pk, due.key, came_of_it, by=actor.by, at=actor.at, source=actor.source)


def _first_signal_at(incident: Incident) -> datetime:
    """What the panel or the product noticed first; a case is opened a moment later, or much later when split off."""
    first = IncidentSignal.objects.filter(incident=incident).aggregate(at=Min("treatment__received_at"))["at"]
    return min(filter(None, (incident.opened_at, first)))


def _came_of_list(attempt: CallAttempt) -> str:
    case = attempt.incident
    tried = CallAttempt.objects.filter(incident=case).values_list("contact_id", flat=True)
    on_file = Contact.objects.filter(site_id=case.site_id).values_list("pk", flat=True)
    return list_outcome(attempt.outcome, list(tried), list(on_file))

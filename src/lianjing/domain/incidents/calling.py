"""拨打: attempts to reach people about a case, each with what came of it. Errors as in `actions.py`."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.contacting import whom
from lianjing.domain.incidents.customer_policy import CALL_OUTCOMES, DIRECTIONS, call_time_problem
from lianjing.domain.incidents.models import CallAttempt
from lianjing.domain.incidents.moving import Actor, BadChoice, chosen, finish_move, start_move, written
from lianjing.domain.sites.actions.contacts import doubt_contact

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

    `outcome`: one of CALL_OUTCOMES; `direction`: out or in; without times it was now. When somebody else answers, the
    contact is marked: his number has to be put right.
    """
    incident = start_move("call", incident_id, by)
    person = whom(incident, contact)
    ended = ended_at or at
    started = started_at or ended
    if problem := call_time_problem(started, ended, at):
        raise BadChoice("started_at", _(problem))
    attempt = CallAttempt.objects.create(
        incident=incident,
        contact=person.contact,
        name=person.name,
        masked=person.masked,
        direction=chosen("direction", direction or "out", DIRECTIONS),
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
    return attempt

"""转报: handing a case over to 110, 119 or 120, step by step, and the reason why it is not.

All take the case's id, `by`, `at` and `source` and raise what the actions of a case raise (actions.py). `service` names
whom it is about where several were told; without it the latest hand-over is meant.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.choice_words import waiver_words
from lianjing.domain.incidents.models import Incident, PoliceNotice
from lianjing.domain.incidents.moving import Actor, BadChoice, Refused, chosen, finish_move, start_move, written
from lianjing.domain.incidents.plan_running import forwarding_covers, sending_failed, waiving_covers
from lianjing.domain.incidents.police_channels import MANUAL, adapters_for
from lianjing.domain.incidents.police_policy import (
    MESSAGE_LIMIT,
    NOTICE_MOVES,
    NUMBER_LIMIT,
    REJECTIONS,
    WAIVERS,
    notice_allows,
)
from lianjing.domain.incidents.police_steps import (
    close_superseded,
    keep_told,
    needed,
    new_notice,
    open_notice,
    send_out,
    told_of,
    waive_duties,
    waive_plan,
)
from lianjing.domain.incidents.reporting_duty import SERVICES, service_of


@transaction.atomic
def prepare_notice(
    incident_id: int,
    *,
    by: Viewer,
    at: datetime,
    service: str = "",
    message: str = "",
    adapter: str = MANUAL,
    source: str = "",
) -> Incident:
    """Writes what they are told; again, while it is not sent. Service and message are made from the case when empty.

    `adapter`: manual (telephone), or email or http where an address of the service is known (police_channels.py).
    """
    incident, actor = start_move("police", incident_id, by), Actor(by, at, source)
    service = chosen("service", service or service_of(incident.event_class), SERVICES)
    text = written("message", message, limit=MESSAGE_LIMIT)
    notice = open_notice(incident, service)
    if notice is not None and notice.state != "prepared":
        raise Refused(_("已向 %(service)s 报过，等其答复。") % {"service": service})
    if notice is None:
        notice = new_notice(incident, service, text, actor)
    elif text:
        notice.message = text
    notice.adapter = chosen("adapter", adapter or MANUAL, adapters_for(incident.company, service))
    notice.save()
    return finish_move(incident, "incident.police_prepared", actor, told_of(notice))


@transaction.atomic
def send_notice(incident_id: int, *, by: Viewer, at: datetime, service: str = "", source: str = "") -> Incident:
    """It has gone out: read out on the telephone, or given to its channel. The case counts as forwarded."""
    incident, notice, actor = _moved("police_sent", incident_id, service, by, at, source)
    send_out(notice, actor)
    incident.forwarded_to = notice.service
    forwarding_covers(incident, notice.service, actor)
    return _finished(incident, notice, "incident.police_sent", actor)


@transaction.atomic
def accept_notice(
    incident_id: int, *, by: Viewer, at: datetime, number: str = "", service: str = "", source: str = ""
) -> Incident:
    """They have taken it, under their number."""
    incident, notice, actor = _moved("police_accepted", incident_id, service, by, at, source)
    notice.number = written("number", number, limit=NUMBER_LIMIT)
    notice.sent_at = notice.sent_at or at
    incident.forwarded_to = notice.service
    forwarding_covers(incident, notice.service, actor)
    _confirm_receipt(notice, actor)
    return _finished(incident, notice, "incident.police_accepted", actor, number=notice.number)


@transaction.atomic
def confirm_notice(
    incident_id: int, *, by: Viewer, at: datetime, note: str = "", service: str = "", source: str = ""
) -> Incident:
    """Somebody has made sure that they have it, as GB 55029-2022, 6.0.4 asks of hold-ups; no number is needed."""
    incident, notice, actor = _moved("police_received", incident_id, service, by, at, source)
    text = written("note", note)
    _confirm_receipt(notice, actor)
    return _finished(incident, notice, "incident.police_received", actor, text=text)


@transaction.atomic
def reject_notice(
    incident_id: int, *, by: Viewer, at: datetime, reason: str, note: str = "", service: str = "", source: str = ""
) -> Incident:
    """They do not take it: `reason` is one of REJECTIONS; `other` needs a note. The duty to report stands again."""
    incident, notice, actor = _moved("police_rejected", incident_id, service, by, at, source)
    notice.reject_reason = chosen("reason", reason, REJECTIONS)
    notice.note = written("note", note, required=reason == "other")
    told = {"reason": notice.reject_reason, "text": notice.note}
    return _finished(incident, notice, "incident.police_rejected", actor, **told)


@transaction.atomic
def note_police_dispatched(
    incident_id: int, *, by: Viewer, at: datetime, note: str = "", service: str = "", source: str = ""
) -> Incident:
    """They are on their way."""
    return _go_on("incident.police_dispatched", incident_id, note, service, by, at, source)


@transaction.atomic
def note_police_arrived(
    incident_id: int, *, by: Viewer, at: datetime, note: str = "", service: str = "", source: str = ""
) -> Incident:
    """They are there."""
    return _go_on("incident.police_arrived", incident_id, note, service, by, at, source)


@transaction.atomic
def note_police_closed(
    incident_id: int, *, by: Viewer, at: datetime, note: str = "", service: str = "", source: str = ""
) -> Incident:
    """They have finished; `note` is their result."""
    return _go_on("incident.police_closed", incident_id, note, service, by, at, source)


@transaction.atomic
def waive_police(
    incident_id: int, *, reason: str, by: Viewer, at: datetime, note: str = "", source: str = ""
) -> Incident:
    """Not reported, and why: one of WAIVERS, with a note for `other`; a text of one's own counts as such a note.

    Covers the duties that stand now, or the step by which the plan tells them when somebody has seen that there was
    nothing. What is found later has to be reported, or waived, anew.
    """
    incident, actor = start_move("waive_police", incident_id, by), Actor(by, at, source)
    kind, text = _waived_for(reason, note)
    duties = waive_duties(incident, kind, text, actor) or waive_plan(incident, kind, text, actor)
    if not duties:
        raise Refused(_("此警情没有尚未履行的报告义务。"))
    waiving_covers(incident, text or waiver_words(kind), actor)
    return finish_move(incident, "incident.police_waived", actor, {"duties": duties, "reason": kind, "text": text})


def _waived_for(reason: str, note: str) -> tuple[str, str]:
    """The reason of the list, and what is written besides."""
    if reason not in WAIVERS:
        own = written("reason", reason, required=True)
        return "other", written("note", "；".join(filter(None, (own, note.strip()))))
    text = written("note", note)
    if reason == "other" and not text:
        raise BadChoice("note", _("请写明不报告的理由。"))
    return reason, text


def _moved(
    move_name: str, incident_id: int, service: str, by: Viewer, at: datetime, source: str
) -> tuple[Incident, PoliceNotice, Actor]:
    """Case and notice, both allowed to make this move; the notice is in its next state, with the time of it."""
    incident = start_move(move_name, incident_id, by)
    if service:
        chosen("service", service, SERVICES)
    notice = needed(open_notice(incident, service))
    if not notice_allows(move_name, notice.state):
        told = {"service": notice.service, "state": _(notice.get_state_display())}
        raise Refused(_("给 %(service)s 的警情单现在是“%(state)s”，不能这样做。") % told)
    move = NOTICE_MOVES[move_name]
    notice.state = move.to or notice.state
    setattr(notice, move.instant, at)
    return incident, notice, Actor(by, at, source)


def _go_on(topic: str, incident_id: int, note: str, service: str, by: Viewer, at: datetime, source: str) -> Incident:
    """One step further; the move has the name of its topic."""
    incident, notice, actor = _moved(topic.removeprefix("incident."), incident_id, service, by, at, source)
    notice.note = written("note", note) or notice.note
    return _finished(incident, notice, topic, actor, text=notice.note)


def _confirm_receipt(notice: PoliceNotice, actor: Actor) -> None:
    notice.received_confirmed_at = actor.at
    notice.received_confirmed_by_id = person_id(actor.by)


def _finished(incident: Incident, notice: PoliceNotice, topic: str, actor: Actor, **more: Any) -> Incident:
    notice.save()
    if notice.state == "closed":
        close_superseded(incident, notice)
    keep_told(incident)
    if notice.state == "rejected" and notice.service not in incident.police_told:
        sending_failed(incident, notice.service, actor)
    return finish_move(incident, topic, actor, {**told_of(notice), **more})

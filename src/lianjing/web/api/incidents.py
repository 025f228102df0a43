"""Cases: reading and moving them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.viewer import Viewer
from lianjing.domain.dispatch import actions as dispatch
from lianjing.domain.dispatch.queries import tasks_of_case
from lianjing.domain.incidents import actions, joining, police_reporting, queries, stepping
from lianjing.domain.incidents.asking import ask_customer
from lianjing.domain.incidents.calling import record_call
from lianjing.domain.incidents.case_media import media_of_case
from lianjing.domain.incidents.case_page import case_signals
from lianjing.domain.incidents.case_timeline import timeline
from lianjing.domain.incidents.false_alarms import cause_words
from lianjing.domain.incidents.handing_over import accept_incident, decline_incident, offer_incident, withdraw_offer
from lianjing.domain.incidents.holding import hold_incident, wake_incident
from lianjing.domain.incidents.informing import tell_customer
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import Missing
from lianjing.domain.incidents.next_case import take_next_incident
from lianjing.domain.incidents.plan_reading import case_plan
from lianjing.domain.incidents.police_notices import NoticeLine, duty_lines, notices_of
from lianjing.domain.plans.policy import outcomes_of
from lianjing.web.api.door import needs, now, source_of, viewer_of
from lianjing.web.api.reading import page, page_size
from lianjing.web.api.schemas import ActionIn
from lianjing.web.api.tasks import task_item

router = Router()

StateWanted = Literal["", "active", "open", "taken", "verified", "forwarded", "disposed", "closed"]


def _item(incident: Incident) -> dict[str, Any]:
    judged = queries.level_of_case(incident)
    return {
        "id": incident.pk,
        "company": incident.company.code if incident.company else None,
        "site": incident.site_id,
        "site_name": incident.site.name if incident.site else None,
        "account": incident.lane.account or None,
        "class": incident.event_class,
        "grade": incident.grade,
        "state": incident.state,
        "opened_at": incident.opened_at,
        "last_signal_at": incident.last_signal_at,
        "signals": incident.signal_count,
        "unseen": incident.unseen,
        "acknowledged": incident.acknowledged,
        "holder": incident.holder.username if incident.holder else None,
        "confirmed": incident.confirmed_at is not None,
        "level": judged.level,
        "reasons": [queries.grade_reason(incident), *incident.reasons, judged.sentence],
        "queue_level": incident.queue_level,
        "held_until": incident.held_until,
        "offered_to": incident.offered_to.username if incident.offered_to else None,
        "escalated_to": incident.escalated_to or None,
        "disposition": incident.disposition or None,
        "cause": incident.cause or cause_words(incident.disposition, incident.cause_kind) or None,
        "cause_kind": incident.cause_kind or None,
        "repair_wanted": incident.repair_wanted,
        "tasks_out": incident.tasks_out,
        "closed_at": incident.closed_at,
        "joined_into": incident.joined_into_id,
        "on_paper": incident.on_paper,
    }


def _whole(viewer: Viewer, incident_id: int) -> dict[str, Any]:
    incident = queries.incident_of(viewer, incident_id)
    if incident is None:
        raise Missing(_("没有这件警情。"))
    return _item(incident) | {
        "timeline": [
            {
                "at": step.at,
                "actor": step.actor,
                "action": step.action,
                "words": step.words,
                "detail": step.detail,
                "seal": step.seal,
            }
            for step in timeline(viewer, incident)
        ],
        "plan": _plan(viewer, incident),
        "duties": [
            {"sentence": duty.sentence, "service": duty.service, "stands": duty.stands}
            for duty in duty_lines(viewer, incident)
        ],
        "notices": [_notice(line) for line in notices_of(viewer, incident)],
        "tasks": [task_item(line.task) for line in tasks_of_case(viewer, incident.pk)],
        "media": [
            {"id": m.pk, "kind": m.kind, "mime": m.mime, "size": m.size, "sha256": m.sha256, "at": m.uploaded_at}
            for m in media_of_case(viewer, incident.pk)
        ],
        "signal_ids": [signal.line.id for signal in case_signals(viewer, incident)],
    }


def _plan(viewer: Viewer, incident: Incident) -> dict[str, Any]:
    plan = case_plan(viewer, incident)
    return {
        "title": plan.title,
        "version": plan.version,
        "looks": plan.looks,
        "now": plan.now.key if plan.now else None,
        "open_required": plan.open_required,
        "steps": [
            {
                "key": line.step.key,
                "kind": line.step.kind,
                "title": line.step.title,
                "required": line.step.required,
                "outcomes": outcomes_of(line.step),
                "state": line.state,
                "outcome": line.outcome or None,
                "at": line.at,
            }
            for line in plan.lines
        ],
    }


def _notice(line: NoticeLine) -> dict[str, Any]:
    notice = line.notice
    instants = ("prepared", "sent", "accepted", "rejected", "dispatched", "arrived", "closed", "received_confirmed")
    return {
        "id": notice.pk,
        "service": notice.service,
        "state": notice.state,
        "adapter": notice.adapter,
        "message": line.message,
        "number": notice.number or None,
        "reject_reason": notice.reject_reason or None,
        "note": notice.note or None,
        **{f"{name}_at": getattr(notice, f"{name}_at") for name in instants},
    }


@router.get("incidents", summary="Cases, newest first; no `state` means all, `active` all that are not closed")
@needs("incidents.see")
def list_incidents(
    request: HttpRequest, state: StateWanted = "", after: int | None = None, limit: int = 100
) -> dict[str, Any]:
    size = page_size(limit)
    found = queries.incidents(viewer_of(request), state=state or None, after=after, limit=size)
    return page([_item(incident) for incident in found], size)


@router.get("incidents/{int:incident_id}", summary="One case with its time line")
@needs("incidents.see")
def get_incident(request: HttpRequest, incident_id: int) -> dict[str, Any]:
    return _whole(viewer_of(request), incident_id)


def _hold(incident_id: int, *, minutes: int | None, until: datetime | None, at: datetime, **told: Any) -> Incident:
    ends = until or (at + timedelta(minutes=minutes) if minutes else None)
    return hold_incident(incident_id, until=ends, at=at, **told)


def _tell(incident_id: int, *, contact: int | str | None, **told: Any) -> object:
    """One at a time: a program that tells several calls several times."""
    return tell_customer(incident_id, contacts=[] if contact in (None, "") else [contact], **told)


Call = Callable[..., object]
ACTIONS: dict[str, tuple[Call, tuple[str, ...]]] = {
    "take": (actions.take_incident, ("force", "up_to")),
    "note": (actions.note_incident, ("text",)),
    "acknowledge": (actions.acknowledge_signals, ("up_to",)),
    "verify": (actions.verify_incident, ("how", "outcome", "note")),
    "forward": (actions.forward_incident, ("to", "note")),
    "dispose": (actions.dispose_incident, ("result", "cause", "kind", "zone", "repair", "repair_text")),
    "close": (actions.close_incident, ()),
    "release": (actions.release_incident, ()),
    "reopen": (actions.reopen_incident, ("reason",)),
    "step": (stepping.do_step, ("step", "outcome", "note")),
    "reopen_step": (stepping.reopen_step, ("step",)),
    "read_notices": (stepping.read_notices, ()),
    "hold": (_hold, ("reason", "minutes", "until", "return_level")),
    "wake": (wake_incident, ()),
    "offer": (offer_incident, ("to", "note")),
    "withdraw": (withdraw_offer, ()),
    "accept": (accept_incident, ("up_to",)),
    "decline": (decline_incident, ("reason",)),
    "join": (joining.merge_incidents, ("into", "note")),
    "split": (joining.split_incident, ("signals", "note")),
    "send_task": (dispatch.send_task, ("guard", "instructions", "callback")),
    "cancel_task": (dispatch.cancel_task, ("task", "reason")),
    "police": (police_reporting.prepare_notice, ("service", "message", "adapter")),
    "police_sent": (police_reporting.send_notice, ("service",)),
    "police_accepted": (police_reporting.accept_notice, ("number", "service")),
    "police_received": (police_reporting.confirm_notice, ("note", "service")),
    "police_rejected": (police_reporting.reject_notice, ("reason", "note", "service")),
    "police_dispatched": (police_reporting.note_police_dispatched, ("note", "service")),
    "police_arrived": (police_reporting.note_police_arrived, ("note", "service")),
    "police_closed": (police_reporting.note_police_closed, ("note", "service")),
    "waive_police": (police_reporting.waive_police, ("reason", "note")),
    "call": (record_call, ("contact", "outcome", "started_at", "ended_at", "direction", "note")),
    "ask_customer": (ask_customer, ("contact", "channel")),
    "tell": (_tell, ("contact", "channel", "text")),
}
"""Action by name, and the fields of `ActionIn` that it reads."""


@router.post(
    "incidents/{int:incident_id}/actions/{action}", summary="Move a case; refused moves answer 409 with a sentence"
)
@needs("incidents.see")
def act(request: HttpRequest, incident_id: int, action: str, body: ActionIn | None = None) -> dict[str, Any]:
    """Each action checks its own permission for the case's company. Fields of the body that they read:

    - `take`: force (a leader breaks the lock), up_to (the last signal you saw) · `acknowledge`: up_to
    - `note`: text · `reopen`: reason · `close`, `release`: nothing
    - `verify`: how (call, video, patrol, platform), outcome (real, false, unclear, no_answer, duress), note
    - `forward`: to (patrol, 110, 119, 120), note
    - `hold`: reason, minutes or until (with zone), return_level (4 + grade to 8, none: 4 + grade) · `wake`: nothing
    - `offer`: to (sign-on name of somebody on duty), note · `withdraw`: nothing · `accept`: up_to · `decline`: reason
    - `join`: into (the case that stays, which you hold), note
    - `split`: signals (their ids), note; the answer is the new case
    - `call`: contact (id or name), outcome (reached, busy, no_answer, wrong_person, pass_word_right, pass_word_wrong,
      refused, unreachable, voicemail), started_at, ended_at, direction (out, in), note
    - `ask_customer`: contact, channel (sms, wechat, email) · `tell`: contact, channel (phone, sms, wechat, email), text
    - `step`: step (key of a step of the case's plan), outcome (of its branches, or done, skipped), note
    - `reopen_step`: step · `read_notices`: nothing
    - `dispose`: result (real, device_false, human_false, test, undetermined), kind (a cause of its list), cause (text),
      zone (id of the detector), repair, repair_text
    - `send_task`: guard (user name), instructions, callback · `cancel_task`: task, reason
    - `police`: service (110, 119, 120), message, adapter · `police_sent`, `police_dispatched`, `police_arrived`,
      `police_closed`, `police_received`: service, note · `police_accepted`: number, service
    - `police_rejected`: reason (address, not_theirs, too_old, other), note, service
    - `waive_police`: reason (verified_false, police_there, customer_reports, drill, or a text), note
    """
    if action not in ACTIONS:
        raise Missing(_("没有这个操作：%(action)s。") % {"action": action})
    call, names = ACTIONS[action]
    told = body or ActionIn()
    fields = {name: getattr(told, name) for name in names}
    moved = call(incident_id, **fields, by=viewer_of(request), at=now(), source=source_of(request))
    # `split` answers with the case that it made, every other action with the case that was asked for.
    return _whole(viewer_of(request), moved.pk if action == "split" else incident_id)


@router.post(
    "queue/next",
    summary="Sign the person on and take the best case for him; 204 when there is none or he has as many as he may",
)
@needs("incidents.take")
def take_next(request: HttpRequest) -> Any:
    viewer = viewer_of(request)
    incident = take_next_incident(by=viewer, at=now(), source=source_of(request))
    return _whole(viewer, incident.pk) if incident else HttpResponse(status=204)

"""Cases: reading and moving them."""

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents import actions, queries
from lianjing.domain.incidents.asking import ask_customer
from lianjing.domain.incidents.calling import record_call
from lianjing.domain.incidents.case_timeline import timeline
from lianjing.domain.incidents.informing import tell_customer
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.moving import Missing
from lianjing.web.api.door import needs, now, source_of, viewer_of
from lianjing.web.api.reading import page, page_size
from lianjing.web.api.schemas import ActionIn

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
        "disposition": incident.disposition or None,
        "cause": incident.cause or None,
        "closed_at": incident.closed_at,
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
        "signal_ids": [signal.line.id for signal in queries.case_signals(viewer, incident)],
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
    "dispose": (actions.dispose_incident, ("result", "cause")),
    "close": (actions.close_incident, ()),
    "release": (actions.release_incident, ()),
    "reopen": (actions.reopen_incident, ("reason",)),
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
    - `call`: contact (id or name), outcome (reached, busy, no_answer, wrong_person, pass_word_right, pass_word_wrong,
      refused, unreachable, voicemail), started_at, ended_at, direction (out, in), note
    - `ask_customer`: contact, channel (sms, wechat, email) · `tell`: contact, channel (phone, sms, wechat, email), text
    - `dispose`: result (real, device_false, human_false, test, undetermined), cause
    """
    if action not in ACTIONS:
        raise Missing(_("没有这个操作：%(action)s。") % {"action": action})
    call, names = ACTIONS[action]
    told = body or ActionIn()
    fields = {name: getattr(told, name) for name in names}
    call(incident_id, **fields, by=viewer_of(request), at=now(), source=source_of(request))
    return _whole(viewer_of(request), incident_id)


@router.post("queue/next", summary="Take the first free case of the queue; null when there is none")
@needs("incidents.take")
def take_next(request: HttpRequest) -> dict[str, Any] | None:
    viewer = viewer_of(request)
    incident = actions.take_next_incident(by=viewer, at=now(), source=source_of(request))
    return _whole(viewer, incident.pk) if incident else None

"""Everything that a person does to a case. One transaction each: permission → table → save → sealed record → outbox.

All take the case's id, `by` (viewer), `at` (aware UTC datetime) and `source` (from where, e.g. an IP address), and
raise `Missing` when the viewer cannot see the case, `Forbidden` when his role may not, `Refused` with a sentence when
the case does not allow it now, and `BadChoice` when a word is not in its list.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents import policy
from lianjing.domain.incidents.case_zones import zones_in_order
from lianjing.domain.incidents.causes import CAUSES, OTHER, cause_of
from lianjing.domain.incidents.desk_duty import lock_site, take_on
from lianjing.domain.incidents.giving import give_back, give_to, see
from lianjing.domain.incidents.join_keys import shut
from lianjing.domain.incidents.models import Draft, Incident
from lianjing.domain.incidents.moving import (
    Actor,
    BadChoice,
    Refused,
    chosen,
    finish_move,
    refuse_role,
    start_move,
    visible_case,
    written,
)
from lianjing.domain.incidents.plan_running import forwarding_covers, verification_covers
from lianjing.domain.incidents.police_steps import sent_by_forwarding, told_of
from lianjing.domain.incidents.raising_reviews import raise_review
from lianjing.domain.incidents.reporting_duty import NOT_REAL, SCENE_CONFIRMS, SERVICES
from lianjing.domain.incidents.restarting import restart
from lianjing.domain.incidents.waiting import end_hold, end_offer, forget_escalation
from lianjing.domain.people.refusing import tells_refusals
from lianjing.terms.codes import EventClass


@tells_refusals
@transaction.atomic
def take_incident(
    incident_id: int,
    *,
    by: Viewer,
    at: datetime,
    force: bool = False,
    up_to: int | None = None,
    source: str = "",
) -> Incident:
    """Locks the case for the person and marks its alarms as seen. `force`: a leader takes it from its holder.

    `up_to`: the last signal that his page showed; what came after it stays unseen. None: he is shown all by taking.
    """
    actor = Actor(by, at, source)
    seen = visible_case(incident_id, by)
    refuse_role("break_lock" if force else "take", seen, by)
    take_on(actor, seen)
    lock_site(seen.site_id)
    incident = start_move("break_lock" if force else "take", incident_id, by, at)
    former = incident.holder_id
    return give_to(incident, actor, up_to, "incident.lock_broken" if force and former else "")


@transaction.atomic
def release_incident(incident_id: int, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """Gives the case back to the queue, on hold or not; it waits for a reaction from now on."""
    incident = start_move("release", incident_id, by)
    end_hold(incident, incident.grade)
    return give_back(incident, "incident.released", Actor(by, at, source))


@transaction.atomic
def note_incident(incident_id: int, text: str, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """Writes a note of up to 500 characters into the case's records."""
    note = written("text", text, required=True)
    return finish_move(start_move("note", incident_id, by), "incident.noted", Actor(by, at, source), {"text": note})


@transaction.atomic
def acknowledge_signals(
    incident_id: int, *, by: Viewer, at: datetime, up_to: int | None = None, source: str = ""
) -> Incident:
    """The holder has looked at the alarms that came into the case; `up_to`: the last signal that his page showed."""
    incident = start_move("acknowledge", incident_id, by)
    actor = Actor(by, at, source)
    return finish_move(incident, "incident.acknowledged", actor, {"seen": see(incident, actor, up_to)})


@transaction.atomic
def verify_incident(
    incident_id: int,
    *,
    how: str,
    outcome: str,
    by: Viewer,
    at: datetime,
    note: str = "",
    as_step: bool = False,
    source: str = "",
) -> Incident:
    """复核: `how` (call, video, patrol, platform) and `outcome` (real, false, unclear, no_answer, duress).

    It settles the plan's steps up to its decision; `as_step`: a step of the plan does it, and says so itself.
    """
    incident = start_move("verify", incident_id, by, at)
    if incident.verified_outcome == "duress" and outcome != "duress" and how not in policy.SEEN_THERE:
        raise Refused(_("已按静默求助处理：须由民警、巡逻到场或看图像核实，不能凭电话改判。"))
    if incident.event_class == EventClass.HOLD_UP and (how, outcome) == ("call", "false"):
        raise Refused(_("紧急警情不能凭电话判为误报：须由民警、巡逻到场或看图像核实。"))
    incident.verified_how = chosen("how", how, policy.HOWS)
    incident.verified_outcome = chosen("outcome", outcome, policy.OUTCOMES)
    if outcome == "real":
        incident.confirmed_at = incident.confirmed_at or at
    elif outcome == "false":
        # Whoever looked knows better than two detectors.
        incident.confirmed_at = None
    after = {"how": how, "outcome": outcome, "text": written("note", note)}
    actor = Actor(by, at, source)
    if not as_step:
        verification_covers(incident, actor)
    return finish_move(incident, "incident.verified", actor, after)


@transaction.atomic
def forward_incident(
    incident_id: int,
    *,
    to: str,
    by: Viewer,
    at: datetime,
    note: str = "",
    as_step: bool = False,
    source: str = "",
) -> Incident:
    """转发: the act of handing it to patrol, 110, 119 or 120, recorded. May be done several times.

    Whoever says that he has told 110, 119 or 120 has done so by telephone: a hand-over is kept as sent. It does the
    plan's step that asks for it; `as_step`: that step does it, and says so itself.
    """
    incident, actor = start_move("forward", incident_id, by), Actor(by, at, source)
    incident.forwarded_to = chosen("to", to, policy.TARGETS)
    text = written("note", note)
    notice = sent_by_forwarding(incident, to, actor) if to in SERVICES else None
    told = told_of(notice) if notice is not None else {}
    if not as_step:
        forwarding_covers(incident, to, actor)
    return finish_move(incident, "incident.forwarded", actor, {"to": to, "text": text, **told})


@transaction.atomic
def dispose_incident(
    incident_id: int,
    *,
    result: str,
    by: Viewer,
    at: datetime,
    cause: str = "",
    kind: str = "",
    zone: int | None = None,
    repair: bool = False,
    repair_text: str = "",
    source: str = "",
) -> Incident:
    """处置: the result and its cause, a word of the result's list (`kind`) and a text. No signal joins it from now on.

    `zone`: the detector that it was about, by id; without it the first that alarmed. `repair`: something is to be
    mended. Refused while a duty to report stands. Without `kind` the text is the name of a cause, or a cause "other".
    """
    incident, actor = start_move("dispose", incident_id, by, at), Actor(by, at, source)
    incident.disposition = chosen("result", result, policy.DISPOSITIONS)
    if incident.scene in SCENE_CONFIRMS and result in NOT_REAL:
        raise BadChoice("result", _("到场人员证实了警情，不能按误报或测试处置。"))
    if incident.verified_outcome == "duress" and result in NOT_REAL:
        raise BadChoice("result", _("已按静默求助处理，不能按误报或测试处置：现场核实后先改复核结果。"))
    incident.cause_kind, incident.cause = _cause(result, kind, written("cause", cause, required=not kind))
    incident.cause_zone_id = _zone_of(incident, zone, by)
    incident.repair_wanted = repair
    incident.repair_text = written("repair_text", repair_text) if repair else ""
    incident.disposed_at, incident.disposed_by_id = at, person_id(by)
    incident.joinable = False
    shut([incident])
    after = {"result": result, "kind": incident.cause_kind, "cause": incident.cause, "repair": repair}
    finish_move(incident, "incident.disposed", actor, after)
    raise_review(incident, actor)
    return incident


def _cause(result: str, kind: str, text: str) -> tuple[str, str]:
    found = cause_of(result, kind, text)
    if found is None:
        chosen("kind", kind, CAUSES[result])
    cause_kind, words = found or ("", "")
    if cause_kind == OTHER and not words:
        raise BadChoice("cause", _("请写明原因。"))
    return cause_kind, words


def _zone_of(incident: Incident, zone: int | None, by: Viewer) -> int | None:
    alarmed = zones_in_order(by, incident.pk)
    if zone is not None and zone not in alarmed:
        raise BadChoice("zone", _("此防区没有在这件警情里报警。"))
    return zone if zone is not None else next(iter(alarmed), None)


@transaction.atomic
def close_incident(incident_id: int, *, by: Viewer, at: datetime, source: str = "") -> Incident:
    """结案: refused while an alarm in the case has not been looked at, a duty to report stands, or a guard is out."""
    incident = start_move("close", incident_id, by)
    incident.closed_at, incident.closed_by_id = at, person_id(by)
    incident.holder = None
    end_hold(incident, incident.grade)
    end_offer(incident)
    forget_escalation(incident)
    Draft.objects.filter(incident=incident).delete()
    return finish_move(incident, "incident.closed", Actor(by, at, source), {"result": incident.disposition})


@transaction.atomic
def reopen_incident(incident_id: int, *, reason: str, by: Viewer, at: datetime, source: str = "") -> Incident:
    """Back into the queue, to be led through every step again. What was decided before stays in the records."""
    why = written("reason", reason, required=True)
    incident = start_move("reopen", incident_id, by)
    before = {"result": incident.disposition, "cause": incident.cause, "outcome": incident.verified_outcome}
    actor = Actor(by, at, source)
    restart(incident, actor)
    return finish_move(incident, "incident.reopened", actor, {"text": why}, before)

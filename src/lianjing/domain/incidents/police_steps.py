"""Steps that acts on a hand-over to the police share, and no actions themselves."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import person_id
from lianjing.domain.incidents.duty_facts import duties_of
from lianjing.domain.incidents.joined_cases import with_joined
from lianjing.domain.incidents.models import Incident, PoliceNotice, PoliceWaiver
from lianjing.domain.incidents.moving import Actor, Refused
from lianjing.domain.incidents.plan_running import asks_police
from lianjing.domain.incidents.police_channels import put_on_its_way
from lianjing.domain.incidents.police_message import police_message
from lianjing.domain.incidents.police_policy import OPEN_NOTICE, PROGRESS, RECEIVED, TOLD
from lianjing.domain.incidents.reporting_duty import may_end_untold
from lianjing.terms.codes import EventClass

PLAN = "plan"
"""What a waiver names that is about the plan's own step, without a duty to report."""


def open_notice(incident: Incident, service: str = "") -> PoliceNotice | None:
    """The latest hand-over of the case, or of what was joined into it, that is not over; to this service if named."""
    rows = PoliceNotice.objects.filter(incident__in=with_joined(incident.pk))
    found = list((rows.filter(service=service) if service else rows).order_by("-pk"))
    return next((notice for notice in found if notice.state in OPEN_NOTICE and not is_superseded(notice, found)), None)


def is_superseded(notice: PoliceNotice, all_of_case: Iterable[PoliceNotice]) -> bool:
    """Of two cases that became one each may have told them: what they answer goes to the one that has come further."""
    others = (o for o in all_of_case if o.service == notice.service and o.incident_id != notice.incident_id)
    return any(_goes_before(other, notice) for other in others)


def _goes_before(other: PoliceNotice, notice: PoliceNotice) -> bool:
    if other.state not in OPEN_NOTICE or notice.state not in OPEN_NOTICE:
        return False
    return (PROGRESS.index(other.state), other.pk) > (PROGRESS.index(notice.state), notice.pk)


def close_superseded(incident: Incident, notice: PoliceNotice) -> None:
    """They have finished: what another case had told them of the same is over, too."""
    rows = PoliceNotice.objects.filter(incident__in=with_joined(incident.pk), service=notice.service)
    others = rows.filter(state__in=OPEN_NOTICE).exclude(incident=notice.incident)
    others.update(state=notice.state, closed_at=notice.closed_at)


def new_notice(incident: Incident, service: str, message: str, actor: Actor) -> PoliceNotice:
    """Not stored yet. Without a message it gets the one that the facts of the case make."""
    return PoliceNotice(
        incident=incident,
        service=service,
        message=message or police_message(actor.by, incident),
        prepared_at=actor.at,
        prepared_by_id=person_id(actor.by),
    )


def send_out(notice: PoliceNotice, actor: Actor) -> None:
    """Sends it by its channel and stores it as sent."""
    put_on_its_way(notice, actor)
    notice.state, notice.sent_at = "sent", actor.at
    notice.save()


def sent_by_forwarding(incident: Incident, service: str, actor: Actor) -> PoliceNotice | None:
    """Somebody says that he has told them: his notice is sent. None when one is with them already."""
    notice = open_notice(incident, service)
    if notice is not None and notice.state != "prepared":
        return None
    notice = notice or new_notice(incident, service, "", actor)
    send_out(notice, actor)
    keep_told(incident)
    return notice


def keep_told(incident: Incident) -> None:
    """Writes into the case (not saved) whom its hand-overs have told, and whether a receipt is owed."""
    rows = list(PoliceNotice.objects.filter(incident__in=with_joined(incident.pk), state__in=TOLD))
    incident.police_told = sorted({notice.service for notice in rows})
    to_police = [notice for notice in rows if notice.service == "110"]
    known = any(notice.state in RECEIVED or notice.received_confirmed_at for notice in to_police)
    incident.receipt_owed = bool(to_police) and not known and _is_hold_up(incident)


def _is_hold_up(incident: Incident) -> bool:
    joined = Incident.objects.filter(joined_into=incident, event_class=EventClass.HOLD_UP)
    return incident.event_class == EventClass.HOLD_UP or joined.exists()


def waive_duties(incident: Incident, kind: str, text: str, actor: Actor) -> list[str]:
    """Writes into the case (not saved) that the duties to report that stand now are waived; their names."""
    return _waive(incident, [duty.name for duty in duties_of(incident)], kind, text, actor)


def waive_plan(incident: Incident, kind: str, text: str, actor: Actor) -> list[str]:
    """Writes that the plan's telling of the police is waived without a duty to report; [PLAN], or nothing."""
    if not may_end_untold(incident.verified_how, incident.verified_outcome) or not asks_police(incident, actor):
        return []
    return _waive(incident, [PLAN], kind, text, actor)


def _waive(incident: Incident, names: list[str], kind: str, text: str, actor: Actor) -> list[str]:
    if names:
        who = person_id(actor.by)
        PoliceWaiver.objects.create(
            incident=incident, duties=names, reason=kind, text=text, waived_at=actor.at, waived_by_id=who
        )
        incident.duties_waived = sorted({*incident.duties_waived, *names})
    return names


def told_of(notice: PoliceNotice) -> dict[str, Any]:
    """What a record says of a notice: its message holds a telephone number, so only its digest."""
    digest = sha256(notice.message.encode()).hexdigest()
    return {"notice": notice.pk, "service": notice.service, "adapter": notice.adapter, "message_sha256": digest}


def needed(notice: PoliceNotice | None) -> PoliceNotice:
    """The notice. Raises `Refused` when there is none."""
    if notice is None:
        raise Refused(_("还没有警情单，请先拟写。"))
    return notice

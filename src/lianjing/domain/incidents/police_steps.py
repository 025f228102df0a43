"""Steps that acts on a hand-over to the police share, and no actions themselves."""

from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import person_id
from lianjing.domain.incidents.duty_facts import duties_of
from lianjing.domain.incidents.models import Incident, PoliceNotice, PoliceWaiver
from lianjing.domain.incidents.moving import Actor, Refused
from lianjing.domain.incidents.police_channels import put_on_its_way
from lianjing.domain.incidents.police_message import police_message
from lianjing.domain.incidents.police_policy import OPEN_NOTICE, RECEIVED, TOLD
from lianjing.terms.codes import EventClass


def open_notice(incident: Incident, service: str = "") -> PoliceNotice | None:
    """The latest hand-over of the case that is not over, to this service when one is named."""
    rows = PoliceNotice.objects.filter(incident=incident, state__in=OPEN_NOTICE)
    return (rows.filter(service=service) if service else rows).order_by("-pk").first()


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
    rows = list(PoliceNotice.objects.filter(incident=incident, state__in=TOLD))
    incident.police_told = sorted({notice.service for notice in rows})
    to_police = [notice for notice in rows if notice.service == "110"]
    known = any(notice.state in RECEIVED or notice.received_confirmed_at for notice in to_police)
    incident.receipt_owed = incident.event_class == EventClass.HOLD_UP and bool(to_police) and not known


def waive_duties(incident: Incident, kind: str, text: str, actor: Actor) -> list[str]:
    """Writes into the case (not saved) that the duties to report that stand now are waived; their names."""
    duties = [duty.name for duty in duties_of(incident)]
    if duties:
        who = person_id(actor.by)
        PoliceWaiver.objects.create(
            incident=incident, duties=duties, reason=kind, text=text, waived_at=actor.at, waived_by_id=who
        )
        incident.duties_waived = sorted({*incident.duties_waived, *duties})
    return duties


def told_of(notice: PoliceNotice) -> dict[str, Any]:
    """What a record says of a notice: its message holds a telephone number, so only its digest."""
    digest = sha256(notice.message.encode()).hexdigest()
    return {"notice": notice.pk, "service": notice.service, "adapter": notice.adapter, "message_sha256": digest}


def needed(notice: PoliceNotice | None) -> PoliceNotice:
    """The notice. Raises `Refused` when there is none."""
    if notice is None:
        raise Refused(_("还没有警情单，请先拟写。"))
    return notice

"""警情通报: the customer is told what happened and what was done. Errors as in `actions.py`."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.deliveries.actions import NewDelivery, Unsendable, queue_delivery
from lianjing.domain.deliveries.models import Delivery
from lianjing.domain.incidents.contacting import Whom, whom
from lianjing.domain.incidents.customer_policy import PHONE, TELLING_CHANNELS, is_threatened
from lianjing.domain.incidents.models import CustomerReport, Incident, State
from lianjing.domain.incidents.moving import Actor, BadChoice, Refused, chosen, finish_move, start_move, written

TOLD = "incident.customer_told"
PURPOSE = "report"


@transaction.atomic
def tell_customer(
    incident_id: int,
    *,
    contacts: Sequence[int | str],
    channel: str,
    text: str,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> list[CustomerReport]:
    """Notes that these people were told `text`; by a channel other than `phone` it is sent to them now.

    All or none. While a hold-up is not disposed of, only `phone`: a message might be read by the wrong eyes.
    """
    incident = start_move("tell", incident_id, by)
    chosen("channel", channel, TELLING_CHANNELS)
    told = written("text", text, required=True)
    threatened = is_threatened(incident.event_class, incident.verified_outcome)
    if threatened and channel != PHONE and incident.state != State.DISPOSED:
        raise Refused(_("劫持、紧急求助类警情处置之前不发消息，只能电话通报。"))
    if not contacts:
        raise BadChoice("contacts", _("请选择通报给谁。"))
    people = [whom(incident, each, on_file=channel != PHONE) for each in contacts]
    return [_tell(incident, person, channel, told, Actor(by, at, source)) for person in people]


def _tell(incident: Incident, person: Whom, channel: str, text: str, actor: Actor) -> CustomerReport:
    delivery = None if channel == PHONE else _send(incident, person, channel, text, actor)
    report = CustomerReport.objects.create(
        incident=incident,
        contact=person.contact,
        name=person.name,
        channel=channel,
        text=text,
        told_at=actor.at,
        by_id=person_id(actor.by),
        delivery=delivery,
    )
    finish_move(incident, TOLD, actor, {"contact": person.name, "channel": channel, "text": text})
    return report


def _send(incident: Incident, person: Whom, channel: str, text: str, actor: Actor) -> Delivery:
    new = NewDelivery(
        company=incident.company,
        channel=channel,
        address=person.address(channel),
        body=text,
        purpose=PURPOSE,
        about=f"incident:{incident.pk}",
        subject=f"警情通报：{incident.site.name if incident.site else ''}",
    )
    try:
        return queue_delivery(new, by=actor.by, at=actor.at, source=actor.source)
    except Unsendable as wrong:
        if wrong.field != "address":
            raise BadChoice("channel", str(wrong)) from wrong
        told = _("%(name)s：%(problem)s") % {"name": person.name, "problem": str(wrong)}
        raise BadChoice("contacts", told) from wrong

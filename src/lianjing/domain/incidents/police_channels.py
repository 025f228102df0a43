"""By which ways 110, 119 or 120 can be told besides the telephone: e-mail and a signed HTTP post, as deliveries.

Where to stands in the settings (LIANJING_POLICE_DESKS), for all companies or for one.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from lianjing.domain.companies.models import Company
from lianjing.domain.deliveries.actions import NewDelivery, Unsendable, queue_delivery
from lianjing.domain.deliveries.channels import channel_state
from lianjing.domain.incidents.models import PoliceNotice
from lianjing.domain.incidents.moving import Actor, Refused

MANUAL, EMAIL, HTTP = "manual", "email", "http"
ADAPTERS = {EMAIL: "email", HTTP: "webhook"}
"""The channel of deliveries that each adapter sends by."""
PURPOSE = "police_notice"


def desk_address(company: Company | None, service: str, adapter: str) -> str:
    """Where a service takes messages of this company, "" when nobody has said."""
    desks: dict[tuple[str, str, str], str] = settings.POLICE_DESKS
    code = company.code if company is not None else ""
    return desks.get((code, service, adapter)) or desks.get(("", service, adapter), "")


def adapters_for(company: Company | None, service: str) -> list[str]:
    """The telephone always; the others where an address is known and the channel is connected."""
    ready = [
        adapter
        for adapter, channel in ADAPTERS.items()
        if desk_address(company, service, adapter) and channel_state(company, channel).available
    ]
    return [MANUAL, *ready]


def put_on_its_way(notice: PoliceNotice, actor: Actor) -> None:
    """Queues the message in the transaction of the act. By telephone the person has read it out: nothing is left to do.

    Raises Refused when the way is closed: then it has to be told by telephone.
    """
    if notice.adapter == MANUAL:
        return
    company, case = notice.incident.company, notice.incident.joined_into_id or notice.incident_id
    message = NewDelivery(
        company=company,
        channel=ADAPTERS[notice.adapter],
        address=desk_address(company, notice.service, notice.adapter),
        body=notice.message,
        purpose=PURPOSE,
        about=f"incident:{case}",
        subject=_("警情 #%(id)d：%(site)s") % {"id": case, "site": notice.incident.site or ""},
    )
    try:
        queue_delivery(message, by=actor.by, at=actor.at, source=actor.source)
    except Unsendable as closed:
        raise Refused(_("不能这样发出：%(why)s请改用电话。") % {"why": closed}) from closed

"""The part of the case page about 110, 119 and 120: why they must be told, what they were told, what they say."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.viewer import Person
from lianjing.domain.incidents.case_zones import zones_in_case
from lianjing.domain.incidents.notices import CHANNELS
from lianjing.domain.incidents.police_message import police_message
from lianjing.domain.incidents.police_notices import NoticeLine, notices_of, waivers_of
from lianjing.domain.incidents.police_policy import NOTICE_MOVES
from lianjing.domain.incidents.queries import IncidentPage
from lianjing.domain.incidents.reporting_duty import service_of

POLICE_MOVES = frozenset({"police", "waive_police", *NOTICE_MOVES})


def hand_over(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Hand-overs and waivers; for the holder also what the form of the next one begins with."""
    notices = notices_of(viewer, page.incident)
    moves = _moves(page, notices)
    told = {"notices": notices, "waivers": waivers_of(viewer, page.incident), "police_moves": moves}
    if "police" not in moves or not page.moves["police"].allowed:
        return told
    prepared = next((line for line in notices if line.notice.state == "prepared"), None)
    service = page.duties[0].service if page.duties else service_of(page.incident.event_class)
    return told | {
        "service": prepared.notice.service if prepared else service,
        "message": prepared.message if prepared else police_message(viewer, page.incident),
        "channels": [(name, channel_words(name)) for name in CHANNELS],
    }


def disposing(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The zones to choose from when a case that may be disposed of is about several."""
    return {"zones_in_case": zones_in_case(viewer, page.row.id)} if page.moves["dispose"].allowed else {}


def channel_words(name: str) -> str:
    """How a notice goes out, in words."""
    return {"manual": _("电话口报"), "email": _("电子邮件"), "http": _("接口推送")}.get(name, name)


def _moves(page: IncidentPage, notices: list[NoticeLine]) -> frozenset[str]:
    """The moves that concern the case now: one key leads the latest hand-over on."""
    current = next((line for line in notices if line.is_open), None)
    names = {"waive_police"} if page.duties else set()
    if current is None or page.duties or current.notice.state == "prepared":
        names.add("police")
    if current is not None:
        names |= {current.next_move, "police_rejected"} & current.moves
        if current.notice.state == "sent" and page.incident.receipt_owed:
            names.add("police_received")
    return frozenset(names)

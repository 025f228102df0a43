"""The part of the case page about 110, 119 and 120: why they must be told, what they were told, what they say."""

from datetime import datetime
from typing import Any

from lianjing.core.viewer import Person
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.case_zones import zones_in_case
from lianjing.domain.incidents.police_channels import adapters_for
from lianjing.domain.incidents.police_message import police_message
from lianjing.domain.incidents.police_notices import NoticeLine, notices_of, waivers_of
from lianjing.domain.incidents.police_policy import NOTICE_MOVES
from lianjing.domain.incidents.reporting_duty import SERVICES, may_end_untold, service_of
from lianjing.web.words import ADAPTERS, word

POLICE_MOVES = frozenset({"police", "waive_police", *NOTICE_MOVES})


def hand_over(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Hand-overs and waivers; for the holder also what the form of the next one begins with."""
    notices = notices_of(viewer, page.incident)
    moves = _moves(page, notices)
    told = {"police_notices": notices, "waivers": waivers_of(viewer, page.incident), "police_moves": moves}
    if "police" not in moves or not page.moves["police"].allowed:
        return told
    prepared = next((line for line in notices if line.notice.state == "prepared"), None)
    service = page.duties[0].service if page.duties else service_of(page.incident.event_class)
    return told | {
        "service": prepared.notice.service if prepared else service,
        "message": prepared.message if prepared else police_message(viewer, page.incident),
        "channels": [(name, word(ADAPTERS, name)) for name in _adapters(page)],
    }


def _adapters(page: IncidentPage) -> dict[str, None]:
    """What any service can be told by; the domain looks whether the chosen one can."""
    company = page.incident.company
    return dict.fromkeys(adapter for service in SERVICES for adapter in adapters_for(company, service))


def disposing(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The zones to choose from when a case that may be disposed of is about several."""
    return {"zones_in_case": zones_in_case(viewer, page.row.id)} if page.moves["dispose"].allowed else {}


def _may_end_untold(page: IncidentPage) -> bool:
    case = page.incident
    return page.plan.asks_police and may_end_untold(case.verified_how, case.verified_outcome)


def _moves(page: IncidentPage, notices: list[NoticeLine]) -> frozenset[str]:
    """The moves that concern the case now: one key leads the latest hand-over on."""
    current = next((line for line in notices if line.is_open), None)
    names = {"waive_police"} if page.duties or _may_end_untold(page) else set()
    if current is None or page.duties or current.notice.state == "prepared":
        names.add("police")
    if current is not None:
        names |= {current.next_move, "police_rejected"} & current.moves
        if current.notice.state == "sent" and page.incident.receipt_owed:
            names.add("police_received")
    return frozenset(names)

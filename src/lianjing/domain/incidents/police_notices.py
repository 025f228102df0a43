"""Reading hand-overs to the police, and what must be reported."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.incidents.duty_facts import all_duties_of, duties_of
from lianjing.domain.incidents.joined_cases import with_joined
from lianjing.domain.incidents.models import Incident, PoliceNotice, PoliceWaiver
from lianjing.domain.incidents.police_message import without_numbers
from lianjing.domain.incidents.police_policy import (
    ACCEPT_AMBER,
    ACCEPT_RED,
    NEXT,
    NOTICE_MOVES,
    OPEN_NOTICE,
    notice_allows,
)
from lianjing.domain.incidents.police_steps import is_superseded

NOTICES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A hand-over as the case page shows it. `moves` are possible now; `waits` from when on it waits for an answer."""

    notice: PoliceNotice
    message: str
    """With full telephone numbers for the holder only."""
    moves: frozenset[str]
    next_move: str
    waits_since: datetime | None
    amber_at: datetime | None
    red_at: datetime | None
    superseded: bool = False
    """Another of the case, which came by joining, takes what they answer."""

    @property
    def is_open(self) -> bool:
        return self.notice.state in OPEN_NOTICE and not self.superseded


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Why a case must be reported, and whether that still stands."""

    sentence: str
    service: str
    stands: bool


def notices_of(viewer: Viewer, incident: Incident) -> list[NoticeLine]:
    """The hand-overs of a case and of what was joined into it, the latest first."""
    rows = visible(PoliceNotice.objects.all(), viewer, "incidents.see", company_field="incident__company_id")
    holds = incident.holder_id is not None and incident.holder_id == person_id(viewer)
    found = list(rows.filter(incident__in=with_joined(incident.pk)).order_by("-pk")[:NOTICES_SHOWN])
    return [_line(notice, holds, superseded=is_superseded(notice, found)) for notice in found]


def waivers_of(viewer: Viewer, incident: Incident) -> list[PoliceWaiver]:
    """Why it was not reported, the latest first."""
    if not incident.duties_waived:
        return []
    rows = visible(PoliceWaiver.objects.all(), viewer, "incidents.see", company_field="incident__company_id")
    return list(
        rows.filter(incident__in=with_joined(incident.pk)).select_related("waived_by").order_by("-pk")[:NOTICES_SHOWN]
    )


def duty_lines(viewer: Viewer, incident: Incident) -> list[DutyLine]:
    """Every duty to report that the facts found; none when the case is not the viewer's to see."""
    if not viewer.scope("incidents.see").holds(incident.company_id):
        return []
    standing = {duty.name for duty in duties_of(incident)}
    return [DutyLine(_(duty.sentence), duty.service, duty.name in standing) for duty in all_duties_of(incident)]


def _line(notice: PoliceNotice, holds: bool, *, superseded: bool) -> NoticeLine:
    waits_since = notice.prepared_at if not superseded and notice.state in ("prepared", "sent") else None
    return NoticeLine(
        notice=notice,
        message=notice.message if holds else without_numbers(notice.message),
        moves=frozenset(name for name in NOTICE_MOVES if not superseded and notice_allows(name, notice.state)),
        next_move="" if superseded else NEXT.get(notice.state, ""),
        superseded=superseded,
        waits_since=waits_since,
        amber_at=waits_since and waits_since + timedelta(seconds=ACCEPT_AMBER),
        red_at=waits_since and waits_since + timedelta(seconds=ACCEPT_RED),
    )

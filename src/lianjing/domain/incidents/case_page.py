"""A case as its page shows it: what came in, what was done, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.case_events import EventLine, case_events
from lianjing.domain.incidents.case_timeline import Step, timeline
from lianjing.domain.incidents.common_cases import CommonCase, common_case
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.incidents.notices import unread_of
from lianjing.domain.incidents.permissions import may_move, refusal_words, standing_of
from lianjing.domain.incidents.plan_reading import CasePlan, case_plan
from lianjing.domain.incidents.police_notices import DutyLine, duty_lines
from lianjing.domain.incidents.policy import MOVES
from lianjing.domain.incidents.queries import SHOWN, QueueRow, grade_reason, level_of_case, open_cases_of, rows_of
from lianjing.domain.people.duty_list import who_may_take_over
from lianjing.domain.people.models import User
from lianjing.domain.signals.queries import SignalLine, signals_by_id, site_signals
from lianjing.domain.signals.test_periods import test_spans
from lianjing.domain.sites.models import Site, SiteNote
from lianjing.domain.sites.queries import ContactLine, contacts_of
from lianjing.domain.sites.site_page import notes_in_force

HISTORY = timedelta(hours=24)
CASE_SIGNALS = 200
REASONS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class CaseSignal:
    """A signal of a case with its words and whether somebody has looked at it."""

    line: SignalLine
    is_alarm: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class MoveState:
    """A move for this viewer: possible, or the sentence why not."""

    name: str
    allowed: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Everything that the case page shows."""

    row: QueueRow
    incident: Incident
    site: Site | None
    why: list[str]
    """Why this grade and this level, a sentence each."""
    contacts: list[ContactLine]
    signals: list[CaseSignal]
    timeline: list[Step]
    history: list[SignalLine]
    moves: dict[str, MoveState]
    on_test: bool
    events: list[EventLine]
    common: CommonCase | None
    """Set for a case of many sites."""
    plan: CasePlan
    notes: Sequence[SiteNote]
    unread_notices: Sequence[int]
    """Ids of the site's notices that must be read first."""
    colleagues: list[User]
    """To whom the viewer can hand it over; asked only when he can."""
    siblings: list[QueueRow]
    """Other open cases of the site."""
    duties: list[DutyLine]
    """Why it must be reported, as long as that stands."""
    at: datetime
    """As of when all this is."""

    @property
    def is_mine(self) -> bool:
        return self.moves["note"].allowed


def incident_page(viewer: Viewer, incident_id: int, *, at: datetime) -> IncidentPage | None:
    """The case with site, contacts, signals, time line and what may be done; None when not the viewer's to see."""
    rows = visible(Incident.objects.all(), viewer, "incidents.see")
    incident = rows.select_related(*SHOWN, "site__customer").filter(pk=incident_id).first()
    if incident is None:
        return None
    site_id = incident.site_id
    notes = notes_in_force(viewer, site_id, at) if site_id else []
    plan, unread = case_plan(viewer, incident), unread_of(incident, notes)
    possible = moves(viewer, incident, at, open_required=plan.open_required, unread_notices=len(unread))
    return IncidentPage(
        row=rows_of([incident])[0],
        incident=incident,
        site=incident.site,
        why=[grade_reason(incident), *incident.reasons[-REASONS_SHOWN:], level_of_case(incident).sentence],
        contacts=contacts_of(viewer, site_id) if site_id else [],
        signals=case_signals(viewer, incident),
        timeline=timeline(viewer, incident),
        history=site_signals(viewer, site_id, at - HISTORY) if site_id else [],
        moves=possible,
        colleagues=who_may_take_over(viewer, incident.company_id) if possible["offer"].allowed else [],
        siblings=[row for row in open_cases_of(viewer, site_id) if row.id != incident_id] if site_id else [],
        events=case_events(viewer, incident),
        common=common_case(viewer, incident),
        duties=[duty for duty in duty_lines(viewer, incident) if duty.stands],
        on_test=bool(site_id and test_spans(viewer, [site_id], at, at)),
        plan=plan,
        notes=notes,
        unread_notices=unread,
        at=at,
    )


def case_signals(viewer: Viewer, incident: Incident, limit: int = CASE_SIGNALS) -> list[CaseSignal]:
    """The case's latest signals, oldest of them first."""
    places = list(IncidentSignal.objects.filter(incident=incident).order_by("-treatment_id")[:limit])
    lines = {line.id: line for line in signals_by_id(viewer, [p.treatment_id for p in places])}
    return [
        CaseSignal(lines[p.treatment_id], p.is_alarm, p.seen_at) for p in reversed(places) if p.treatment_id in lines
    ]


def moves(
    viewer: Viewer,
    incident: Incident,
    at: datetime,
    *,
    open_required: tuple[str, ...] = (),
    unread_notices: int = 0,
) -> dict[str, MoveState]:
    """Every move of the table for this viewer and this moment."""
    case = standing_of(viewer, incident, at, open_required=open_required, unread_notices=unread_notices)
    states = {}
    for name in MOVES:
        if not may_move(viewer, name, incident):
            states[name] = MoveState(name, False, _("您的角色不能执行此操作。"))
            continue
        refused = refusal_words(name, case)
        states[name] = MoveState(name, not refused, refused)
    return states

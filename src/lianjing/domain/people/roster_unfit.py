"""Who is planned although he may not stand duty then: his papers ended, or he left, after the shift was planned."""

from dataclasses import dataclass
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_list import RosterWanted, wanted_entries
from lianjing.domain.people.roster_obstacles import Judged, ineligible_of, judged_entries
from lianjing.domain.people.shifts import EDIT


@dataclass(frozen=True, slots=True)
class UnfitShifts:
    """How many shifts, of how many people; and the first few."""

    count: int
    people: int
    first: tuple[Judged, ...]


def unfit_shifts(viewer: Viewer, company_id: int, days: tuple[date, date], limit: int = 5) -> UnfitShifts:
    """The shifts of these days that go to people who may not stand them, by beginning; for whoever plans."""
    if not viewer.scope(EDIT).holds(company_id):
        return UnfitShifts(0, 0, ())
    rows = wanted_entries(viewer, RosterWanted(*days, company_id)).exclude(state=RosterState.CANCELLED)
    planned = set(rows.order_by().values_list("member_id", flat=True).distinct())
    doubtful = ineligible_of(viewer, company_id, planned, days)
    entries = rows.filter(member_id__in=doubtful).select_related("member").order_by("begins_at", "pk")
    judged = judged_entries(viewer, company_id, entries, days) if doubtful else {}
    unfit = [one for one in judged.values() if one.unfit]
    return UnfitShifts(len(unfit), len({one.wanted.member.pk for one in unfit}), tuple(unfit[:limit]))

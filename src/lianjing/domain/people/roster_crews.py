"""The roster by places: how many stand where in which shift, however many they are, and a few of them by name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from lianjing.core.viewer import Viewer
from lianjing.domain.people.cover_policy import Gap, Standing, gaps_of
from lianjing.domain.people.models import RosterEntry
from lianjing.domain.people.models.rosters import RosterState
from lianjing.domain.people.roster_list import RosterWanted, wanted_entries
from lianjing.domain.people.shift_lists import minimum_rules
from lianjing.domain.people.shift_patterns import instant

CREW = ("post_kind", "place", "day", "begins_at", "ends_at", "shift")
Place = tuple[str, str]
"""Post kind and name."""


@dataclass(frozen=True, slots=True)
class Crew:
    """So many, of them so many drafts, in one shift at one place."""

    post_kind: str
    place: str
    day: date
    begins_at: datetime
    ends_at: datetime
    shift: str
    count: int
    drafts: int

    @property
    def key(self) -> tuple[str, str, date, datetime, datetime, str]:
        return self.post_kind, self.place, self.day, self.begins_at, self.ends_at, self.shift


def crews(viewer: Viewer, wanted: RosterWanted) -> list[Crew]:
    """Every shift of every place on these days with its count, by beginning; one query."""
    rows = wanted_entries(viewer, wanted).exclude(state=RosterState.CANCELLED)
    drafts = Count("pk", filter=Q(state=RosterState.DRAFT))
    counted = rows.values_list(*CREW).annotate(how_many=Count("pk"), drafts=drafts)
    return [Crew(*row) for row in counted.order_by("begins_at", "ends_at", "shift")]


def gaps_among(viewer: Viewer, wanted: RosterWanted, standing: Iterable[Crew]) -> list[Gap]:
    """Where on these days fewer stand than the rules of the company ask for; also the crews count that began within
    LONGEST before the first day."""
    rules = [one for one in minimum_rules(viewer, wanted.company_id or 0) if wanted.place in ("", one.place)]
    zone = timezone.get_default_timezone()
    since, until = (instant(day, time.min, zone) for day in (wanted.first, wanted.last + timedelta(days=1)))
    standings = [
        Standing(crew.post_kind, crew.place, crew.begins_at, crew.ends_at, is_draft, count)
        for crew in standing
        for is_draft, count in ((False, crew.count - crew.drafts), (True, crew.drafts))
        if count and crew.ends_at > since
    ]
    return gaps_of(rules, standings, since, until, zone)


def crew_entries(viewer: Viewer, wanted: RosterWanted, places: Collection[Place], at_most: int) -> list[RosterEntry]:
    """What stands at these places, by beginning; of one shift at one place no more than `at_most`."""
    if not places or not at_most:
        return []
    rows = wanted_entries(viewer, wanted).exclude(state=RosterState.CANCELLED)
    kinds, names = {kind for kind, _name in places}, {name for _kind, name in places}
    rows = rows.filter(post_kind__in=kinds, place__in=names)
    order = Window(RowNumber(), partition_by=[F(name) for name in CREW], order_by="pk")
    few = rows.annotate(nth=order).filter(nth__lte=at_most).select_related("member")
    return [row for row in few.order_by("begins_at", "pk") if (row.post_kind, row.place) in places]

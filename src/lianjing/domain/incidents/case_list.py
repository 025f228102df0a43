"""Cases as a list that can be narrowed: by state, grade, class, company, place, disposition and day."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.queries import SHOWN
from lianjing.domain.signals.days import day_bounds
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.searching import sites_matching

ACTIVE = "active"
"""Every state but closed."""
JOINED = "joined"
"""In place of a disposition: cases that ended in another one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list; empty means whatever. `text` is looked for in the places, or is a case's number with "#" before."""

    state: str = ""
    grade: int | None = None
    event_class: str = ""
    company_id: int | None = None
    text: str = ""
    disposition: str = ""
    on: date | None = None
    since: date | None = None
    until: date | None = None
    """First and last day on which they were opened."""


def case_list(viewer: Viewer, wanted: Wanted, *, after: int | None = None, limit: int = 50) -> list[Incident]:
    """Cases, newest first, from before `after` (a case's number). One query."""
    rows = _narrowed(viewer, visible(Incident.objects.all(), viewer, "incidents.see"), wanted)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.select_related(*SHOWN).order_by("-pk")[:limit])


def _narrowed(viewer: Viewer, rows: "QuerySet[Incident]", wanted: Wanted) -> "QuerySet[Incident]":
    if wanted.state == ACTIVE:
        rows = rows.exclude(state=State.CLOSED)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.disposition == JOINED:
        rows = rows.filter(joined_into__isnull=False)
    exact = {
        "grade": wanted.grade,
        "event_class": wanted.event_class or None,
        "company_id": wanted.company_id,
        "disposition": wanted.disposition if wanted.disposition != JOINED else None,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    first, last = (wanted.on, wanted.on) if wanted.on is not None else (wanted.since, wanted.until)
    if first is not None:
        rows = rows.filter(opened_at__gte=day_bounds(first)[0])
    if last is not None:
        rows = rows.filter(opened_at__lt=day_bounds(last)[1])
    return rows.filter(_matching(viewer, wanted.text)) if wanted.text else rows


def _matching(viewer: Viewer, text: str) -> Q:
    number = text.removeprefix("#")
    if text.startswith("#") and number.isascii() and number.isdigit() and len(number) < 19:
        return Q(pk=int(number))
    sites = visible(Site.objects.all(), viewer, "sites.see").filter(sites_matching(viewer, text))
    return Q(site__in=sites.values("pk")) | Q(site=None, lane__account__startswith=text)

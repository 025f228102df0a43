"""Signals by what became of them: the list of the console. Each look is bounded by a day, a place or a rule."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.daily_account import day_bounds, today
from lianjing.domain.signals.models import Fate, Lane, Treatment
from lianjing.domain.signals.queries import PAGE_LIMIT, SignalLine, signals_by_id, waiting_signals
from lianjing.domain.sites.models import Panel, Site
from lianjing.domain.sites.policy import normal_account

LOOKED_BACK = timedelta(days=30)
"""Of a place or a rule without a day."""
SITES_MEANT = 50
"""So many sites a part of a name may mean."""


@dataclass(frozen=True, slots=True)
class SignalFilter:
    """What to list. Without day, place and rule: today."""

    text: str = ""
    """An account, or part of a site's name or its pinyin initials."""
    event_class: str = ""
    fate: str = ""
    rule: str = ""
    on: date | None = None


def signal_list(
    viewer: Viewer, wanted: SignalFilter, *, now: datetime, after: int | None = None, limit: int = 50
) -> list[SignalLine]:
    """Newest first, from before `after` (a signal's id). What waits is listed whole, the most urgent first."""
    if wanted.fate == Fate.WAITING:
        return [] if after is not None else waiting_signals(viewer, now, limit=PAGE_LIMIT)
    since, until = window(viewer, wanted, now)
    rows = visible(Treatment.objects.all(), viewer, "signals.see")
    rows = rows.filter(received_at__gte=since, received_at__lt=until)
    if wanted.text:
        rows = _at_place(rows, viewer, wanted.text)
    for column in ("event_class", "fate", "rule"):
        if value := getattr(wanted, column):
            rows = rows.filter(**{column: value})
    if after is not None:
        rows = rows.filter(pk__lt=after)
    ids = list(rows.order_by("-pk").values_list("pk", flat=True)[: min(limit, PAGE_LIMIT)])
    return list(reversed(signals_by_id(viewer, ids)))


def window(viewer: Viewer, wanted: SignalFilter, now: datetime) -> tuple[datetime, datetime]:
    """From when to when is listed. It tells of no row: the viewer's eyes do not matter."""
    if wanted.on is not None:
        return day_bounds(wanted.on)
    if wanted.text or wanted.rule:
        return now - LOOKED_BACK, now + timedelta(days=1)
    return day_bounds(today())


def _at_place(rows: "QuerySet[Treatment]", viewer: Viewer, text: str) -> "QuerySet[Treatment]":
    """Of the panel with this account, of sites with such a name, or of an account that no site has."""
    account = normal_account(text)
    panels = visible(Panel.objects.filter(account=account), viewer, "sites.see", company_field="site__company_id")
    panel_ids = dict(panels.values_list("pk", "site_id"))
    sites = visible(Site.objects.all(), viewer, "sites.see")
    named = sites.filter(Q(name__icontains=text) | Q(initials__startswith=text.lower()) | Q(code=text))
    site_ids = list(named.order_by("pk").values_list("pk", flat=True)[:SITES_MEANT])
    unknown = Lane.objects.filter(site=None, account=account).values("pk")
    # By lane: its index holds the times.
    lanes = Lane.objects.filter(Q(site_id__in=[*site_ids, *panel_ids.values()]) | Q(pk__in=unknown))
    here = Q(site_id__in=site_ids) | Q(panel_id__in=list(panel_ids)) | Q(lane__in=unknown)
    return rows.filter(here, lane_id__in=list(lanes.values_list("pk", flat=True)))

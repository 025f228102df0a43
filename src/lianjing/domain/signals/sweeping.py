"""Orphans (无主信号): what an account sent while nobody had registered it passes to the panel that it turns out to be.

The fate of a signal stays what it was. Whose it is changes, and with it whose history it stands in; the day's account
follows by `Panel.added_at`, from which on an account's frames are the panel's (`ownership`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.limits import limits_of
from lianjing.domain.signals.models import Lane, Signal, Treatment
from lianjing.domain.signals.policy import lane_key
from lianjing.domain.sites.models import Panel, Zone
from lianjing.domain.sites.policy import normal_number
from lianjing.domain.sites.queries import zone_names
from lianjing.domain.sites.supervised_spans import keep_supervision

EDIT = "sites.edit"
TOGETHER = 500
"""Signals that pass in one statement."""
AT_ONCE = 5_000
"""Signals that pass in one call at most, the newest first: a mad account must not keep others from writing. The
worker goes on with what is left."""
LOOKED_AT = 1_000
"""Accounts that the worker looks at in one turn, those that were unknown last first."""
LONGEST = timedelta(days=400)
"""Farther back nobody looks, whatever a company has set."""

Line = tuple[str, str]
"""Listener and account."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What passed to one panel: so many signals of the unknown account's lane, the first of them at `since`."""

    panel_id: int
    site_id: int
    company_id: int
    lane_id: int
    count: int
    since: datetime


@transaction.atomic
def sweep_orphans(
    panel_ids: Iterable[int], *, by: Viewer, at: datetime, source: str = "", at_most: int = AT_ONCE
) -> list[Swept]:
    """Gives these panels what their accounts sent while they were nobody's: company, site, panel and zone.

    As far back as the company has set (`TreatmentLimits.sweep_days`), and never from before the account was last a
    panel. Safe to repeat; at most `at_most` signals a call. A panel that has sent something is active. Returns what
    passed, by panel. Raises Forbidden.
    """
    panels = _panels(panel_ids, by)
    lanes = _lanes(panels)
    concerned = [panel for panel in panels if (panel.listener, panel.account) in lanes]
    since = _since(concerned, by, at)
    swept = []
    for panel in concerned:
        lane = lanes[panel.listener, panel.account]
        left = at_most - sum(one.count for one in swept)
        if left > 0 and (found := _sweep(panel, lane, since[panel.pk], left, by)):
            _note(panel, found, by=by, at=at, source=source)
            swept.append(found)
    return swept


def orphaned_panels(viewer: Viewer, now: datetime) -> list[int]:
    """Panels in use whose account still has signals that are nobody's and would pass. Runs as the system."""
    require(viewer, "signals.see", None)
    lanes = _orphaned_lanes(now)
    rows = Panel.objects.filter(removed_at=None, account__in={account for _, account in lanes}).order_by("pk")
    panels = [panel for panel in rows.select_related("site") if (panel.listener, panel.account) in lanes]
    since = _since(panels, viewer, now)
    return [panel.pk for panel in panels if _orphans(lanes[panel.listener, panel.account], since[panel.pk]).exists()]


def _orphaned_lanes(now: datetime) -> dict[Line, Lane]:
    """Lanes of accounts that are in use by now, and that still have signals which are nobody's."""
    in_use = Panel.objects.filter(removed_at=None, listener=OuterRef("listener"), account=OuterRef("account"))
    orphans = Treatment.objects.filter(lane=OuterRef("pk"), site=None, received_at__gte=now - LONGEST)
    lanes = Lane.objects.filter(Exists(in_use), Exists(orphans), site=None).exclude(account="")
    return {(lane.listener, lane.account): lane for lane in lanes.order_by("-pk")[:LOOKED_AT]}


def _orphans(lane: Lane, since: datetime) -> "QuerySet[Treatment]":
    return Treatment.objects.filter(lane=lane, site=None, received_at__gte=since)


def _panels(panel_ids: Iterable[int], by: Viewer) -> list[Panel]:
    rows = Panel.objects.filter(removed_at=None, pk__in=set(panel_ids)).select_related("site").order_by("pk")
    panels = list(visible(rows, by, "sites.see", company_field="site__company_id"))
    for company_id in {panel.site.company_id for panel in panels}:
        require(by, EDIT, company_id)
    return panels


def _lanes(panels: Sequence[Panel]) -> dict[Line, Lane]:
    """Lanes of these accounts from when they were unknown, locked: nobody treats what waits there meanwhile."""
    keys = [lane_key(None, panel.listener, panel.account) for panel in panels]
    rows = Lane.objects.filter(key__in=keys).order_by("pk").select_for_update(no_key=True)
    return {(lane.listener, lane.account): lane for lane in rows}


def _since(panels: Sequence[Panel], by: Viewer, at: datetime) -> dict[int, datetime]:
    """From when on what is nobody's passes to each panel."""
    limits = limits_of(by, {panel.site.company_id for panel in panels})
    former = Panel.objects.filter(account__in={panel.account for panel in panels}, removed_at__isnull=False)
    grouped = former.order_by().values("listener", "account").annotate(at=Max("removed_at"))
    given_up = {(row["listener"], row["account"]): row["at"] for row in grouped}
    found = {}
    for panel in panels:
        earliest = at - min(limits[panel.site.company_id].sweep, LONGEST)
        found[panel.pk] = max(earliest, given_up.get((panel.listener, panel.account), earliest))
    return found


def _sweep(panel: Panel, lane: Lane, since: datetime, at_most: int, by: Viewer) -> Swept | None:
    own = Lane.objects.get_or_create(key=lane_key(panel.site_id, "", ""), defaults={"site_id": panel.site_id})[0]
    zones = zone_names(by, [panel.pk])
    orphans = _orphans(lane, since).order_by("-received_at")
    count, first = 0, None
    while count < at_most:
        portion = list(orphans.values_list("signal_id", "received_at")[: min(TOGETHER, at_most - count)])
        if not portion:
            break
        ids = [signal_id for signal_id, _ in portion]
        # With its lane, so that what still waits is treated in the order of the site.
        moved = {"company_id": panel.site.company_id, "site_id": panel.site_id, "panel_id": panel.pk, "lane_id": own.pk}
        Treatment.objects.filter(pk__in=ids).update(**moved)
        _place(ids, panel, zones)
        count, first = count + len(ids), portion[-1][1]
    if first is None:
        return None
    return Swept(panel.pk, panel.site_id, panel.site.company_id, lane.pk, count, first)


def _place(ids: Sequence[int], panel: Panel, zones: dict[tuple[int, str, str], Zone]) -> None:
    """Zones and users by number: one statement for each that is named."""
    if not zones:
        return
    named: dict[int, list[int]] = defaultdict(list)
    for signal_id, kind, address in Signal.objects.filter(pk__in=ids).values_list("pk", "address_kind", "address"):
        zone = zones.get((panel.pk, kind, normal_number(address)))
        if zone is not None:
            named[zone.pk].append(signal_id)
    for zone_id, placed in named.items():
        Treatment.objects.filter(pk__in=placed).update(zone_id=zone_id)


@transaction.atomic
def place_signals(panel_id: int, *, by: Viewer, at: datetime) -> int:
    """Gives what a panel sent before its first zones were registered its zones, by number, as far back as a sweep
    reaches; returns at how many signals it looked. Raises Forbidden.

    Only for first zones: a zone that is registered later may be another than the one that had its number then.
    """
    for panel in _panels([panel_id], by):
        since = at - min(limits_of(by, [panel.site.company_id])[panel.site.company_id].sweep, LONGEST)
        rows = Treatment.objects.filter(site_id=panel.site_id, panel=panel, zone=None, received_at__gte=since)
        ids = list(rows.order_by("-received_at").values_list("signal_id", flat=True)[:AT_ONCE])
        zones = zone_names(by, [panel.pk])
        for first in range(0, len(ids), TOGETHER):
            _place(ids[first : first + TOGETHER], panel, zones)
        return len(ids)
    return 0


def _note(panel: Panel, swept: Swept, *, by: Viewer, at: datetime, source: str) -> None:
    """Its account is the panel's from the first of them on; who has sent something is active."""
    before, fields = panel.added_at, ["added_at"]
    panel.added_at = min(before, swept.since)
    if panel.activated_at is None:
        panel.activated_at, panel.changed_at = swept.since, at
        fields += ["activated_at", "changed_at"]
    panel.save(update_fields=fields)
    keep_supervision([panel.pk], at)
    told = {"signals": swept.count, "since": panel.added_at.isoformat()}
    had = {"since": before.isoformat()}
    deed = Deed("panel.history_swept", "panel", panel.pk, panel.site.company_id, told, had)
    write_records([deed], by=by, at=at, source=source)

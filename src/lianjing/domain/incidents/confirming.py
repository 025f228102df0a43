"""Finding the second zone that confirms an intrusion (rule: domain/signals/confirmation.py)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Max, Q

from lianjing.domain.signals.books import area_number
from lianjing.domain.signals.confirmation import AlarmedZone, Confirmation, confirmation
from lianjing.domain.signals.limits import Limits
from lianjing.domain.signals.models import Signal, Treatment
from lianjing.domain.sites.models import Zone
from lianjing.terms.codes import EventClass, Phase


def may_confirm(row: Treatment, signal: Signal) -> bool:
    """An intrusion that begins, at a zone that somebody has described."""
    return (
        row.event_class == EventClass.INTRUSION
        and signal.phase == Phase.RAISED
        and row.zone is not None
        and row.site_id is not None
    )


@dataclass(slots=True)
class Confirming:
    """The zones of each site that have alarmed within the window, and which zones are neighbours."""

    alarmed: dict[int, dict[int, AlarmedZone]]
    neighbours: Mapping[int, frozenset[int]]
    limits: Mapping[int, Limits] = field(default_factory=dict)

    def note(self, row: Treatment, signal: Signal) -> Confirmation | None:
        """What confirms this alarm; it may confirm later ones itself."""
        if not may_confirm(row, signal) or row.zone is None:
            return None
        earlier = self.alarmed.setdefault(row.site_id or 0, {})
        now = alarmed_zone(row.zone, row.received_at, signal.area)
        found = confirmation(earlier.values(), now, self.neighbours, self.limits[row.company_id or 0].confirm_within)
        earlier[now.zone_id] = now
        return found


def alarmed_zone(zone: Zone, at: datetime, area: str) -> AlarmedZone:
    """A zone as the rule sees it; `area` as its signal says, for a zone that nobody has given one."""
    name = zone.name or f"防区 {zone.number}"
    return AlarmedZone(zone.pk, zone.panel_id, zone.area or area_number(area), zone.principle, name, at)


def read_confirming(
    rows: Sequence[Treatment], signals: Mapping[int, Signal], limits: Mapping[int, Limits]
) -> Confirming:
    """Four queries, none when nothing in the batch can confirm anything. A flood of one zone is one row of these."""
    asking = [row for row in rows if may_confirm(row, signals[row.signal_id])]
    if not asking:
        return Confirming({}, {}, limits)
    sites = {row.site_id for row in asking if row.site_id is not None}
    window = max((limit.confirm_within for limit in limits.values()), default=timedelta(0))
    first = min(row.received_at for row in asking) - window
    earlier = (
        Treatment.objects.filter(
            site_id__in=sites,
            received_at__gte=first,
            event_class=EventClass.INTRUSION,
            zone__isnull=False,
            place_in_case__is_alarm=True,
        )
        .order_by()
        .values_list("site_id", "zone_id")
        .annotate(last=Max("received_at"), signal=Max("signal_id"))
    )
    found = list(earlier)
    zones = Zone.objects.in_bulk([zone_id for _, zone_id, _, _ in found])
    areas = dict(Signal.objects.filter(pk__in=[pk for *_, pk in found]).values_list("pk", "area"))
    alarmed: dict[int, dict[int, AlarmedZone]] = defaultdict(dict)
    for site_id, zone_id, at, signal_id in found:
        alarmed[site_id][zone_id] = alarmed_zone(zones[zone_id], at, areas[signal_id])
    return Confirming(dict(alarmed), _neighbours({*zones, *(row.zone_id for row in asking)}), limits)


def _neighbours(zone_ids: set[int | None]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    pairs = Zone.neighbours.through.objects.filter(Q(from_zone_id__in=zone_ids) | Q(to_zone_id__in=zone_ids))
    for one, other in pairs.values_list("from_zone_id", "to_zone_id"):
        found[one].add(other)
        found[other].add(one)
    return {zone_id: frozenset(others) for zone_id, others in found.items()}

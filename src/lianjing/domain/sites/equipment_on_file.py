"""What is registered of a panel, as it would be entered."""

from lianjing.domain.sites.equipment_entries import PanelEntry, PathEntry, ZoneEntry
from lianjing.domain.sites.models import Panel, TransmissionPath, Zone

ZONE_FIELDS = ("number", "name", "kind", "principle", "detector", "area", "always_on", "camera")


def entry_of(panel: Panel) -> PanelEntry:
    return PanelEntry(
        account=panel.account,
        listener=panel.listener,
        model=panel.model,
        receiver_line=panel.receiver_line,
        test_interval=panel.test_interval,
        backup_of=panel.backup_of_id,
    )


def path_entry(row: TransmissionPath) -> PathEntry:
    return PathEntry(row.kind, row.transport, row.interval_s, row.misses, row.category)


def zone_entry(zone: Zone) -> ZoneEntry:
    """Without its neighbours."""
    return ZoneEntry(id=zone.pk, **{name: getattr(zone, name) for name in ZONE_FIELDS})

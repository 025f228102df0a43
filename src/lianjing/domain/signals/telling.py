"""The system events that treatment and its watches raise, in words."""

from collections.abc import Iterable
from datetime import datetime

from lianjing.domain.signals.books import runaway_subject
from lianjing.domain.signals.models import Runaway, Treatment
from lianjing.domain.signals.system_events import NewEvent
from lianjing.terms.codes import LIFE_CLASSES


def runaway_event(meter: Runaway, rows: Iterable[Treatment], at: datetime) -> NewEvent:
    """A panel, zone and class that reports again and again; `rows` are those of the batch in which it was noticed."""
    row = next(row for row in rows if row.panel_id == meter.panel_id and row.event_class == meter.event_class)
    place = f"防区 {row.zone.number} {row.zone.name}".strip() if row.zone else "设备本身"
    account = row.panel.account if row.panel else ""
    shown = (
        "劫盗、火警和医疗求助仍每次都提示。请尽快核实，并通知用户检修。"
        if row.event_class in LIFE_CLASSES
        else "之后的只记录、不提示；首次已提示。请通知用户检修，修好后自动恢复提示。"
    )
    return NewEvent(
        kind="RW",
        subject=runaway_subject(meter.key),
        raised_at=at,
        company_id=row.company_id,
        site_id=row.site_id,
        panel_id=meter.panel_id,
        zone_id=meter.zone_id,
        reasons=[f"{account} {place}频繁上报同类信号，{shown}"],
    )

"""What a case of many sites folds: which sites, and at which of them the fault still lasts."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.case_events import FOLDED_SHOWN, FoldedLine
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.signals.models import Condition


@dataclass(frozen=True, slots=True)
class CommonCase:
    """Faults of many sites. `lines` are the first of `count`, those that still last first, key sites before others."""

    count: int
    lasting_count: int
    lines: list[FoldedLine]

    @property
    def ended_count(self) -> int:
        return self.count - self.lasting_count

    @property
    def left_out(self) -> int:
        return self.count - len(self.lines)


def common_case(viewer: Viewer, incident: Incident) -> CommonCase | None:
    """The sites of a case of many sites; None for any other case. Two queries, however many."""
    if incident.site_id is not None or incident.company_id is None or not incident.signal_count:
        return None
    places = IncidentSignal.objects.filter(incident=incident).values("treatment_id")
    rows = visible(Condition.objects.filter(pk__in=places), viewer, "incidents.see")
    counted = rows.aggregate(n=Count("pk"), lasting=Count("pk", filter=Q(ended_at=None)))
    order = (F("ended_at").asc(nulls_first=True), "-site__is_key_site", "pk")
    first = rows.select_related("site", "panel").order_by(*order)[:FOLDED_SHOWN]
    return CommonCase(counted["n"], counted["lasting"], [_line(row) for row in first])


def _line(row: Condition) -> FoldedLine:
    return FoldedLine(row.site.name, row.site.is_key_site, row.panel.account, row.began_at, row.ended_at, [])

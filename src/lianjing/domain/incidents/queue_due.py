"""What the clock has to do with the queue. Asked before anything is locked: most of the time it is nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.policy import WORKING
from lianjing.domain.incidents.queue_policy import RANGES
from lianjing.domain.people.models import Duty, DutySource

GONE_AT_LEAST = timedelta(seconds=RANGES["gone_seconds"].low)


@dataclass(frozen=True, slots=True)
class Due:
    """Which of the clock's actions has something to do."""

    holds: bool
    escalations: bool
    waits: bool


def queue_due(viewer: Viewer, at: datetime) -> Due:
    """Holds whose time is over, cases whose time without a reaction is, and plans that have waited long enough."""
    rows = visible(Incident.objects.all(), viewer, "incidents.see")
    return Due(
        rows.filter(held_until__lte=at).exists(),
        rows.filter(escalate_at__lte=at).exists(),
        waits_over(viewer, at).exists(),
    )


def waits_over(viewer: Viewer, at: datetime) -> QuerySet[Incident]:
    """Cases in work whose plan has waited long enough, of which nobody was told."""
    rows = visible(Incident.objects.filter(state__in=WORKING), viewer, "incidents.see")
    return rows.filter(plan_run__wait_until__lte=at, plan_run__wait_told=False)


def misplaced_ids(viewer: Viewer, limit: int) -> list[int]:
    """Open cases whose site has become, or is no longer, a 治安重点单位."""
    rows = visible(Incident.objects.exclude(state=State.CLOSED), viewer, "incidents.see").filter(site__isnull=False)
    return list(rows.exclude(key_site=F("site__is_key_site")).order_by("pk").values_list("pk", flat=True)[:limit])


def gone_since(viewer: Viewer, at: datetime) -> dict[int, datetime]:
    """Who has cases and has not been heard for his company's `gone_seconds`, and when he was last."""
    has_cases = Q(user__in=Incident.objects.exclude(state=State.CLOSED).values("holder_id"))
    duties = Duty.objects.filter(has_cases, until=None, source=DutySource.BROWSER, seen_at__lte=at - GONE_AT_LEAST)
    found = list(visible(duties, viewer, "duty.see").values_list("user_id", "company_id", "seen_at"))
    figures = figures_by_company({company_id for _, company_id, _ in found}) if found else {}
    return {
        user_id: seen_at
        for user_id, company_id, seen_at in found
        if at - seen_at >= timedelta(seconds=figures[company_id].gone_seconds)
    }

"""A case whose holder's browser is gone goes back to the queue."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.giving import give_back
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.incidents.queue_policy import RANGES
from lianjing.domain.people.models import Duty, DutySource

BATCH = 100
GONE_AT_LEAST = timedelta(seconds=RANGES["gone_seconds"].low)


@transaction.atomic
def give_back_absent(*, by: Viewer, at: datetime) -> int:
    """Gives back the cases of whoever stands duty at a browser that has not been heard for his company's
    `gone_seconds`. What he typed stays. Returns how many. Runs as the system."""
    require(by, "incidents.release", None)
    gone = _gone(at)
    if not gone:
        return 0
    rows = Incident.objects.exclude(state=State.CLOSED).filter(holder_id__in=gone)
    read = rows.select_related("holder", "company__desk_settings")
    found = list(read.select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:BATCH])
    for incident in found:
        seconds = int((at - gone[incident.holder_id or 0]).total_seconds())
        after = {"why": "browser", "seconds": seconds}
        give_back(incident, "incident.given_back", Actor(by, at, "clock"), after)
    return len(found)


def _gone(at: datetime) -> dict[int, datetime]:
    """Who is gone, and since when; somebody without a case is not looked for."""
    has_cases = Q(user__in=Incident.objects.exclude(state=State.CLOSED).values("holder_id"))
    duties = Duty.objects.filter(has_cases, until=None, source=DutySource.BROWSER, seen_at__lte=at - GONE_AT_LEAST)
    found = list(duties.values_list("user_id", "company_id", "seen_at"))
    figures = figures_by_company(company_id for _, company_id, _ in found)
    return {
        user_id: seen_at
        for user_id, company_id, seen_at in found
        if at - seen_at >= timedelta(seconds=figures[company_id].gone_seconds)
    }

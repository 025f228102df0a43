"""A case whose holder's browser is gone goes back to the queue."""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.giving import give_back
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.moving import Actor
from lianjing.domain.incidents.queue_due import gone_since

BATCH = 100


def give_back_absent(*, by: Viewer, at: datetime) -> int:
    """Gives back the cases of whoever stands duty at a browser that has not been heard for his company's
    `gone_seconds`. What he typed stays. Returns how many. Runs as the system."""
    require(by, "incidents.release", None)
    gone = gone_since(by, at)
    return _give_back(gone, by, at) if gone else 0


@transaction.atomic
def _give_back(gone: Mapping[int, datetime], by: Viewer, at: datetime) -> int:
    # What he took since his browser was last heard a program took for him, and it is still there.
    by_browser = [Q(holder_id=holder, taken_at__lte=seen) for holder, seen in gone.items()]
    rows = Incident.objects.exclude(state=State.CLOSED).filter(reduce(or_, by_browser))
    read = rows.select_related("holder", "company__desk_settings")
    found = list(read.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("pk")[:BATCH])
    for incident in found:
        seconds = int((at - gone[incident.holder_id or 0]).total_seconds())
        after = {"why": "browser", "seconds": seconds}
        give_back(incident, "incident.given_back", Actor(by, at, "clock"), after)
    return len(found)

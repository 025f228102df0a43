"""须确认的提示: notices of a site that whoever handles a case of it must have read."""

from datetime import datetime

from django.db.models import Q

from lianjing.domain.incidents.models import Incident, NoticeRead
from lianjing.domain.sites.models import SiteNote


def unread_notices(incident: Incident, at: datetime) -> list[int]:
    """Ids of those that nobody has read in this case: at most two queries."""
    if incident.site_id is None:
        return []
    notes = SiteNote.objects.filter(Q(until=None) | Q(until__gt=at), site=incident.site_id, must_acknowledge=True)
    wanted = list(notes.order_by("pk").values_list("pk", flat=True))
    if not wanted:
        return []
    read = set(NoticeRead.objects.filter(incident=incident).values_list("note_id", flat=True))
    return [pk for pk in wanted if pk not in read]

"""须确认的提示: notices of a site that whoever handles a case of it must have read."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from lianjing.domain.incidents.models import Incident, NoticeRead
from lianjing.domain.sites.models import SiteNote


def unread_notices(incident: Incident, at: datetime) -> list[int]:
    """Ids of those that nobody has read in this case: at most two queries."""
    if incident.site_id is None:
        return []
    notes = SiteNote.objects.filter(Q(until=None) | Q(until__gt=at), site=incident.site_id)
    return unread_of(incident, list(notes.filter(must_acknowledge=True).order_by("pk")))


def unread_of(incident: Incident, notes: Sequence[SiteNote]) -> list[int]:
    """As `unread_notices`, for notes in force that are known: no query when none of them must be read."""
    wanted = [note.pk for note in notes if note.must_acknowledge]
    if not wanted:
        return []
    read = set(NoticeRead.objects.filter(incident=incident).values_list("note_id", flat=True))
    return [pk for pk in wanted if pk not in read]

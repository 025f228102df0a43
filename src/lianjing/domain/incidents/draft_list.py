"""What is typed and not sent in the forms of a case."""

from dataclasses import dataclass
from datetime import datetime

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.models import Draft

SHOWN_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft and whose it is."""

    id: int
    form: str
    values: dict[str, str]
    at: datetime
    name: str
    mine: bool


def drafts_of(viewer: Viewer, incident_id: int, *, of_others: bool) -> list[DraftLine]:
    """The viewer's own drafts for a case that he sees; those of others for who has the case now."""
    me = person_id(viewer)
    rows = Draft.objects.filter(incident_id=incident_id).select_related("user")
    if not of_others:
        rows = rows.filter(user_id=me)
    return [
        DraftLine(row.pk, row.form, row.values, row.at, row.user.shown_name, row.user_id == me)
        for row in rows.order_by("-at", "pk")[:SHOWN_AT_MOST]
    ]

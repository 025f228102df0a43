"""草稿: what is typed into a form of a case outlives the browser it was typed in."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.incidents.models import Draft
from lianjing.domain.incidents.moving import TEXT_LIMIT, refuse_role, visible_case, written

FIELDS_AT_MOST = 12


@transaction.atomic
def keep_draft(
    incident_id: int, form: str, values: Mapping[str, str], *, by: Viewer, at: datetime, source: str = ""
) -> None:
    """Keeps what the person has typed into a form of the case; nothing typed ends the draft.

    No act and not recorded: it is written at every pause of typing. Raises Missing, Forbidden, BadChoice.
    """
    incident = visible_case(incident_id, by)
    refuse_role("note", incident, by)
    typed = {name: written(name, text, limit=4 * TEXT_LIMIT) for name, text in list(values.items())[:FIELDS_AT_MOST]}
    typed = {name: text for name, text in typed.items() if text}
    if not typed or incident.state == "closed":
        drop_draft(incident_id, form, by=by, at=at, source=source)
        return
    kept = {"values": typed, "at": at}
    Draft.objects.update_or_create(incident=incident, user_id=person_id(by), form=form, defaults=kept)


def drop_draft(incident_id: int, form: str, *, by: Viewer, at: datetime, source: str = "") -> None:
    """The person has sent the form, or emptied it."""
    Draft.objects.filter(incident_id=incident_id, user_id=person_id(by), form=form).delete()


def drop_adopted(incident_id: int, draft_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """The person has taken another's draft of the case into a form of his own, and sent that."""
    Draft.objects.filter(pk=draft_id, incident_id=incident_id).delete()

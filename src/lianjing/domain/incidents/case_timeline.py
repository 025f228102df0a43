"""What happened to a case, in words, read from the sealed records."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.act_words import act_words
from lianjing.domain.incidents.customer_words import BY_LINK
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import records_of

TIMELINE_SIGNALS = 200
"""With more signals than this, the time line leaves out how they joined: what people did must not be lost in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the time line: an act from the sealed records."""

    at: datetime
    actor: str
    action: str
    words: str
    detail: str
    seal: int | None
    place: int | None = None
    """Of its leaf in the seal."""
    record: int = 0


def timeline(viewer: Viewer, incident: Incident) -> list[Step]:
    """What happened to the case, oldest first, read from the sealed records."""
    adopted = incident.site_id is not None
    without = ("incident.joined",) if incident.signal_count > TIMELINE_SIGNALS else ()
    return [_step(record) for record in records_of(viewer, "incident", incident.pk, adopted=adopted, without=without)]


def _step(record: Record) -> Step:
    return Step(
        at=record.at,
        actor=record.actor_name if record.actor_id else _actor_words(record),
        action=record.action,
        words=act_words(record),
        detail=str((record.after or {}).get("text", "") or (record.after or {}).get("cause", "")),
        seal=record.seal_id,
        place=record.leaf_index,
        record=record.pk,
    )


def _actor_words(record: Record) -> str:
    """What nobody signed on for was done by the product, or through a customer's link."""
    return _("客户") if record.action in BY_LINK else _("系统")

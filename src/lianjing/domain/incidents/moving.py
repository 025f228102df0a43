"""How an act moves a case: the case locked and allowed to, saved, recorded and told, in one transaction.

Steps of the actions of this app, and no actions themselves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Forbidden, Viewer, person_id, visible
from lianjing.domain.incidents import policy
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.notices import unread_notices
from lianjing.domain.incidents.permissions import may_move, refusal_words, standing_of
from lianjing.domain.incidents.plan_facts import calls_open, titles_open
from lianjing.domain.incidents.queue_policy import NO_REACTION
from lianjing.domain.incidents.waiting import forget_escalation
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.texts import storable

TEXT_LIMIT = 500


class Missing(Exception):
    """No such case for this viewer."""


class Refused(Exception):
    """The case does not allow it now; the text is a sentence for the person."""


class BadChoice(Exception):
    """A word that is not in its list; `field` names it. `of_list`: the sentence lists words of programs."""

    def __init__(self, field: str, sentence: str, *, of_list: bool = False) -> None:
        super().__init__(sentence)
        self.field = field
        self.of_list = of_list


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, when and from where."""

    by: Viewer
    at: datetime
    source: str


def visible_case(incident_id: int, by: Viewer) -> Incident:
    """The case, not locked: what must be locked before it can be asked. Raises `Missing`."""
    incident = visible(Incident.objects.all(), by, "incidents.see").filter(pk=incident_id).first()
    if incident is None:
        raise Missing(_("没有这件警情。"))
    return incident


def refuse_role(move_name: str, incident: Incident, by: Viewer) -> None:
    """Raises `Forbidden` when his role may not make this move."""
    if not may_move(by, move_name, incident):
        raise Forbidden(_("您的角色不能执行此操作。"))


def locked_case(incident_id: int, by: Viewer) -> Incident:
    """The case, locked to the end of the transaction. Raises `Missing` when the viewer cannot see it."""
    rows = visible(Incident.objects.all(), by, "incidents.see")
    # `of`: the holder is only read; locking his row too would make his cases wait for each other.
    read = rows.select_related("holder", "offered_to", "company__desk_settings")
    incident = read.select_for_update(of=("self",), no_key=True).filter(pk=incident_id).first()
    if incident is None:
        raise Missing(_("没有这件警情。"))
    return incident


ENDS_WORK = frozenset({"dispose", "close"})
"""Moves that want the plan's required steps done."""


def start_move(move_name: str, incident_id: int, by: Viewer, at: datetime | None = None) -> Incident:
    """The case, locked and allowed to make this move, already in its next state (not saved yet).

    With `at`, what has waited too long may be taken from whom it belongs to, and the site's notices must be read.
    """
    incident = locked_case(incident_id, by)
    allow_move(move_name, incident, by, at)
    incident.state = policy.next_state(move_name, incident.state)
    return incident


def allow_move(move_name: str, incident: Incident, by: Viewer, at: datetime | None = None) -> None:
    """Raises `Forbidden` or `Refused` unless this viewer may make this move now."""
    refuse_role(move_name, incident, by)
    standing = standing_of(
        by,
        incident,
        at,
        open_required=titles_open(incident) if move_name in ENDS_WORK else (),
        calls_open=calls_open(incident) if move_name == "hold" else (),
        unread_notices=len(unread_notices(incident, at)) if at is not None else 0,
    )
    if refused := refusal_words(move_name, standing):
        raise Refused(refused)


def finish_move(
    incident: Incident,
    topic: str,
    actor: Actor,
    after: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> Incident:
    """Saves, writes the sealed record and puts the news on the bus. A holder who does something has reacted."""
    if incident.holder_id is not None and incident.holder_id == person_id(actor.by) and topic not in NO_REACTION:
        forget_escalation(incident)
    incident.save()
    told = {"state": incident.state, **(after or {})}
    deed = Deed(topic, "incident", incident.pk, incident.company_id, after=told, before=before)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    emit([News(topic, incident.company_id, {"incident": incident.pk})], at=actor.at)
    return incident


def chosen(field: str, value: str, allowed: Collection[str]) -> str:
    """The value, which must be one of the allowed ones. Raises `BadChoice`."""
    if value not in allowed:
        raise BadChoice(field, _("请选择一项：%(allowed)s。") % {"allowed": "、".join(allowed)}, of_list=True)
    return value


def written(field: str, value: str, *, required: bool = False, limit: int = TEXT_LIMIT) -> str:
    """What was written, stripped. Raises `BadChoice` when it is missing, too long or cannot be stored."""
    text = value.strip()
    if not storable(text):
        raise BadChoice(field, _("内容含有不可用的字符。"))
    if required and not text:
        raise BadChoice(field, _("请填写内容。"))
    if len(text) > limit:
        raise BadChoice(field, _("最多 %(limit)d 个字，现有 %(count)d 个。") % {"limit": limit, "count": len(text)})
    return text

"""The steps that every recorded change has in common: find it, write it down, tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.dated import Dated
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

REASON_LIMIT = 200

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, when and from where."""

    by: Viewer
    at: datetime
    source: str


def locked(rows: "QuerySet[M]", pk: int, by: Viewer, *, see: str, company: str = "company_id") -> M:
    """The row, until the end of the transaction nobody else's. Raises Missing."""
    row = (
        visible(rows, by, see, company_field=company).select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    )
    if row is None:
        raise Missing(f"{rows.model._meta.label_lower} {pk}")
    return row


def owner_of(rows: "QuerySet[M]", pk: int, by: Viewer, owner: str, *, see: str, company: str = "company_id") -> int:
    """The id of what a row belongs to, in its column `owner`. Whoever adds to that locks it first: whoever changes one
    of its rows does so, too, or the two hold each other up, and neither sees what the other does. Raises Missing."""
    found: int | None = (
        visible(rows, by, see, company_field=company).filter(pk=pk).values_list(owner, flat=True).first()
    )
    if found is None:
        raise Missing(f"{rows.model._meta.label_lower} {pk}")
    return found


def take_back(row: Dated, reason: str, actor: Actor) -> None:
    """It is no longer taken for true, on any day, and stays on file."""
    row.retracted_at, row.retracted_by, row.retract_reason = actor.at, actor.by.name, reason
    row.save(update_fields=["retracted_at", "retracted_by", "retract_reason"])


def write_down(
    action: str,
    subject: Model,
    company_id: int,
    actor: Actor,
    *,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    weakens: Sequence[str] = (),
    topic: str = "",
) -> None:
    """The sealed record of a change, and its news.

    `weakens`: sentences, each about one way in which the premises are protected less than before. `topic` names the
    news when others look at what changed; the payload is the row's id.
    """
    told = {**after, **({"weakens": list(weakens)} if weakens else {})}
    kind = subject._meta.model_name or ""
    deed = Deed(action, kind, subject.pk, company_id, before=before, after=told)
    write_records([deed], by=actor.by, at=actor.at, source=actor.source)
    if topic:
        emit([News(topic, company_id, {kind: subject.pk})], at=actor.at)


def reason_given(reason: str) -> str:
    """The reason that somebody gave. Raises Refused without one."""
    text = reason.strip()
    if not text:
        raise Refused("reason", _("请写明原因。"))
    if not storable(text):
        raise Refused("reason", _("含有不能保存的字符。"))
    if len(text) > REASON_LIMIT:
        sentence = _("最多 %(limit)d 个字，现有 %(count)d 个。")
        raise Refused("reason", sentence, limit=REASON_LIMIT, count=len(text))
    return text

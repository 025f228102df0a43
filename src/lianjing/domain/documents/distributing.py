"""Who has to read a document, and that he has read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, person_id, require, visible
from lianjing.domain.companies.models import Department, Post
from lianjing.domain.documents.models import Distribution, Document, Reading
from lianjing.domain.documents.moving import document_to_change, member_of, write_document
from lianjing.domain.documents.policy import EDIT, READ, READING, SEE
from lianjing.domain.documents.readers import ask_readers, bring_up_to_date, whom_words
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

DAYS = (1, 365)


@dataclass(frozen=True, slots=True)
class Whom:
    """A person by staff number, who holds a post, who is in a department; of several each is a distribution of its own,
    none of them: everybody at work."""

    staff_no: str = ""
    post_id: int | None = None
    department_id: int | None = None


@transaction.atomic
def distribute_document(
    document_id: int, whom: Whom, days: int, *, by: Viewer, at: datetime, source: str = ""
) -> list[Distribution]:
    """From now on they have to read each edition within so many days after it came in force. Raises Missing, Forbidden
    or Refused naming the field: nobody is added then."""
    actor = Actor(by, at, source)
    document = document_to_change(document_id, EDIT, actor)
    if not DAYS[0] <= days <= DAYS[1]:
        raise Refused("days", _("请填 %(least)d 到 %(most)d 天。"), least=DAYS[0], most=DAYS[1])
    rows = [_added(document, field, target, days, actor) for field, target in _targets(document, whom, actor)]
    ask_readers(document, actor)
    return rows


def _added(document: Document, field: str, target: dict[str, Any], days: int, actor: Actor) -> Distribution:
    whole = dict.fromkeys(("member", "post", "department")) | target
    if Distribution.objects.filter(document=document, ended_at=None, **whole).exists():
        raise Refused(field, _("已经发放给这个对象。"))
    told: dict[str, Any] = {"days": days, "added_at": actor.at, "added_by": actor.by.name[:150]}
    row = Distribution.objects.create(company_id=document.company_id, document=document, **whole, **told)
    write_document(document, "document.distributed", actor, {"whom": whom_words(row), "days": days})
    return row


def _targets(document: Document, whom: Whom, actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """Each with the field in which it was named."""
    company_id, found = document.company_id, list[tuple[str, dict[str, Any]]]()
    if whom.staff_no.strip():
        member = member_of(company_id, whom.staff_no, centre_day(actor.at), "staff_no")
        found.append(("staff_no", {"member": member}))
    for name, model, pk in (("post", Post, whom.post_id), ("department", Department, whom.department_id)):
        if pk is not None:
            row = model._default_manager.filter(company_id=company_id, first=None, pk=pk).first()
            if row is None:
                raise Refused(name, _("没有这个选项。"))
            found.append((name, {name: row}))
    return found or [("", {})]


@transaction.atomic
def end_distribution(distribution_id: int, *, by: Viewer, at: datetime, source: str = "") -> Document:
    """They need not read it any more; what was confirmed stays. Raises Missing or Forbidden."""
    actor = Actor(by, at, source)
    rows = Distribution.objects.filter(ended_at=None).select_related("member", "post", "department")
    row = locked(rows, distribution_id, by, see=SEE)
    document = document_to_change(row.document_id, EDIT, actor)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    write_document(document, "document.distribution_ended", actor, {"whom": whom_words(row)})
    ask_readers(document, actor)
    return document


def complete_readings(company_id: int, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Asks those who came, or changed their posts, since; how many. Runs as the system. Reads before it writes: on
    SQLite nobody else writes during a transaction."""
    require(by, EDIT, company_id)
    return bring_up_to_date(company_id, None, Actor(by, at, source))


@transaction.atomic
def confirm_reading(reading_id: int, *, by: Viewer, at: datetime, source: str = "") -> Reading:
    """He has read what was approved; once. Raises Missing: there is none that is his own."""
    mine = visible(Reading.objects.filter(member__user_id=person_id(by), dropped_at=None), by, READ)
    rows = mine.select_for_update(of=("self",), no_key=True).select_related("edition", "document", "member")
    reading = rows.filter(pk=reading_id).first() if person_id(by) is not None else None
    if reading is None:
        raise Missing(str(reading_id))
    if reading.confirmed_at is not None:
        return reading
    reading.confirmed_at, reading.confirmed_hash = at, reading.edition.approved_hash
    reading.save(update_fields=["confirmed_at", "confirmed_hash"])
    told = {"edition": reading.edition.label, "content_sha256": reading.confirmed_hash}
    told["reader"] = f"{reading.member.staff_no} {reading.member.name}"
    actor = Actor(by, at, source)
    write_down("document.read", reading.document, reading.company_id, actor, after=told, topic=READING)
    return reading

"""How an act changes a document: locked and allowed to, saved, recorded and told. Steps of the actions of this app."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db.models import Q

from lianjing.core.papers import Paper
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden, person_id
from lianjing.domain.companies.models import Department
from lianjing.domain.documents.frozen import content_of, file_of
from lianjing.domain.documents.full_text import folded, grams_of, kept_text
from lianjing.domain.documents.models import Document, Edition, EditionText, InForce, StandardStatus
from lianjing.domain.documents.permissions import may_move, standing_of
from lianjing.domain.documents.policy import CHANGED, MOVES, SEE, Term, content_hash, refusal, written
from lianjing.domain.people.holders import at_work_on
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.records.dated import LATEST_FIRST, holds
from lianjing.domain.records.models import Hold
from lianjing.terms.documents import StandardState
from lianjing.terms.sentences import marked as _

DAY = timedelta(days=1)


def document_to_change(document_id: int, permission: str, actor: Actor) -> Document:
    """The document, locked, for who may. Raises Missing or Forbidden."""
    document = locked(Document.objects.all(), document_id, actor.by, see=SEE)
    if not actor.by.scope(permission).holds(document.company_id):
        raise Forbidden(permission)
    return document


def edition_to_move(edition_id: int, move_name: str, actor: Actor) -> Edition:
    """The edition, its document locked, when this person may move it so now. Raises Missing, Forbidden or Refused."""
    edition = locked(Edition.objects.all(), edition_id, actor.by, see=SEE)
    if not may_move(actor.by, move_name, edition.company_id):
        raise Forbidden(move_name)
    edition.document = document_to_change(edition.document_id, MOVES[move_name].permission, actor)
    if refused := refusal(move_name, standing_of(actor.by, edition)):
        raise Refused("", refused)
    return edition


def moved(edition: Edition, move_name: str, act: str, actor: Actor, after: Mapping[str, Any]) -> Edition:
    """Puts it into its next state and keeps what the act changed."""
    had = edition.state
    edition.state = MOVES[move_name].to
    edition.save()
    write_edition(edition, act, actor, given(after) | {"state": edition.state}, {"state": had})
    return edition


def write_edition(
    edition: Edition,
    act: str,
    actor: Actor,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    topic: str = CHANGED,
) -> None:
    """The record of what was done to an edition stands under its document."""
    told = {"edition": edition.label, **after}
    write_down(act, edition.document, edition.company_id, actor, after=told, before=before, topic=topic)


def write_document(
    document: Document, act: str, actor: Actor, after: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> None:
    write_down(act, document, document.company_id, actor, after=given(after), before=before, topic=CHANGED)


def given(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a record says of it: what is empty is left out."""
    return {name: value for name, value in told.items() if value not in ("", None)}


def person(actor: Actor) -> int:
    """Who acts. Raises Refused for a program."""
    found = person_id(actor.by)
    if found is None:
        raise Refused("", _("审查和批准须由人进行。"))
    return found


def check_as_submitted(edition: Edition) -> None:
    """Raises Refused when it, or its file, is no longer what was submitted: that nobody has reviewed."""
    kept = file_of(edition)
    is_file = not edition.file_sha256 or (kept is not None and kept.unaltered)
    if not is_file or content_hash(content_of(edition)) != edition.submitted_hash:
        raise Refused("", _("内容与送审时的校验值不符，不能继续；请退回，核对后重新送审。"))


def keep_file(edition: Edition, paper: Paper) -> None:
    """Puts the file into the folder; whoever fails afterwards takes it away again."""
    edition.file_name = written("file", paper.name, 150)
    edition.file.save(f"{uuid4().hex}.{paper.ending}", ContentFile(paper.content), save=False)
    edition.file_sha256 = paper.sha256


def is_held(company_id: int, at: datetime) -> bool:
    """Whether a hold stands, of the company or of all: nothing is taken out of the folder."""
    holds = Hold.objects.filter(Q(company_id=company_id) | Q(company_id=None), lifted_at=None)
    return holds.filter(Q(until=None) | Q(until__gt=at)).exists()


def keep_text(edition: Edition, paper_text: str) -> None:
    """By which words it is found."""
    document = edition.document
    text = kept_text(
        " ".join((document.number, document.title, edition.text, edition.summary, edition.kept_where, paper_text))
    )
    told = {"company_id": edition.company_id, "text": text, "folded": folded(text), "grams": " ".join(grams_of(text))}
    EditionText.objects.update_or_create(edition=edition, defaults=told)


def member_of(company_id: int, staff_no: str, on: date, field: str = "owner") -> StaffMember:
    """Somebody at work, by staff number. Raises Refused."""
    number = written(field, staff_no, 32, required=True)
    member = StaffMember.objects.filter(company_id=company_id, staff_no=number).first()
    if member is None:
        raise Refused(field, _("本单位没有工号 %(number)s 的人员。"), number=number)
    if not at_work_on([member.pk], on):
        raise Refused(field, _("%(name)s（工号 %(number)s）今天不在职。"), name=member.name, number=number)
    return member


def department_of(company_id: int, department_id: int | None) -> Department | None:
    """A department by its first row. Raises Refused."""
    if department_id is None:
        return None
    row = Department.objects.filter(company_id=company_id, first=None, pk=department_id).first()
    if row is None:
        raise Refused("department", _("本单位没有这个部门。"))
    return row


def standing_terms(document_id: int) -> list[InForce]:
    """Those that are taken for true now, by their days."""
    rows = InForce.objects.filter(document_id=document_id, retracted_at=None).select_related("edition")
    return list(rows.order_by("valid_from"))


def term_on(rows: Iterable[InForce], day: date) -> InForce | None:
    """That of the edition in force on a day."""
    return next((row for row in rows if holds(row, day)), None)


def terms_of(rows: list[InForce]) -> list[Term]:
    return [Term(row.edition.label, row.valid_from or date.min, row.valid_until) for row in rows]


def refresh_replaced(document: Document) -> None:
    """Brings the column of the list up to date: since when a standard is replaced."""
    status = StandardStatus.objects.filter(document=document, retracted_at=None).order_by(LATEST_FIRST, "-pk").first()
    is_gone = status is not None and status.state != StandardState.CURRENT
    document.replaced_on = status.valid_from if status is not None and is_gone else None
    document.save(update_fields=["replaced_on"])

"""Entering documents, and writing their editions until they are submitted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import once
from lianjing.core.papers import Paper, paper_of
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.documents.frozen import file_of
from lianjing.domain.documents.models import IN_WORK, Document, Edition, EditionText, Ownership
from lianjing.domain.documents.moving import (
    department_of,
    document_to_change,
    edition_to_move,
    given,
    is_held,
    keep_file,
    keep_text,
    member_of,
    moved,
    person,
    write_document,
    write_edition,
)
from lianjing.domain.documents.policy import CYCLES, EDIT, SEE, check_months, normal_number, written
from lianjing.domain.records.changing import Actor, reason_given
from lianjing.terms.documents import DocumentKind, EditionState
from lianjing.terms.sentences import marked as _

TEXT_LIMIT = 200_000
LABEL_TWICE = _("已有版本“%(label)s”，请换一个版本号。")


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`owner_no`: a staff number; `department_id`: of its first row."""

    kind: str
    number: str
    title: str
    owner_no: str
    department_id: int | None = None
    cycle_months: int = 12


@dataclass(frozen=True, slots=True)
class Wording:
    """What an edition says. `kept_months`, of records: so long each is kept, by `kept_basis`."""

    label: str
    text: str = ""
    summary: str = ""
    change_note: str = ""
    kept_where: str = ""
    kept_months: int | None = None
    kept_basis: str = ""


@transaction.atomic
def add_document(
    company_id: int,
    new: NewDocument,
    wording: Wording,
    paper: Paper | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Document:
    """A document with its first edition as a draft. Raises Missing, Forbidden, or Refused naming the field: a number
    that is there already, an owner who is not at work."""
    actor = Actor(by, at, source)
    if not visible(Company.objects.filter(pk=company_id), by, SEE, company_field="pk").exists():
        raise Missing(str(company_id))
    require(by, EDIT, company_id)
    document = _document(company_id, new, actor)
    number = document.number
    with once("number", _("编号 %(number)s 已经登记过。"), number=number):
        document.save()
    _first_owner(document, actor)
    told = {"number": number, "title": document.title, "kind": document.kind, "owner": document.owner.staff_no}
    write_document(document, "document.added", actor, told)
    _draft(document, wording, paper, actor)
    return document


def _document(company_id: int, new: NewDocument, actor: Actor) -> Document:
    if DocumentKind.of(new.kind) is None:
        raise Refused("kind", _("没有这个选项。"))
    check_months("cycle_months", new.cycle_months, *CYCLES)
    today, number = centre_day(actor.at), written("number", new.number, 64, required=True)
    return Document(
        company_id=company_id,
        kind=DocumentKind(new.kind).value,
        number=number,
        number_key=written("number", normal_number(number), 64),
        title=written("title", new.title, 200, required=True),
        cycle_months=new.cycle_months,
        created_at=actor.at,
        created_by=actor.by.name[:150],
        owner=member_of(company_id, new.owner_no, today),
        department=department_of(company_id, new.department_id),
    )


def _first_owner(document: Document, actor: Actor) -> None:
    """Since always: what is brought in from paper was in force before it was entered."""
    Ownership.objects.create(
        company_id=document.company_id,
        document=document,
        member=document.owner,
        department=document.department,
        recorded_at=actor.at,
        recorded_by=actor.by.name[:150],
    )


@transaction.atomic
def draft_edition(
    document_id: int, wording: Wording, paper: Paper | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> Edition:
    """Begins another edition. Raises Missing, Forbidden, or Refused: one is in work already."""
    actor = Actor(by, at, source)
    document = document_to_change(document_id, EDIT, actor)
    open_one = Edition.objects.filter(document=document, state__in=IN_WORK).first()
    if open_one is not None:
        raise Refused("", _("版本“%(label)s”还没有发布，请先办完或作废。"), label=open_one.label)
    return _draft(document, wording, paper, actor)


def _draft(document: Document, wording: Wording, paper: Paper | None, actor: Actor) -> Edition:
    me = person(actor)
    edition = Edition(company_id=document.company_id, document=document, author_id=me, writers=[me])
    edition.drafted_at = actor.at
    _word(edition, wording)
    with _filed(edition, paper), once("label", LABEL_TWICE, label=edition.label):
        edition.save()
        keep_text(edition, paper.text if paper else "")
        write_edition(edition, "document.drafted", actor, _told(edition))
    return edition


@transaction.atomic
def change_draft(
    edition_id: int, wording: Wording, paper: Paper | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> Edition:
    """Writes a draft anew; without a `paper` the file stays. Whoever writes in it does not approve it. Raises Missing,
    Forbidden or Refused."""
    actor = Actor(by, at, source)
    edition, me = edition_to_move(edition_id, "change", actor), person(actor)
    edition.writers = [*edition.writers, *({me} - set(edition.writers))]
    had = edition.file.name if paper else ""
    _word(edition, wording)
    with _filed(edition, paper), once("label", LABEL_TWICE, label=edition.label):
        edition.save()
        keep_text(edition, paper.text if paper else _text_in_file(edition))
        write_edition(edition, "document.draft_changed", actor, _told(edition))
    if had and not is_held(edition.company_id, at):
        transaction.on_commit(lambda: edition.file.storage.delete(had))
    return edition


def _text_in_file(edition: Edition) -> str:
    """Of a file that stays, read anew: what the edition was found by has words in it that are gone now."""
    kept = file_of(edition)
    return paper_of(kept.content, edition.file_name).text if kept is not None and kept.unaltered else ""


@transaction.atomic
def discard_draft(edition_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """The draft is none any more; it stays on file. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    edition = edition_to_move(edition_id, "discard", actor)
    why = reason_given(reason)
    EditionText.objects.filter(edition=edition).delete()
    return moved(edition, "discard", "document.discarded", actor, {"reason": why})


def _word(edition: Edition, wording: Wording) -> None:
    check_months("kept_months", wording.kept_months)
    edition.state = EditionState.DRAFT.value
    edition.label = written("label", wording.label, 32, required=True)
    edition.text = written("text", wording.text.replace("\r\n", "\n"), TEXT_LIMIT)
    edition.summary = written("summary", wording.summary, 2000)
    edition.change_note = written("change_note", wording.change_note, 1000)
    edition.kept_where = written("kept_where", wording.kept_where, 200)
    edition.kept_months = wording.kept_months
    edition.kept_basis = written("kept_basis", wording.kept_basis, 200)


@contextmanager
def _filed(edition: Edition, paper: Paper | None) -> Iterator[None]:
    """The file is in the folder while the rows are written, and gone again when they are not."""
    if paper is None:
        yield
        return
    keep_file(edition, paper)
    try:
        yield
    except BaseException:
        edition.file.storage.delete(edition.file.name)
        raise


def _told(edition: Edition) -> dict[str, object]:
    """What the records say of a draft; its text stands in it, so that what was written once is proved."""
    names = ("summary", "change_note", "kept_where", "kept_months", "kept_basis", "file_name", "file_sha256")
    return given({"wording": edition.text, **{name: getattr(edition, name) for name in names}})

"""From the draft to the edition in force: submitted, reviewed and approved by others, issued, withdrawn; and a planned
end set for another day, or called off."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.documents.frozen import content_of
from lianjing.domain.documents.models import Document, Edition, InForce
from lianjing.domain.documents.moving import (
    DAY,
    check_as_submitted,
    document_to_change,
    edition_to_move,
    moved,
    person,
    standing_terms,
    terms_of,
    write_document,
)
from lianjing.domain.documents.obligations import planned_end
from lianjing.domain.documents.policy import (
    APPROVE,
    END_PLANNED,
    NO_END,
    NOT_IN_FORCE,
    check_begins,
    check_complete,
    check_day,
    check_last_day,
    content_hash,
    next_review,
    written,
)
from lianjing.domain.documents.readers import ask_readers, forget_other_readings
from lianjing.domain.records.changing import Actor, reason_given, take_back
from lianjing.terms.documents import Force
from lianjing.terms.sentences import marked as _

NOTE_LIMIT = 500


@transaction.atomic
def submit_edition(edition_id: int, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """The draft is ready: from now on what it says does not change. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    edition = edition_to_move(edition_id, "submit", actor)
    content = content_of(edition)
    check_complete(content)
    edition.submitted_at, edition.submitted_hash = at, content_hash(content)
    return moved(edition, "submit", "document.submitted", actor, {"content_sha256": edition.submitted_hash})


@transaction.atomic
def review_edition(edition_id: int, note: str, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """Somebody who did not write in it has reviewed it. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    edition = edition_to_move(edition_id, "review", actor)
    check_as_submitted(edition)
    edition.reviewer_id, edition.reviewed_at = person(actor), at
    edition.review_note = written("note", note, NOTE_LIMIT, required=True)
    return moved(edition, "review", "document.reviewed", actor, {"remark": edition.review_note})


@transaction.atomic
def approve_edition(edition_id: int, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """Somebody who did not write in it approves exactly what was submitted. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    edition = edition_to_move(edition_id, "approve", actor)
    check_as_submitted(edition)
    edition.approver_id, edition.approved_at = person(actor), at
    edition.approved_hash = edition.submitted_hash
    return moved(edition, "approve", "document.approved", actor, {"content_sha256": edition.approved_hash})


@transaction.atomic
def return_edition(edition_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """It is a draft again, for a reason. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    edition = edition_to_move(edition_id, "return", actor)
    why = reason_given(reason)
    edition.submitted_at, edition.submitted_hash = None, ""
    edition.reviewer, edition.reviewed_at, edition.review_note = None, None, ""
    edition.approver, edition.approved_at, edition.approved_hash = None, None, ""
    return moved(edition, "return", "document.returned", actor, {"reason": why})


@dataclass(frozen=True, slots=True)
class Issue:
    """From when on it is in force. `review_by`: when it is first reviewed, by default and at most a cycle later."""

    effective_on: date | None
    review_by: date | None = None


@transaction.atomic
def issue_edition(edition_id: int, issue: Issue, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """In force from a day on; the one before it until the eve. On any day one is. Raises Missing, Forbidden, or Refused
    naming the field: a day on which another edition would be in force, too."""
    actor = Actor(by, at, source)
    edition = edition_to_move(edition_id, "issue", actor)
    check_as_submitted(edition)
    begins = check_day("effective_on", issue.effective_on)
    document, rows = edition.document, standing_terms(edition.document_id)
    check_begins(begins, terms_of(rows))
    review_by = next_review("review_by", begins, issue.review_by, document.cycle_months)
    if review_by <= begins:
        raise Refused("review_by", _("首次复审须在施行日期 %(begins)s 之后。"), begins=str(begins))
    if rows and rows[-1].valid_until is None:
        _ends(rows[-1], begins - DAY, Force.SUPERSEDED, actor)
    _term(edition, begins, actor, review_by=review_by)
    told = {"effective_on": str(begins), "review_by": str(review_by)}
    moved(edition, "issue", "document.issued", actor, told)
    forget_other_readings(edition, at)
    ask_readers(document, actor)
    return edition


@transaction.atomic
def recall_edition(edition_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """It has not come in force yet, and does not for now: the one before goes on. Raises Missing, Forbidden or
    Refused."""
    actor, today = Actor(by, at, source), centre_day(at)
    edition = edition_to_move(edition_id, "recall", actor)
    why = reason_given(reason)
    rows = standing_terms(edition.document_id)
    last = rows[-1] if rows else None
    if last is None or last.edition_id != edition.pk or (last.valid_from or today) <= today:
        raise Refused("", _("只有还没有施行的才能撤回；已施行的请废止或另起一版。"))
    take_back(last, why, actor)
    if len(rows) > 1 and rows[-2].ended == Force.SUPERSEDED:
        _ends(rows[-2], None, None, actor)
    moved(edition, "recall", "document.recalled", actor, {"reason": why})
    ask_readers(edition.document, actor)
    return edition


@transaction.atomic
def withdraw_document(
    document_id: int, last_day: date | None, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> Document:
    """Its newest edition is in force until a day, at most a year ahead, and none after it. On that day its readings and
    its review drop; until it is over the day can be changed. Raises Missing, Forbidden or Refused."""
    actor, today = Actor(by, at, source), centre_day(at)
    document = document_to_change(document_id, APPROVE, actor)
    until, why = check_day("last_day", last_day), reason_given(reason)
    rows = standing_terms(document.pk)
    if planned_end(rows, today) is not None:
        raise Refused("", END_PLANNED)
    if not rows or rows[-1].valid_until is not None:
        raise Refused("", NOT_IN_FORCE)
    _check_end(rows[-1], until, today)
    _ends(rows[-1], until, Force.WITHDRAWN, actor)
    ask_readers(document, actor)
    write_document(document, "document.withdrawn", actor, {"until": str(until), "reason": why})
    return document


@transaction.atomic
def change_end(
    document_id: int, last_day: date | None, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> Document:
    """It is withdrawn on another day than was planned. Raises Missing, Forbidden or Refused: no end is planned, or that
    day is over."""
    actor, today = Actor(by, at, source), centre_day(at)
    document = document_to_change(document_id, APPROVE, actor)
    until, why = check_day("last_day", last_day), reason_given(reason)
    row, following = _to_end(document, today)
    had = row.valid_until
    if until == had:
        raise Refused("last_day", _("原来就定在 %(day)s。"), day=str(until))
    _check_end(row, until, today)
    if following is not None and following.valid_from is not None and until >= following.valid_from:
        sentence = _("版本“%(label)s”自 %(begins)s 起施行，最后一天须在此之前。")
        raise Refused("last_day", sentence, label=following.edition.label, begins=str(following.valid_from))
    _ends(row, until, Force.WITHDRAWN, actor)
    ask_readers(document, actor)
    told = {"until": str(until), "reason": why}
    write_document(document, "document.end_changed", actor, told, {"until": str(had)})
    return document


@transaction.atomic
def call_off_end(document_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Document:
    """It is not withdrawn after all: in force without an end, or until the edition that follows. Raises Missing,
    Forbidden or Refused: no end is planned, or it is over."""
    actor, today = Actor(by, at, source), centre_day(at)
    document = document_to_change(document_id, APPROVE, actor)
    why = reason_given(reason)
    row, following = _to_end(document, today)
    if following is not None and following.valid_from is not None:
        _ends(row, following.valid_from - DAY, Force.SUPERSEDED, actor)
    else:
        _ends(row, None, None, actor)
    ask_readers(document, actor)
    write_document(document, "document.end_called_off", actor, {"reason": why}, {"until": str(row.valid_until)})
    return document


def _to_end(document: Document, today: date) -> tuple[InForce, InForce | None]:
    """The term whose planned end can still be changed, and the one that follows it."""
    rows = standing_terms(document.pk)
    row = planned_end(rows, today)
    if row is None:
        raise Refused("", NO_END)
    place = rows.index(row)
    return row, rows[place + 1] if place + 1 < len(rows) else None


def _check_end(row: InForce, until: date, today: date) -> None:
    begins = row.valid_from or until
    if until < begins <= today:
        raise Refused("last_day", _("现行版自 %(begins)s 起施行，最后一天不能更早。"), begins=str(begins))
    if until < begins:
        sentence = _("版本“%(label)s”自 %(begins)s 起施行，最后一天不能更早；不让它施行的请先撤回发布。")
        raise Refused("last_day", sentence, label=row.edition.label, begins=str(begins))
    check_last_day(until, today)


def _ends(row: InForce, until: date | None, why: Force | None, actor: Actor) -> None:
    """It is taken back, and stands again with another end."""
    take_back(row, _("由后一条记录接续"), actor)
    _term(
        row.edition, row.valid_from, actor, valid_until=until, ended=why.value if why else "", review_by=row.review_by
    )


def _term(edition: Edition, begins: date | None, actor: Actor, **told: Any) -> None:
    InForce.objects.create(
        company_id=edition.company_id,
        document_id=edition.document_id,
        edition=edition,
        valid_from=begins,
        recorded_at=actor.at,
        recorded_by=actor.by.name[:150],
        **told,
    )

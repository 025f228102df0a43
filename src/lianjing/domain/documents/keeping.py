"""What is kept about a document beside its editions: owner, reviews, what became of a standard, how long it is kept."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianjing.core.days import centre_day
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.documents.models import (
    Document,
    DocumentReview,
    Edition,
    EditionText,
    InForce,
    Ownership,
    RetentionPeriod,
    StandardStatus,
)
from lianjing.domain.documents.moving import (
    DAY,
    department_of,
    document_to_change,
    is_held,
    member_of,
    refresh_replaced,
    standing_terms,
    term_on,
    write_document,
    write_edition,
)
from lianjing.domain.documents.policy import (
    APPROVE,
    CHANGED,
    EDIT,
    NOT_EXTERNAL,
    NOTHING_TO_REVIEW,
    PERIODS,
    SEE,
    check_day,
    check_months,
    months_after,
    next_review,
    written,
)
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.documents import DocumentKind, Force, StandardState
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Confidence


@transaction.atomic
def set_owner(
    document_id: int,
    owner_no: str,
    department_id: int | None,
    since: date | None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Document:
    """Somebody else answers for it from today or an earlier day on. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    document, begins = document_to_change(document_id, EDIT, actor), _day_over("since", since, centre_day(at))
    had, owner = document.owner, member_of(document.company_id, owner_no, centre_day(at))
    document.owner, document.department = owner, department_of(document.company_id, department_id)
    last = Ownership.objects.filter(document=document, retracted_at=None).order_by("-recorded_at", "-pk").first()
    if last is not None:
        if last.valid_from is not None and begins <= last.valid_from:
            raise Refused("since", _("现责任人自 %(day)s 起负责，请填以后的日期。"), day=str(last.valid_from))
        take_back(last, _("由后一条记录接续"), actor)
        _own(document, last.member_id, last.department_id, (last.valid_from, begins - DAY), actor)
    _own(document, owner.pk, department_id, (begins, None), actor)
    document.save(update_fields=["owner", "department"])
    told = {"owner": f"{owner.staff_no} {owner.name}", "from": str(begins)}
    write_document(document, "document.owner_set", actor, told, {"owner": f"{had.staff_no} {had.name}"})
    return document


def _own(
    document: Document, member_id: int, department_id: int | None, days: tuple[date | None, date | None], actor: Actor
) -> None:
    Ownership.objects.create(
        company_id=document.company_id,
        document=document,
        member_id=member_id,
        department_id=department_id,
        valid_from=days[0],
        valid_until=days[1],
        recorded_at=actor.at,
        recorded_by=actor.by.name[:150],
    )


@transaction.atomic
def record_review(
    document_id: int,
    reviewed_on: date | None,
    next_on: date | None,
    note: str,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Document:
    """Its edition in force today was looked at and still fits, whether or not another one is to follow; the next review
    is at most a cycle later. Raises Missing, Forbidden or Refused."""
    actor, today = Actor(by, at, source), centre_day(at)
    document, day = document_to_change(document_id, EDIT, actor), _day_over("reviewed_on", reviewed_on, today)
    _check_reviewable(term_on(standing_terms(document.pk), today), day)
    following = next_review("next_on", day, next_on, document.cycle_months)
    if following <= day:
        raise Refused("next_on", _("下次复审须在本次（%(day)s）之后。"), day=str(day))
    DocumentReview.objects.create(
        company_id=document.company_id,
        document=document,
        valid_from=day,
        next_on=following,
        note=written("note", note, 500, required=True),
        recorded_at=at,
        recorded_by=by.name[:150],
    )
    told = {"reviewed_on": str(day), "next_review": str(following), "remark": note.strip()}
    write_document(document, "document.reviewed_again", actor, told)
    return document


def _day_over(field: str, day: date | None, today: date) -> date:
    """The day itself. Raises Refused for one that is still to come."""
    found = check_day(field, day)
    if found > today:
        raise Refused(field, _("%(day)s 还没有到。"), day=str(found))
    return found


def _check_reviewable(term: InForce | None, day: date) -> None:
    if term is None:
        raise Refused("reviewed_on", NOTHING_TO_REVIEW)
    if term.valid_from is not None and day < term.valid_from:
        raise Refused("reviewed_on", _("现行版自 %(begins)s 起施行，复审不能更早。"), begins=str(term.valid_from))


@dataclass(frozen=True, slots=True)
class NewStatus:
    """What became of a standard. `since`: from when; empty for a current one: always was."""

    state: str
    since: date | None
    origin: str
    successor: str = ""
    confidence: str = Confidence.UNVERIFIED.value


@transaction.atomic
def record_status(document_id: int, new: NewStatus, *, by: Viewer, at: datetime, source: str = "") -> Document:
    """Keeps what was found out about an external document. Raises Missing, Forbidden or Refused naming the field."""
    actor = Actor(by, at, source)
    document = document_to_change(document_id, EDIT, actor)
    if document.kind != DocumentKind.EXTERNAL:
        raise Refused("", NOT_EXTERNAL)
    row = StandardStatus(company_id=document.company_id, document=document, recorded_at=at, recorded_by=by.name[:150])
    state, confidence = StandardState.of(new.state), Confidence.of(new.confidence)
    if state is None:
        raise Refused("state", _("没有这个选项。"))
    if confidence is None:
        raise Refused("confidence", _("没有这个选项。"))
    row.state, row.confidence = state.value, confidence.value
    row.successor = written("successor", new.successor, 64, required=state is StandardState.SUPERSEDED)
    row.origin = written("origin", new.origin, 200, required=True)
    row.valid_from = check_day("since", new.since) if state is not StandardState.CURRENT or new.since else None
    row.save()
    refresh_replaced(document)
    told = {"status": row.state, "successor": row.successor, "from": str(row.valid_from or ""), "origin": row.origin}
    write_document(document, "document.status_recorded", actor, told | {"confidence": row.confidence})
    return document


@transaction.atomic
def set_period(
    company_id: int, kind: str, months: int, basis: str, *, by: Viewer, at: datetime, source: str = ""
) -> RetentionPeriod:
    """So long editions of this kind are kept after they ended, and by what. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    locked(Company.objects.all(), company_id, by, see=SEE, company="pk")
    require(by, APPROVE, company_id)
    if DocumentKind.of(kind) is None:
        raise Refused("kind", _("没有这个选项。"))
    check_months("months", months)
    row = RetentionPeriod(company_id=company_id, kind=DocumentKind(kind).value, months=months)
    row.basis = written("basis", basis, 200, required=True)
    row.recorded_at, row.recorded_by = at, by.name[:150]
    for last in RetentionPeriod.objects.filter(company_id=company_id, kind=row.kind, retracted_at=None):
        take_back(last, _("由后一条记录接续"), actor)
    row.save()
    told = {"kind": row.kind, "months": months, "basis": row.basis}
    write_down("document.period_set", row, company_id, actor, after=told, topic=CHANGED)
    return row


@transaction.atomic
def erase_edition(edition_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Edition:
    """Text and file of an edition whose time is over are gone; its hash and all records stay. Raises Missing, Forbidden
    or Refused: its time is not over, or a hold stands."""
    actor = Actor(by, at, source)
    edition = locked(Edition.objects.all(), edition_id, by, see=SEE)
    edition.document = document_to_change(edition.document_id, APPROVE, actor)
    why = reason_given(reason)
    _check_erasable(edition, at)
    EditionText.objects.filter(edition=edition).delete()
    file = edition.file.name
    edition.text = edition.summary = edition.file_name = ""
    edition.file, edition.erased_at = "", at
    edition.save()
    if file:
        transaction.on_commit(lambda: Edition._meta.get_field("file").storage.delete(file))
    told = {"reason": why, "content_sha256": edition.approved_hash, "file_sha256": edition.file_sha256}
    write_edition(edition, "document.erased", actor, told)
    return edition


def _check_erasable(edition: Edition, at: datetime) -> None:
    last = InForce.objects.filter(edition=edition, retracted_at=None).order_by("-valid_from").first()
    if edition.erased_at is not None:
        raise Refused("", _("已经销毁。"))
    if last is None or last.valid_until is None or last.ended not in (Force.SUPERSEDED, Force.WITHDRAWN):
        raise Refused("", _("只有已被取代或已废止的版本才能销毁。"))
    until = _kept_until(edition.document, last.valid_until)
    if until >= centre_day(at):
        raise Refused("", _("保存到 %(day)s 为止，期满之前不能销毁。"), day=str(until))
    if is_held(edition.company_id, at):
        raise Refused("", _("有保全令，暂不能销毁。"))


def _kept_until(document: Document, last_day: date) -> date:
    """The last day on which an edition that ended then is kept."""
    row = RetentionPeriod.objects.filter(company_id=document.company_id, kind=document.kind, retracted_at=None).first()
    return months_after(last_day, row.months if row else PERIODS[DocumentKind(document.kind)])

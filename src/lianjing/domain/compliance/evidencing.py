"""What people do with evidence: submit it, put another in its place, accept it, reject it, withdraw it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import Scan, check_name, read_scan
from lianjing.core.viewer import Forbidden, Viewer, person_id, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.attested_rule import CHANGED
from lianjing.domain.compliance.evidence_hash import hash_of
from lianjing.domain.compliance.evidence_policy import (
    ACCEPTED,
    REJECTED,
    NewEvidence,
    checked,
    content_hash,
)
from lianjing.domain.compliance.local_texts import judged_entries
from lianjing.domain.compliance.models import Evidence, EvidenceClause, EvidenceRequest
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _

SEE, SUBMIT, REVIEW = "compliance.see", "compliance.evidence", "compliance.review"


@transaction.atomic
def submit_evidence(
    company_id: int,
    new: NewEvidence,
    scan: Scan | None,
    renews: int | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Evidence:
    """Submits a piece of evidence with its file; it counts once another person has accepted it. What its author was
    asked for by a campaign is thereby delivered. `renews`: the accepted one that it follows.

    Raises Missing, Forbidden, or Refused naming the part.
    """
    author = _author(company_id, by)
    told = _checked(new, company_id, by)
    if scan is None:
        raise Refused("scan", _("请选择文件。"))
    check_name(new.file_name, scan.ending)
    followed = _followed(company_id, renews, by)
    _check_same_file(company_id, told, scan.sha256)
    row = _row(company_id, told, author, Actor(by, at, source))
    row.renews = followed
    row.file_sha256, row.bytes = scan.sha256, len(scan.content)
    row.file.save(f"{uuid4().hex}.{scan.ending}", ContentFile(scan.content), save=False)
    return _kept(row, told, Actor(by, at, source), "evidence.submitted")


@transaction.atomic
def replace_evidence(
    evidence_id: int, new: NewEvidence, scan: Scan | None = None, *, by: Viewer, at: datetime, source: str = ""
) -> Evidence:
    """Puts another in the place of one that nobody has accepted; both stay on file. Without another file it keeps the
    earlier one. Its author alone may. Raises Missing, Forbidden or Refused."""
    earlier = _standing(evidence_id, by, SUBMIT)
    if earlier.author_id != person_id(by):
        raise Refused("", _("只有提交人能修改自己的证据。"))
    if earlier.decision == ACCEPTED:
        raise Refused("", _("已接受的证据不能修改；请续期，或由审核人撤回。"))
    told, actor = _checked(new, earlier.company_id, by), Actor(by, at, source)
    if scan is not None:
        check_name(new.file_name, scan.ending)
    take_back(earlier, _("由修改后的一份接替"), actor)
    digest = scan.sha256 if scan else earlier.file_sha256
    _check_same_file(earlier.company_id, told, digest)
    row = _row(earlier.company_id, told, earlier.author_id, actor)
    row.replaces, row.renews = earlier, earlier.renews
    row.file_sha256, row.bytes = digest, len(scan.content) if scan else earlier.bytes
    if scan is None:
        row.file, row.file_name = earlier.file, earlier.file_name
    else:
        row.file.save(f"{uuid4().hex}.{scan.ending}", ContentFile(scan.content), save=False)
    return _kept(row, told, actor, "evidence.replaced", is_new_file=scan is not None)


@transaction.atomic
def accept_evidence(evidence_id: int, *, by: Viewer, at: datetime, source: str = "") -> Evidence:
    """Accepts what another person submitted: from now on it counts on its days, and cannot be changed. The file must
    still be the one that was submitted. Raises Missing, Forbidden or Refused."""
    row = _undecided(evidence_id, by)
    kept = read_scan(row.file, row.file_sha256)
    if kept is None or not kept.unaltered or row.content_hash != hash_of(row):
        raise Refused("", _("文件或内容与提交时的校验值不符，不能接受。"))
    return _decided(row, ACCEPTED, "", Actor(by, at, source))


@transaction.atomic
def reject_evidence(evidence_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Evidence:
    """Rejects what another person submitted, and says why. Raises Missing, Forbidden or Refused."""
    row = _undecided(evidence_id, by)
    return _decided(row, REJECTED, reason_given(reason), Actor(by, at, source))


@transaction.atomic
def withdraw_evidence(evidence_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Evidence:
    """Withdraws a piece of evidence: it counts on no day any more, and stays on file. One that was accepted is
    withdrawn by another person than its author. Raises Missing, Forbidden or Refused."""
    row = _standing(evidence_id, by, SUBMIT)
    is_own = row.author_id == person_id(by)
    if row.decision == ACCEPTED and is_own:
        raise Refused("reason", _("已接受的证据由另一名审核人撤回。"))
    if not is_own:
        require(by, REVIEW, row.company_id)
    actor, why = Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    told = {"title": row.title, "reason": why, "content_hash": row.content_hash}
    write_down("evidence.withdrawn", row, row.company_id, actor, after=told, topic=CHANGED)
    return row


def _author(company_id: int, by: Viewer) -> int:
    """Who submits. Raises Missing or Forbidden."""
    if not visible(Company.objects.filter(pk=company_id), by, SEE, company_field="id").exists():
        raise Missing(f"company {company_id}")
    require(by, SUBMIT, company_id)
    author = person_id(by)
    if author is None:
        raise Forbidden(SUBMIT)
    return author


def _checked(new: NewEvidence, company_id: int, by: Viewer) -> NewEvidence:
    return checked(new, judged_entries(by, company_id))


def _followed(company_id: int, renews: int | None, by: Viewer) -> Evidence | None:
    if renews is None:
        return None
    row = _standing(renews, by, SUBMIT)
    if row.company_id != company_id or row.decision != ACCEPTED:
        raise Refused("", _("只有已接受的证据能续期。"))
    return row


def _check_same_file(company_id: int, new: NewEvidence, digest: str) -> None:
    """Raises Refused when this file stands for one of these clauses already, unless its author knows."""
    if new.same_file:
        return
    rows = EvidenceClause.objects.filter(clause__in=new.clauses, evidence__company_id=company_id)
    rows = rows.filter(~Q(evidence__decision=REJECTED), evidence__file_sha256=digest, evidence__retracted_at=None)
    found = rows.order_by("-evidence_id").values_list("evidence__title", "clause", "evidence_id").first()
    if found:
        title, clause, pk = found
        sentence = _(
            "同一份文件已为条款 %(clause)s 提交过：%(title)s（第 %(number)d 号）。确要再交，请勾选“仍然提交”。"
        )
        raise Refused("same_file", sentence, clause=clause, title=title, number=pk)


def _row(company_id: int, new: NewEvidence, author: int, actor: Actor) -> Evidence:
    return Evidence(
        company_id=company_id,
        title=new.title,
        shows=str(new.shows),
        note=new.note,
        file_name=new.file_name,
        valid_from=new.valid_from,
        valid_until=new.valid_until,
        author_id=author,
        recorded_at=actor.at,
        recorded_by=actor.by.name,
    )


def _kept(row: Evidence, told: NewEvidence, actor: Actor, action: str, *, is_new_file: bool = True) -> Evidence:
    """Saves it with its clauses; a file whose row is not saved goes again."""
    row.content_hash = content_hash(told, row.file_sha256, row.author_id)
    try:
        with transaction.atomic():
            row.save()
            EvidenceClause.objects.bulk_create(EvidenceClause(evidence=row, clause=one) for one in told.clauses)
            _answer(row, told.clauses)
            write_down(action, row, row.company_id, actor, after=_told_of(row, told), topic=CHANGED)
    except BaseException:
        if is_new_file:
            row.file.storage.delete(row.file.name or "")
        raise
    return row


def _answer(row: Evidence, clauses: tuple[str, ...]) -> None:
    """What its author was asked for these clauses, and has not delivered yet, is delivered."""
    asked = EvidenceRequest.objects.filter(
        company_id=row.company_id, asked_id=row.author_id, clause__in=clauses, campaign__closed_at=None
    )
    undelivered = Q(evidence=None) | Q(evidence__decision=REJECTED) | Q(evidence__retracted_at__isnull=False)
    asked.filter(undelivered).update(evidence=row)


def _told_of(row: Evidence, told: NewEvidence) -> dict[str, Any]:
    """What the records say of it."""
    said: dict[str, Any] = {"title": row.title, "shows": row.shows, "clauses": list(told.clauses), "note": row.note}
    said |= {"from": str(row.valid_from or ""), "until": str(row.valid_until or "")}
    said |= {"file_name": row.file_name, "file_sha256": row.file_sha256, "content_hash": row.content_hash}
    said |= {"replaces": row.replaces_id, "renews": row.renews_id}
    return {name: value for name, value in said.items() if value not in ("", None)}


def _standing(evidence_id: int, by: Viewer, permission: str) -> Evidence:
    """The row, locked, not withdrawn. Raises Missing or Forbidden."""
    row = locked(Evidence.objects.filter(retracted_at=None), evidence_id, by, see=SEE)
    require(by, permission, row.company_id)
    return row


def _undecided(evidence_id: int, by: Viewer) -> Evidence:
    row = _standing(evidence_id, by, REVIEW)
    reviewer = person_id(by)
    if reviewer is None:
        raise Forbidden(REVIEW)
    if row.author_id == reviewer:
        raise Refused("", _("提交人不能审核自己的证据，请另一人审核。"))
    if row.decision:
        raise Refused("", _("这份证据已由%(reviewer)s审核过。"), reviewer=row.decided_by)
    return row


def _decided(row: Evidence, decision: str, reason: str, actor: Actor) -> Evidence:
    row.decision, row.reason = decision, reason
    row.decided_at, row.decided_by, row.reviewer_id = actor.at, actor.by.name, person_id(actor.by)
    row.save(update_fields=["decision", "reason", "decided_at", "decided_by", "reviewer"])
    told = {"title": row.title, "reason": reason, "file_sha256": row.file_sha256, "content_hash": row.content_hash}
    told = {name: value for name, value in told.items() if value}
    write_down(f"evidence.{decision}", row, row.company_id, actor, after=told, topic=CHANGED)
    return row

"""Controlled documents: the list, one of them with its editions, the files."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.days import centre_day
from lianjing.domain.documents.document_list import DocumentLine, DocumentsWanted, documents
from lianjing.domain.documents.models import Distribution, Document, Edition, InForce, StandardStatus
from lianjing.domain.documents.policy import SEE
from lianjing.domain.documents.queries import (
    DocumentPage,
    EditionLine,
    document_page,
    edition_by_id,
    edition_file,
    reading_counts,
)
from lianjing.domain.documents.taking import record_file_taken
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.documents import DocumentKind, EditionState
from lianjing.web.api.door import needs, now, problem, source_of, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size
from lianjing.web.file_sending import download

router = Router()

StandingWanted = Literal["", "in_force", "work", "review", "unread", "replaced", "gone"]
OF_EDITION = (
    *("id", "label", "state", "text", "summary", "change_note", "kept_where", "kept_months", "kept_basis"),
    *("drafted_at", "submitted_at", "reviewed_at", "review_note", "approved_at", "erased_at"),
)


@router.get("documents", summary="Controlled documents by number, as they stand today")
@needs(SEE)
def list_documents(
    request: HttpRequest,
    company: TextWanted = "",
    kind: DocumentKind | Literal[""] = "",
    standing: StandingWanted = "",
    state: EditionState | Literal[""] = "",
    owner: TextWanted = "",
    q: TextWanted = "",
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """`standing`: in_force, work (written or decided on), review (due within 30 days), unread (by somebody, in time),
    replaced (of external ones there is a newer edition), gone (none in force or in work). `state`: of one of its
    editions. `owner`: a staff number; `q`: words in number, title or text."""
    viewer, size, today = viewer_of(request), page_size(limit), centre_day()
    wanted = DocumentsWanted(standing or "all", kind, state, owner, q, company_wanted(viewer, company))
    return page([_line(one) for one in documents(viewer, wanted, today, after=after, limit=size)], size)


@router.get("documents/{int:document_id}", summary="One document with all its editions")
@needs(SEE)
def get_document(request: HttpRequest, document_id: int) -> dict[str, Any]:
    viewer, today = viewer_of(request), centre_day()
    found = document_page(viewer, document_id, today)
    if found is None:
        raise Missing(_("没有这份文件。"))
    newest = found.newest
    asked, read, late = reading_counts(viewer, newest.edition.pk, today) if newest else (0, 0, 0)
    return {
        **_page(found),
        "editions": [_edition(one) for one in found.editions],
        "distributions": [_distribution(one) for one in found.distributions],
        "readings": {"asked": asked, "read": read, "late": late},
    }


@router.get("documents/{int:document_id}/editions/{int:edition_id}/file", summary="The file of an edition, on record")
@needs(SEE)
def get_file(request: HttpRequest, document_id: int, edition_id: int) -> HttpResponse:
    """409 when it is not the one that was submitted."""
    viewer = viewer_of(request)
    edition = edition_by_id(viewer, edition_id)
    kept = edition_file(viewer, edition) if edition and edition.document_id == document_id else None
    if edition is None or kept is None:
        raise Missing(_("没有这个附件，或文件不在了。"))
    if not kept.unaltered:
        return problem(409, "Conflict", _("文件与送审时的校验值不符。"))
    record_file_taken(edition, by=viewer, at=now(), source=source_of(request))
    response = download(kept.content, kept.content_type, f"document-{document_id}-{edition_id}.{kept.ending}")
    response["ETag"] = f'"{edition.file_sha256}"'
    return response


def _line(line: DocumentLine) -> dict[str, Any]:
    return {
        **_document(line.document),
        "in_force": line.term and _term(line.term.edition, line.term),
        "in_work": line.work and _in_work(line.work),
        "review_on": line.review_on,
        "standard": line.status and _standard(line.status),
    }


def _page(found: DocumentPage) -> dict[str, Any]:
    current = found.in_force
    return {
        **_document(found.document),
        "in_force": current and current.term and _term(current.edition, current.term),
        "in_work": found.work and _in_work(found.work),
        "review_on": found.review_on,
        "standard": _standard(found.standing_status) if found.standing_status else None,
    }


def _document(one: Document) -> dict[str, Any]:
    return {
        "id": one.pk,
        "company": one.company.code,
        "number": one.number,
        "title": one.title,
        "kind": one.kind,
        "owner": {"staff_no": one.owner.staff_no, "name": one.owner.name},
        "department": one.department.name if one.department else None,
        "cycle_months": one.cycle_months,
    }


def _term(edition: Edition, term: InForce) -> dict[str, Any]:
    told = {"id": edition.pk, "label": edition.label, "valid_from": term.valid_from, "valid_until": term.valid_until}
    return told | {"ended": term.ended or None}


def _in_work(edition: Edition) -> dict[str, Any]:
    return {"id": edition.pk, "label": edition.label, "state": edition.state}


def _standard(status: StandardStatus) -> dict[str, Any]:
    told = {name: getattr(status, name) for name in ("state", "confidence", "origin")}
    return {**told, "successor": status.successor or None, "since": status.valid_from}


def _edition(line: EditionLine) -> dict[str, Any]:
    edition, term = line.edition, line.term
    return {
        **{name: getattr(edition, name) for name in OF_EDITION},
        "force": line.force.value if line.force else None,
        "valid_from": term.valid_from if term else None,
        "valid_until": term.valid_until if term else None,
        "author": edition.author.shown_name,
        "reviewer": edition.reviewer.shown_name if edition.reviewer else None,
        "approver": edition.approver.shown_name if edition.approver else None,
        "content_sha256": edition.submitted_hash or None,
        "intact": line.intact,
        "file": {"name": edition.file_name, "sha256": edition.file_sha256} if edition.file else None,
    }


def _distribution(row: Distribution) -> dict[str, Any]:
    return {
        "staff_no": row.member.staff_no if row.member else None,
        "post": row.post.title if row.post else None,
        "department": row.department.name if row.department else None,
        "days": row.days,
    }

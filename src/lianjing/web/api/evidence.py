"""Evidence for clauses: the list, and the files."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.domain.compliance.evidence_list import (
    EvidenceLine,
    EvidenceWanted,
    evidence_by_id,
    evidence_file,
    evidence_list,
)
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.domain.signals.days import today
from lianjing.terms.evidence import EvidenceState
from lianjing.web.api.compliance import CompanyWanted
from lianjing.web.api.door import needs, problem, viewer_of
from lianjing.web.api.narrowing import company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()


@router.get("compliance/evidence", summary="Evidence for clauses, newest first, as it stands today")
@needs("compliance.see")
def list_evidence(
    request: HttpRequest,
    company: CompanyWanted = "",
    clause: CompanyWanted = "",
    state: str = "",
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """`state`: submitted, accepted, upcoming, expired, rejected, withdrawn; without it all but what was withdrawn."""
    viewer, size = viewer_of(request), page_size(limit)
    wanted_state = next((one for one in EvidenceState if one.value == state), None)
    if state and wanted_state is None:
        raise BadChoice("state", _("没有这个选项。"))
    wanted = EvidenceWanted(company_wanted(viewer, company), clause, wanted_state)
    found = evidence_list(viewer, wanted, today(), after=after, limit=size)
    return page([evidence_item(line) for line in found], size)


@router.get(
    "compliance/evidence/{int:evidence_id}/file", summary="The file of a piece of evidence, compared with its hash"
)
@needs("compliance.see")
def get_evidence_file(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """409 when it is not the one that was submitted."""
    viewer = viewer_of(request)
    line = evidence_by_id(viewer, evidence_id, today())
    kept = evidence_file(viewer, line.row) if line else None
    if line is None or kept is None:
        raise Missing(_("没有这份证据，或文件不在了。"))
    if not kept.unaltered:
        return problem(409, "Conflict", _("文件与提交时的校验值不符。"))
    response = HttpResponse(kept.content, content_type=kept.content_type)
    response["Content-Disposition"] = f'attachment; filename="evidence-{evidence_id}.{kept.ending}"'
    response["ETag"] = f'"{line.row.file_sha256}"'
    response["Cache-Control"] = "no-store"
    return response


def evidence_item(line: EvidenceLine) -> dict[str, Any]:
    row = line.row
    return {
        "id": row.pk,
        "company": row.company.code,
        "title": row.title,
        "shows": row.shows,
        "clauses": list(line.clauses),
        "state": line.state.value,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "file_name": row.file_name,
        "bytes": row.bytes,
        "sha256": row.file_sha256,
        "content_hash": row.content_hash,
        "author": row.recorded_by,
        "recorded_at": row.recorded_at,
        "reviewer": row.decided_by or None,
        "decided_at": row.decided_at,
        "reason": row.reason,
        "withdrawn_at": row.retracted_at,
        "renews": row.renews_id,
        "replaces": row.replaces_id,
    }

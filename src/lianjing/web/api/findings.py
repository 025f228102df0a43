"""Findings: what is not as it must be, and how far it is put right."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from lianjing.core.days import centre_day
from lianjing.domain.findings.policy import split_clauses
from lianjing.domain.findings.queries import ALL_TAB, FindingLine, FindingsWanted, finding_by_id, findings
from lianjing.domain.incidents.moving import Missing
from lianjing.terms.findings import FindingGrade, FindingSource, FindingState
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.narrowing import TextWanted, company_wanted
from lianjing.web.api.reading import page, page_size

router = Router()

StateWanted = FindingState | Literal[""]
GradeWanted = FindingGrade | Literal[""]
SourceWanted = FindingSource | Literal[""]


@router.get("findings", summary="Findings of every state, newest first")
@needs("findings.see")
def list_findings(
    request: HttpRequest,
    company: TextWanted = "",
    state: StateWanted = "",
    grade: GradeWanted = "",
    source: SourceWanted = "",
    owner: TextWanted = "",
    clause: TextWanted = "",
    q: TextWanted = "",
    overdue: bool = False,
    open: bool = False,  # noqa: A002 the name in the query
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """`overdue`: only what is late, `open`: only what is neither closed nor dismissed; both by urgency.

    `owner`: a staff number; `q`: in number, title, what was found, measure, owner and source."""
    viewer, size = viewer_of(request), page_size(limit)
    tab = "overdue" if overdue else "open" if open else ALL_TAB
    wanted = FindingsWanted(tab, state, grade, source, owner, clause, q, company_wanted(viewer, company))
    today = centre_day()
    return page([_item(line) for line in findings(viewer, wanted, today, after=after, limit=size)], size)


@router.get("findings/{int:finding_id}", summary="One finding")
@needs("findings.see")
def get_finding(request: HttpRequest, finding_id: int) -> dict[str, Any]:
    today = centre_day()
    found = finding_by_id(viewer_of(request), finding_id, today)
    if found is None:
        raise Missing(_("没有这件整改。"))
    return _item(found)


SAME = (
    *("id", "number", "title", "description", "grade", "state", "cause", "measure", "due_on"),
    *("raised_at", "raised_by", "done_at", "done_by", "proof", "verified_at", "verified_by", "verification"),
    *("needs_retest", "retested_on", "check_on", "closed_at", "verdict_good_since"),
)


def _item(line: FindingLine) -> dict[str, Any]:
    one = line.finding
    told = {name: getattr(one, name) for name in SAME}
    return {
        **told,
        "company": one.company.code,
        "source": {"kind": one.source_kind, "ref": one.source_ref or None, "words": one.source_words},
        "clauses": list(split_clauses(one.clauses)),
        "owner": {"staff_no": one.owner.staff_no, "name": one.owner.name} if one.owner else None,
        "department": one.department.name if one.department else None,
        "overdue": line.is_late,
        "source_bad": line.source_bad if one.watch_key else None,
        "effect": one.effect or None,
        "dismissed_for": one.dismissed_for or None,
    }

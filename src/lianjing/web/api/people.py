"""People on file, and whether they may stand duty: numbers and names, and nothing that is private."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import company_called
from lianjing.domain.incidents.moving import Missing
from lianjing.domain.people.eligibility import Reason
from lianjing.domain.people.staff_list import ALL, StaffLine, StaffWanted, staff_list
from lianjing.domain.people.staff_page import staff_page
from lianjing.terms.sentences import words
from lianjing.web.api.asked_fields import Day
from lianjing.web.api.door import needs, now, viewer_of
from lianjing.web.api.reading import page, page_size

router = Router()

CompanyWanted = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


@router.get("people", summary="Everybody on file, by staff number; eligible today or not, with the reasons")
@needs("people.see")
def list_people(
    request: HttpRequest, company: CompanyWanted = "", after: int | None = None, limit: int = 100
) -> dict[str, Any]:
    viewer, size = viewer_of(request), page_size(limit)
    wanted = StaffWanted(employment=ALL, company_id=_company_id(viewer, company))
    return page([_item(line) for line in staff_list(viewer, wanted, _today(), after=after, limit=size)], size)


@router.get("people/{int:member_id}/eligibility", summary="Whether a person may stand duty on a day, and every reason")
@needs("people.see")
def get_eligibility(request: HttpRequest, member_id: int, on: Day | None = None) -> dict[str, Any]:
    """Reasons that are private are told to whoever may read the person's file; others learn that there is one."""
    day = on or _today()
    found = staff_page(viewer_of(request), member_id, day, now())
    if found is None:
        raise Missing(_("没有这个人员。"))
    return {
        "id": member_id,
        "on": day,
        "eligible": found.eligible,
        "reasons": [_reason(reason) for reason in found.reasons],
    }


def _today() -> date:
    return centre_day()


def _company_id(viewer: Viewer, named: str) -> int | None:
    if not named:
        return None
    found = company_called(viewer, named)
    if found is None:
        raise Missing(_("没有这个单位。"))
    return found.pk


def _item(line: StaffLine) -> dict[str, Any]:
    member = line.member
    return {
        "id": member.pk,
        "company": member.company.code,
        "staff_no": member.staff_no,
        "name": member.name,
        "post_kind": line.post_kind.value,
        "eligible": line.eligible,
        "reasons": [words(reason) for reason in line.against],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "clause": reason.clause,
        "met": reason.met,
        "sentence": words(reason),
        "fact": reason.fact_id,
    }

"""The roster: who is planned where and when."""

from datetime import date, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from lianjing.domain.companies.queries import company_called
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.domain.people.models import RosterEntry
from lianjing.domain.people.roster_list import RosterWanted, roster_entries
from lianjing.domain.people.shifts import SEE
from lianjing.web.api.door import needs, viewer_of
from lianjing.web.api.reading import page, page_size

router = Router()

DAYS = 14
"""So many days from today on, unless others are asked for."""
CompanyWanted = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


@router.get("roster", summary="Shifts that begin on the days from `from` to `to`, by beginning; cancelled ones too")
@needs(SEE)
def list_roster(
    request: HttpRequest,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    company: CompanyWanted = "",
    after: int | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    size = page_size(limit)
    rows = roster_entries(viewer_of(request), _wanted(request, since, until, company), after, size)
    return page([_item(row) for row in rows], size)


def _wanted(request: HttpRequest, since: date | None, until: date | None, company: str) -> RosterWanted:
    """Without days the next two weeks. Raises Missing for a company that is not there, BadChoice for days."""
    first = since or timezone.localdate()
    last = until or first + timedelta(days=DAYS - 1)
    if last < first:
        raise BadChoice("to", _("最后一天 %(last)s 早于第一天 %(first)s。") % {"last": last, "first": first})
    if not company:
        return RosterWanted(first, last)
    found = company_called(viewer_of(request), company)
    if found is None:
        raise Missing(_("没有这个单位：%(name)s。") % {"name": company})
    return RosterWanted(first, last, found.pk)


def _item(row: RosterEntry) -> dict[str, Any]:
    return {
        "id": row.pk,
        "company": row.company.code,
        "staff_no": row.member.staff_no,
        "name": row.member.name,
        "post_kind": row.post_kind,
        "place": row.place,
        "shift": row.shift,
        "begins_at": row.begins_at,
        "ends_at": row.ends_at,
        "state": row.state,
    }

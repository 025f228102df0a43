"""Clauses of the specification as they stand on a day."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import company_called
from lianjing.domain.compliance.forecast import forecast
from lianjing.domain.compliance.looking_ahead import DAYS, DAYS_AT_MOST
from lianjing.domain.compliance.queries import judged_companies
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.domain.signals.days import today
from lianjing.web.api.asked_fields import Day
from lianjing.web.api.door import needs, now, source_of, viewer_of
from lianjing.web.clause_items import items_of, turn_item
from lianjing.web.file_sending import download
from lianjing.web.known_time import BadTime, known_time
from lianjing.web.self_inspection.content import Asked
from lianjing.web.self_inspection.making import FORMS, Busy, CannotSet, file_name, made_files

router = Router()

DaysWanted = Annotated[int, Field(ge=1, le=DAYS_AT_MOST)]
CompanyWanted = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


class ReportAsked(Schema):
    """What a report is asked for."""

    company: CompanyWanted = ""
    on: Day | None = None
    known: CompanyWanted = ""
    form: CompanyWanted = Field("json", alias="as")


@router.get("compliance/clauses", summary="Every clause with its verdict, the numbers and the records that decide it")
@needs("compliance.see")
def list_clauses(
    request: HttpRequest, company: CompanyWanted = "", on: Day | None = None, known: CompanyWanted = ""
) -> dict[str, Any]:
    """`on`: the day that is asked about, today without it. `known`: by what was recorded until then (a day means its
    end), now without it. A later entry may change the answer for a past day; with `known` it does not."""
    viewer = viewer_of(request)
    ours = _company(viewer, company)
    day = on or centre_day()
    try:
        by = known_time(known)
        items = items_of(viewer, ours.pk, day, by)
    except (BadTime, OverflowError) as wrong:
        raise BadChoice("known", _("日期请写成 2026-11-22 的样子。")) from wrong
    return {
        "items": items,
        "next": None,
        "company": ours.code,
        "on": day,
        "known": by,
    }


@router.get("compliance/report", summary="The self-inspection report of a company for a day, as JSON, PDF or workbook")
@needs("compliance.see")
def get_report(request: HttpRequest, asked: Query[ReportAsked]) -> HttpResponse:
    """As `compliance/clauses`, with everything that the printed report has; `as`: json (without it), pdf or xlsx. That
    it was made is recorded, with the SHA-256 of what is answered."""
    viewer = viewer_of(request)
    if asked.form not in FORMS:
        raise BadChoice("as", _("报告可以是 pdf、xlsx 或 json。"))
    here = request.build_absolute_uri("/").rstrip("/")
    what = Asked(_company(viewer, asked.company), asked.on or today(), _known(asked.known), here)
    try:
        files = made_files(viewer, what, [asked.form], now(), source_of(request))
    except OverflowError as wrong:
        raise BadChoice("known", _("日期请写成 2026-11-22 的样子。")) from wrong
    except (Busy, CannotSet) as not_now:
        raise HttpError(503, _("现在做不了 PDF，请过一会儿再试。")) from not_now
    return download(files[asked.form], FORMS[asked.form], file_name(what, asked.form))


def _known(text: str) -> datetime | None:
    try:
        return known_time(text)
    except (BadTime, OverflowError) as wrong:
        raise BadChoice("known", _("日期请写成 2026-11-22 的样子。")) from wrong


@router.get(
    "compliance/forecast", summary="The days on which clauses will turn if nothing is done, and by which records"
)
@needs("compliance.see")
def list_turns(
    request: HttpRequest, company: CompanyWanted = "", on: Day | None = None, days: DaysWanted = DAYS
) -> dict[str, Any]:
    """`on`: the day from which is looked ahead, today without it; `days`: how far. On each day named, `from` is the
    verdict of the day before and `to` that of the day; they are the same where only the shortage of 5.2 is another.
    `looks_back`: it turns only if nothing more occurs."""
    viewer = viewer_of(request)
    ours = _company(viewer, company)
    day = on or centre_day()
    try:
        found = forecast(viewer, ours.pk, day, days)
    except OverflowError as wrong:
        raise BadChoice("on", _("日期请写成 2026-11-22 的样子。")) from wrong
    items = [turn_item(turn, viewer, ours.pk) for turn in found]
    return {"items": items, "next": None, "company": ours.code, "on": day, "days": days}


def _company(viewer: Viewer, named: str) -> Company:
    """The one named; without a name the only one there is. Raises Missing or BadChoice."""
    mine = judged_companies(viewer)
    if not named and len(mine) == 1:
        return mine[0]
    if not named:
        raise BadChoice("company", _("请写明是哪个单位。"))
    found = company_called(viewer, named)
    if found is None or found not in mine:
        raise Missing(_("没有这个单位。"))
    return found

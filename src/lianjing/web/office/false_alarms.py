"""误报统计: false alarms by cause, site and detector, and beside them what a leader must look at or have mended."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden, Person
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.false_alarms import (
    DAYS,
    GROUPS,
    PERMISSION,
    Counted,
    cause_words,
    false_alarms,
    open_reviews,
    repairs_wanted,
    totals,
)
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.domain.incidents.reviewing import review_disposition
from lianjing.domain.records.handing_out import record_taken
from lianjing.web.acting import who
from lianjing.web.file_sending import Csv
from lianjing.web.office.acting import done
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import asked_id, href, pager
from lianjing.web.words import DISPOSITIONS, word

PAGE = 50
CSV_ROWS = 10_000
LISTS = (*GROUPS, "reviews", "repairs")
LAST_PAGE = 10_000


@needs(PERMISSION)
@require_safe
def false_alarm_page(request: HttpRequest) -> HttpResponse:
    """`?by=`: cause, site, detector, reviews or repairs; `?days=`: 30, 90 or 365."""
    return _show(request)


def _show(
    request: HttpRequest, problem: str = "", review: int = 0, remark: str = "", status: int = 200
) -> HttpResponse:
    by, days = _asked(request)
    viewer, now = viewer_of(request), timezone.now()
    context = surroundings(request, "false_alarms") | {
        "by": by,
        "days": days,
        "lists": [
            {"name": name, "words": _list_words(name), "href": href(request, by=name, after=None)} for name in LISTS
        ],
        "spans": [{"days": each, "href": href(request, days=each, after=None)} for each in DAYS],
        "totals": totals(viewer, days, now),
        "limit": _limits(viewer),
        "csv_href": f"{reverse('office:false_alarms_csv')}?by={by}&days={days}",
        "problem": problem,
        "problem_review": review,
        "remark": remark,
    }
    if by in GROUPS:
        context |= _counted(request, by, days)
    elif by == "reviews":
        context |= _reviews(request)
    else:
        context |= _repairs(request)
    return show(request, "office/false_alarms.html", context, status)


def _limits(viewer: Person) -> str:
    """How often somebody may find "无法判断" in a shift, by the companies that the viewer looks after."""
    companies = viewer.scope(PERMISSION).companies
    limits = {figures.undetermined_limit for figures in figures_by_company(companies or {None}).values()}
    return "、".join(str(limit) for limit in sorted(limits))


def _counted(request: HttpRequest, by: str, days: int) -> dict[str, Any]:
    """Counts have no cursor: they are paged by place."""
    offset = min(asked_id(request) or 0, LAST_PAGE * PAGE)
    found = false_alarms(viewer_of(request), by, days=days, at=timezone.now(), offset=offset, limit=PAGE + 1)
    shown = found[:PAGE]
    rows = [{"row": row, "beside": _beside(by, row), "place": offset + place} for place, row in enumerate(shown, 1)]
    return {"rows": rows, **pager(request, offset + PAGE if len(found) > PAGE else None)}


def _beside(by: str, row: Counted) -> str:
    return word(DISPOSITIONS, row.beside) if by == "cause" else row.beside


def _reviews(request: HttpRequest) -> dict[str, Any]:
    found = open_reviews(viewer_of(request), after=asked_id(request), limit=PAGE + 1)
    shown = found[:PAGE]
    return {"reviews": shown, **pager(request, shown[-1].pk if len(found) > PAGE else None)}


def _repairs(request: HttpRequest) -> dict[str, Any]:
    found = repairs_wanted(viewer_of(request), after=asked_id(request), limit=PAGE + 1)
    shown = found[:PAGE]
    repairs = [{"case": case, "cause": cause_words(case.disposition, case.cause_kind)} for case in shown]
    return {"repairs": repairs, **pager(request, shown[-1].pk if len(found) > PAGE else None)}


@needs(PERMISSION)
@require_safe
def false_alarms_csv(request: HttpRequest) -> HttpResponse:
    """The counts as a file for a spreadsheet; on record for every company that they may be about."""
    viewer, (by, days) = viewer_of(request), _asked(request)
    by = by if by in GROUPS else GROUPS[0]
    found = false_alarms(viewer, by, days=days, at=timezone.now(), limit=CSV_ROWS)
    mine = {company.pk: len(found) for company in companies_with(viewer, PERMISSION)}
    record_taken("false_alarms", mine, PERMISSION, **who(request), by_what=by, days=days)
    sheet = Csv(f"false-alarms-{by}-{days}.csv")
    sheet.line(_list_words(by), _("说明"), _("误报次数"), _("最近一次"))
    for row in found:
        last = timezone.localtime(row.last_at, timezone.get_default_timezone())
        sheet.line(row.name, _beside(by, row), row.count, f"{last:%Y-%m-%d %H:%M:%S}")
    return sheet.response


@needs(PERMISSION)
@require_POST
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """A leader writes what he found; a remark that is refused is kept and the sentence stands beside it."""
    remark = request.POST.get("remark", "")
    try:
        review_disposition(review_id, remark=remark, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except (BadChoice, Refused) as refused:
        return _show(request, str(refused), review_id, remark, status=422)
    return done(request, f"{reverse('office:false_alarms')}?by=reviews", _("已复查。"))


def _asked(request: HttpRequest) -> tuple[str, int]:
    by, days = request.GET.get("by", ""), asked_id(request, "days")
    if request.method == "POST":
        by = "reviews"
    return by if by in LISTS else LISTS[0], days if days in DAYS else DAYS[0]


def _list_words(name: str) -> str:
    return {
        "cause": _("按原因"),
        "site": _("按场所"),
        "detector": _("按探测器"),
        "reviews": _("待复查"),
        "repairs": _("待报修"),
    }[name]

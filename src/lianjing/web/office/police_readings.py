"""公安查阅记录: what the police have read of the company, when and how often; on a page and as a file."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.records.handing_out import record_taken
from lianjing.domain.records.reading_list import SEE, ReadingsWanted, every_reading, readers, readings
from lianjing.web.acting import doors, who
from lianjing.web.file_sending import Csv
from lianjing.web.filters import Choice, choice
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import company_asked
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.reading_rows import DayAsked, Row, reading_rows
from lianjing.web.tags import exact

TAB = "police_readings"


class _Asked:
    """Which day, whose readings, of which company."""

    def __init__(self, request: HttpRequest) -> None:
        viewer = viewer_of(request)
        _company, mine = company_asked(request, SEE)
        self.day, self.names = DayAsked(request), {one.pk: one.name for one in mine}
        people = [(str(pk), name) for pk, name in readers(viewer)]
        self.person = choice(request, "person", _("全部人员"), people)
        named = [(str(pk), name) for pk, name in self.names.items()]
        self.company: Choice | None = choice(request, "company", _("全部单位"), named) if len(named) > 1 else None

    def wanted(self) -> ReadingsWanted:
        company = self.company.chosen if self.company else ""
        person = self.person.chosen
        return self.day.wanted(company_id=int(company) if company else None, user_id=int(person) if person else None)

    def context(self) -> dict[str, Any]:
        filters = [one for one in (self.person, self.company) if one is not None]
        narrowed = bool(self.day.text or any(one.chosen for one in filters))
        return {**self.day.context(), "filters": filters, "is_narrowed": narrowed, "several": self.company is not None}


@needs(SEE)
@require_safe
def police_readings(request: HttpRequest) -> HttpResponse:
    viewer, asked = viewer_of(request), _Asked(request)
    found = readings(viewer, asked.wanted(), after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, TAB) | asked.context()
    context |= {"rows": reading_rows(found[:PAGE], asked.names)}
    context |= {"csv_href": href(request, after=None).replace(request.path, f"{request.path}csv/", 1)}
    context |= pager(request, found[PAGE - 1].pk if len(found) > PAGE else None)
    return show(request, "office/police_readings.html", context, 422 if asked.day.problem else 200)


@needs(SEE)
@require_safe
def police_readings_csv(request: HttpRequest) -> HttpResponse:
    """All of them, as the page is narrowed; on record."""
    viewer, asked = viewer_of(request), _Asked(request)
    if asked.day.problem:
        return HttpResponse(asked.day.problem, status=400, content_type="text/plain; charset=utf-8")
    sheet = Csv(f"police-readings-{timezone.localdate()}.csv")
    sheet.line(_("单位"), _("人员"), _("查阅内容"), _("对象"), _("方式"), _("首次"), _("末次"), _("次数"))
    counts: Counter[int] = Counter()
    for row in reading_rows(every_reading(viewer, asked.wanted()), asked.names):
        sheet.line(*_cells(row))
        counts[row.reading.company_id] += 1
    with doors():
        record_taken("readings", counts, SEE, **who(request))
    return sheet.response


def _cells(row: Row) -> list[Any]:
    one = row.reading
    told = [row.company, one.user_name, row.what, row.about, row.way]
    return [*told, exact(one.first_at), exact(one.last_at), one.count]

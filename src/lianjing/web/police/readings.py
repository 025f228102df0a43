"""我的查阅记录: what the officer himself has looked at, as the companies see it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.companies.queries import companies
from lianjing.domain.records.reading_list import own_readings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.police.surroundings import surroundings
from lianjing.web.reading_rows import DayAsked, reading_rows


@needs("police.desk")
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    viewer, asked = viewer_of(request), DayAsked(request)
    found = own_readings(viewer, asked.wanted(), after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, "readings") | asked.context()
    context["rows"] = reading_rows(found[:PAGE], {one.pk: one.name for one in companies(viewer)})
    context |= pager(request, found[PAGE - 1].pk if len(found) > PAGE else None)
    return show(request, "police/readings.html", context, 422 if asked.problem else 200)

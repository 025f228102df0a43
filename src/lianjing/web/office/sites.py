"""场所: the list, and the page of one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.sites.site_page import site_by_id
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show


@needs("sites.see")
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, "sites")
    return show(request, "office/sites.html", context)


@needs("sites.see")
@require_safe
def site(request: HttpRequest, site_id: int) -> HttpResponse:
    context = surroundings(request, "sites")
    context["site"] = site_by_id(viewer_of(request), site_id)
    if context["site"] is None:
        raise Http404
    return show(request, "office/site.html", context)

"""What else the case page does with customers: a link taken back, a message sent again, the report on paper."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.deliveries import actions as deliveries
from lianjing.domain.deliveries.queries import deliveries_about
from lianjing.domain.incidents.asking import revoke_link
from lianjing.domain.incidents.customer_side import reports_of
from lianjing.domain.incidents.moving import Missing, Refused
from lianjing.domain.incidents.queries import incident_of, rows_of
from lianjing.web.acting import found, who
from lianjing.web.console.customer_part import told_words
from lianjing.web.console.desk import show_case, wants_part
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show


def _back(request: HttpRequest, incident_id: int) -> HttpResponse:
    if wants_part(request):
        return show_case(request, incident_id)
    return HttpResponseRedirect(reverse("console:incident", args=[incident_id]))


@needs("incidents.ask_customer")
@require_POST
def revoke(request: HttpRequest, incident_id: int, link_id: int) -> HttpResponse:
    try:
        revoke_link(incident_id, link_id=link_id, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except Refused as refused:
        return show_case(request, incident_id, refused=str(refused), status=409)
    return _back(request, incident_id)


@needs("deliveries.retry")
@require_POST
def send_again(request: HttpRequest, incident_id: int, delivery_id: int) -> HttpResponse:
    """From the case page; the list of all messages has its own button."""
    found(incident_of(viewer_of(request), incident_id))
    try:
        deliveries.retry_delivery(delivery_id, **who(request))
    except deliveries.Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except deliveries.Unsendable as refused:
        return show_case(request, incident_id, refused=str(refused), status=409)
    return _back(request, incident_id)


@needs("incidents.see")
@require_safe
def report_paper(request: HttpRequest, incident_id: int) -> HttpResponse:
    """警情通报 to be printed: what was told to whom, with room for a signature."""
    viewer = viewer_of(request)
    incident = found(incident_of(viewer, incident_id))
    context = surroundings(request, "incidents")
    sent = deliveries_about(viewer, f"incident:{incident_id}")
    reports = [(report, told_words(report, sent)) for report in reports_of(viewer, incident_id)]
    context |= {"incident": incident, "row": rows_of([incident])[0], "reports": reports, "printed_at": timezone.now()}
    return show(request, "desk/report.html", context)

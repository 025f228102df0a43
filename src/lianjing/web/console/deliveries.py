"""送达: every message that left the house or did not, for leaders and managers."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.deliveries.actions import Missing, Unsendable, retry_delivery
from lianjing.domain.deliveries.queries import deliveries
from lianjing.web.acting import who
from lianjing.web.console.customer_part import DeliveryRow
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager

SHOWN = ("", "failed", "waiting", "sent")


@needs("deliveries.see")
@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    asked = request.GET.get("state", "")
    shown = asked if asked in SHOWN else ""
    context = surroundings(request, "deliveries")
    lines = deliveries(viewer_of(request), shown=shown, after=asked_id(request), limit=PAGE + 1)
    context |= {"rows": [DeliveryRow(line) for line in lines[:PAGE]], "shown": shown, "filters": _filters()}
    context |= {"refused": refused, **pager(request, lines[PAGE - 1].id if len(lines) > PAGE else None)}
    return show(request, "desk/deliveries.html", context, status)


def _filters() -> list[dict[str, Any]]:
    words = {"": _("全部"), "failed": _("没有送达"), "waiting": _("待发送"), "sent": _("已送出")}
    return [{"name": name, "words": words[name]} for name in SHOWN]


@needs("deliveries.see")
@require_POST
def send_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    try:
        retry_delivery(delivery_id, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except Unsendable as refused:
        return _show(request, refused=str(refused), status=409)
    return HttpResponseRedirect(reverse("console:deliveries"))

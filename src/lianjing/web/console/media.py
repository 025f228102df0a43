"""影像 of a case: added by choosing or dropping, seen large with the keys, handed out to who may see the case."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused as RefusedFile
from lianjing.core.viewer import Forbidden, Person
from lianjing.domain.incidents.case_media import beside, is_unaltered, media_by_id, media_of_case
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.media_keeping import add_media
from lianjing.domain.incidents.models import CaseMedia
from lianjing.domain.incidents.moving import BadChoice, Missing, Refused
from lianjing.web.acting import found, who
from lianjing.web.console.surroundings import surroundings
from lianjing.web.media_sending import SHOWN_BY_BROWSERS, send_media, send_small
from lianjing.web.pages import show


def case_media(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The part of the case page."""
    told: dict[str, Any] = {"media": media_of_case(viewer, page.row.id)}
    if viewer.scope("incidents.note").holds(page.incident.company_id):
        told["media_href"] = reverse("console:media_add", args=[page.row.id])
    return told


@needs("incidents.note")
@require_POST
def add(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Answers a sentence when a file is refused; nothing is kept then."""
    caption = request.POST.get("caption", "")
    try:
        kept = add_media(incident_id, request.FILES.getlist("files"), caption=caption, **who(request))
    except Missing as missing:
        raise Http404 from missing
    except Forbidden as forbidden:
        raise PermissionDenied from forbidden
    except RefusedFile as refused:
        return _said(request, incident_id, _(refused.sentence) % refused.figures, caption, status=422)
    except (Refused, BadChoice) as refused:
        return _said(request, incident_id, str(refused), caption, status=422)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("console:incident", args=[incident_id]))
    if kept:
        return _said(request, incident_id, _("已加入 %(count)d 个。") % {"count": len(kept)}, "")
    return _said(request, incident_id, _("这些影像已经在此警情里。"), caption)


def _said(request: HttpRequest, incident_id: int, sentence: str, caption: str, status: int = 200) -> HttpResponse:
    context = {
        "media_href": reverse("console:media_add", args=[incident_id]),
        "media_said": sentence,
        "media_bad": status != 200,
        "media_caption": caption,
    }
    return show(request, "desk/case/_media_add.html", context, status)


@needs("incidents.see")
@require_safe
def show_media(request: HttpRequest, incident_id: int, media_id: int) -> HttpResponse:
    """One of them, large, with what is known of it and whether it is still the file that was kept."""
    media, viewer = _media(request, incident_id, media_id), viewer_of(request)
    context = surroundings(request, "desk")
    context |= {
        "media": media,
        "beside": beside(viewer, media),
        "unaltered": is_unaltered(viewer, media),
        "is_shown": media.mime in SHOWN_BY_BROWSERS,
    }
    return show(request, "desk/media.html", context)


@needs("incidents.see")
@require_safe
def file(request: HttpRequest, incident_id: int, media_id: int) -> HttpResponse:
    return send_media(request, _media(request, incident_id, media_id))


@needs("incidents.see")
@require_safe
def small(request: HttpRequest, incident_id: int, media_id: int) -> HttpResponse:
    return send_small(_media(request, incident_id, media_id))


def _media(request: HttpRequest, incident_id: int, media_id: int) -> CaseMedia:
    return found(media_by_id(viewer_of(request), incident_id, media_id))

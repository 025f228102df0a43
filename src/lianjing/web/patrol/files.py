"""Drawings and pictures of a task, for its guard while the task shows its premises."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.dispatch.permissions import WORK
from lianjing.domain.dispatch.scene import drawing_of, media_of_task
from lianjing.domain.sites.drawing_images import CONTENT_TYPES
from lianjing.web.acting import found
from lianjing.web.media_sending import send_media, send_small


@needs(WORK)
@require_safe
def drawing(request: HttpRequest, task_id: int, drawing_id: int) -> HttpResponse:
    """The picture of a drawing; only what we have encoded ourselves is ever stored, so its type is known."""
    image = found(drawing_of(viewer_of(request), task_id, drawing_id, timezone.now())).image
    try:
        with image.open("rb") as file:
            content = file.read()
    except FileNotFoundError as gone:
        raise Http404 from gone
    kind = CONTENT_TYPES[image.name.rsplit(".", 1)[-1]]
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "private, no-cache"})


@needs(WORK)
@require_safe
def media(request: HttpRequest, task_id: int, media_id: int) -> HttpResponse:
    return send_media(request, found(media_of_task(viewer_of(request), task_id, media_id, timezone.now())))


@needs(WORK)
@require_safe
def small(request: HttpRequest, task_id: int, media_id: int) -> HttpResponse:
    return send_small(found(media_of_task(viewer_of(request), task_id, media_id, timezone.now())))

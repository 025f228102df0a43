"""What is down, for the rooms without an event stream: their pages fetch it, and fetch it again."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.web.health import database_away, health
from lianjing.web.pages import show


@needs("status.see")
@require_safe
def banners(request: HttpRequest) -> HttpResponse:
    try:
        told = health(viewer_of(request), timezone.now())
    except DatabaseError:
        told = database_away()
    return show(request, "_down.html", {"health": told})

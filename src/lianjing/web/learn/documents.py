"""My documents: what I have to read and by when, what I have confirmed, and the text itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.documents.distributing import confirm_reading
from lianjing.domain.documents.models import Reading
from lianjing.domain.documents.policy import READ
from lianjing.domain.documents.queries import edition_file, has_staff_file, my_read, my_reading, my_unread
from lianjing.domain.documents.taking import record_file_taken
from lianjing.web.acting import doors, found, who
from lianjing.web.file_sending import kept_file
from lianjing.web.learn.surroundings import surroundings
from lianjing.web.markdown import rendered
from lianjing.web.pages import show
from lianjing.web.paging import asked_id, pager

PAGE = 30


@needs(READ)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer, after = viewer_of(request), asked_id(request)
    read = my_read(viewer, after, PAGE + 1)
    unread = [] if after else my_unread(viewer)
    context = surroundings(request) | {"unread": [_row(one) for one in unread], "is_first_page": not after}
    context |= {"read": read[:PAGE], **pager(request, read[PAGE - 1].pk if len(read) > PAGE else None)}
    context["has_file"] = bool(unread or read) or has_staff_file(viewer)
    return show(request, "learn/documents.html", context)


def _row(reading: Reading) -> dict[str, Any]:
    late = (timezone.localdate() - reading.due_on).days
    words = _("✕ 逾期 %(days)d 天") % {"days": late} if late > 0 else ""
    return {"reading": reading, "late": words}


@needs(READ)
@require_safe
def document(request: HttpRequest, reading_id: int) -> HttpResponse:
    reading = found(my_reading(viewer_of(request), reading_id))
    edition = reading.edition
    context = surroundings(request) | _row(reading) | {"document": reading.document, "edition": edition}
    context["content"] = rendered(edition.text) if edition.text else ""
    return show(request, "learn/document.html", context)


@needs(READ)
@require_safe
def file(request: HttpRequest, reading_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    reading = found(my_reading(viewer, reading_id))
    edition, name = reading.edition, f"{reading.document.number}-{reading.edition.label}"
    kept = found(edition_file(viewer, edition))
    record_file_taken(edition, **who(request))
    return kept_file(kept, name)


@needs(READ)
@require_POST
def confirm(request: HttpRequest, reading_id: int) -> HttpResponse:
    with doors():
        confirm_reading(reading_id, **who(request))
    return HttpResponseRedirect(reverse("learn:document", args=[reading_id]))

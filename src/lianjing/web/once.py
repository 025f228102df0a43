"""Forms that append are stored once: a button pressed twice, and an answer that was lost, make no second record.

Each form holds a key of its own (`form_keys`). What it stores and the note that it did are one transaction. Sent again
as it is, it leads to the page that shows what was stored. Sent again with other content, as by somebody who went back
and typed the next entry, it is another form: nothing that was typed is lost.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from lianjing.core.access import came_in_by
from lianjing.core.submissions.sending import claimed, href_of, released, stored
from lianjing.web.form_keys import NAME


class StoresNothing(HttpResponseRedirect):
    """Back to a page that says why nothing was stored."""


class OnlyOnce(MiddlewareMixin):
    """Around every view that a form with a key is sent to. The last of all, so that who may not send it is told so."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method != "POST" or request.path.startswith("/api/") or not request.POST.get(NAME):
            return None
        if request.user.pk is None:
            return None
        return _answer(request, lambda: view(request, *args, **kwargs))


def _answer(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    user_id, digest = int(request.user.pk or 0), _digest(request)
    with transaction.atomic():
        mine = claimed(user_id, digest, timezone.now())
        if mine is not None:
            response = view()
            if isinstance(response, HttpResponseRedirect) and _has_stored(request, response):
                stored(mine, response.url)
            else:
                released(mine)
            return response
    messages.warning(request, _("这张表单已经保存过，这里是第一次保存的结果；没有再保存一次。"))
    return HttpResponseRedirect(href_of(user_id, digest))


def _has_stored(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A way on to what was stored; not to the door, as to the second factor that he must set up first."""
    return bool(came_in_by(request)) and not isinstance(response, StoresNothing)


def _digest(request: HttpRequest) -> str:
    """Of where it was sent to, of its key and of all that it says, files by their content."""
    told = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            told.update(repr((name, values)).encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            told.update(repr((name, file.name, _content(file))).encode("utf-8", "surrogatepass"))
    return told.hexdigest()


def _content(file: UploadedFile) -> str:
    told = hashlib.sha256()
    for chunk in file.chunks():
        told.update(chunk)
    file.seek(0)
    return told.hexdigest()

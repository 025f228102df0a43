"""Only UTF-8 comes in: by another charset a form or an address could bring in what is no text and no database keeps."""

import codecs

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

TAKEN = frozenset({"utf-8", "ascii"})
UNSUPPORTED = 415


class OnlyUtf8(MiddlewareMixin):
    """Refuses a body that names another charset; browsers send UTF-8, since our pages are."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.encoding is None or codecs.lookup(request.encoding).name in TAKEN:
            return None
        return HttpResponse(
            _("只接受 UTF-8 编码的内容。"), status=UNSUPPORTED, content_type="text/plain; charset=utf-8"
        )

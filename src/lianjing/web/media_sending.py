"""How pictures and clips leave the house: by a view that has checked who asks, as what their content is."""

import re

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse

from lianjing.domain.incidents.models import CaseMedia

SHOWN_BY_BROWSERS = frozenset({"image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm"})
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
PIECE = 4 * 1024 * 1024
"""A player that asks for the rest of a clip gets so much of it, and asks again."""


def send_media(request: HttpRequest, media: CaseMedia) -> HttpResponse:
    """The file itself, or the range of it that a player asks for. 404 when the file is gone."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    start, size = int(asked.group(1)) if asked else 0, media.size
    if asked and start < size:
        end = min(int(asked.group(2) or size - 1), size - 1, start + PIECE - 1)
        response = HttpResponse(_read(media.file, start, end - start + 1), status=206, content_type=media.mime)
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    elif asked:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
    else:
        response = HttpResponse(_read(media.file), content_type=media.mime)
    return _guarded(response, media)


def send_small(media: CaseMedia) -> HttpResponse:
    """The picture made small. 404 when there is none."""
    if not media.small:
        raise Http404
    return _guarded(HttpResponse(_read(media.small), content_type="image/jpeg"), media)


def _read(file: FieldFile, start: int = 0, length: int = -1) -> bytes:
    try:
        with file.storage.open(file.name) as opened:
            opened.seek(start)
            content: bytes = opened.read(length)
            return content
    except FileNotFoundError as gone:
        raise Http404 from gone


def _guarded(response: HttpResponse, media: CaseMedia) -> HttpResponse:
    shown = "inline" if media.mime in SHOWN_BY_BROWSERS else "attachment"
    ending = media.file.name.rpartition(".")[2]
    response["Content-Disposition"] = f'{shown}; filename="{media.incident_id}-{media.pk}.{ending}"'
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response

"""影像: pictures and clips that are added to a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.incidents.media_store import files_of, store_media
from lianjing.domain.incidents.models import CaseMedia, Incident
from lianjing.domain.incidents.moving import Actor, Missing, Refused, written

CAPTION_LIMIT = 200


def add_media(
    incident_id: int,
    uploads: Iterable[BinaryIO],
    *,
    by: Viewer,
    at: datetime,
    caption: str = "",
    source: str = "",
) -> list[CaseMedia]:
    """Keeps what an operator adds to a case, all of it or nothing. Also to one that is closed: proof may come later.

    Raises `Missing`, `Forbidden`, `Refused` (many, or the domain's refusal of a file), `BadChoice`. The files are
    looked at before the transaction: that takes up to seconds, and on SQLite there is one writer.
    """
    incident = visible(Incident.objects.all(), by, "incidents.see").filter(pk=incident_id).first()
    if incident is None:
        raise Missing(_("没有这件警情。"))
    require(by, "incidents.note", incident.company_id)
    words = written("caption", caption, limit=CAPTION_LIMIT)
    files = files_of(uploads)
    if not files:
        raise Refused(_("请选择文件。"))
    return store_media(incident, files, "operator", Actor(by, at, source), words)

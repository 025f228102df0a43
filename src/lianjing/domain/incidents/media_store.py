"""Steps of whoever adds pictures and clips to a case: looked at, then files and rows, with their records."""

from collections.abc import Iterable
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import person_id
from lianjing.domain.incidents.media_files import Limits, MediaFile, media_of
from lianjing.domain.incidents.models import CaseMedia, Incident
from lianjing.domain.incidents.moving import Actor, Refused
from lianjing.domain.records.actions import Deed, write_records

MOST_A_CASE = 200
MOST_AT_ONCE = 20


def files_of(uploads: Iterable[BinaryIO]) -> list[MediaFile]:
    """What is in some uploads, each looked at. Raises Refused."""
    limits = Limits(settings.MEDIA_PICTURE_MB, settings.MEDIA_CLIP_MB)
    wanted = list(uploads)
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("一次最多 %(most)d 个文件。") % {"most": MOST_AT_ONCE})
    return [media_of(upload.read(), limits, timezone.get_default_timezone()) for upload in wanted]


@transaction.atomic
def store_media(
    incident: Incident, files: Iterable[MediaFile], brought_by: str, actor: Actor, caption: str = ""
) -> list[CaseMedia]:
    """Files and rows, with a record for each and the news. What the case has already is not kept twice."""
    Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    had = set(CaseMedia.objects.filter(incident=incident).values_list("sha256", flat=True))
    fresh = {file.sha256: file for file in files if file.sha256 not in had}
    if len(had) + len(fresh) > MOST_A_CASE:
        raise Refused(_("一件警情最多 %(most)d 个影像。") % {"most": MOST_A_CASE})
    kept: list[CaseMedia] = []
    try:
        for digest, file in fresh.items():
            kept.append(_row(incident, file, digest, brought_by, actor, caption))
            kept[-1].save()
        _tell(incident, kept, actor)
    except BaseException:
        # Their rows are not kept, so nobody would find the files again.
        for media in kept:
            _forget_files(media)
        raise
    return kept


def _row(incident: Incident, file: MediaFile, digest: str, brought_by: str, actor: Actor, caption: str) -> CaseMedia:
    media = CaseMedia(
        incident=incident,
        kind=file.kind,
        source=brought_by,
        mime=file.mime,
        sha256=digest,
        size=len(file.content),
        width=file.width,
        height=file.height,
        caption=caption,
        taken_at=file.taken_at,
        uploaded_at=actor.at,
        uploaded_by_id=person_id(actor.by),
    )
    name = uuid4().hex
    media.file.save(f"{name}.{file.suffix}", ContentFile(file.content), save=False)
    if file.small is not None:
        media.small.save(f"{name}.small.jpg", ContentFile(file.small), save=False)
    return media


def _tell(incident: Incident, kept: list[CaseMedia], actor: Actor) -> None:
    deeds = [
        Deed(
            "incident.media_added",
            "incident",
            incident.pk,
            incident.company_id,
            {"media": m.pk, "kind": m.kind, "sha256": m.sha256, "size": m.size, "text": m.caption},
        )
        for m in kept
    ]
    if deeds:
        write_records(deeds, by=actor.by, at=actor.at, source=actor.source)
        emit([News("incident.media_added", incident.company_id, {"incident": incident.pk})], at=actor.at)


def _forget_files(media: CaseMedia) -> None:
    for file in (media.file, media.small):
        if file:
            file.storage.delete(file.name)

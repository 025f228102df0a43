"""证件照: one a person, upright and small, without what a camera writes into its pictures."""

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps

from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer
from lianjing.domain.people.facts import CHANGED, member_to_change
from lianjing.domain.people.models import Photo
from lianjing.domain.records.changing import Actor, write_down
from lianjing.terms.sentences import marked as _

LARGEST_SIDE = 800


@transaction.atomic
def keep_photo(member_id: int, scan: Scan, *, by: Viewer, at: datetime, source: str = "") -> Photo:
    """Puts a picture in the place of the last. Raises Missing, Forbidden, or Refused for what is no picture."""
    member = member_to_change(member_id, by)
    content = _rewritten(scan)
    digest = sha256(content).hexdigest()
    photo = Photo.objects.filter(member=member).first() or Photo(member=member)
    former = photo.file.name or ""
    photo.sha256, photo.kept_at = digest, at
    photo.file.save(f"{uuid4().hex}.jpg", ContentFile(content), save=False)
    storage = photo.file.storage
    try:
        photo.save()
        told = {"scan_sha256": digest}
        write_down("staff.photo_kept", member, member.company_id, Actor(by, at, source), after=told, topic=CHANGED)
    except BaseException:
        storage.delete(photo.file.name or "")
        raise
    if former:
        transaction.on_commit(lambda: storage.delete(former))
    return photo


def _rewritten(scan: Scan) -> bytes:
    """Pixels only, as JPEG, no side longer than is of use."""
    if scan.ending == "pdf":
        raise Refused("photo", _("照片只能是 PNG 或 JPEG 图片。"))
    try:
        with Image.open(BytesIO(scan.content), formats=("PNG", "JPEG")) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
            fresh = Image.new("RGB", upright.size)
            fresh.paste(upright)
            out = BytesIO()
            fresh.save(out, "JPEG", quality=88)
    except (OSError, ValueError, SyntaxError) as broken:
        raise Refused("photo", _("图片已损坏，可能没有传完。")) from broken
    return out.getvalue()

"""Entering, correcting and taking back places, with their drawings and photos."""

from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.entering import enter
from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, filed
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.changing import (
    company_to_change,
    place_now,
    place_to_change,
    stamp,
    standing_row,
    told,
)
from lianjing.domain.facilities.models import Equipment, Measurement, Place, PlaceFact, PlaceFile
from lianjing.domain.facilities.policy import CHANGED, NewPlace, checked_place
from lianjing.domain.records.changing import Actor, reason_given, take_back, write_down
from lianjing.terms.facilities import PlaceFileKind, PlaceKind
from lianjing.terms.sentences import marked as _

TEXTS = ("kind", "name", "address", "note")
FILES_AT_MOST = 40
"""Of one place."""


@transaction.atomic
def record_place(company_id: int, new: NewPlace, *, by: Viewer, at: datetime, source: str = "") -> Place:
    """Enters an operation centre, a room of one, or an office. Raises Missing, Forbidden, or Refused naming the
    field."""
    company = company_to_change(company_id, by)
    row = _entered(company, new)
    return _kept(row, "place.recorded", Actor(by, at, source))


@transaction.atomic
def correct_place(place_id: int, new: NewPlace, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Place:
    """Puts other words in the place of those that were wrong, or says until when it was in use; what was said before
    stays on file. Raises Missing, Forbidden, or Refused naming the field."""
    first = place_to_change(place_id, by)
    earlier, actor, why = place_now(first), Actor(by, at, source), reason_given(reason)
    if new.kind != earlier.kind:
        raise Refused("kind", _("更正不能改变种类；请收回这一条，另登记一处。"))
    take_back(earlier, why, actor)
    row = _entered(first.company, new, first)
    row.first = first
    return _kept(row, "place.corrected", actor, earlier, why)


@transaction.atomic
def retract_place(place_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Place:
    """Takes back a place that never was: it counts for no day, and stays on file. Raises Missing, Forbidden or
    Refused."""
    first = place_to_change(place_id, by)
    row, actor, why = place_now(first), Actor(by, at, source), reason_given(reason)
    if Place.objects.filter(centre=first, retracted_at=None).exists():
        raise Refused("reason", _("它里面还登记着房间，请先收回房间；停用请更正最后一天。"))
    on_record = sum(model.objects.filter(place=first, retracted_at=None).count() for model in (PlaceFact, Measurement))
    if on_record:
        said = _("它还有 %(count)d 条记录和测量值，请先收回；停用请更正最后一天。")
        raise Refused("reason", said, count=on_record)
    pieces = Equipment.objects.filter(place=first).count()
    if pieces:
        said = _("装备台账里有 %(count)d 件在这里，请先改它们的场地；停用请更正最后一天。")
        raise Refused("reason", said, count=pieces)
    take_back(row, why, actor)
    write_down("place.retracted", first, first.company_id, actor, after=told(name=row.name, reason=why), topic=CHANGED)
    return row


@transaction.atomic
def add_place_file(
    place_id: int, kind: str, title: str, scan: Scan | None, *, by: Viewer, at: datetime, source: str = ""
) -> PlaceFile:
    """Keeps a drawing or a photo of a place. Raises Missing, Forbidden, or Refused naming the field."""
    first = place_to_change(place_id, by)
    now = place_now(first)
    if scan is None:
        raise Refused("scan", _("请选择文件。"))
    if PlaceFileKind.of(kind) is None:
        raise Refused("kind", _("没有这个选项。"))
    if kind == PlaceFileKind.PHOTO and scan.ending == "pdf":
        raise Refused("scan", _("照片只能是 PNG 或 JPEG 图片。"))
    if first.files.filter(retracted_at=None).count() >= FILES_AT_MOST:
        raise Refused("scan", _("一处最多 %(limit)d 份图纸和照片。"), limit=FILES_AT_MOST)
    row = PlaceFile(company=first.company, place=first, sha256=scan.sha256, bytes=len(scan.content))
    enter(row, {"kind": kind, "title": title})
    stamp(row, (None, None), Actor(by, at, source))
    said = told(place=now.name, kind=row.kind, title=row.title, sha256=row.sha256)
    with filed(row.file, scan), transaction.atomic():
        row.save()
        write_down("place.file_added", row, first.company_id, Actor(by, at, source), after=said, topic=CHANGED)
    return row


@transaction.atomic
def retract_place_file(file_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> PlaceFile:
    """Takes a drawing or photo away; the file stays, since the records name it. Raises Missing, Forbidden or
    Refused."""
    row = standing_row(PlaceFile, file_id, by)
    actor, why = Actor(by, at, source), reason_given(reason)
    take_back(row, why, actor)
    said = told(title=row.title, sha256=row.sha256, reason=why)
    write_down("place.file_retracted", row, row.company_id, actor, after=said, topic=CHANGED)
    return row


def _entered(company: Company, new: NewPlace, first: Place | None = None) -> Place:
    sound = checked_place(new)
    row = Place(company=company, area_m2=sound.area_m2)
    enter(row, {name: getattr(sound, name) for name in TEXTS})
    row.valid_from, row.valid_until = sound.valid_from, sound.valid_until
    if sound.centre_id is not None:
        row.centre = _centre(company, sound.centre_id, first)
    return row


def _centre(company: Company, centre_id: int, first: Place | None) -> Place:
    """The centre in which a room lies. Raises Refused for one that is none of the company's."""
    rows = Place.objects.filter(company=company, first=None, kind=PlaceKind.CENTRE)
    centre = rows.filter(pk=centre_id).first()
    if centre is None or centre == first:
        raise Refused("centre", _("没有这个运营中心。"))
    place_now(centre)
    return centre


def _kept(row: Place, action: str, actor: Actor, earlier: Place | None = None, reason: str = "") -> Place:
    _check_name(row)
    stamp(row, (row.valid_from, row.valid_until), actor)
    row.save()
    before = _told(earlier) if earlier else None
    subject = row.first or row
    after = _told(row) | told(reason=reason)
    write_down(action, subject, row.company_id, actor, after=after, before=before, topic=CHANGED)
    return row


def _check_name(row: Place) -> None:
    """Of two rooms of one name nobody could say which is meant."""
    same = Place.objects.filter(company=row.company, name=row.name, retracted_at=None, centre=row.centre)
    if same.exists():
        raise Refused("name", _("已有同名的一处：%(name)s。"), name=row.name)


def _told(row: Place) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in TEXTS}
    said |= {"area_m2": row.area_m2, "centre": row.centre_id, "from": row.valid_from, "until": row.valid_until}
    return told(**said)

"""Pictures and clips of a case: looked at by their content, kept byte for byte, recorded with their digest."""

import io
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError
from PIL import Image

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.incidents.case_media import Beside, beside, is_unaltered, media_by_id, media_of_case
from lianjing.domain.incidents.media_files import MB, Limits, MediaFile, media_of
from lianjing.domain.incidents.media_keeping import add_media
from lianjing.domain.incidents.models import CaseMedia
from lianjing.domain.incidents.moving import BadChoice, Missing
from lianjing.domain.incidents.moving import Refused as RefusedMove
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast, alarm

LIMITS, SHANGHAI = Limits(picture_mb=1, clip_mb=1), ZoneInfo("Asia/Shanghai")
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + b"\x00" * 64
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 64


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


def read(content: bytes) -> MediaFile:
    return media_of(content, LIMITS, SHANGHAI)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("content", "kind", "mime"),
    [
        (picture("JPEG"), "picture", "image/jpeg"),
        (picture("PNG"), "picture", "image/png"),
        (picture("WEBP"), "picture", "image/webp"),
        (HEIC, "picture", "image/heic"),
        (MP4, "clip", "video/mp4"),
        (WEBM, "clip", "video/webm"),
    ],
)
def test_what_it_is_follows_from_its_content(content: bytes, kind: str, mime: str) -> None:
    found = read(content)
    assert (found.kind, found.mime, found.content) == (kind, mime, content)


def test_a_picture_gets_a_small_one_and_tells_its_size_and_when_it_was_taken() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 11:59:30"
    found = read(picture(size=(960, 480), exif=exif))
    assert (found.width, found.height) == (960, 480)
    assert found.taken_at == datetime(2026, 11, 22, 3, 59, 30, tzinfo=UTC)
    with Image.open(io.BytesIO(found.small or b"")) as small:
        assert small.size == (480, 240)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的。"),
        (b"%PDF-1.7 no picture", "只收 JPEG、PNG、WebP、HEIC 图片"),
        (b"<svg onload='alert(1)'/>", "只收 JPEG、PNG、WebP、HEIC 图片"),
        (picture("PNG")[:120], "图片已损坏"),
        (MP4 + b"\x00" * MB, "录像最大 1 MB，所选为 2 MB。"),
        (picture("PNG") + b"\x00" * MB, "图片最大 1 MB，所选为 2 MB。"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(content)


def test_media_are_kept_byte_for_byte_recorded_by_digest_and_told(cast: Cast, folder: Path) -> None:
    case, content = alarm(), picture()
    kept = add_media(
        case.pk, [io.BytesIO(content), io.BytesIO(MP4)], by=cast.viewer("olivia"), at=NOON, caption="back door"
    )
    assert [m.sha256 for m in kept] == [sha256(content).hexdigest(), sha256(MP4).hexdigest()]
    assert [(m.source, m.caption, m.uploaded_by) for m in kept] == [("operator", "back door", cast.users["olivia"])] * 2
    with kept[0].file.open("rb") as file:
        assert file.read() == content
    assert files_in(folder) == 3
    records = Record.objects.filter(action="incident.media_added").order_by("pk")
    assert [record.after["sha256"] for record in records] == [m.sha256 for m in kept]
    assert Message.objects.filter(topic="incident.media_added").count() == 1


def test_one_bad_file_and_nothing_is_kept(cast: Cast, folder: Path) -> None:
    case = alarm()
    with pytest.raises(Refused):
        add_media(case.pk, [io.BytesIO(MP4), io.BytesIO(b"no")], by=cast.viewer("olivia"), at=NOON)
    assert (CaseMedia.objects.count(), files_in(folder)) == (0, 0)


def test_a_failure_while_it_is_written_leaves_no_file_behind(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("lianjing.domain.incidents.media_store.write_records", broken)
    with pytest.raises(DatabaseError):
        add_media(alarm().pk, [io.BytesIO(picture())], by=cast.viewer("olivia"), at=NOON)
    assert (CaseMedia.objects.count(), files_in(folder)) == (0, 0)


def test_the_same_file_is_kept_once(cast: Cast, folder: Path) -> None:
    case, olivia = alarm(), cast.viewer("olivia")
    add_media(case.pk, [io.BytesIO(MP4), io.BytesIO(MP4)], by=olivia, at=NOON)
    assert add_media(case.pk, [io.BytesIO(MP4)], by=olivia, at=NOON) == []
    assert CaseMedia.objects.count() == 1


def test_an_altered_file_shows(cast: Cast, folder: Path) -> None:
    olivia = cast.viewer("olivia")
    (media,) = add_media(alarm().pk, [io.BytesIO(MP4)], by=olivia, at=NOON)
    assert is_unaltered(olivia, media) is True
    path = Path(media.file.path)
    path.write_bytes(MP4 + b"x")
    assert is_unaltered(olivia, media) is False
    path.unlink()
    assert is_unaltered(olivia, media) is None


def test_media_are_leafed_through_in_the_order_in_which_they_came(cast: Cast, folder: Path) -> None:
    case, olivia = alarm(), cast.viewer("olivia")
    first, second = add_media(case.pk, [io.BytesIO(MP4), io.BytesIO(WEBM)], by=olivia, at=NOON)
    assert beside(olivia, first) == Beside(before=None, after=second.pk, place=1, count=2)


def test_strangers_find_no_media_and_readers_add_none(cast: Cast, folder: Path) -> None:
    case = alarm()
    (media,) = add_media(case.pk, [io.BytesIO(MP4)], by=cast.viewer("olivia"), at=NOON)
    assert media_of_case(cast.viewer("polly"), case.pk) == [media]
    assert (media_of_case(cast.viewer("sam"), case.pk), media_by_id(cast.viewer("sam"), case.pk, media.pk)) == (
        [],
        None,
    )
    with pytest.raises(Missing):
        add_media(case.pk, [io.BytesIO(MP4)], by=cast.viewer("sam"), at=NOON)
    with pytest.raises(Forbidden):
        add_media(case.pk, [io.BytesIO(MP4)], by=cast.viewer("polly"), at=NOON)


def test_no_file_and_too_long_a_caption_are_said(cast: Cast, folder: Path) -> None:
    case, olivia = alarm(), cast.viewer("olivia")
    with pytest.raises(RefusedMove, match="请选择文件"):
        add_media(case.pk, [], by=olivia, at=NOON)
    with pytest.raises(BadChoice):
        add_media(case.pk, [io.BytesIO(MP4)], by=olivia, at=NOON, caption="x" * 201)

"""Pictures and clips as they come in: looked at by their content, kept byte for byte. No clock.

A picture in evidence is not written anew, as drawings are: its digest must stay the one of the camera's file.
"""

import io
import warnings
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256

from PIL import Image, ImageOps, UnidentifiedImageError

from lianjing.core.refusals import Refused
from lianjing.terms.sentences import marked as _

PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
MOST_PIXELS = 100_000_000
SMALL_SIDE = 480
"""Longer side of the picture in lists, in pixels."""
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
MP4_BRANDS = frozenset({b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "})
WEBM_HEAD, WEBM_MARK, WEBM_WITHIN = b"\x1a\x45\xdf\xa3", b"webm", 4096
MB = 1024 * 1024
EXIF, TAKEN, TAKEN_ZONE = 0x8769, 0x9003, 0x9011
"""Tags of EXIF: its directory, DateTimeOriginal, OffsetTimeOriginal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """In megabytes."""

    picture_mb: int
    clip_mb: int


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that may be kept. `small` is the picture for lists, None where there is none."""

    content: bytes
    kind: str
    mime: str
    width: int | None = None
    height: int | None = None
    small: bytes | None = None
    taken_at: datetime | None = None

    @property
    def suffix(self) -> str:
        return SUFFIXES[self.mime]

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def media_of(content: bytes, limits: Limits, zone: tzinfo) -> MediaFile:
    """Looks at the content itself, never at a name. `zone` is the camera's where its picture names none.

    Raises Refused for what is neither picture nor clip, too large, or broken.
    """
    if not content:
        raise Refused("files", _("文件是空的。"))
    mime = _boxed(content) or _webm(content)
    if mime is not None and mime.startswith("video/"):
        _fits(content, limits.clip_mb, _("录像最大 %(most)d MB，所选为 %(size)d MB。"))
        return MediaFile(content, "clip", mime)
    _fits(content, limits.picture_mb, _("图片最大 %(most)d MB，所选为 %(size)d MB。"))
    return MediaFile(content, "picture", mime) if mime else _picture(content, zone)


def _fits(content: bytes, most_mb: int, sentence: str) -> None:
    if len(content) > most_mb * MB:
        raise Refused("files", sentence, most=most_mb, size=-(-len(content) // MB))


def _boxed(content: bytes) -> str | None:
    """MP4 and HEIC say which they are in their first box (ISO/IEC 14496-12, 4.3)."""
    if content[4:8] != b"ftyp":
        return None
    brands = {content[at : at + 4] for at in (8, *range(16, min(int.from_bytes(content[:4], "big"), 128), 4))}
    if brands & HEIC_BRANDS:
        return "image/heic"
    return "video/mp4" if brands & MP4_BRANDS else None


def _webm(content: bytes) -> str | None:
    return "video/webm" if content.startswith(WEBM_HEAD) and WEBM_MARK in content[:WEBM_WITHIN] else None


def _picture(content: bytes, zone: tzinfo) -> MediaFile:
    try:
        # A warning of Pillow's is a refusal here: nobody's camera makes a picture that big.
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as picture:
                return _read(picture, content, zone)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("files", _("图片的像素太多：最多一亿。")) from None
    except UnidentifiedImageError:
        raise Refused(
            "files", _("只收 JPEG、PNG、WebP、HEIC 图片和 MP4、WebM 录像（以内容为准，不看文件名）。")
        ) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        # What Pillow says of broken files, by the place where they break.
        raise Refused("files", _("图片已损坏，可能没有传完。")) from None


def _read(picture: Image.Image, content: bytes, zone: tzinfo) -> MediaFile:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Refused("files", _("图片的像素太多：最多一亿。"))
    mime, taken_at = PICTURES[picture.format or ""], _taken_at(picture, zone)
    picture.draft("RGB", (SMALL_SIDE * 2, SMALL_SIDE * 2))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=80)
    return MediaFile(content, "picture", mime, width, height, out.getvalue(), taken_at)


def _taken_at(picture: Image.Image, zone: tzinfo) -> datetime | None:
    tags = picture.getexif().get_ifd(EXIF)
    written, offset = str(tags.get(TAKEN, "")), str(tags.get(TAKEN_ZONE, ""))
    for text, form in ((f"{written} {offset}", "%Y:%m:%d %H:%M:%S %z"), (written, "%Y:%m:%d %H:%M:%S")):
        try:
            taken = datetime.strptime(text, form)  # noqa: DTZ007 given its zone below
        except ValueError:
            continue
        return taken if taken.tzinfo else taken.replace(tzinfo=zone)
    return None

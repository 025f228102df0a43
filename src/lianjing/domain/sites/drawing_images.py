"""Pictures that people upload as drawings: checked, and written anew, so that only pixels are kept. No clock."""

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from lianjing.core.refusals import Refused
from lianjing.core.scans import check_name
from lianjing.terms.sentences import marked as _

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 60_000_000
"""A0 at 200 dpi. What claims more is not opened at all: a small file can unfold to gigabytes."""
LONGEST_SIDE = 4000
"""Kept at most; a larger picture is made smaller."""
SHORTEST_SIDE = 100
MOST_KEPT = 4 * 1024 * 1024
"""Of a PNG; a larger one is a photograph, and is kept as JPEG."""
ENDINGS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
FORMATS = tuple(ENDINGS)
TRANSPARENT = ("RGBA", "LA", "PA", "P")


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture as it is stored: PNG for line drawings, JPEG for photographs."""

    content: bytes
    suffix: str
    width: int
    height: int


CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg"}
"""By suffix."""


def clean_image(upload: BinaryIO, size: int, name: str = "") -> CleanImage:
    """What is kept of an upload of `size` bytes: turned upright, without metadata. `name`: what it was called; "" when
    nobody called it anything. Raises Refused."""
    if size > MOST_BYTES:
        raise Refused("image", _("图片太大：最多 %(most)d MB，所选为 %(size)d MB。"), most=15, size=-(-size >> 20))
    try:
        # A warning of Pillow's is a refusal here: a picture that big is nobody's floor plan.
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=FORMATS) as picture:
                if name:
                    check_name(name, ENDINGS[picture.format or ""], "image")
                return _rewritten(picture)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise Refused("image", _("这不是 PNG、JPEG 或 WebP 图片。")) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        # What Pillow says of broken files, by the place where they break.
        raise Refused("image", _("图片已损坏，读不完整。")) from None


def _rewritten(picture: Image.Image) -> CleanImage:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < SHORTEST_SIDE:
        raise Refused("image", _("图片太小：每边至少 %(least)d 像素。"), least=SHORTEST_SIDE)
    lossy = picture.format != "PNG"
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    pixels = _opaque(upright)
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    content = _written(pixels, "JPEG" if lossy else "PNG")
    if not lossy and len(content) > MOST_KEPT:
        content, lossy = _written(pixels, "JPEG"), True
    return CleanImage(content, "jpg" if lossy else "png", *pixels.size)


def _written(pixels: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    pixels.save(out, kind, quality=85)
    return out.getvalue()


def _opaque(picture: Image.Image) -> Image.Image:
    """On white, as paper is: marks are drawn above it. A new picture without what came with the old one."""
    if picture.mode in TRANSPARENT:
        above = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(above, mask=above.getchannel("A"))
        return paper
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture.convert("RGB"))
    return fresh


def _too_many_pixels() -> Refused:
    return Refused("image", _("图片的像素太多：最多 %(most)d 万。"), most=MOST_PIXELS // 10_000)

"""Pictures that are uploaded as drawings."""

import io
from typing import Any

import pytest
from PIL import Image

from lianjing.core.refusals import Refused
from lianjing.domain.sites.drawing_images import LONGEST_SIDE, clean_image


def encoded(kind: str, size: tuple[int, int] = (400, 200), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **more)
    return out.getvalue()


def read(content: bytes, size: int | None = None) -> Any:
    return clean_image(io.BytesIO(content), len(content) if size is None else size)


def located() -> bytes:
    """A photograph that is turned by its metadata, and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a maker"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded("JPEG", exif=exif)


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (encoded("PNG"), ("png", 400, 200)),
        (encoded("JPEG"), ("jpg", 400, 200)),
        (encoded("WEBP"), ("jpg", 400, 200)),
        (encoded("PNG", mode="I;16"), ("png", 400, 200)),
        (encoded("JPEG", mode="CMYK"), ("jpg", 400, 200)),
        (encoded("PNG", (2 * LONGEST_SIDE, 1000)), ("png", LONGEST_SIDE, 500)),
        (located(), ("jpg", 200, 400)),
    ],
)
def test_a_picture_is_written_anew_upright_and_not_too_large(content: bytes, kept: tuple[str, int, int]) -> None:
    clean = read(content)
    assert (clean.suffix, clean.width, clean.height) == kept
    with Image.open(io.BytesIO(clean.content)) as again:
        assert again.size == kept[1:]
        assert dict(again.getexif()) == {}
    assert b"a maker" not in clean.content


def test_what_is_transparent_lies_on_white_paper() -> None:
    clean = read(encoded("PNG", mode="RGBA"))
    with Image.open(io.BytesIO(clean.content)) as again:
        assert again.getpixel((0, 0)) == (255, 255, 255)


def test_what_is_kept_of_noise_is_not_larger_than_a_photograph() -> None:
    out = io.BytesIO()
    Image.effect_noise((2400, 2400), 90).save(out, "PNG")
    clean = read(out.getvalue())
    assert (clean.suffix, len(clean.content) < len(out.getvalue())) == ("jpg", True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 PNG、JPEG 或 WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是 PNG、JPEG 或 WebP"),
        (encoded("GIF"), "不是 PNG、JPEG 或 WebP"),
        (encoded("TIFF"), "不是 PNG、JPEG 或 WebP"),
        (encoded("PNG", (2000, 2000))[:600], "已损坏"),
        (encoded("JPEG", (2000, 2000))[:900], "已损坏"),
        (encoded("PNG", (400, 99)), "太小"),
        (encoded("PNG", (9000, 9000), "1"), "像素太多"),
        (encoded("PNG", (20000, 20000), "1"), "像素太多"),
    ],
    ids=range(9),
)
def test_what_is_no_sound_picture_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        read(content)
    assert refused.value.field == "image"


def test_what_is_too_large_is_not_even_read() -> None:
    with pytest.raises(Refused, match="最多 15 MB，所选为 16 MB"):
        clean_image(io.BytesIO(b""), 16 << 20)

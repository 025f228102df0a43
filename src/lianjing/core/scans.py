"""Scanned papers: what may be kept, and the files themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile
from PIL import Image, UnidentifiedImageError

from lianjing.core.refusals import Refused
from lianjing.terms.sentences import marked as _

LARGEST = 10 * 1024 * 1024
PDF_HEAD, PDF_END = b"%PDF-", b"%%EOF"
END_WITHIN = 2048
"""Some programs write a few bytes behind the end mark."""
PIXELS_AT_MOST = 100_000_000
PICTURES = {"PNG": "png", "JPEG": "jpg"}
JPEG = frozenset({"jpg", "jpeg", "jpe", "jfif"})
FORMATS: dict[str, tuple[str, frozenset[str]]] = {
    "pdf": ("PDF", frozenset({"pdf"})),
    "docx": ("Word", frozenset({"docx"})),
    "png": ("PNG", frozenset({"png"})),
    "jpg": ("JPEG", JPEG),
    "webp": ("WebP", frozenset({"webp"})),
}
"""Of each that is kept, by its ending: what it is called, and how a name of it may end."""
CONTENT_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that may be kept. `ending` follows from the content, never from the name that it came with."""

    content: bytes
    ending: str

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def check_name(name: str, ending: str, field: str = "scan") -> None:
    """Raises Refused when a file's name says that it is something else than its content is: `ending` of `FORMATS`."""
    called, endings = FORMATS[ending]
    said = name.rpartition(".")[2].strip().lower() if "." in name else ""
    if said not in endings:
        raise Refused(field, _("文件名“%(name)s”与内容不符：内容是 %(format)s。"), name=name[-60:], format=called)


def scan_of(content: bytes, name: str = "") -> Scan:
    """Looks at the content itself, and whether it is what its name says; "" for one that never had a name. Raises
    Refused for what is neither PDF, PNG nor JPEG, or too large, or broken."""
    scan = _looked_at(content)
    if name:
        check_name(name, scan.ending)
    return scan


def _looked_at(content: bytes) -> Scan:
    if not content:
        raise Refused("scan", _("文件是空的。"))
    if len(content) > LARGEST:
        raise Refused("scan", _("文件超过 %(limit)d MB。"), limit=LARGEST // (1024 * 1024))
    if content.startswith(PDF_HEAD):
        if PDF_END not in content[-END_WITHIN:]:
            raise Refused("scan", _("PDF 不完整，可能没有传完。"))
        return Scan(content, "pdf")
    return Scan(content, _picture(content))


def _picture(content: bytes) -> str:
    """The ending of a whole picture. Only the formats that we name are looked into at all."""
    try:
        with Image.open(BytesIO(content), formats=tuple(PICTURES)) as picture:
            kind = PICTURES[picture.format or ""]
            if picture.width * picture.height > PIXELS_AT_MOST:
                raise Refused("scan", _("图片太大：最多一亿像素。"))
            picture.verify()
            return kind
    except UnidentifiedImageError as other:
        raise Refused("scan", _("只能是 PDF、PNG 或 JPEG 文件（以内容为准，不看文件名）。")) from other
    except (OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError) as broken:
        raise Refused("scan", _("图片已损坏，可能没有传完。")) from broken


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A scan as it lies in the folder. `unaltered`: it is the one that was kept."""

    content: bytes
    content_type: str
    ending: str
    unaltered: bool


def read_scan(file: FieldFile, digest: str) -> KeptScan | None:
    """A kept file, compared with the SHA-256 that was noted then; None when there is none or it is gone."""
    if not file:
        return None
    try:
        with file.open("rb") as opened:
            content = opened.read()
    except FileNotFoundError:
        return None
    ending = str(file.name).rpartition(".")[2]
    holds = sha256(content).hexdigest() == digest
    return KeptScan(content, CONTENT_TYPES.get(ending, "application/octet-stream"), ending, holds)


@contextmanager
def filed(file: FieldFile, scan: Scan | None) -> Iterator[None]:
    """Around the save of a row: its file lies in the folder under a name of its own, and goes again when the row is not
    saved. Without a scan nothing happens."""
    if scan is None:
        yield
        return
    file.save(f"{uuid4().hex}.{scan.ending}", ContentFile(scan.content), save=False)
    try:
        yield
    except BaseException:
        file.storage.delete(file.name or "")
        raise

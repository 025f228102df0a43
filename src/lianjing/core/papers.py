"""Documents that people bring as files, PDF or Word: what they are by their content, and the text in them."""

import re
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from lzma import LZMAError
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from lianjing.core.refusals import Refused
from lianjing.core.scans import LARGEST, PDF_HEAD, check_name, scan_of
from lianjing.terms.sentences import marked as _

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ZIP_HEAD = b"PK\x03\x04"
MAIN, TYPES = "word/document.xml", "[Content_Types].xml"
MACROS = re.compile(r"(?i)vbaproject\.bin$|vbadata\.xml$|/activex/")
MACRO_TYPE = b"macroEnabled"
PARTS_AT_MOST = 2000
UNPACKED_AT_MOST = 40 * 1024 * 1024
"""Bytes of one part, unpacked: a small file can claim any size."""
TEXT_AT_MOST = 200_000
"""Signs: more of a text is not searched."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ENDS_LINE = frozenset({f"{_W}p", f"{_W}br", f"{_W}tr", f"{_W}tab"})
ENCRYPTED = 0x1
DAMAGED = (
    BadZipFile,
    zlib.error,
    LZMAError,
    NotImplementedError,
    EOFError,
    RuntimeError,
    OSError,
    ValueError,
)
"""What unpacking raises, by how a file is packed and where it is broken."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that may be kept. `ending` follows from the content; `text`: as far as it could be read."""

    content: bytes
    ending: str
    name: str
    text: str = ""

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def paper_of(content: bytes, name: str) -> Paper:
    """Looks at the content itself. Raises Refused for what is neither PDF nor Word, too large, broken, with macros, or
    not what its name says. The text of a PDF is not read."""
    if not content:
        raise Refused("file", _("文件是空的。"))
    if len(content) > LARGEST:
        raise Refused("file", _("文件超过 %(limit)d MB。"), limit=LARGEST // (1024 * 1024))
    if content.startswith(PDF_HEAD):
        try:
            scan_of(content)
        except Refused as broken:
            raise Refused("file", broken.sentence, **broken.figures) from broken
        return _named(Paper(content, "pdf", name))
    if content.startswith(ZIP_HEAD):
        return _named(Paper(content, "docx", name, _text_of(content)))
    raise Refused("file", _("只能是 PDF 或 Word（.docx）文件（以内容为准，不看文件名）。"))


def _named(paper: Paper) -> Paper:
    """Raises Refused when the name says another format than the content has."""
    check_name(paper.name, paper.ending, "file")
    return paper


def _text_of(content: bytes) -> str:
    """The text of a Word file. Raises Refused when it is none, or has macros in it."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            _look_at_parts(packed)
            return _words(_unpacked(packed, MAIN))
    except DAMAGED as broken:
        raise Refused("file", _("Word 文件已损坏，可能没有传完。")) from broken
    except expat.ExpatError as broken:
        raise Refused("file", _("Word 文件的正文读不出来。")) from broken


def _look_at_parts(packed: ZipFile) -> None:
    names = [part.filename for part in packed.infolist()]
    if MAIN not in names or TYPES not in names:
        raise Refused("file", _("压缩包里没有 Word 正文，不是 .docx 文件。"))
    if len(names) > PARTS_AT_MOST or any(part.flag_bits & ENCRYPTED for part in packed.infolist()):
        raise Refused("file", _("Word 文件已加密或结构异常，不能保存。"))
    if any(MACROS.search(name) for name in names) or MACRO_TYPE in _unpacked(packed, TYPES):
        raise Refused("file", _("Word 文件含有宏，不能保存；请另存为不含宏的 .docx。"))


def _unpacked(packed: ZipFile, name: str) -> bytes:
    """Never more in memory than is allowed, whatever the file claims."""
    with packed.open(name) as part:
        content = part.read(UNPACKED_AT_MOST + 1)
    if len(content) > UNPACKED_AT_MOST:
        raise Refused("file", _("Word 文件展开后太大。"))
    return content


def _words(xml: bytes) -> str:
    """Text runs, a line each paragraph. A document type, by which XML can name other files or grow, is refused."""
    parts: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    inside = False

    def starts(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = f"{{{name}" == f"{_W}t"

    def ends(name: str) -> None:
        nonlocal inside
        inside = False
        if f"{{{name}" in _ENDS_LINE:
            parts.append("\n")

    def says(text: str) -> None:
        if inside:
            parts.append(text)

    def has_type(*_told: object) -> None:
        raise Refused("file", _("Word 文件的正文带有 DTD，不能保存。"))

    parser.StartElementHandler, parser.EndElementHandler = starts, ends
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = says, has_type
    parser.Parse(xml, True)
    return re.sub(r"\n{2,}", "\n", "".join(parts)).strip()[:TEXT_AT_MOST]

"""Files that are brought as documents: what counts is their content."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from lianjing.core.papers import UNPACKED_AT_MOST, paper_of
from lianjing.core.refusals import Refused
from tests.domain.documents.written import PDF, TYPES, docx

MACRO = TYPES.replace(
    "openxmlformats-officedocument.wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
)
ENTITY = '<!DOCTYPE d [<!ENTITY a "aaaaaaaa">]><d>&a;</d>'


def odd_zip() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        packed.writestr("a.txt", "x")
    return made.getvalue()


def packed_by(method: int, damaged_at: int) -> bytes:
    """A Word file with one byte of what its first part was packed into overwritten."""
    made = BytesIO()
    with ZipFile(BytesIO(docx())) as had, ZipFile(made, "w", method) as packed:
        for name in had.namelist():
            packed.writestr(name, had.read(name))
    begins = 30 + len("[Content_Types].xml") + damaged_at
    return made.getvalue()[:begins] + b"\xff" + made.getvalue()[begins + 1 :]


def test_a_word_file_is_known_by_its_parts_and_its_text_is_read() -> None:
    paper = paper_of(docx("交接班须双方签字 &amp; 存档"), "a.DOCX")
    assert (paper.ending, paper.text, len(paper.sha256)) == ("docx", "交接班须双方签字 & 存档", 64)


def test_of_a_pdf_the_text_is_not_read() -> None:
    assert (paper_of(PDF, "制度.pdf").ending, paper_of(PDF, "制度.pdf").text) == ("pdf", "")


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "文件是空的。"),
        (b"MZ\x90 a program", "a.pdf", "只能是 PDF 或 Word（.docx）文件（以内容为准，不看文件名）。"),
        (PDF, "a.docx", "文件名“a.docx”与内容不符：内容是 PDF。"),
        (docx(), "a.pdf", "文件名“a.pdf”与内容不符：内容是 Word。"),
        (docx(), "a", "文件名“a”与内容不符：内容是 Word。"),
        (b"%PDF-1.4 cut", "a.pdf", "PDF 不完整，可能没有传完。"),
        (docx()[:200], "a.docx", "Word 文件已损坏，可能没有传完。"),
        (packed_by(ZIP_DEFLATED, 0), "a.docx", "Word 文件已损坏，可能没有传完。"),
        (packed_by(ZIP_LZMA, 4), "a.docx", "Word 文件已损坏，可能没有传完。"),
        (odd_zip(), "a.docx", "压缩包里没有 Word 正文，不是 .docx 文件。"),
        (docx(types=MACRO), "a.docx", "Word 文件含有宏，不能保存；请另存为不含宏的 .docx。"),
        (docx(**{"word/vbaProject.bin": b"x"}), "a.docx", "Word 文件含有宏，不能保存；请另存为不含宏的 .docx。"),
        (docx(**{"word/activeX/activeX1.bin": b"x"}), "a.docx", "Word 文件含有宏，不能保存；请另存为不含宏的 .docx。"),
        (docx(xml=ENTITY), "a.docx", "Word 文件的正文带有 DTD，不能保存。"),
        (docx(xml="<d>"), "a.docx", "Word 文件的正文读不出来。"),
    ],
)
def test_what_is_not_what_it_says_is_refused(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        paper_of(content, name)
    assert (refused.value.field, str(refused.value)) == ("file", sentence)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    made = BytesIO()
    with ZipFile(made, "w", 8) as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("word/document.xml", b" " * (UNPACKED_AT_MOST + 1))
    with pytest.raises(Refused, match="展开后太大"):
        paper_of(made.getvalue(), "a.docx")

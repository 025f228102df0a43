"""Text in the encodings that panels use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianjing.protocols.text import decode_text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Hall", "Hall"),
        ("大厅".encode(), "大厅"),
        ("大厅".encode("gb18030"), "大厅"),
        ("Küche".encode(), "Küche"),
        (b"caf\xe9", "café"),
        (b"\x80", "\u20ac"),
        (b"\x81", "\x81"),
        (b"", ""),
    ],
)
def test_utf8_then_chinese_then_western(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


@pytest.mark.parametrize(
    "text", ["厅", "A厅", "A区PIR", "PIR探测器B区", "3号门", "朱镕基", "喆", "𠀀门", "一楼A座东门", "厨房Gas"]
)
def test_chinese_in_gb18030_is_chinese(text: str) -> None:
    assert decode_text(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    "text",
    ["Küche", "Größe ÄÖ", "Müßig", "Habitação", "HABITAÇÃO", "Instalações", "créée", "Été à l’école", "Tür – 5 €"],
)
def test_accents_in_cp1252_are_western_also_two_together(text: str) -> None:
    assert decode_text(text.encode("cp1252")) == text


@given(st.binary())
def test_any_bytes_give_text(raw: bytes) -> None:
    decode_text(raw)

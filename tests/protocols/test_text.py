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


@given(st.binary())
def test_any_bytes_give_text(raw: bytes) -> None:
    decode_text(raw)

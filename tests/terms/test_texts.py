"""What text can be kept."""

import pytest

from lianjing.terms.texts import storable


@pytest.mark.parametrize(
    ("text", "kept"),
    [("", True), ("盗警 \U0001f6a8\n", True), ("a\0", False), ("a\ud800", False), ("\udfffb", False)],
)
def test_what_neither_database_keeps_is_known(text: str, kept: bool) -> None:
    assert storable(text) is kept

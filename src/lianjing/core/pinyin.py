"""Pinyin initials, by which Chinese names are searched: 解放路金店 is found by "jfljd"."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

LONGEST = 100
KEPT = 20_000
"""Names whose spelling is kept: a form that offers a thousand people spells them once."""


def initials_of(name: str) -> str:
    """First letters of the syllables, lower case; other letters and digits as they are, the rest left out."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default"))
    return "".join(letter for letter in letters.lower() if letter.isalnum())[:LONGEST]


@lru_cache(KEPT)
def spellings_of(name: str) -> tuple[str, str]:
    """Its initials, and all its letters: ("csy", "chensiyuan")."""
    letters = "".join(lazy_pinyin(name, errors="default"))
    return initials_of(name), "".join(letter for letter in letters.lower() if letter.isalnum())[:LONGEST]

"""Pinyin initials, by which Chinese names are searched: 解放路金店 is found by "jfljd"."""

from pypinyin import Style, lazy_pinyin

LONGEST = 100


def initials_of(name: str) -> str:
    """First letters of the syllables, lower case; other letters and digits as they are, the rest left out."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default"))
    return "".join(letter for letter in letters.lower() if letter.isalnum())[:LONGEST]

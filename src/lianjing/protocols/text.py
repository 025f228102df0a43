"""Text that panels send in whatever encoding their maker liked."""

import re

# In GB18030 a Chinese character is two such bytes, a rare one four with digits between; Western text has accents one at
# a time, now and then two ("Größe", "HABITAÇÃO"). GB18030 would read "Küche" in CP-1252 as a Chinese character.
_PAIR = re.compile(rb"[\x81-\xfe][\x80-\xfe]")
_SURELY_CHINESE = re.compile(rb"[\x81-\xfe][\x80-\xfe][\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9]")
# Two accents inside a word: the pair is a rare character (second half of GB 2312) beside a letter, or stands in a word.
_ACCENTS = re.compile(
    rb"[A-Za-z][\xd8-\xff][\xc0-\xff](?![\x80-\xff])|(?<![\x80-\xff])[\xd8-\xff][\xc0-\xff][A-Za-z]"
    rb"|[A-Za-z]{2}[\xc0-\xff]{2}[A-Za-z]"
)


def decode_text(raw: bytes) -> str:
    """Reads `raw` as UTF-8, else GB18030 (Chinese panels) or CP-1252 (DC-09 field use). Never raises."""
    others = ("gb18030", "cp1252") if _looks_chinese(raw) else ("cp1252", "gb18030")
    for encoding in ("utf-8", *others):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _looks_chinese(raw: bytes) -> bool:
    return bool(_SURELY_CHINESE.search(raw) or (_PAIR.search(raw) and not _ACCENTS.search(raw)))

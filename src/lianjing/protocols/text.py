"""Text that panels send in whatever encoding their maker liked."""

import re

# In GB18030 a character outside ASCII is two such bytes or more; Western text has accents one at a time. GB18030 would
# read "Küche" in CP-1252 as a Chinese character, so what looks Western is tried as that first.
_CHINESE = re.compile(rb"[\x81-\xfe][\x80-\xfe]")


def decode_text(raw: bytes) -> str:
    """Reads `raw` as UTF-8, else GB18030 (Chinese panels) or CP-1252 (DC-09 field use). Never raises."""
    others = ("gb18030", "cp1252") if _CHINESE.search(raw) else ("cp1252", "gb18030")
    for encoding in ("utf-8", *others):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")

"""What text can be kept."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> bool:
    """Whether both databases keep it: PostgreSQL stores no NUL, and half of a surrogate pair, as JSON can write it, is
    no text in UTF-8."""
    return _UNSTORABLE.search(text) is None

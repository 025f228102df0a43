"""Lengths of time as people write them: 90 秒, 3 分钟, 25 小时 30 分, 25h 30m."""

import re
import unicodedata

from django.utils.translation import gettext as _

SECONDS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}
_NAMES = {"天": "d", "日": "d", "小时": "h", "时": "h", "分钟": "m", "分": "m", "秒": "s", "min": "m", "sec": "s"}
_PART = re.compile(r"(\d{1,9})\s*(天|日|小时|时|分钟|分|秒|min|sec|[dhms])\s*")
MOST_TEXT = 40


def seconds_of(text: str, bare: str) -> int | None:
    """What `text` says; a bare number counts in the unit `bare` ("s", "m" …). None when it says no length of time."""
    text = unicodedata.normalize("NFKC", text[:MOST_TEXT]).strip().lower()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text) * SECONDS[bare]
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text):
        return None
    return sum(int(count) * SECONDS[_NAMES.get(unit, unit)] for count, unit in parts)


def duration_text(seconds: int) -> str:
    """In full, so that it can be read back: 25 小时 30 分. A day and an hour are 25 小时, as standards tell it."""
    days = 0 if seconds % 86_400 and seconds < 2 * 86_400 else seconds // 86_400
    hours, rest = divmod(seconds - days * 86_400, 3600)
    minutes, rest = divmod(rest, 60)
    units = (
        (days, _("%(count)d 天")),
        (hours, _("%(count)d 小时")),
        (minutes, _("%(count)d 分")),
        (rest, _("%(count)d 秒")),
    )
    told = [words % {"count": count} for count, words in units if count]
    return " ".join(told) or _("%(count)d 秒") % {"count": 0}

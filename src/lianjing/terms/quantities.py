"""Figures with their unit, as a part of a sentence: units that are written everywhere have words in each language,
others stay as they were typed."""

from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _

UNITS = {
    "%": "%(figure)s%%",
    "毫秒": _("%(figure)s 毫秒"),
    "秒": _("%(figure)s 秒"),
    "分": _("%(figure)s 分"),
    "分钟": _("%(figure)s 分钟"),
    "小时": _("%(figure)s 小时"),
    "天": _("%(figure)s 天"),
    "次": _("%(figure)s 次"),
    "人": _("%(figure)s 人"),
    "户": _("%(figure)s 户"),
    "台": _("%(figure)s 台"),
    "路": _("%(figure)s 路"),
    "个": _("%(figure)s 个"),
    "米": _("%(figure)s 米"),
    "公里": _("%(figure)s 公里"),
}


def quantity(value: float, unit: str) -> Phrase:
    """60 秒, 1,500,000 次, 99.5%."""
    figure = f"{value:,}"
    if unit in UNITS:
        return Phrase(UNITS[unit], {"figure": figure})
    return Phrase("%(figure)s %(unit)s", {"figure": figure, "unit": unit})

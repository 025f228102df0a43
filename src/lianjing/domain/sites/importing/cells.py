"""What cells of the workbook of sites mean, beside those that every workbook has. No Django, no clock."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from unicodedata import normalize

from lianjing.core.workbooks.cells import code, is_forbidden, narrow, number, plain, shown, text, whole
from lianjing.core.workbooks.faults import BadCell
from lianjing.domain.sites.panel_rules import LONGEST_TEST
from lianjing.domain.sites.policy import HEX, BadKey, chosen_key, key_readings, normal_account, normal_number
from lianjing.terms.divisions import divisions_named
from lianjing.terms.sentences import marked as _

_ACCOUNT = re.compile(r"[0-9A-Z][0-9A-Z_.-]*")
_NUMBER = re.compile(r"[0-9A-Za-z]+")


def account(raw: Any) -> str:
    """A panel's account as it sends it; leading zeros of a text count."""
    value = normal_account(normalize("NFKC", str(code(32)(raw))))
    if not _ACCOUNT.fullmatch(value):
        raise BadCell(_("“%(text)s”不是账号：只能用数字和英文字母。"), text=shown(raw))
    return value


def zone_number(raw: Any) -> str:
    """A zone, user or area number, normalised: "003" is "3"."""
    value = normalize("NFKC", str(code(16)(raw)))
    if not _NUMBER.fullmatch(value):
        raise BadCell(_("“%(text)s”不是编号：只能用数字和英文字母。"), text=shown(raw))
    return normal_number(value)


def latitude(raw: Any) -> float:
    """Degrees north."""
    found = float(number(-180, 180)(raw))
    if abs(found) > 90:
        raise BadCell(_("%(number)s 超出范围：纬度须为 -90 至 90，是否与经度填反了？"), number=shown(raw))
    return found


_MINUTES = re.compile(r"([0-9]{1,6})(?:\.0+)?(m|min|分钟|分|h|hr|小时|d|天)?")


def minutes(raw: Any) -> int | None:
    """A span in minutes; also `24h`, `90m`, `1d`, `24小时`; 0 is none."""
    if isinstance(raw, timedelta):
        value = int(raw.total_seconds()) // 60
    elif isinstance(raw, time):
        value = raw.hour * 60 + raw.minute
    else:
        found = _MINUTES.fullmatch(narrow(raw).lower().replace(" ", ""))
        if found is None or isinstance(raw, bool | datetime | date):
            raise BadCell(_("“%(text)s”不是时间间隔，请填写分钟数，或如 24h、90m。"), text=shown(raw))
        factor = {"h": 60, "hr": 60, "小时": 60, "d": 1440, "天": 1440}.get(found[2] or "", 1)
        value = int(found[1]) * factor
    if value > LONGEST_TEST:
        raise BadCell(_("%(number)d 分钟太长：最多 %(most)d 分钟（32 天）。"), number=value, most=LONGEST_TEST)
    return value or None


_FORMS = {"hex": "hex", "十六进制": "hex", "characters": "characters", "字符": "characters"}


def panel_key(raw: Any) -> bytes:
    """An AES key; `hex:` or `characters:` before it says how to read it. 32 hexadecimal digits are 16 bytes."""
    if not isinstance(raw, str):
        raise BadCell(_("密钥须用文本格式填写：数字格式会丢失位数。"))
    head, colon, rest = plain(raw).replace("：", ":", 1).partition(":")
    form = _FORMS.get(head.strip().lower(), "") if colon else ""
    entry = (rest if form else plain(raw)).strip()
    if not form and len(key_readings(entry)) > 1:
        form = HEX
    try:
        return chosen_key(entry, form)
    except BadKey as bad:
        raise BadCell(bad.sentence, **bad.figures) from None


def pass_word(raw: Any) -> str:
    """A word that is asked for on the telephone; never said again."""
    if isinstance(raw, datetime | date | time | timedelta):
        raise BadCell(_("口令是日期或时间格式，请把单元格改为文本格式。"))
    value = plain(raw)
    if any(is_forbidden(sign) for sign in value) or not 2 <= len(value) <= 40:
        raise BadCell(_("口令为 2 到 40 个字，其中不能有控制字符。"))
    return value


def division(raw: Any) -> str:
    """A code of GB/T 2260, or a name that only one division has."""
    value = narrow(raw)
    if re.fullmatch(r"[0-9]{6}", value) and not isinstance(raw, bool):
        return value
    named = divisions_named(value) if isinstance(raw, str) and not value[:1].isdigit() else []
    if len(named) == 1:
        return named[0]
    raise BadCell(_("“%(text)s”不是行政区划代码：须为六位数字，如 330602，或全名，如 绍兴市越城区。"), text=shown(raw))


def days_text(raw: Any) -> str:
    """The days of a schedule as text, for whoever reads it further."""
    if isinstance(raw, datetime | date):
        return plain(raw)
    return str(text(500)(raw))


def tolerance(raw: Any) -> int:
    """Minutes; also `15m`."""
    if isinstance(raw, str):
        raw = re.sub(r"(?:m|min|分钟|分)$", "", narrow(raw).lower())
    return int(whole(0, 720)(raw))

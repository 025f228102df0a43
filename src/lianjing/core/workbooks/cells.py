"""What one cell of a workbook means: raw values in, typed values out, or BadCell. No Django, no clock.

A raw value is what openpyxl or csv gave: text, a number, a truth value, a date, a time. Empty cells do not come here.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any
from unicodedata import category, normalize

from lianjing.core.workbooks.faults import BadCell
from lianjing.terms.premises import Word
from lianjing.terms.sentences import marked as _

Reader = Callable[[Any], Any]

OPEN_ENDED = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "不定期", "至今"})
"""Of an end: there is none."""
CLEAR = frozenset({"-", "—", "无"})
"""What empties a column that has no text: a list, a number, a date."""
SHOWN = 30
"""Characters of a bad cell that are said again."""
PARTS = re.compile(r"[,，、;；\n]+")


def cleaned(text: str) -> str:
    """As every text is compared and kept: blanks at the ends gone, one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip(" \t\n\u3000\ufeff\u200b")


def storable(text: str) -> str:
    """What of a text can stand in a cell: what an export writes, and an import compares with."""
    return cleaned("".join(sign for sign in text if not is_forbidden(sign)))


def is_forbidden(sign: str) -> bool:
    """Control characters but line ends and tabs, halves of pairs, and what is no character."""
    return sign not in "\n\r\t" and (sign in "\ufffe\uffff" or category(sign) in ("Cs", "Cc"))


def plain(raw: Any) -> str:
    """A raw value as text: 12.0 is "12", and leading zeros of a text stay."""
    if isinstance(raw, str):
        return cleaned(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time(0) else raw.isoformat(" ", "minutes")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def narrow(raw: Any) -> str:
    """In one width: what was typed with a Chinese keyboard, too."""
    return normalize("NFKC", plain(raw)).strip()


IDENTITY_NUMBER = re.compile(r"(?<![0-9])[0-9]{14}(?=[0-9]{3}[0-9Xx](?![0-9Xx]))")
"""The front of what looks like somebody's identity number: it is never said again, wherever it was typed."""


def shown(raw: Any) -> str:
    """Of a bad cell, what is said again."""
    text = "".join("?" if is_forbidden(sign) else sign for sign in plain(raw)).replace("\n", " ")
    text = IDENTITY_NUMBER.sub("*" * 14, text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def text(longest: int) -> Reader:
    """Words, of so many characters at most."""

    def read(raw: Any) -> str:
        if isinstance(raw, datetime | date | time | timedelta):
            raise BadCell(_("“%(text)s”是日期或时间格式，请把单元格改为文本格式。"), text=shown(raw))
        return _checked(plain(raw), longest)

    return read


def _checked(value: str, longest: int) -> str:
    if any(is_forbidden(sign) for sign in value):
        raise BadCell(_("“%(text)s”含有不可见的控制字符，请删除后重填。"), text=shown(value))
    if len(value) > longest:
        raise BadCell(_("共 %(count)d 个字，最多 %(longest)d 个字。"), count=len(value), longest=longest)
    return value


_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+")


def code(longest: int) -> Reader:
    """A number or code as people give it to things."""
    as_text = text(longest)

    def read(raw: Any) -> str:
        if isinstance(raw, float) and not raw.is_integer():
            raise BadCell(_("“%(text)s”是小数，编号请用文本格式填写。"), text=shown(raw))
        value = str(as_text(raw))
        if _SCIENTIFIC.fullmatch(value):
            raise BadCell(_("“%(text)s”被 Excel 改成了科学计数，请用文本格式重填。"), text=shown(value))
        if "\n" in value or "\t" in value:
            raise BadCell(_("“%(text)s”中有换行或制表符。"), text=shown(value))
        return value

    return read


def whole(low: int, high: int) -> Reader:
    """A whole number between two others."""

    def read(raw: Any) -> int:
        value = narrow(raw)
        found = re.fullmatch(r"[+-]?[0-9]{1,12}(?:\.0+)?", value)
        if isinstance(raw, bool | datetime | date | time | timedelta) or found is None:
            raise BadCell(_("“%(text)s”不是整数。"), text=shown(raw))
        number = int(value.split(".")[0])
        if not low <= number <= high:
            raise BadCell(_("%(number)d 超出范围：须为 %(low)d 至 %(high)d。"), number=number, low=low, high=high)
        return number

    return read


def number(low: float, high: float) -> Reader:
    """A number between two others."""

    def read(raw: Any) -> float:
        value = narrow(raw).removesuffix("°")
        if isinstance(raw, bool | datetime | date | time) or not re.fullmatch(
            r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?", value
        ):
            raise BadCell(_("“%(text)s”不是数字。"), text=shown(raw))
        found = float(value)
        if not low <= found <= high:
            raise BadCell(
                _("%(number)s 超出范围：须为 %(low)s 至 %(high)s。"),
                number=shown(raw),
                low=f"{low:g}",
                high=f"{high:g}",
            )
        return found

    return read


MOST_YUAN = Decimal("9999999999.99")


def money(raw: Any) -> Decimal:
    """Yuan, with two places at most."""
    value = narrow(raw).replace(",", "").removeprefix("¥").removesuffix("元").strip()
    try:
        found = Decimal(value)
        if isinstance(raw, bool | datetime | date | time) or not found.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise BadCell(_("“%(text)s”不是金额。"), text=shown(raw)) from None
    if isinstance(raw, float):
        found = found.quantize(Decimal("1.000000"))
    if not 0 <= found <= MOST_YUAN:
        raise BadCell(_("“%(text)s”超出范围：金额须为 0 至 9999999999.99。"), text=shown(raw))
    if found != found.quantize(Decimal("1.00")):
        raise BadCell(_("“%(text)s”的小数多于两位。"), text=shown(raw))
    return found.quantize(Decimal("1.00"))


_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?(?:\.0+)?)?")


def day(raw: Any) -> date:
    """A date: Excel's own, `2026-01-31`, `2026/1/31`, `2026年1月31日`, `20260131`."""
    if isinstance(raw, datetime):
        return _plausible(raw.date(), raw)
    if isinstance(raw, date):
        return _plausible(raw, raw)
    value = narrow(raw)
    found = _DAY.fullmatch(value) or re.fullmatch(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})", value)
    if found is None or isinstance(raw, bool):
        raise _no_day(raw)
    try:
        return _plausible(date(*(int(part) for part in found.groups())), raw)
    except ValueError:
        raise BadCell(_("“%(text)s”不是存在的日期。"), text=shown(raw)) from None


def end_day(raw: Any) -> date | None:
    """A last day, or that there is none: 长期, 永久 and the like, a dash or 无."""
    if isinstance(raw, str) and plain(raw) in OPEN_ENDED | CLEAR:
        return None
    return day(raw)


def _no_day(raw: Any) -> BadCell:
    """Excel counts days; a bare count is not taken, since some workbooks count from 1904."""
    counted = isinstance(raw, int | float) and not isinstance(raw, bool) and 20_000 <= raw < 80_000
    if not counted:
        return BadCell(_("“%(text)s”不是日期，请填写如 2026-01-31。"), text=shown(raw))
    told = _("“%(text)s”像是没有设为日期格式的日期（%(day)s）：请把单元格设为日期格式，或填写如 2026-01-31。")
    return BadCell(told, text=shown(raw), day=str(date(1899, 12, 30) + timedelta(days=int(raw))))


def _plausible(found: date, raw: Any) -> date:
    if not 1950 <= found.year <= 2199:
        raise BadCell(_("“%(text)s”的年份不合理。"), text=shown(raw))
    return found


def clock(raw: Any) -> time:
    """A time of the day, to the minute."""
    if isinstance(raw, datetime):
        raw = raw.time()
    if isinstance(raw, time):
        return raw.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(raw, timedelta) and timedelta(0) <= raw < timedelta(days=1):
        return time(raw.seconds // 3600, raw.seconds // 60 % 60)
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::00)?", narrow(raw))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadCell(_("“%(text)s”不是时间，请填写如 08:30。"), text=shown(raw))
    return time(int(found[1]), int(found[2]))


def clock_text(raw: Any) -> str:
    """A time as text, for whoever reads it further: "24:00" stays what it is."""
    if isinstance(raw, datetime):
        raw = raw.time()
    if isinstance(raw, time):
        return raw.strftime("%H:%M")
    if isinstance(raw, timedelta):
        minutes = int(raw.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(text(20)(raw))


_TRUE = {"是", "true", "1", "yes", "y", "对", "√", "有", "真"}
_FALSE = {"否", "false", "0", "no", "n", "×", "无", "假", "-"}


def yes_no(raw: Any) -> bool:
    """是 or 否, true or false, 1 or 0, yes or no."""
    value = narrow(raw).lower()
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    raise BadCell(_("“%(text)s”不是是或否。"), text=shown(raw))


def choice(words: type[Word], also: Mapping[str, Word] = MappingProxyType({})) -> Reader:
    """One of the words: by stored value, by Chinese label, by that without or in its brackets (高中（中专、中技） is
    also 高中 and 中专), or as in `also`."""
    spelled = [(form, word) for word in words for form in _spellings(word.zh)]
    told = Counter(form for form, _ in spelled)
    known = {form: word for form, word in spelled if told[form] == 1}
    known |= {_form(text): word for text, word in also.items()}
    known |= {_form(text): word for word in words for text in (word.value, word.zh)}

    def read(raw: Any) -> str:
        found = known.get(_form(plain(raw)))
        if found is None:
            raise BadCell(
                _("“%(text)s”不是可选的值。可填：%(choices)s。"),
                text=shown(raw),
                choices="、".join(f"{word.zh} {word.value}" for word in words),
            )
        return found.value

    return read


def _spellings(label: str) -> set[str]:
    head, _, rest = _form(label).partition("(")
    return {head, *filter(None, rest.rstrip(")").split("、"))}


def _form(text: str) -> str:
    return re.sub(r"\s", "", normalize("NFKC", text)).lower()


def parts(raw: Any) -> list[str]:
    """The parts of a list, by commas of either width, 、 or semicolons; empty ones left out."""
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return [plain(raw)]
    if isinstance(raw, datetime | date | time | timedelta | bool):
        raise BadCell(_("“%(text)s”是日期或时间格式，请把单元格改为文本格式。"), text=shown(raw))
    return [part for piece in PARTS.split(plain(raw)) if (part := piece.strip())]


def listed(read_part: Reader, most: int = 200) -> Reader:
    """A list of such values, each once, in the order in which they stand."""

    def read(raw: Any) -> tuple[Any, ...]:
        found = parts(raw)
        if len(found) > most:
            raise BadCell(_("共 %(count)d 项，最多 %(most)d 项。"), count=len(found), most=most)
        return tuple(dict.fromkeys(read_part(part) for part in found))

    return read


def or_nothing(read: Reader, nothing: Any = None) -> Reader:
    """As `read`; a dash or 无 empties the column."""

    def read_or_clear(raw: Any) -> Any:
        return nothing if isinstance(raw, str) and plain(raw) in CLEAR else read(raw)

    return read_or_clear


_PHONE = re.compile(r"[0-9+*#()\- 转,;xX.extEXT]{3,32}")


def phone(raw: Any) -> str:
    """A telephone number, with extension or area code as people write it."""
    value = normalize("NFKC", str(code(32)(raw)))
    if not _PHONE.fullmatch(value) or sum(sign.isdigit() for sign in value) < 3:
        raise BadCell(_("“%(text)s”不是电话号码。"), text=shown(raw))
    return value

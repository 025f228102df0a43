"""Small decisions about sites; no Django, no clock."""

from datetime import time

from lianjing.terms.sentences import marked as _


def normal_number(number: str) -> str:
    """A zone or user number as it is compared: "003", "3" and " 03" are one zone; "0" stays "0"."""
    stripped = number.strip().upper()
    return stripped.lstrip("0") or ("0" if stripped else "")


def normal_account(account: str) -> str:
    """An account as it is looked up. Leading zeros count; letters compare without case."""
    return account.strip().upper()


def within_hours(begin: time | None, end: time | None, now: time) -> bool:
    """Whether somebody wants to be called at this time of day; until before from crosses midnight."""
    if begin is None or end is None:
        return True
    return begin <= now < end if begin <= end else now >= begin or now < end


AES_NAMES = {16: "AES-128", 24: "AES-192", 32: "AES-256"}
"""Key lengths in bytes, as DC-09 5.4.4 allows them."""

KEYED_LISTENERS = frozenset({"dc09"})
"""Where a panel can send encrypted: an older receiver has opened what it passes on."""

HEX, CHARACTERS = "hex", "characters"


class BadKey(Exception):
    """An entry that is no key; a sentence with its figures, never with any of the entry."""

    def __init__(self, sentence: str, **figures: int) -> None:
        super().__init__(sentence % figures)
        self.sentence, self.figures = sentence, figures


def key_readings(entry: str) -> dict[str, bytes]:
    """Every way in which an entry can be a key, by form: hexadecimal digits, or characters used as bytes."""
    readings = {}
    digits = _digits(entry)
    if len(digits) // 2 in AES_NAMES and len(digits) % 2 == 0 and _is_hexadecimal(digits):
        readings[HEX] = bytes.fromhex(digits)
    if len(entry) in AES_NAMES and _is_printable(entry):
        readings[CHARACTERS] = entry.encode("ascii")
    return readings


def chosen_key(entry: str, form: str) -> bytes:
    """The key that `entry` means, read as `form`; with no form, in the only way there is. Raises BadKey."""
    entry = entry.strip()
    if not entry:
        raise BadKey(_("请输入密钥。"))
    readings = key_readings(entry)
    if form in readings:
        return readings[form]
    if not form and len(readings) == 1:
        return next(iter(readings.values()))
    raise _wrong_key_entry(entry, form, readings)


def _wrong_key_entry(entry: str, form: str, readings: dict[str, bytes]) -> BadKey:
    digits = _digits(entry)
    if not form and len(readings) > 1:
        return BadKey(_("所填既可作 32 位十六进制（AES-128），也可作 32 个字符（AES-256）：请选择一种读法，再填一次。"))
    if form == HEX and not _is_hexadecimal(digits):
        return BadKey(_("其中有不是十六进制数字（0–9、A–F）的字符。密钥未改动。"))
    if form == HEX:
        return BadKey(_("十六进制密钥须为 32、48 或 64 位，所填为 %(count)d 位。密钥未改动。"), count=len(digits))
    if not _is_printable(entry):
        return BadKey(_("按字符填写的密钥只能用英文字母、数字和符号。密钥未改动。"))
    if form == CHARACTERS:
        return BadKey(
            _("按字符填写的密钥须为 16、24 或 32 个字符，所填为 %(count)d 个。密钥未改动。"), count=len(entry)
        )
    return BadKey(
        _("密钥须为 32、48、64 位十六进制，或 16、24、32 个字符，所填为 %(count)d 个字符。密钥未改动。"),
        count=len(entry),
    )


def _digits(entry: str) -> str:
    """Without what people put between groups of digits."""
    return "".join(entry.split()).replace("-", "").replace(":", "")


def _is_hexadecimal(digits: str) -> bool:
    return bool(digits) and set(digits) <= set("0123456789abcdefABCDEF")


def _is_printable(entry: str) -> bool:
    return entry.isascii() and entry.isprintable()

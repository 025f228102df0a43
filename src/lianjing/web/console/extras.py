"""Extended data of a frame in words: pictures as links, places as places (DC-09 5.4.6)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from lianjing.web.tags import day_clock
from lianjing.web.words import EXTRAS, TRIGGERS, word

FOR_THE_CASE = frozenset("VXYZHILORSTJ")
"""What helps to judge an alarm; the rest tells of the network and is on the frame's own page."""

_NEXT_ADDRESS = re.compile(r",(?=\s*https?://)", re.IGNORECASE)
_DEGREES = re.compile(r"(\d{1,3})([NSEW])(\d{1,2}(?:\.\d{1,9})?)")
_HEIGHT = re.compile(r"(-?\d{1,6}(?:\.\d{1,3})?)M")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text, with an address when it is a link."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """One fact: its name in words and what it says."""

    name: str
    parts: Sequence[Part]


def extras_in_words(extras: Iterable[tuple[str, str]], letters: Iterable[str] | None = None) -> list[Extra]:
    """Every piece of extended data in the order of the frame; of `letters` only, when they are given."""
    wanted = None if letters is None else frozenset(letters)
    told = [(letter, text) for letter, text in extras if wanted is None or letter in wanted]
    places = [(letter, _degrees(text)) for letter, text in told if letter in "XY"]
    if sorted(letter for letter, degrees in places if degrees) != ["X", "Y"]:
        return [_extra(letter, text) for letter, text in told]
    position = Extra(_("位置"), [Part(_position(dict(told)))])
    others = [_extra(letter, text) for letter, text in told if letter not in "XY"]
    return [position, *others]


def _position(told: dict[str, str]) -> str:
    """Latitude first, as maps take it."""
    north, east = _degrees(told["Y"]), _degrees(told["X"])
    if north is None or east is None:
        raise ValueError("asked for a position that is none")
    return f"{north.words}, {east.words} ({north.decimal:.5f}, {east.decimal:.5f})"


def _extra(letter: str, text: str) -> Extra:
    name = str(EXTRAS[letter]) if letter in EXTRAS else _("附加 %(letter)s") % {"letter": letter}
    if letter == "V":
        return Extra(name, _links(text))
    said = {"X": _place, "Y": _place, "Z": _height, "H": _time, "T": _trigger, "K": _request}.get(letter, str)
    return Extra(name, [Part(said(text))])


def _links(text: str) -> list[Part]:
    """Addresses parted by commas. Only http and https lead anywhere: anybody can send a frame."""
    parts = [part.strip() for part in _NEXT_ADDRESS.split(text)]
    return [Part(part, part if _leads_somewhere(part) else "") for part in parts if part]


def _leads_somewhere(address: str) -> bool:
    if not address.isprintable() or any(letter.isspace() for letter in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Degrees:
    words: str
    decimal: float


def _degrees(text: str) -> _Degrees | None:
    """ "093W23.456": degrees, side, minutes. None for what is no place on earth."""
    match = _DEGREES.fullmatch(text.strip())
    if match is None:
        return None
    side, minutes = match[2], float(match[3])
    decimal = int(match[1]) + minutes / 60
    if minutes >= 60 or decimal > (90 if side in "NS" else 180):
        return None
    names = {"N": _("北纬"), "S": _("南纬"), "E": _("东经"), "W": _("西经")}
    words = f"{names[side]} {int(match[1])}° {match[3]}′"
    return _Degrees(words, -decimal if side in "SW" else decimal)


def _place(text: str) -> str:
    """What is no place stays as it is."""
    degrees = _degrees(text)
    return f"{degrees.words} ({degrees.decimal:.5f})" if degrees else text


def _height(text: str) -> str:
    match = _HEIGHT.fullmatch(text.strip())
    return _("%(height)s 米") % {"height": match[1]} if match else text


def _time(text: str) -> str:
    """When it happened, by the panel's clock in UTC, in the centre's time."""
    try:
        return day_clock(datetime.strptime(text.strip(), "%H:%M:%S,%m-%d-%Y").replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return text


def _trigger(text: str) -> str:
    return word(TRIGGERS, text.strip().upper())


def _request(text: str) -> str:
    return _("设备请求或发送了密钥，内容不显示")

"""What a site and its contacts may be; no Django, no clock."""

from collections.abc import Mapping
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.terms.divisions import division_words, divisions_named
from lianjing.terms.sentences import marked as _


def check_place(values: Mapping[str, Any]) -> None:
    """Raises Refused for a position that is none, and for a division code of another form."""
    east, north = values.get("longitude"), values.get("latitude")
    if (east is None) != (north is None):
        raise Refused("latitude" if north is None else "longitude", _("经度和纬度要一起填。"))
    if east is not None and not -180 <= east <= 180:
        raise Refused("longitude", _("经度在 −180 到 180 之间。"))
    if north is not None and not -90 <= north <= 90:
        raise Refused("latitude", _("纬度在 −90 到 90 之间。"))
    division = values.get("division") or ""
    if division and not (len(division) == 6 and division.isascii() and division.isdigit()):
        raise Refused("division", _("行政区划代码是 6 位数字。"))


def division_of(entry: str) -> str:
    """The code that an entry means: the code itself, or a name that only one division has. Raises Refused."""
    entry = "".join(entry.split())
    if not entry:
        return ""
    if entry.isascii() and entry.isdigit():
        if division_words(entry) or len(entry) == 6:
            return entry
        raise Refused("division", _("行政区划代码是 6 位数字。"))
    found = divisions_named(entry)
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused("division", _("没有叫“%(name)s”的区划。可填 6 位代码，或“绍兴市越城区”这样的名称。"), name=entry)
    names = _("、").join(division_words(code) for code in found[:3])
    raise Refused(
        "division", _("“%(name)s”有 %(count)d 个：%(names)s 等。请写全。"), name=entry, count=len(found), names=names
    )


def weakening(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """In which ways a change of a site protects it less."""
    told = []
    if before["is_key_site"] and not after["is_key_site"]:
        told.append(_("不再是治安重点单位"))
    return told


PHONE_CHARACTERS = frozenset("0123456789+-() 转#*,")


def check_phone(phone: str) -> None:
    """Raises Refused for what nobody can dial."""
    digits = sum(character.isdigit() for character in phone)
    if digits < 3 or not set(phone) <= PHONE_CHARACTERS:
        raise Refused("phone", _("电话只能用数字、+、-、空格、括号和“转”，至少 3 位数字。"))


def check_words(pass_word: str, duress_word: str) -> None:
    """Raises Refused for words that do not do: too short, or not told apart."""
    for field, word in (("pass_word", pass_word), ("duress_word", duress_word)):
        if word and not 2 <= len(word) <= 40:
            raise Refused(field, _("口令为 2 到 40 个字。"))
    if pass_word and pass_word == duress_word:
        raise Refused("duress_word", _("胁迫口令必须与口令不同。"))

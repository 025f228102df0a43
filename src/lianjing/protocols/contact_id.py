"""Ademco Contact ID (SIA DC-05) event data, `QXYZ GG CCC`, as DC-09 and receiver outputs carry it."""

import re
from functools import lru_cache

from lianjing.protocols.text import decode_text
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import Scheme
from lianjing.terms.signals import DecodedEvent

# Q qualifier, XYZ event code, GG partition, CCC zone or user. DTMF has no A among its digits: 0 counts ten, B-F exist.
# Receivers and some Chinese panels write the qualifier as a letter: E event, R restore, P previous.
_EVENT = re.compile(rb"([136ERP])([0-9B-F]{3}) ([0-9B-F]{2}) ([0-9B-F]{3})")
# What else panels and their converters write, and means the same: the message type in front, more spaces, C or U before
# the number, a number of four digits, a text behind.
_LOOSE = re.compile(
    rb"(?:(?:18|98) +)?([136ERP])([0-9B-F]{3}) +([0-9A-F]{2}) +[CU]?([0-9A-F]{3,4})(?![0-9A-Za-z])(.*)", re.DOTALL
)
_DIGIT = {"E": "1", "R": "3", "P": "6"}
_SHORT = 64
"""What panels say again and again is no longer; long data in a memory of thousands would fill it."""


def read_contact_id(data: bytes) -> tuple[DecodedEvent, ...]:
    """One event from `QXYZ GG CCC`; an empty tuple when `data` is nothing like it.

    Partition 00 and number 000 mean "none" (DC-05) and become None; leading zeros are kept otherwise. What stands
    behind becomes the event's text.
    """
    return _remembered(data) if len(data) <= _SHORT else _read(data)


def _read(data: bytes) -> tuple[DecodedEvent, ...]:
    match = _EVENT.fullmatch(data) or _LOOSE.fullmatch(data.strip())
    if match is None:
        return ()
    letter, code, area, address = (group.decode("ascii") for group in match.groups()[:4])
    qualifier = _DIGIT.get(letter, letter)
    event = DecodedEvent(
        meaning=meaning(Scheme.CONTACT_ID, code, qualifier),
        qualifier=qualifier,
        area=None if area == "00" else area,
        address=None if not address.strip("0") else address,
        text=decode_text(match[5]).strip(" ^|") or None if match.re is _LOOSE else None,
    )
    return (event,)


_remembered = lru_cache(maxsize=4096)(_read)

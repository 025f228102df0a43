"""Ademco Contact ID (SIA DC-05) event data, `QXYZ GG CCC`, as DC-09 and receiver outputs carry it.

Panels leave the spaces out, double them, put the account in front and the check digit or a text behind; all are read.
"""

import re
from functools import lru_cache

from lianjing.protocols.text import decode_text
from lianjing.terms.code_tables import codes, meaning
from lianjing.terms.codes import Scheme
from lianjing.terms.signals import DecodedEvent

# What nearly every panel sends: Q qualifier, XYZ event code, GG partition, CCC zone or user.
_PLAIN = re.compile(rb"([136])([0-9B-F]{3}) ([0-9B-F]{2}) ([0-9B-F]{3})")
# The same in any dress. In front the account and message type of the telephone form (DC-05 chapter 3), behind its check
# digit. With spaces the numbers may be of other lengths; without, only nine digits in a row are an event.
_DRESSED = re.compile(
    rb"[\s/|;,]*(?:(?:[0-9A-F]{4}\s?)?(?:18|98)\s?)?"
    rb"(?P<qualifier>[1236ERP])(?P<code>[0-9A-F]{3})"
    rb"(?:\s+(?P<area>[0-9A-F]{1,3})\s+(?P<address>[0-9A-F]{1,3}[0-9]?)(?:\s*[0-9A-F](?=\s*\Z))?"
    rb"|\s?(?P<area2>[0-9A-F]{2})\s?(?P<address2>[0-9A-F]{3})[0-9A-F]?)(?![0-9A-Z])",
    re.IGNORECASE,
)
# Receivers and some Chinese panels write the qualifier as a letter: E event, R restore, P previous.
_DIGIT = {"E": "1", "R": "3", "P": "6"}
_SHORT = 64
"""What panels say again and again is no longer; long data in a memory of thousands would fill it."""
# A text as panels write it behind an event: `^Hall^`, `|AHall`, `*'Hall'NM` or as it is.
_TEXT = re.compile(rb"[\s/]*(?:\^|\|A|\*')?(.*?)(?:\^|'NM|')?[\s\0]*", re.DOTALL)


def read_contact_id(data: bytes, own: Scheme = Scheme.CONTACT_ID) -> tuple[DecodedEvent, ...]:
    """The events of `QXYZ GG CCC`, nearly always one; an empty tuple when `data` does not begin with that.

    `own`: the scheme of a maker with codes of its own, whose table is looked into first and who knows a qualifier 2.

    Partition 00 and number 000 mean "none" (DC-05) and become None; leading zeros are kept otherwise. What stands
    behind becomes the text of the last event.
    """
    return _remembered(data, own) if len(data) <= _SHORT else _read(data, own)


def _read(data: bytes, own: Scheme) -> tuple[DecodedEvent, ...]:
    if match := _PLAIN.fullmatch(data):
        return (_event(own, *match.groups()),)
    events: list[DecodedEvent] = []
    position = 0
    while match := _DRESSED.match(data, position):
        if match["qualifier"] == b"2" and own is Scheme.CONTACT_ID:
            break
        position = match.end()
        area, address = match["area"] or match["area2"], match["address"] or match["address2"]
        events.append(_event(own, match["qualifier"].upper(), match["code"].upper(), area, address))
    text = _TEXT.fullmatch(data, position)
    if events and text and text[1]:
        events[-1] = events[-1]._replace(text=decode_text(text[1]))
    return tuple(events)


# Panels say the same few things again and again.
_remembered = lru_cache(maxsize=4096)(_read)


def _event(own: Scheme, qualifier: bytes, code_sent: bytes, area: bytes, address: bytes) -> DecodedEvent:
    letter, code = qualifier.decode("ascii"), code_sent.decode("ascii")
    scheme = own if code in codes(own) else Scheme.CONTACT_ID
    digit = _DIGIT.get(letter, letter)
    partition, number = area.decode("ascii").upper().zfill(2), address.decode("ascii").upper().zfill(3)
    return DecodedEvent(
        meaning=meaning(scheme, code, digit),
        qualifier=digit,
        area=partition if partition.strip("0") else None,
        address=number if number.strip("0") else None,
    )

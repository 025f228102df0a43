"""One message of the Sur-Gard MLR2 output, by the layouts of its manual. RR receiver, L line, A account."""

import re

from lianjing.protocols.contact_id import read_contact_id
from lianjing.protocols.received import FrameReceived
from lianjing.protocols.receiver_output import accepted, damaged, heartbeat, output_signal, undecoded
from lianjing.protocols.sia_dcs import read_sia
from lianjing.terms.signals import Signal

PROTOCOL = "surgard"
END = b"\x14"

# RRL, or RRLLL of an MLR2000 and of VisorALARM.
_FROM = rb"(?P<receiver>[0-9A-F]{2})(?P<line>[0-9A-F]{3}|[0-9A-F])"
_HEARTBEAT = re.compile(rb"1" + _FROM + rb" +@")
_EVENT = rb"(?P<event>[136ERP][0-9B-F]{3})(?P<area>[0-9B-F]{2})(?P<zone>[0-9B-F]{3})"
_CONTACT_ID = re.compile(rb"5" + _FROM + rb" (?:18|98)(?P<account>[0-9A-F]{4})" + _EVENT)
# Radionics 6500, as VisorALARM writes it: the account in front of the 18, in some versions behind it.
_RADIONICS = (
    re.compile(rb"a" + _FROM + rb" (?P<account>[0-9A-F]{4})18" + _EVENT),
    re.compile(rb"a" + _FROM + rb" 18(?P<account>[0-9A-F]{4})" + _EVENT),
)
_SIA = re.compile(rb"3" + _FROM + rb" {4}(?P<account>[ 0-9A-F]{6})(?P<code>[A-Z]{2})(?P<address>[ 0-9A-F]{0,6})")
# As newer Sur-Gard receivers pass SIA blocks on: the panel's own data, account included.
_BLOCK = re.compile(rb"S" + _FROM + rb" *\[#?(?P<account>[0-9A-Za-z]{1,16})\|(?P<data>[^\]]+)\].*")
_TELENOT = re.compile(rb"T" + _FROM + rb"(?P<account>[ 0-9A-F]{6}) (?P<event>[0-9A-Z]{1,2}) +(?P<zone>[0-9A-Z]{1,3})")
# The letters of Telenot and Telim (MLR2-E manual, computer output), as the codes that say the same.
_TELENOT_CODES = {
    b"A": b"UA",  # alarm
    b"F": b"UT",  # fault
    b"K": b"UR",  # restore
    b"N": b"QA",  # emergency
    b"R": b"RX",  # test
    b"T": b"CL",
    b"U": b"OP",
}
# Forms whose codes mean what each customer's panel was programmed to mean.
_OTHERS = (
    ("SG-BASIC", re.compile(rb"1" + _FROM + rb" {6}(?P<account>[0-9A-F]{3,6}) (?P<data>[ 0-9A-Z]{1,8})")),
    ("SG-BFSK", re.compile(rb"[16]" + _FROM + rb" {6}(?P<account>[0-9A-F]{4})(?P<data>[ 0-9A-Z]{1,8})")),
    ("SG-AHS", re.compile(rb"8" + _FROM + rb"(?P<account>[0-9A-F]{4}) ?(?P<data>[0-9A-F]{4} ?[0-9A-F]{4} ?[0-9A-F])")),
)
_PRINTABLE = re.compile(rb"[ -~]+")


def read_message(raw: bytes) -> FrameReceived:
    """Reads `raw`, a message with its 0x14. A form that is in no manual is acknowledged and shown to a person."""
    text, oddities = _without_parity(raw[:-1])
    frame = _read(raw, text.strip(b" \r\n\0"))
    if frame.signal is None or not oddities:
        return frame
    return frame._replace(signal=frame.signal._replace(dialect=oddities))


def _read(raw: bytes, text: bytes) -> FrameReceived:
    if not _PRINTABLE.fullmatch(text):
        return damaged(raw)
    if match := _HEARTBEAT.fullmatch(text):
        return heartbeat(raw, _signal("SG-POLL", match, match["receiver"]))
    if match := next(filter(None, (form.fullmatch(text) for form in (_CONTACT_ID, *_RADIONICS))), None):
        events = read_contact_id(b" ".join((match["event"], match["area"], match["zone"])))
        return accepted(raw, _signal("SG-CID", match, match["account"]), events)
    if match := _SIA.fullmatch(text):
        events, _ = read_sia(b"N" + match["code"] + match["address"].strip())
        return accepted(raw, _signal("SG-SIA", match, match["account"].strip()), events)
    if match := _BLOCK.fullmatch(text):
        events = read_sia(match["data"])[0] or read_contact_id(match["data"])
        signal = _signal("SG-BLOCK", match, match["account"])
        return accepted(raw, signal, events) if events else undecoded(raw, signal, match["data"])
    if match := _TELENOT.fullmatch(text):
        return _telenot(raw, match)
    for token, form in _OTHERS:
        if match := form.fullmatch(text):
            return undecoded(raw, _signal(token, match, match["account"]), match["data"])
    return undecoded(raw, output_signal(PROTOCOL, "SG-MISC", account="", receiver="", line=""), text)


def _telenot(raw: bytes, match: re.Match[bytes]) -> FrameReceived:
    signal = _signal("SG-TEL", match, match["account"].strip())
    code = _TELENOT_CODES.get(match["event"])
    if code is None:
        return undecoded(raw, signal, match["event"] + b" " + match["zone"], match["zone"].decode("ascii"))
    return accepted(raw, signal, read_sia(b"N" + code + match["zone"])[0])


def _signal(token: str, match: re.Match[bytes], account: bytes) -> Signal:
    receiver, line = match["receiver"].decode("ascii"), match["line"].decode("ascii")
    return output_signal(PROTOCOL, token, account=account.decode("ascii"), receiver=receiver, line=line)


def _without_parity(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A serial line of 7 bits with even parity behind a converter set to 8: the parity bit arrives as the eighth.

    It is taken off only when it is right in every byte.
    """
    if text.isascii() or any(byte.bit_count() % 2 for byte in text):
        return text, ()
    return bytes(byte & 0x7F for byte in text), ("parity-bits",)

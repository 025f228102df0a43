"""One message of the Ademco 685 output, by the layouts of the MX8000 manual. R receiver, G line group, A account."""

import re

from lianjing.protocols.contact_id import read_contact_id
from lianjing.protocols.received import FrameReceived
from lianjing.protocols.receiver_output import accepted, damaged, heartbeat, output_signal, undecoded
from lianjing.terms.signals import Signal

PROTOCOL = "ademco685"
END = b"\r"

_FROM = rb"(?P<receiver>[0-9A-F])(?P<line>[0-9A-F]) +"
_HEARTBEAT = re.compile(_FROM + rb"OKAY(?: +@)?")
# F before the number says whether it is a contact (C) or a user (U); the code says so too, and the code's table rules.
_CONTACT_ID = re.compile(
    _FROM
    + rb"(?P<account>[0-9A-F]{3,8}) +(?:18|98) +"
    + rb"(?P<event>[136ERP][0-9B-F]{3}) +(?P<area>[0-9B-F]{2}) +[CU]?(?P<zone>[0-9B-F]{3})"
)
# Forms whose codes mean what each customer's panel was programmed to mean.
_OTHERS = {
    "685-4X1": re.compile(_FROM + rb"(?P<account>[0-9A-F]{3,4}) +(?P<data>[0-9A-F])"),
    "685-4X2": re.compile(_FROM + rb"(?P<account>[0-9A-F]{3,4}) +(?P<data>[0-9A-F] ?[0-9A-F])"),
    "685-AHS": re.compile(_FROM + rb"(?P<account>[0-9A-F]{4}) +(?P<data>[0-9A-F]{4} ?[0-9A-F]{4} ?[0-9A-F])"),
}
_PRINTABLE = re.compile(rb"[ -~]+")


def read_message(raw: bytes) -> FrameReceived:
    """Reads `raw`, a message with its CR. A form that is in no manual is acknowledged and shown to a person."""
    text = raw[:-1].strip(b" \n\0")
    if not _PRINTABLE.fullmatch(text):
        return damaged(raw)
    if match := _HEARTBEAT.fullmatch(text):
        return heartbeat(raw, _signal("685-OKAY", match, match["receiver"]))
    if match := _CONTACT_ID.fullmatch(text):
        events = read_contact_id(b" ".join((match["event"], match["area"], match["zone"])))
        return accepted(raw, _signal("685-CID", match, match["account"]), events)
    for token, form in _OTHERS.items():
        if match := form.fullmatch(text):
            zone = match["data"][-1:].decode("ascii") if token == "685-4X2" else None  # noqa: S105
            return undecoded(raw, _signal(token, match, match["account"]), match["data"], zone)
    return undecoded(raw, output_signal(PROTOCOL, "685-MISC", account="", receiver="", line=""), text)


def _signal(token: str, match: re.Match[bytes], account: bytes) -> Signal:
    receiver, line = match["receiver"].decode("ascii"), match["line"].decode("ascii")
    return output_signal(PROTOCOL, token, account=account.decode("ascii"), receiver=receiver, line=line)

"""What a simulated panel can say, in the words of the command line and of scripts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

EVERY_ACCOUNT = "*"

_CONTACT_ID = re.compile(r"[1346][0-9A-F]{3} [0-9A-F]{2} [0-9A-F]{3}")
_SIA = re.compile(r"[A-Z]{2}[0-9A-F]*(\+[A-Z]{2}[0-9A-F]*)*(\^[^^]*\^)?")
_SIA_BLOCK = re.compile(r"[NO]([a-z]{2}[0-9:.\-]*/)+.+")


class BadMessage(ValueError):
    """A word that is no event; the text says what would be one."""


@dataclass(frozen=True, slots=True)
class Message:
    """One frame's content: token, and data without the account. `words` is what the log line shows."""

    token: str
    data: str
    words: str

    def block(self, account: str) -> str:
        """What stands between the brackets."""
        return f"#{account}|{self.data}" if self.data else ""


HEARTBEAT = Message("NULL", "", "NULL")


@dataclass(frozen=True, slots=True)
class Timed:
    """A message of a script: `after` seconds from its start, by one account or by every one."""

    after: float
    account: str
    message: Message


def sia(event: str, area: str = "1") -> Message:
    """Reads "BA003", "BA003+BV1" (two events), "BA003^text^", or a whole block "Nri2/id5/OP". Raises BadMessage."""
    if _SIA_BLOCK.fullmatch(event):
        return Message("SIA-DCS", event, event)
    if not _SIA.fullmatch(event):
        raise BadMessage(f"{event!r} is no SIA event; write BA003, BA003+BV1 or a block such as Nri2/id5/OP")
    return Message("SIA-DCS", f"Nri{area}/" + event.replace("+", "/"), event)


def contact_id(event: str) -> Message:
    """Reads "1130 01 003": qualifier and code, partition, zone or user. Raises BadMessage."""
    if not _CONTACT_ID.fullmatch(event):
        raise BadMessage(f"{event!r} is no Contact ID event; write QXYZ GG CCC, for instance '1130 01 003'")
    return Message("ADM-CID", event, event)


def any_event(word: str, area: str = "1") -> Message:
    """NULL, a Contact ID event or a SIA event, told apart by their looks. Raises BadMessage."""
    if word == "NULL":
        return HEARTBEAT
    return contact_id(word) if word[:1].isdigit() else sia(word, area)


def read_script(text: str) -> Iterator[Timed]:
    """Lines `SECONDS ACCOUNT EVENT` or JSON objects with after, account and event (or token and data).

    Raises BadMessage with the number of the line.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            yield _from_json(json.loads(line)) if line.startswith("{") else _from_text(line)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadMessage(f"line {number}: {error}") from error


def _from_text(line: str) -> Timed:
    parts = line.split(maxsplit=2)
    if len(parts) != 3:
        raise BadMessage("write SECONDS ACCOUNT EVENT")
    return _timed(parts[0], parts[1], any_event(parts[2]))


def _from_json(row: dict[str, object]) -> Timed:
    if "token" in row:
        token, data = str(row["token"]), str(row.get("data", ""))
        message = Message(token, data, f"{token} {data}".strip())
    else:
        message = any_event(str(row["event"]))
    return _timed(str(row.get("after", 0)), str(row.get("account", EVERY_ACCOUNT)), message)


def _timed(after: str, account: str, message: Message) -> Timed:
    seconds = float(after)
    if not 0 <= seconds < float("inf"):
        raise BadMessage(f"{after} is no time: seconds from the start")
    return Timed(seconds, account, message)

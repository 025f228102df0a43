"""`lianjing simulate`: real frames from simulated panels, for the demo, for trying a receiver out, and for tests."""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lianjing.project.simulation.links import open_link
from lianjing.project.simulation.messages import BadMessage, Message, Timed, any_event, contact_id, read_script
from lianjing.project.simulation.mix import PLAIN_ZONES, ZoneCodes, ordinary_days
from lianjing.project.simulation.panels import Panel
from lianjing.project.simulation.run import Pace, Simulation, Tally, complain, wait_for_receiver

_RANGE = re.compile(r"([0-9]{1,16})-([0-9]{1,16})")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,16}")
_HEX_KEY = re.compile(r"(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{48}|[0-9A-Fa-f]{64})")
_KEY_LENGTHS = (16, 24, 32)
_MOST_PANELS = 10_000
_ORDINARY_RATE = 8.0
_DEMO_HEARTBEAT = 60.0
_DEMO_PATIENCE = 60.0

_TELL = """\
What is sent
  --events BA003,FA001      SIA events (DC-03). BA003+BV1 puts two into one frame; BA003^text^ adds a text;
                            Nri2/id5/OP is taken as it is; NULL is a heartbeat.
  --cid "1130 01 003"       a Contact ID event: qualifier and code, partition, zone or user. May be repeated.
  --token T --data D        any other token with any data.
  --script FILE             timed events, see below.
  --demo                    an ordinary day of the demo company's panels, until Ctrl-C.
  none of these             an ordinary day of the given accounts.

How much
  Events are sent once by every account. With --count, --rate or --seconds they are sent round and round.
  An ordinary day runs until --count, --seconds or Ctrl-C, with 8 events a minute unless --rate says otherwise.

Scripts
  One event a line: SECONDS ACCOUNT EVENT. SECONDS count from the start; ACCOUNT is one of --account, or * for all;
  EVENT as above (NULL is a heartbeat). Or a JSON object a line, with after, account, and event, or token and data.
      # burglary, then the owner cancels
      0     1000  OP001
      2.5   1000  BA003+BV1
      10    1000  1406 01 001
      {"after": 12, "account": "*", "event": "RP"}
      {"after": 13, "account": "1000", "token": "ADM-41E", "data": "12345"}

What is seen
  One line a frame: time, account, sequence number, event, answer, milliseconds. A frame without an answer is sent
  three times more under the same number, over a new connection. A NAK sets the panel's clock.
  Exit code 0: everything was acknowledged. 1: something was not. 2: wrong use.

Examples
  lianjing simulate --account 1000 --events BA003
  lianjing simulate --account 1000-1019 --transport udp --key 000102030405060708090A0B0C0D0E0F --events PA006
  lianjing simulate --account 1000-1199 --cid "1602 00 000" --rate 6000 --seconds 30 --quiet
"""


@dataclass(frozen=True, slots=True)
class _Spec:
    """One panel to simulate."""

    account: str
    transport: str
    key: bytes | None
    zones: tuple[ZoneCodes, ...] = PLAIN_ZONES


class _WrongUse(ValueError):
    """The words on the command line make no sense together."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _TELL
    host, port = _default_address()
    where = parser.add_argument_group("where to")
    where.add_argument(
        "--host", default=host, help="receiver's address (default: that of LIANJING_DC09_BIND, %(default)s)"
    )
    where.add_argument("--port", type=int, default=port, help="receiver's port (default %(default)s)")
    where.add_argument("--transport", choices=("tcp", "udp"), default="tcp", help="default tcp")
    where.add_argument(
        "--wait", type=float, metavar="SECONDS", help="wait so long for the receiver to listen (demo: 60)"
    )
    who = parser.add_argument_group("who")
    who.add_argument(
        "--account", action="append", default=[], metavar="A[-B]", help="account or range 1000-1019; repeatable"
    )
    who.add_argument(
        "--key", metavar="KEY", help="AES key: 32, 48 or 64 hex digits, or 16, 24 or 32 characters after text:"
    )
    what = parser.add_argument_group("what")
    kind = what.add_mutually_exclusive_group()
    kind.add_argument("--events", metavar="LIST", help="SIA events, comma-separated: BA003,FA001")
    kind.add_argument("--cid", action="append", metavar="EVENT", help='Contact ID event "1130 01 003"; repeatable')
    kind.add_argument("--token", metavar="TOKEN", help="any token: NULL, XNM, ADM-41E ...")
    kind.add_argument("--script", type=Path, metavar="FILE", help="timed events, see below")
    kind.add_argument("--demo", action="store_true", help="the demo company's panels, as demo-data wrote them")
    what.add_argument("--data", default="", help="data of --token, without the account")
    what.add_argument("--area", default="1", help="area of --events (default %(default)s)")
    what.add_argument(
        "--panels", type=Path, metavar="FILE", help="panel list for --demo (default: DATA/demo_panels.json)"
    )
    much = parser.add_argument_group("how much")
    much.add_argument("--rate", type=float, metavar="N", help="events a minute, all panels together")
    much.add_argument("--count", type=int, metavar="N", help="so many events in all")
    much.add_argument("--seconds", type=float, metavar="S", help="for so long")
    much.add_argument("--heartbeat", type=float, metavar="S", help="every panel also says NULL every S seconds")
    much.add_argument("--timeout", type=float, default=5.0, metavar="S", help="wait so long for an answer (default 5)")
    much.add_argument("--no-timestamp", action="store_true", help="unencrypted frames without a time")
    much.add_argument("--first-sequence", type=int, metavar="N", help="1-9999 (default: anywhere)")
    much.add_argument("--quiet", action="store_true", help="only failures and the sum")


def run(arguments: argparse.Namespace) -> int:
    try:
        _check(arguments)
        specs = _demo_specs(arguments) if arguments.demo else _specs(arguments)
        messages = _messages(arguments)
        script = _script(arguments, {spec.account for spec in specs})
    except (_WrongUse, BadMessage) as wrong:
        return complain(str(wrong))
    return asyncio.run(_simulate(arguments, specs, messages, script))


async def _simulate(
    arguments: argparse.Namespace, specs: Sequence[_Spec], messages: Sequence[Message], script: Sequence[Timed]
) -> int:
    tally = Tally(arguments.quiet, show_heartbeats=not arguments.demo)
    simulation = Simulation([_panel(spec, arguments) for spec in specs], tally)
    _stop_on_signals(simulation.stop)
    patience = arguments.wait if arguments.wait is not None else _DEMO_PATIENCE if arguments.demo else 0
    if patience and not await wait_for_receiver(arguments.host, arguments.port, patience, simulation.stop):
        print(f"nothing listens on {arguments.host}:{arguments.port} after {patience:g} s")
        return 1
    heartbeat = arguments.heartbeat or (_DEMO_HEARTBEAT if arguments.demo else 0)
    if heartbeat:
        simulation.heartbeats(heartbeat)
    try:
        if script:
            await simulation.script(script)
        elif messages:
            await simulation.cycle(messages, _pace(arguments, len(messages) * len(specs)))
        else:
            days = list(ordinary_days([(spec.account, spec.zones) for spec in specs], random.Random()))  # noqa: S311
            await simulation.ordinary(days, _pace(arguments, None))
    finally:
        await simulation.finish()
    print(tally.summary(), flush=True)
    return 1 if tally.failed else 0


def _pace(arguments: argparse.Namespace, once: int | None) -> Pace:
    """`once`: how many events make one round; None for an ordinary day, which has no end and a default rate."""
    rate = arguments.rate or (_ORDINARY_RATE if once is None else 0)
    bounded = arguments.count is not None or arguments.seconds is not None
    return Pace(60 / rate if rate else 0.0, arguments.count if bounded else once, arguments.seconds)


def _panel(spec: _Spec, arguments: argparse.Namespace) -> Panel:
    link = open_link(spec.transport, arguments.host, arguments.port)
    panel = Panel(spec.account, link, spec.key, arguments.timeout, not arguments.no_timestamp)
    if arguments.first_sequence is not None:
        panel.sequence = arguments.first_sequence
    return panel


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only the main thread may: in a thread (tests) there is nobody to press Ctrl-C.
        with contextlib.suppress(ValueError, RuntimeError):
            loop.add_signal_handler(number, stop.set)


def _check(arguments: argparse.Namespace) -> None:
    for name in ("rate", "count", "seconds", "heartbeat", "timeout"):
        value = getattr(arguments, name)
        if value is not None and value <= 0:
            raise _WrongUse(f"--{name} must be more than 0")
    if arguments.first_sequence is not None and not 1 <= arguments.first_sequence <= 9999:
        raise _WrongUse("--first-sequence is 1 to 9999")
    if not 0 < arguments.port < 65536:
        raise _WrongUse(f"{arguments.port} is no port")
    if arguments.demo and (arguments.account or arguments.key):
        raise _WrongUse("--demo takes its accounts and keys from the panel list")


def _messages(arguments: argparse.Namespace) -> list[Message]:
    if arguments.events is not None:
        return [any_event(event.strip(), arguments.area) for event in arguments.events.split(",")]
    if arguments.cid:
        return [contact_id(event) for event in arguments.cid]
    if arguments.token:
        return [Message(arguments.token, arguments.data, f"{arguments.token} {arguments.data}".strip())]
    return []


def _script(arguments: argparse.Namespace, accounts: set[str]) -> list[Timed]:
    if arguments.script is None:
        return []
    try:
        rows = list(read_script(arguments.script.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, BadMessage) as error:
        raise _WrongUse(f"{arguments.script}: {error}") from error
    if not rows:
        raise _WrongUse(f"{arguments.script} holds no event")
    unknown = {row.account for row in rows} - accounts - {"*"}
    if unknown:
        raise _WrongUse(f"{arguments.script} names accounts that --account does not: {', '.join(sorted(unknown))}")
    return rows


def _specs(arguments: argparse.Namespace) -> list[_Spec]:
    accounts = [account for word in arguments.account or ["1000"] for account in _accounts(word)]
    if len(accounts) > _MOST_PANELS:
        raise _WrongUse(f"{len(accounts)} panels are too many; at most {_MOST_PANELS}")
    key = _key(arguments.key) if arguments.key is not None else None
    return [_Spec(account, arguments.transport, key) for account in dict.fromkeys(accounts)]


def _accounts(word: str) -> list[str]:
    """One account, or a range whose numbers keep the width of its first."""
    bounds = _RANGE.fullmatch(word)
    if bounds is None:
        if not _ACCOUNT.fullmatch(word):
            raise _WrongUse(f"{word!r} is no account; write 1000, or 1000-1019 for twenty")
        return [word]
    first, last = int(bounds[1]), int(bounds[2])
    if not first <= last < first + _MOST_PANELS:
        raise _WrongUse(f"{word!r} is no range: from the lower to the higher, at most {_MOST_PANELS}")
    return [str(number).zfill(len(bounds[1])) for number in range(first, last + 1)]


def _key(word: str) -> bytes:
    """Hex is the standard's form; text: is that of panels whose keypads take characters."""
    if _HEX_KEY.fullmatch(word):
        return bytes.fromhex(word)
    text = word.removeprefix("text:").encode("utf-8")
    if word.startswith("text:") and len(text) in _KEY_LENGTHS:
        return text
    raise _WrongUse("a key is 32, 48 or 64 hex digits, or text: and 16, 24 or 32 characters")


def _demo_specs(arguments: argparse.Namespace) -> list[_Spec]:
    path = arguments.panels or Path(os.environ.get("LIANJING_DATA", "var")) / "demo_panels.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        specs = [
            _Spec(
                account=row["account"],
                transport=row["transport"],
                key=_key(row["key_hex"]) if row["key_hex"] else None,
                zones=tuple(ZoneCodes(zone["number"], tuple(zone["codes"])) for zone in row["zones"]) or PLAIN_ZONES,
            )
            for row in rows
        ]
    except FileNotFoundError as error:
        raise _WrongUse(f"{path} is not there; run `lianjing demo-data` first") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _WrongUse(f"{path} is no panel list: {error!r}") from error
    if not specs:
        raise _WrongUse(f"{path} lists no panel")
    return specs


def _default_address() -> tuple[str, int]:
    """Where the receiver of this machine listens; a receiver on every address is reached on the loopback one."""
    bind = os.environ.get("LIANJING_DC09_BIND") or "127.0.0.1:10009"
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    if host in ("", "0.0.0.0", "::"):  # noqa: S104 compared, not bound
        host = "127.0.0.1"
    return host, int(port) if port.isdigit() else 10009

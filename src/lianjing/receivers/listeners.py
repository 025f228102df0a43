"""Every listener there is. A protocol is added by one line here and a setting of the same name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lianjing.protocols import ademco685, surgard
from lianjing.receivers.dc09 import Dc09Listener
from lianjing.receivers.desk import Shared
from lianjing.receivers.tcp import TcpListener


class Listener(Protocol):
    """Sockets of one protocol."""

    async def open(self, host: str, port: int) -> int:
        """Listens; the port that was bound. Raises OSError."""

    async def close(self) -> None:
        """Reads no more, finishes what was read, closes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of listener. `setting` is the attribute of the environment that holds (host, port), or None for off."""

    name: str
    setting: str
    make: Callable[[Shared], Listener]


def _surgard(shared: Shared) -> Listener:
    return TcpListener(shared.desk("surgard", lambda _: surgard.Connection()))


def _ademco685(shared: Shared) -> Listener:
    return TcpListener(shared.desk("ademco685", lambda _: ademco685.Connection()))


LISTENERS = (
    Kind("dc09", "dc09_bind", Dc09Listener),
    Kind("surgard", "surgard_bind", _surgard),
    Kind("ademco685", "ademco685_bind", _ademco685),
)

"""Every listener there is. A protocol is added by one line here and a setting of the same name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lianjing.receivers.dc09 import Dc09Listener
from lianjing.receivers.desk import Shared


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


LISTENERS = (Kind("dc09", "dc09_bind", Dc09Listener),)

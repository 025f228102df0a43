"""What a way out of the house looks like from here. The adapters that have sockets are in `workers/senders.py`."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to go. Its number is the same at every attempt: a gateway that keeps it sends nothing twice."""

    id: int
    channel: str
    attempt: int
    address: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    purpose: str
    simulated: bool
    maybe_twice: bool
    """An attempt broke off half-way: it may have gone out before."""


class NotSent(Exception):
    """It did not go out. The text is for people and names no address. `hopeless`: no attempt will go better."""

    def __init__(self, reason: str, *, hopeless: bool = False) -> None:
        super().__init__(reason)
        self.hopeless = hopeless


class Sender(Protocol):
    """A way out, such as a gateway for text messages."""

    def send(self, letter: Letter) -> str:
        """Hands the letter over and returns the other side's number of it, "" for none. Raises NotSent."""

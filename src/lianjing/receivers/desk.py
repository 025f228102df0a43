"""What every transport does with a frame: count it, hand it to the journal, release its answer once it is stored."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lianjing.receivers.limits import Limits
from lianjing.receivers.peers import Peers
from lianjing.receivers.ports import Directory, Frame, FrameEntry, Journal, Reader, Settled


def weight(frames: Iterable[Frame]) -> int:
    """What frames count for against a limit a second: each of their events is a row of the journal."""
    return sum(max(1, len(frame.signal.events)) if frame.signal else 1 for frame in frames)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Counters:
    """What went through the listeners since the start."""

    received: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Frames by listener, transport and kind."""
    stored: int = 0
    answered: int = 0
    unstored: int = 0
    """Frames that the journal could not take: not answered, so the panel sends them again."""
    refused: Counter[str] = field(default_factory=Counter)
    """Connections and datagrams turned away because there were too many, by the limit that they met."""
    expired: Counter[str] = field(default_factory=Counter)
    """Connections that were ended, by the limit: silence, half a frame, answers that nobody took ... For "drain" also
    datagrams."""
    delayed: Counter[str] = field(default_factory=Counter)
    """How often a connection was read later, by the limit that it met. Nothing of it is lost."""
    too_long: int = 0
    """Frames longer than the limit: kept as unreadable, not answered."""
    connections: int = 0
    """Open now."""

    @property
    def frames(self) -> int:
        return self.received.total()

    def of_kind(self, kind: str) -> int:
        return sum(count for (_, _, each), count in self.received.items() if each == kind)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a listener gives to its connections. `new_reader` takes True for a stream, False for one datagram."""

    listener: str
    journal: Journal
    new_reader: Callable[[bool], Reader]
    counters: Counters
    limits: Limits
    peers: Peers
    clock: Callable[[], datetime] = utc_now

    def store(self, entry: FrameEntry, settled: Settled) -> None:
        """Begins to store. The caller asks `answer_to` once `settled` was called."""
        self.counters.received[self.listener, entry.transport, entry.frame.kind] += 1
        if entry.frame.reason == "too-long":
            self.counters.too_long += 1
        self.journal.take(entry, settled)

    def answer_to(self, frame: Frame, fault: str | None) -> bytes:
        """The bytes to send, now that it is settled; empty when the frame is not durable or wants no answer."""
        if fault is not None:
            self.counters.unstored += 1
            return b""
        self.counters.stored += 1
        if not frame.answer:
            return b""
        self.counters.answered += 1
        return frame.answer


@dataclass(frozen=True, slots=True)
class Shared:
    """What the listeners of a process have in common."""

    journal: Journal
    directory: Directory
    counters: Counters
    limits: Limits
    peers: Peers

    def desk(self, listener: str, new_reader: Callable[[bool], Reader]) -> Desk:
        """The desk of one of them."""
        return Desk(listener, self.journal, new_reader, self.counters, self.limits, self.peers)


def metrics(counters: Counters) -> Mapping[str, float]:
    """Prometheus samples: name with labels, and value."""
    samples: dict[str, float] = {
        f'lianjing_receive_frames_total{{listener="{listener}",transport="{transport}",kind="{kind}"}}': count
        for (listener, transport, kind), count in sorted(counters.received.items())
    }
    samples["lianjing_receive_frames_stored_total"] = counters.stored
    samples["lianjing_receive_frames_answered_total"] = counters.answered
    samples["lianjing_receive_frames_unstored_total"] = counters.unstored
    by_limits = {"refused": counters.refused, "expired": counters.expired, "delayed": counters.delayed}
    for name, by_limit in by_limits.items():
        for limit, count in sorted(by_limit.items()):
            samples[f'lianjing_receive_{name}_total{{limit="{limit}"}}'] = count
    samples["lianjing_receive_too_long_total"] = counters.too_long
    samples["lianjing_receive_connections"] = counters.connections
    return samples

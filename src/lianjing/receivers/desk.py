"""What every transport does with a frame: count it, hand it to the journal, release its answer once it is stored."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lianjing.receivers.ports import Frame, FrameEntry, Journal, Reader, Settled


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
    refused: int = 0
    """Connections and datagrams turned away because there were too many."""
    expired: int = 0
    """Connections ended because of silence, half a frame, or answers that nobody took."""
    connections: int = 0
    """Open now."""

    @property
    def frames(self) -> int:
        return self.received.total()

    def of_kind(self, kind: str) -> int:
        return sum(count for (_, _, each), count in self.received.items() if each == kind)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one peer, or all of them, from taking the receiver's memory; and who gets no ACK."""

    refuse_unknown: bool = False
    """Whether an account that no site has is answered DUH, which some panels take as a reason to try elsewhere."""

    connections: int = 10_000
    waiting_a_connection: int = 64
    """Frames not yet durable at which a connection is read no further."""
    datagrams: int = 4_000
    """Datagrams not yet durable at which further ones are turned away."""
    half_frame_s: float = 60.0
    """How long a connection may stay without completing what it began to send."""
    silence_s: float = 26 * 3600.0
    """Longer than the longest supervision interval in use, 25 h (EN 50136, SP1)."""
    unread_s: float = 30.0
    """How long a peer may leave its answers unread."""
    drain_s: float = 10.0
    """How long a closing listener waits for what is being stored."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a listener gives to its connections. `new_reader` takes True for a stream, False for one datagram."""

    listener: str
    journal: Journal
    new_reader: Callable[[bool], Reader]
    counters: Counters
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], datetime] = utc_now

    def store(self, entry: FrameEntry, settled: Settled) -> None:
        """Begins to store. The caller asks `answer_to` once `settled` was called."""
        self.counters.received[self.listener, entry.transport, entry.frame.kind] += 1
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


def metrics(counters: Counters) -> Mapping[str, float]:
    """Prometheus samples: name with labels, and value."""
    samples: dict[str, float] = {
        f'lianjing_receive_frames_total{{listener="{listener}",transport="{transport}",kind="{kind}"}}': count
        for (listener, transport, kind), count in sorted(counters.received.items())
    }
    samples["lianjing_receive_frames_stored_total"] = counters.stored
    samples["lianjing_receive_frames_answered_total"] = counters.answered
    samples["lianjing_receive_frames_unstored_total"] = counters.unstored
    samples["lianjing_receive_refused_total"] = counters.refused
    samples["lianjing_receive_expired_total"] = counters.expired
    samples["lianjing_receive_connections"] = counters.connections
    return samples

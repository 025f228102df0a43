"""Every bound of the receiver, with its default. `project.environment` says which of them are settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one peer, or all of them, from taking the receiver's memory; and who gets no ACK."""

    refuse_unknown: bool = False
    """Whether an account that no site has is answered DUH, which some panels take as a reason to try elsewhere."""
    without_key: str = "duh"
    """How an encrypted frame is answered whose account has no key: duh, silent or ack (docs/decisions/0008)."""
    max_frame: int = 8192
    """Bytes of one frame; a longer one is cut there and kept as unreadable."""

    connections: int = 50_000
    """Of all listeners together. When they are all taken, one that never said anything readable gives way."""
    address_connections: int = 20_000
    """Of one address: thousands of mobile panels share that of their carrier."""
    unproven_connections: int = 1_000
    """The same for an address from which nothing readable has come yet."""
    connections_a_second: int = 2_000
    """New ones, of one address."""
    frames_a_second: int = 1_000
    """Of one connection, where a frame of several events counts as so many; past it the connection is read later, and
    nothing is discarded."""
    datagrams_a_second: int = 2_000
    """Of one address, counted likewise; past it they are counted and turned away, and their panel sends them again."""
    waiting_a_connection: int = 64
    """Frames not yet durable at which a connection is read no further."""
    datagrams: int = 4_000
    """Datagrams not yet durable at which further ones are turned away; a quarter of them at most is of one address."""
    nonsense_frames: int = 100
    """Unreadable pieces that a connection may send before anything readable: scanners must not fill the journal."""
    first_frame_s: float = 300.0
    """How long a connection may stay without anything readable."""
    half_frame_s: float = 60.0
    """How long a connection may stay without completing what it began to send."""
    silence_s: float = 26 * 3600.0
    """Longer than the longest supervision interval in use, 25 h (EN 50136, SP1)."""
    vanished_s: int = 120
    """How long a peer may be without a sign that its machine is there: half-open connections end so."""
    unread_s: float = 30.0
    """How long a peer may leave its answers unread."""
    drain_s: float = 10.0
    """How long a closing listener waits for what is being stored."""

"""Who may open how many connections, and how fast a peer is read: bounds that never cost another panel its place."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from lianjing.receivers.limits import Limits

REMEMBERED = 100_000
"""Addresses without an open connection that are still known, the longest idle of them forgotten first."""
IPV6_NETWORK = 64
"""A subscriber gets a whole /64, so one address of it says nothing."""
BURST_S = 2.0
"""How many seconds' worth may come at once after a pause."""

Clock = Callable[[], float]


class Bucket:
    """Counts what passes against `rate` a second; after a pause two seconds' worth may pass at once."""

    __slots__ = ("_at", "_clock", "_left", "_rate")

    def __init__(self, rate: float, clock: Clock = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left = rate * BURST_S
        self._at = clock()

    def take(self, count: int) -> float:
        """Takes `count`, be it more than there is; the seconds until the debt is paid, 0 when there is none."""
        self._left -= count
        if self._left >= 0:
            return 0.0
        now = self._clock()
        self._left = min(self._rate * BURST_S - count, self._left + (now - self._at) * self._rate)
        self._at = now
        return max(0.0, -self._left / self._rate)

    def try_take(self) -> bool:
        """Takes one if it is there."""
        if self.take(1) <= 0:
            return True
        self._left += 1
        return False


class Unproven(Protocol):
    """A connection on which nothing readable has come."""

    def give_way(self) -> None:
        """Ends it, to make room."""


class Address:
    """What is known of one address. Thousands of mobile panels may share it."""

    __slots__ = ("connects", "open", "proven")

    def __init__(self, rate: float) -> None:
        self.open = 0
        self.proven = False
        """Whether anything readable ever came from here."""
        self.connects = Bucket(rate)


class Peers:
    """Admits connections. One object for all listeners of a process, as they share its open files."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._addresses: OrderedDict[str, Address] = OrderedDict()
        self._unproven: dict[Unproven, str] = {}
        self.open = 0

    def refusal(self, host: str) -> str | None:
        """Why a connection from `host` is not admitted now, one stable word; None when it may be."""
        address = self._address(network(host))
        if not address.connects.try_take():
            return "connection-rate"
        if address.open >= self._limits.address_connections:
            return "address-connections"
        if not address.proven and address.open >= self._limits.unproven_connections:
            return "unproven-connections"
        if self.open >= self._limits.connections and not self._make_room():
            return "connections"
        return None

    def enter(self, peer: Unproven, host: str) -> None:
        """An admitted connection."""
        self._address(network(host)).open += 1
        self._unproven[peer] = network(host)
        self.open += 1

    def prove(self, peer: Unproven) -> None:
        """Something readable came on it, for the first time."""
        where = self._unproven.pop(peer, None)
        if where is not None:
            self._address(where).proven = True

    def leave(self, peer: Unproven, host: str) -> None:
        """The connection has ended."""
        self._unproven.pop(peer, None)
        self._address(network(host)).open -= 1
        self.open -= 1

    def _make_room(self) -> bool:
        """Ends the connection that has been silent longest; whoever has spoken is never sent away for another."""
        oldest = next(iter(self._unproven), None)
        if oldest is not None:
            del self._unproven[oldest]
            oldest.give_way()
        return oldest is not None

    def _address(self, where: str) -> Address:
        known = self._addresses.get(where)
        if known is None:
            known = self._addresses[where] = Address(self._limits.connections_a_second)
            self._forget()
        self._addresses.move_to_end(where)
        return known

    def _forget(self) -> None:
        if len(self._addresses) <= REMEMBERED:
            return
        idle = next((where for where, address in self._addresses.items() if not address.open), None)
        if idle is not None:
            del self._addresses[idle]


class Senders:
    """How many datagrams a second each address sends."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def admits(self, host: str) -> bool:
        """Whether one more datagram of `host` is within its rate."""
        return self._bucket(host).try_take()

    def charge(self, host: str, count: int) -> None:
        """What turned out to be in a datagram beyond the one that was admitted."""
        self._bucket(host).take(count)

    def _bucket(self, host: str) -> Bucket:
        where = network(host)
        bucket = self._buckets.get(where)
        if bucket is None:
            bucket = self._buckets[where] = Bucket(self._rate)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(where)
        return bucket


@lru_cache(maxsize=4096)
def network(host: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one; the text itself for anything else."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))

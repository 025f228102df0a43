"""The DC-09 listener: SIA DC-09 over TCP and UDP on one port."""

import secrets
from functools import lru_cache

from lianjing.protocols.dc09 import Connection, PanelProfile, Policy, SequenceWatch, WithoutKey
from lianjing.receivers.desk import Shared
from lianjing.receivers.tcp import TcpListener
from lianjing.receivers.udp import UdpListener

NAME = "dc09"

PORT_TRIES = 20
"""With port 0 the system chooses a free TCP port, whose UDP twin may be taken."""


@lru_cache(maxsize=4096)
def _profile(key: bytes | None, plain_allowed: bool) -> PanelProfile:
    return PanelProfile(key, plain_allowed)


class Dc09Listener:
    """Both transports: a panel may use either without a setting."""

    def __init__(self, shared: Shared) -> None:
        directory, limits = shared.directory, shared.limits
        policy = Policy(limits.refuse_unknown, WithoutKey(limits.without_key), lambda: directory.ready)

        def profile(account: str) -> PanelProfile | None:
            known = directory.profile(NAME, account)
            return None if known is None else _profile(known.key, known.plain_allowed)

        watch = SequenceWatch()

        def new_reader(stream: bool) -> Connection:
            return Connection(
                profile,
                pad=secrets.token_bytes,
                stream=stream,
                policy=policy,
                max_frame=limits.max_frame,
                watch=watch,
            )

        desk = shared.desk(NAME, new_reader)
        self._tcp, self._udp = TcpListener(desk), UdpListener(desk)

    async def open(self, host: str, port: int) -> int:
        """Listens on both; the port. Raises OSError."""
        for _ in range(PORT_TRIES if port == 0 else 1):
            bound = await self._tcp.open(host, port)
            try:
                await self._udp.open(host, bound)
            except OSError:
                await self._tcp.close()
            else:
                return bound
        raise OSError(f"UDP port {port} on {host} is in use" if port else "no port is free for both TCP and UDP")

    async def close(self) -> None:
        """Reads no more, finishes what was read, closes."""
        await self._udp.close()
        await self._tcp.close()

"""Runs in the peer's own environment: its receiver, as its manual shows it. `peer_server.py ACCOUNT=KEY ...`

Prints its port. What it receives goes nowhere: `stored` does nothing.
"""

import asyncio
import sys

from pysiaalarm.aio import SIAAccount, SIAClient, SIAEvent


async def stored(event: SIAEvent) -> None:
    """Where a user of the package would store."""


async def serve(accounts: list[SIAAccount]) -> None:
    async with SIAClient("127.0.0.1", 0, accounts, stored) as client:
        print(client.server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    pairs = [word.partition("=") for word in sys.argv[1:]]
    asyncio.run(serve([SIAAccount(account, key or None) for account, _, key in pairs]))

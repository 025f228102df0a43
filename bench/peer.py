"""The peer that we compare with: pysiaalarm's asyncio TCP server, in an environment of its own.

It acknowledges without storing anything. What it runs on is locked in requirements/bench.txt and never enters the
product's environment.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.ceiling import server_of
from bench.crowd import Server

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "bench.txt"
HOME = ROOT / "var" / "bench" / "peer"
PYTHON = HOME / "bin" / "python"
UV = Path(sys.executable).parent / "uv"


def set_up() -> None:
    """Makes the environment, or does nothing when it is as the lock says."""
    mark, wanted = HOME / "installed", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text() == wanted:
        return
    subprocess.run([UV, "venv", "-q", "--clear", "--python", sys.executable, HOME], check=True)
    subprocess.run([UV, "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", LOCK], check=True)
    mark.write_text(wanted)


def version() -> str:
    """Of the package, as its environment says."""
    code = "from importlib.metadata import version; print(version('pysiaalarm'))"
    return subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def peer(plain: list[str], encrypted: dict[str, bytes]) -> Iterator[Server]:
    """The peer, running, with these accounts."""
    accounts = [f"{account}=" for account in plain] + [
        f"{account}={key.decode()}" for account, key in encrypted.items()
    ]
    command = [str(PYTHON), str(Path(__file__).with_name("peer_server.py")), *accounts]
    with server_of(f"pysiaalarm {version()}", command) as server:
        yield server

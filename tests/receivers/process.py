"""The real `receive` process, for tests that do to it what an operating system does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.core.journal.places import Place

Receiver = subprocess.Popen[str]


@contextmanager
def receiver(at: Place, port: int = 0, **settings: str) -> Iterator[Receiver]:
    """`receive` for the journal of a place, killed at the end. Settings without their prefix: MAX_CONNECTIONS="9"."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LIANJING_")}
    usual = {"DATA": str(at.path.parent), "DATABASE_URL": at.url, "DC09_BIND": f"127.0.0.1:{port}"}
    wanted = {f"LIANJING_{name}": value for name, value in (usual | settings).items()}
    # Its log goes to a file: a pipe that nobody empties would stop it in the end.
    with log_of(Path(wanted["LIANJING_DATA"])).open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lianjing.project.receive"],
            env={**clean, **wanted},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    with process:
        try:
            yield process
        finally:
            process.kill()


def log_of(data: Path) -> Path:
    """Where the receiver of a data folder logs."""
    return data / "receive.log"


def port_of(process: Receiver) -> int:
    """Waits until it listens."""
    assert process.stdout is not None
    return int(process.stdout.readline().rpartition(":")[2])


def status_of(data: Path) -> dict[str, Any]:
    """What the receiver of a data folder last said of itself."""
    told: dict[str, Any] = json.loads((data / "receive.status.json").read_text())
    return told

"""Runs a command with a throw-away PostgreSQL: `with_postgres.py COMMAND ...`. Its URL is in LIANJING_TEST_POSTGRES."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def binaries() -> Path:
    """Debian keeps the server's programs outside PATH, one folder a version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        sys.exit("PostgreSQL is not installed; run tools/setup.sh tests")
    return found[-1]


def as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def create(folder: Path, *more: str) -> None:
    """A new cluster in `folder`, not running yet. `more` words are for initdb."""
    user = as_postgres()
    if user:
        shutil.chown(folder, "postgres", "postgres")
    words = ["-U", "lianjing", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", *more]
    _run("initdb", "-D", str(folder / "cluster"), *words)


def start(folder: Path, port: int) -> None:
    """Returns when it takes connections."""
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c max_connections=200"
    _run("pg_ctl", "-D", str(folder / "cluster"), "-w", "-l", str(folder / "log"), "-o", options, "start")


def _run(program: str, *words: str) -> None:
    subprocess.run([*as_postgres(), binaries() / program, *words], check=True, stdout=subprocess.DEVNULL, cwd="/")


def stop(folder: Path) -> None:
    subprocess.run(
        [*as_postgres(), binaries() / "pg_ctl", "-D", folder / "cluster", "-m", "immediate", "stop"],
        check=False,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="lianjing-pg-"))
    port = free_port()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        create(folder)
        start(folder, port)
        url = f"postgresql://lianjing@127.0.0.1:{port}/postgres"
        return subprocess.call(sys.argv[1:], env={**os.environ, "LIANJING_TEST_POSTGRES": url})
    finally:
        stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""Durable acknowledged frames a second, over loopback TCP, with the real receiver and its real journal.

`python -m bench.receive` prints a table. Receiver, panels and database share this machine. PostgreSQL is measured when
LIANJING_TEST_POSTGRES names a database that may be emptied of its schema `journal`.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

CONNECTIONS = 200
SECONDS = 8.0
SCHEMA = Path(__file__).parent.parent / "src/lianjing/domain/signals/migrations/journal"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    connections: int
    acked_a_second: float
    p50_ms: float
    p99_ms: float


def run() -> list[Row]:
    """Measures every database that is at hand."""
    with tempfile.TemporaryDirectory(prefix="lianjing-bench-") as folder:
        rows = [_measure("SQLite", prepare_sqlite(Path(folder)), Path(folder))]
    if url := os.environ.get("LIANJING_TEST_POSTGRES"):
        with tempfile.TemporaryDirectory(prefix="lianjing-bench-") as folder:
            rows.append(_measure("PostgreSQL", prepare_postgres(url), Path(folder)))
    return rows


def prepare_sqlite(folder: Path) -> str:
    """An empty journal in `folder`; the database URL that goes with it."""
    journal = sqlite3.connect(folder / "journal.db")
    for statements in sorted(SCHEMA.glob("*.sqlite.sql")):
        journal.executescript(statements.read_text())
    journal.close()
    return f"sqlite:///{folder / 'lianjing.db'}"


def prepare_postgres(url: str) -> str:
    """An empty journal in the database of `url`."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS journal CASCADE")
        for statements in sorted(SCHEMA.glob("*.postgresql.sql")):
            connection.execute(statements.read_bytes())
    return url


@contextmanager
def receiver(url: str, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """The `receive` process on a free port."""
    settings = {
        "LIANJING_DATA": str(folder),
        "LIANJING_DATABASE_URL": url,
        "LIANJING_DC09_BIND": "127.0.0.1:0",
        "LIANJING_LOG_LEVEL": "CRITICAL",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lianjing.project.receive"],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield process, int(line.rpartition(":")[2])
        finally:
            process.terminate()


def _measure(what: str, url: str, folder: Path) -> Row:
    with receiver(url, folder) as (_, port):
        command = [sys.executable, "-m", "bench.panels", str(port), str(CONNECTIONS), str(SECONDS)]
        figures = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    if figures["wrong"]:
        raise RuntimeError(f"{figures['wrong']} frames had a wrong answer")
    rate = figures["acked"] / figures["seconds"]
    return Row(f"durable acked frames, {what}", CONNECTIONS, rate, figures["p50_ms"], figures["p99_ms"])


if __name__ == "__main__":
    for row in run():
        print(
            f"{row.what:<36} {row.connections:>4} connections {row.acked_a_second:>8,.0f}/s"
            f"  p50 {row.p50_ms:6.1f} ms  p99 {row.p99_ms:6.1f} ms"
        )

"""Installations to measure: fresh ones, on every database at hand, with the receiver alone on its core."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from tests.program import Program, database, empty, until

from bench.crowd import Server
from bench.machine import cores, family, pin, postgres_pid

STORED = "SELECT count(*) FROM journal_frame WHERE kind = 'signal' AND repeat_of IS NULL"
HEARTBEATS = "SELECT coalesce(sum(heartbeat_count), 0) FROM journal_line_day"


def kinds() -> list[str]:
    """SQLite, and PostgreSQL when tools/with_postgres.py has started one."""
    return ["SQLite"] + (["PostgreSQL"] if os.environ.get("LIANJING_TEST_POSTGRES") else [])


class Installation(Program):
    """A program whose receiver runs on a core of its own and whose output does not mix with the table."""

    def do(self, *words: str) -> None:
        """Runs `lianjing WORDS`. Raises RuntimeError with what it said when it failed."""
        done = self.command(*words)
        if done.returncode:
            raise RuntimeError(f"lianjing {' '.join(words)}: {done.stdout}{done.stderr}")

    def start(self, name: str) -> None:
        receiver, _ = cores()
        where = receiver if name == "receive" else os.sched_getaffinity(0)
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "lianjing.project.command", name],
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, where),
        )

    def start_all(self) -> None:
        """Everything that `lianjing up` starts; returns when it is well."""
        for name in ("receive", "work", "web"):
            self.start(name)
        until(self.healthy, 60)

    def receiver(self, name: str) -> Server:
        """Starts `receive` alone; returns when it listens."""
        self.start("receive")
        until(self._listens, 60)
        return Server(name, self.processes["receive"].pid, self.panel_port)

    def know(self, panels: int, sites: int) -> None:
        """Sees to it that there are so many panels of the bench (see bench/known.py)."""
        self.inside("bench.known", str(panels), str(sites))

    def inside(self, module: str, *words: str) -> str:
        """Runs `python -m MODULE WORDS` with this installation's settings; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words], env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def known_to_receiver(self) -> int:
        """How many panels the receiver's directory has, by its own figures."""
        status = json.loads((self.data / "receive.status.json").read_text())
        return int(status["metrics"]["lianjing_directory_panels"])

    def count(self, query: str) -> int:
        """One number out of the journal and the main tables."""
        if self.database_url:
            with psycopg.connect(self.database_url, options="-c search_path=journal,public") as server:
                row = server.execute(query.encode()).fetchone()
        else:
            with closing(sqlite3.connect(self.data / "lianjing.db", timeout=20)) as file:
                file.execute("ATTACH ? AS journal", [str(self.data / "journal.db")])
                row = file.execute(query).fetchone()
        return int(row[0]) if row else 0

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.panel_port)) == 0


@contextmanager
def installed(kind: str) -> Iterator[Installation]:
    """A fresh installation with the demo company and no history; nothing runs yet. All that was started ends."""
    with tempfile.TemporaryDirectory(prefix="lianjing-bench-") as folder, database(empty(kind)) as url:
        made = Installation(Path(folder), url)
        made.do("migrate", "--quiet")
        made.do("demo-data", "--no-history")
        try:
            yield made
        finally:
            for name in list(made.processes):
                made.stop(name)


@contextmanager
def running(kind: str) -> Iterator[Installation]:
    """The same with all its processes up and well."""
    with installed(kind) as made:
        made.start_all()
        yield made


def pin_postgres() -> None:
    """The database serves from the cores of the load."""
    if url := os.environ.get("LIANJING_TEST_POSTGRES"):
        _, others = cores()
        for pid in family(postgres_pid(url)):
            pin(pid, others)

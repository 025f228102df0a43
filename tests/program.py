"""The real program for journeys: its own data folder, its own ports, all three processes."""

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from lianjing.project.demo_company import PASSWORD
from lianjing.protocols.dc09.panel import build_frame

__all__ = ["PASSWORD", "Program", "running", "until"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Waits until `true()` is; returns what it said. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        if said := true():
            return said
        assert time.monotonic() < deadline, f"not within {seconds} s: {true}"
        time.sleep(0.05)


@dataclass
class Program:
    """A running installation with the demo company, and hands to work with it."""

    data: Path
    database_url: str | None
    web_port: int = field(default_factory=free_port)
    panel_port: int = field(default_factory=free_port)
    surgard_port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    sequence: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def environment(self) -> dict[str, str]:
        mine = {
            "LIANJING_DATA": str(self.data),
            "LIANJING_WEB_BIND": f"127.0.0.1:{self.web_port}",
            "LIANJING_DC09_BIND": f"127.0.0.1:{self.panel_port}",
            "LIANJING_SURGARD_BIND": f"127.0.0.1:{self.surgard_port}",
            "LIANJING_LOG_LEVEL": "WARNING",
        }
        if self.database_url:
            mine["LIANJING_DATABASE_URL"] = self.database_url
        foreign = ("LIANJING_", "DJANGO_SETTINGS_MODULE")
        others = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        return {**others, **mine}

    def command(self, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Runs `lianjing WORDS` to its end, with `typed` on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", "lianjing.project.command", *words],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def start(self, name: str) -> None:
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "lianjing.project.command", name], env=self.environment, start_new_session=True
        )

    def stop(self, name: str, number: int = signal.SIGTERM) -> int:
        """Sends the signal to the process and its children; its exit code."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            return process.wait(15)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def token(self, user: str) -> str:
        made = self.command("token", "create", "--user", user)
        assert made.returncode == 0, made.stderr
        return made.stdout.strip().splitlines()[-1]

    def get(self, path: str, token: str) -> Any:
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    @contextlib.contextmanager
    def journal_held(self) -> Iterator[None]:
        """Somebody else holds the journal: it can be read and not be written."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                connection.execute("LOCK TABLE journal.journal_frame IN EXCLUSIVE MODE")
                yield
        else:
            with contextlib.closing(sqlite3.connect(self.data / "journal.db", isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                yield

    def send(self, data: str, account: str = "1004") -> bytes:
        """Sends one SIA-DCS event as a panel would, over TCP; returns the answer, nothing after 3 s without one."""
        self.sequence += 1
        frame = build_frame("SIA-DCS", f"#{account}|{data}", account, self.sequence, at=datetime.now(UTC))
        with socket.create_connection(("127.0.0.1", self.panel_port), timeout=10) as panel:
            panel.sendall(frame)
            panel.settimeout(3)
            try:
                return panel.recv(4096)
            except TimeoutError:
                return b""


def server() -> str:
    return os.environ["LIANJING_TEST_POSTGRES"]


def of_server(name: str) -> str:
    return f"{server().rpartition('/')[0]}/{name}"


@dataclass(frozen=True)
class Installed:
    """An installation that nobody uses: its folder, and its database on PostgreSQL."""

    folder: Path
    database: str | None


@cache
def installed(kind: str, *words: str) -> Installed:
    """The demo company, made once a test process by `demo-data WORDS`: each program begins with a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="lianjing-installed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = f"installed_{uuid.uuid4().hex}" if kind == "postgresql" else None
    if name:
        with psycopg.connect(server(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    program = Program(folder, of_server(name) if name else None)
    for command in (("migrate", "--quiet"), ("demo-data", *words)):
        done = program.command(*command)
        assert done.returncode == 0, done.stderr
    return Installed(folder, name)


def at_rest(data: Path, *words: str) -> Program:
    """Tables and demo company on SQLite, as by `demo-data WORDS`; nothing runs."""
    shutil.copytree(installed("sqlite", *words).folder, data, dirs_exist_ok=True)
    return Program(data, None)


def empty(kind: str) -> str | None:
    """The template of a database without tables; SQLite needs none."""
    return "template1" if kind == "postgresql" else None


@contextlib.contextmanager
def database(template: str | None) -> Iterator[str | None]:
    """A copy of the template on the test server; None for SQLite, which is a file in the data folder."""
    if template is None:
        yield None
        return
    name = f"journey_{uuid.uuid4().hex}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield of_server(name)
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def running(data: Path) -> Iterator[Program]:
    """The program with the demo company and no history, all processes up and well."""
    made = installed(os.environ.get("LIANJING_TEST_DATABASE", "sqlite"), "--no-history")
    shutil.copytree(made.folder, data, dirs_exist_ok=True)
    with database(made.database) as url:
        program = Program(data, url)
        try:
            for name in ("receive", "work", "web"):
                program.start(name)
            until(program.healthy)
            yield program
        finally:
            for name in list(program.processes):
                program.stop(name)

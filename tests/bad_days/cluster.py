"""A PostgreSQL of the test's own, to stop and to hang."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tools import with_postgres

from tests.core.journal.places import Place, postgres_place


class Cluster:
    """One server. Databases are made in it as on the test server that all others share."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._folder, self.port = folder, with_postgres.free_port()
        with_postgres.create(folder, *words)
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://lianjing@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        with_postgres.start(self._folder, self.port)

    def is_running(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """As if its machine had lost power: nothing is written any more."""
        with_postgres.stop(self._folder)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """The server and its sessions stand still; their sockets stay open."""
        processes = self.processes()
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def set(self, name: str, value: str) -> None:
        """Changes a setting of the running server."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")

    def processes(self) -> list[int]:
        """The postmaster first, so that it starts no further session."""
        first = int((self._folder / "cluster/postmaster.pid").read_text().split()[0])
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]


@contextmanager
def own_cluster(*words: str, within: Path | None = None) -> Iterator[Cluster]:
    """`words` are for initdb; the cluster is made in the folder `within`, usually that for temporary files."""
    # Not below pytest's folder: PostgreSQL runs as a user of its own, who may not look into that.
    folder = Path(tempfile.mkdtemp(prefix="lianjing-bad-day-", dir=within))
    try:
        yield Cluster(folder, *words)
    finally:
        with_postgres.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


def fresh_place(cluster: Cluster, folder: Path, tablespace: str = "pg_default") -> Place:
    """A journal in a database of its own; it goes when the cluster goes."""
    name = f"bad_day_{secrets.token_hex(6)}"
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TABLESPACE {tablespace}")
    return postgres_place(cluster.url.removesuffix("postgres") + name, folder)

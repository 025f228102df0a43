"""Copies of the PostgreSQL database by its own pg_dump and pg_restore."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from lianjing.project.copies.store import CannotCopy, NotEmpty

DUMP = "database.dump"
TABLES = """
    SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'journal') ORDER BY 1, 2
"""
MAY_CREATE = sql.SQL("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""libpq's names: a password in the environment, unlike one among the words of a command, nobody else sees."""


class PostgresqlStore:
    """See `store.Store`. One database with the schemas `public` and `journal`."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        self._counts: dict[str, int] = {}

    def copy(self, folder: Path) -> dict[str, Path]:
        """The rows are counted in the very snapshot that is dumped."""
        dump = folder / DUMP
        with psycopg.connect(self._url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = _one(connection, sql.SQL("SELECT pg_export_snapshot()"))
            self._counts = _counts(connection)
            words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            self._run("pg_dump", *words, f"--file={dump}")
        return {DUMP: dump}

    def counts(self, copies: Mapping[str, Path]) -> dict[str, int]:
        return self._counts

    def require_empty(self) -> None:
        with psycopg.connect(self._url) as connection:
            tables = connection.execute(TABLES).fetchall()
        if tables:
            raise NotEmpty("the database has tables already: make an empty one and name it in LIANJING_DATABASE_URL")

    def put_back(self, copies: Mapping[str, Path], prove: Callable[[Path], None]) -> None:
        folder = copies[DUMP].parent
        try:
            words = ["--no-owner", "--no-privileges", "--single-transaction", f"--dbname={self._name}"]
            self._run("pg_restore", *words, str(copies[DUMP]))
            with psycopg.connect(self._url) as connection:
                self._counts = _counts(connection)
            prove(folder)
        except BaseException:
            self.clear()
            raise

    def clear(self) -> None:
        """Takes back what `put_back` did in a database that was empty before."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS journal CASCADE")
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            connection.execute("CREATE SCHEMA public")

    @contextmanager
    def scratch(self, given: str | None) -> Iterator[str]:
        """The URL of an empty database to try a backup in: `given`, which is empty again afterwards, or one that is
        made for it beside this one."""
        if given is not None:
            store = PostgresqlStore(given)
            store.require_empty()
            try:
                yield given
            finally:
                store.clear()
            return
        name = f"lianjing_check_{secrets.token_hex(6)}"
        named = sql.Identifier(name)
        with psycopg.connect(self._url, autocommit=True) as connection:
            made = "CREATE DATABASE {} ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
            connection.execute(sql.SQL(made).format(named))
            try:
                yield _url_with(self._url, name)
            finally:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))

    def require_scratch(self) -> None:
        """Raises CannotCopy when this role may not make a database to try a backup in."""
        with psycopg.connect(self._url) as connection:
            may = _one(connection, MAY_CREATE)
        if not may:
            raise CannotCopy(
                "a backup is proved in a scratch database, and this role may not create one: "
                "ALTER ROLE … CREATEDB, or give an empty database with --scratch URL"
            )

    @property
    def _name(self) -> str:
        return str(conninfo_to_dict(self._url).get("dbname", ""))

    def _run(self, program: str, *words: str) -> None:
        given = conninfo_to_dict(self._url).items()
        mine = {ENVIRONMENT[name]: str(value) for name, value in given if name in ENVIRONMENT}
        done = subprocess.run(
            [_program(program), "--no-password", *words],
            env={**os.environ, **mine},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise CannotCopy(f"{program}: {done.stderr.strip() or done.returncode}")


def _program(name: str) -> str:
    """The newest one that is installed: pg_dump must not be older than the server. Debian keeps them outside PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise CannotCopy(f"{name} is not installed: on Debian it comes with the package postgresql-client")
    return found


def _counts(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, int]:
    count = sql.SQL("SELECT count(*) FROM {}")
    tables = connection.execute(TABLES).fetchall()
    return {".".join(table): int(_one(connection, count.format(sql.Identifier(*table)))) for table in tables}


def _one(connection: psycopg.Connection[tuple[Any, ...]], query: sql.Composable) -> Any:
    """The one value of the one row that the query gives."""
    (row,) = connection.execute(query).fetchall()
    return row[0]


def _url_with(url: str, name: str) -> str:
    """The same server and user, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()

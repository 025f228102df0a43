"""Which store this installation has."""

from pathlib import Path

import dj_database_url

from lianjing.project.copies.postgresql import PostgresqlStore
from lianjing.project.copies.sqlite import SqliteStore
from lianjing.project.environment import Environment


def store_of(environment: Environment) -> SqliteStore | PostgresqlStore:
    if environment.is_sqlite:
        return SqliteStore(Path(dj_database_url.parse(environment.database_url)["NAME"]), environment.journal_path)
    return PostgresqlStore(environment.database_url)

"""What the two kinds of database have in common for copies."""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import psycopg


class CannotCopy(Exception):
    """The copy could not be taken or put back; the text says why and what to do."""


class NotEmpty(CannotCopy):
    """There is data where a backup should be put back. Nothing is ever overwritten."""


FAILURES = (CannotCopy, OSError, sqlite3.Error, psycopg.Error)
"""Why a copy cannot be taken or put back, told in one line."""


class Store(Protocol):
    """The databases of one installation."""

    kind: str

    def copy(self, folder: Path) -> dict[str, Path]:
        """Takes one consistent copy into `folder` while everything runs; its files by name."""

    def counts(self, copies: Mapping[str, Path]) -> dict[str, int]:
        """Rows by table of what `copy` took last, or `put_back` put there."""

    def require_empty(self) -> None:
        """Raises NotEmpty."""

    def put_back(self, copies: Mapping[str, Path], prove: Callable[[Path], None]) -> None:
        """Makes the copies the installation's data. `prove` raises when they do not hold, and then nothing stays."""

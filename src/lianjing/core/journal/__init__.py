"""The journal (流水): every frame that arrived, durable before anybody answers it. SQL without Django.

Its tables come from migrations of `domain.signals`; the journal never creates them.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lianjing.core.journal.engine import Engine
from lianjing.core.journal.journal import Journal, utc_now
from lianjing.core.journal.postgresql import PostgresEngine
from lianjing.core.journal.sqlite import SqliteEngine
from lianjing.core.postgres import is_postgres
from lianjing.terms.frames import JournalUnavailable

__all__ = ["Journal", "JournalUnavailable", "open_journal", "utc_now"]


def open_journal(
    database_url: str,
    journal_path: Path,
    *,
    time_zone: str = "Asia/Shanghai",
    clock: Callable[[], datetime] = utc_now,
) -> Journal:
    """The journal of this installation: on PostgreSQL in the database of `database_url`, else in `journal_path`.

    `time_zone` says when a day begins for line figures. Nothing is opened before `Journal.start`.
    """
    engine: Engine = PostgresEngine(database_url) if is_postgres(database_url) else SqliteEngine(journal_path)
    return Journal(engine, ZoneInfo(time_zone), clock)

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class SignalsConfig(AppConfig):
    name = "lianjing.domain.signals"
    label = "signals"

    def ready(self) -> None:
        connection_created.connect(attach_journal, dispatch_uid="attach-journal")


def attach_journal(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """On SQLite the journal is a file of its own, attached read-only (docs/decisions/0003)."""
    if connection.vendor != "sqlite" or not settings.JOURNAL_PATH.exists():
        return
    with connection.cursor() as cursor:
        attached = {row[1] for row in cursor.execute("PRAGMA database_list").fetchall()}
        if "journal" not in attached:
            place = f"{settings.JOURNAL_PATH.absolute().as_uri()}?mode={settings.JOURNAL_ATTACH_MODE}"
            cursor.execute("ATTACH DATABASE %s AS journal", [place])

"""Keys of accounts from a snapshot of sites_panel, on either database."""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from lianjing.core.crypto import seal_field
from lianjing.core.directory import Directory, following, open_directory, sources
from lianjing.core.directory import directory as module
from lianjing.core.directory.sources import SourceFault
from tests.core.directory.panels import DATA_KEY, NOW, TABLE, Panels

POSTGRES = os.environ.get("LIANJING_TEST_POSTGRES", "")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def panels(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Panels]:
    if request.param == "sqlite":
        path = tmp_path / "lianjing.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(TABLE.format("datetime"))
            yield Panels(f"sqlite:///{path}", connection.execute, "?")
        return
    schema = f"directory_{secrets.token_hex(6)}"
    with closing(psycopg.connect(POSTGRES, autocommit=True)) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute(f"SET search_path = {schema}")
        connection.execute(TABLE.format("timestamptz"))
        separator = "&" if "?" in POSTGRES else "?"
        yield Panels(f"{POSTGRES}{separator}options=-csearch_path%3D{schema}", connection.execute, "%s")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def directory(panels: Panels) -> Iterator[Directory]:
    """The directory of these panels; nothing is read yet."""
    directory = open_directory(panels.url, DATA_KEY)
    yield directory
    directory.stop()


def key_of(directory: Directory, account: str) -> bytes | None:
    found = directory.profile("dc09", account)
    assert found is not None
    return found.key


def test_keys_are_opened_and_accounts_match_in_either_case(panels, directory):
    panels.add("12AB", key="00112233445566778899AABBCCDDEEFF")
    panels.add("7099")
    directory.refresh()
    assert key_of(directory, "12ab") == bytes.fromhex("00112233445566778899AABBCCDDEEFF")
    assert key_of(directory, "7099") is None
    assert len(directory) == 2


def test_leading_zeros_and_the_listener_count(panels, directory):
    panels.add("0012")
    directory.refresh()
    assert directory.profile("dc09", "0012") is not None
    assert directory.profile("dc09", "12") is None
    assert directory.profile("other", "0012") is None


def test_an_edit_arrives_with_the_next_look(panels, directory):
    row = panels.add("7099")
    directory.refresh()
    panels.change(row, NOW + timedelta(seconds=1), key_sealed=seal_field(DATA_KEY, b"AB" * 16))
    directory.refresh()
    assert key_of(directory, "7099") == b"\xab" * 16
    panels.change(row, NOW + timedelta(seconds=2), account="7100")
    directory.refresh()
    assert directory.profile("dc09", "7099") is None
    assert key_of(directory, "7100") == b"\xab" * 16


def test_an_edit_that_is_committed_late_arrives_too(panels, directory):
    panels.add("7099")
    directory.refresh()
    panels.add("7100", changed=NOW - timedelta(seconds=30))
    directory.refresh()
    assert directory.profile("dc09", "7100") is not None


def test_a_removed_panel_disappears_and_its_account_can_be_given_again(panels, directory):
    row = panels.add("7099", key="AB" * 16)
    directory.refresh()
    panels.change(row, NOW + timedelta(seconds=1), removed_at=NOW)
    directory.refresh()
    assert directory.profile("dc09", "7099") is None
    panels.add("7099", changed=NOW + timedelta(seconds=2))
    directory.refresh()
    panels.change(row, NOW + timedelta(hours=2))
    directory.refresh()
    assert key_of(directory, "7099") is None


def test_a_deleted_row_disappears(panels, directory, monkeypatch):
    monkeypatch.setattr(following, "COUNT_S", -1.0)
    row = panels.add("7099")
    panels.add("7100")
    directory.refresh()
    panels.execute(f"DELETE FROM sites_panel WHERE id = {row}")  # noqa: S608
    directory.refresh()
    assert directory.profile("dc09", "7099") is None
    assert directory.profile("dc09", "7100") is not None


def test_a_key_that_cannot_be_opened_leaves_a_panel_without_one(panels, directory, caplog):
    row = panels.add("7099")
    panels.change(row, NOW, key_sealed=seal_field(bytes(32), b"AB" * 16))
    directory.refresh()
    assert key_of(directory, "7099") is None
    assert "account 7099" in caplog.text


def test_with_the_database_away_the_last_snapshot_stays_and_the_fault_is_said(panels, directory):
    panels.add("7099")
    directory.refresh()
    panels.execute("ALTER TABLE sites_panel RENAME TO elsewhere")
    with pytest.raises(SourceFault, match="sites_panel"):
        directory.refresh()
    assert directory.profile("dc09", "7099") is not None
    panels.execute("ALTER TABLE elsewhere RENAME TO sites_panel")
    directory.refresh()
    assert directory.fault is None


def wait_until(true: Callable[[], object], seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "in vain"
        time.sleep(0.01)


def test_it_refreshes_by_itself_and_heals(panels, directory, monkeypatch):
    monkeypatch.setattr(following, "REFRESH_S", 0.02)
    panels.execute("ALTER TABLE sites_panel RENAME TO elsewhere")
    directory.start()
    assert not directory.wait_first(0.2)
    assert "sites_panel" in (directory.fault or "")
    panels.execute("ALTER TABLE elsewhere RENAME TO sites_panel")
    assert directory.wait_first(5)
    panels.add("7099", changed=NOW)
    wait_until(lambda: directory.profile("dc09", "7099"))
    assert directory.fault is None
    directory.stop()


def test_a_database_that_does_not_answer_shows_as_a_stale_snapshot(panels, directory, monkeypatch):
    directory.start()
    assert directory.wait_first(5)
    monkeypatch.setattr(following, "STALE_S", -1.0)
    assert "last read" in (directory.fault or "")
    directory.stop()


def test_a_mistake_does_not_end_the_refreshing(panels, directory, monkeypatch):
    monkeypatch.setattr(following, "REFRESH_S", 0.02)
    monkeypatch.setattr(directory._source, "read", lambda since: 1 / 0)
    directory.start()
    wait_until(lambda: "unexpected" in (directory.fault or ""))
    monkeypatch.undo()
    wait_until(lambda: directory.fault is None)
    directory.stop()


def test_a_missing_file_is_a_fault(tmp_path):
    directory = open_directory(f"sqlite:///{tmp_path / 'none.db'}", DATA_KEY)
    with pytest.raises(SourceFault, match="unable to open"):
        directory.refresh()
    assert not (tmp_path / "none.db").exists()


def test_what_is_remembered_of_an_account_is_dropped_with_the_next_edit(panels, directory, monkeypatch):
    monkeypatch.setattr(module, "REMEMBERED", 2)
    rows = [panels.add(account, key="AB" * 16) for account in ("7001", "7002", "7003")]
    directory.refresh()
    assert [key_of(directory, account) for account in ("7001", "7002", "7003", "7001")] == [b"\xab" * 16] * 4
    assert directory.profile("dc09", "9999") is None
    panels.change(rows[0], NOW + timedelta(seconds=1), key_sealed="")
    panels.add("9999", changed=NOW + timedelta(seconds=1))
    directory.refresh()
    assert (key_of(directory, "7001"), key_of(directory, "9999")) == (None, None)
    assert key_of(directory, "7002") == b"\xab" * 16


def test_everything_is_read_in_portions_and_again_when_the_copy_cannot_be_read(panels, directory, monkeypatch):
    monkeypatch.setattr(sources, "PORTION", 2)
    for number in range(5):
        panels.add(f"700{number}")
    directory.refresh()
    assert len(directory) == 5
    directory._book._connection.close()
    assert directory.profile("dc09", "7001") is None
    assert not directory.ready
    assert "copy of the panels" in (directory.fault or "")
    directory.refresh()
    assert (directory.ready, directory.fault, key_of(directory, "7004")) == (True, None, None)

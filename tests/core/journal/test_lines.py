from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from lianjing.core.journal import lines
from lianjing.core.journal.lines import LineBook, LineDay
from tests.core.journal.places import NOON

LINE = ("dc09", "7099", "tcp")


@pytest.fixture
def book() -> LineBook:
    return LineBook(ZoneInfo("Asia/Shanghai"))


def beat(book, **after):
    book.note(LINE, NOON + timedelta(**after), heartbeat=True)


def test_contacts_of_a_day_are_one_row(book):
    for seconds in (0, 30, 100, 110):
        beat(book, seconds=seconds)
    (row,) = book.take_unsaved(10)
    assert (row.first_seen_at, row.last_seen_at) == (NOON, NOON + timedelta(seconds=110))
    assert (row.heartbeat_count, row.longest_gap_s) == (4, 70)


def test_any_frame_refreshes_a_line_and_only_heartbeats_are_counted(book):
    beat(book)
    book.note(LINE, NOON + timedelta(seconds=5), heartbeat=False)
    (row,) = book.take_unsaved(10)
    assert (row.heartbeat_count, row.last_seen_at) == (1, NOON + timedelta(seconds=5))


def test_the_first_heartbeat_of_a_day_is_asked_for_even_after_a_signal(book):
    book.note(LINE, NOON, heartbeat=False)
    assert not book.heard_today(LINE, NOON)
    beat(book)
    assert book.heard_today(LINE, NOON)
    assert not book.heard_today(("dc09", "7099", "udp"), NOON)


def test_the_day_ends_at_midnight_of_the_centre_and_the_silence_counts_on_the_new_one(book):
    beat(book, hours=11, minutes=59)
    beat(book, hours=12, minutes=9)
    old, new = book.take_unsaved(10)
    assert (old.day, old.longest_gap_s) == (date(2026, 11, 22), 0)
    assert (new.day, new.longest_gap_s, new.heartbeat_count) == (date(2026, 11, 23), 600, 1)


def test_the_last_run_is_taken_up(book):
    row = LineDay(*LINE, date(2026, 11, 22), NOON, NOON, heartbeat_count=7, longest_gap_s=60)
    book.load([row])
    beat(book, seconds=90)
    assert book.take_unsaved(1)[0].heartbeat_count == 8
    assert book.take_unsaved(1) == []


def test_rows_that_could_not_be_saved_come_again_with_their_latest_figures(book):
    beat(book)
    taken = book.take_unsaved(10)
    beat(book, seconds=10)
    book.put_back(taken)
    (row,) = book.take_unsaved(10)
    assert row.heartbeat_count == 2
    book.put_back([row])
    assert book.take_unsaved(10) == [row]


def test_a_clock_that_steps_back_takes_no_contact_away(book):
    beat(book, hours=13)
    beat(book, hours=-1)
    (row,) = book.take_unsaved(10)
    assert (row.day, row.heartbeat_count, row.last_seen_at) == (date(2026, 11, 23), 2, NOON + timedelta(hours=13))


def test_made_up_accounts_do_not_take_all_memory(book, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINES", 2)
    for account in ("1", "2", "3", "4"):
        book.note(("dc09", account, "tcp"), NOON, heartbeat=True)
    assert (len(book), book.untracked) == (2, 2)
    assert book.heard_today(("dc09", "5", "tcp"), NOON)

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from lianjing.core.journal.digest import FRAME_COLUMNS, SIGNAL_COLUMNS, frame_digest
from lianjing.core.journal.rows import Marks, build_batch
from lianjing.core.seals.canonical import canonical_json, instant
from tests.core.journal.places import NOON, alarm, entry

TWO_EVENTS = b'"SIA-DCS"0001L0#7099[#7099|Nri1/BA003/FA"\\9^K\xc3\xbcche^][I\xe9\x97\xa8]'


def rows(raw: bytes = b""):
    batch = build_batch([entry(raw or alarm(1))], Marks(), [], NOON)
    return batch.frames[0]._asdict(), [signal._asdict() for signal in batch.signals]


def reference(frame, signals) -> bytes:
    """The definition, spelled out slowly."""

    def normal(row, columns):
        spelled = {datetime: instant, bytes: bytes.hex}
        return [spelled.get(type(row[name]), lambda value: value)(row[name]) for name in columns]

    content = [2, normal(frame, FRAME_COLUMNS), [normal(signal, SIGNAL_COLUMNS) for signal in signals]]
    return sha256(canonical_json(content).encode()).digest()


def framed(body: bytes) -> bytes:
    from fastcrc import crc16

    return b"\n%04X%04X%b\r" % (crc16.arc(body), len(body), body)


@pytest.mark.parametrize("raw", [alarm(1), framed(TWO_EVENTS), b"noise\x00\xff"])
def test_the_fast_spelling_is_canonical_json(raw):
    frame, signals = rows(raw)
    assert frame["digest"] == frame_digest(frame, signals) == reference(frame, signals)


@pytest.mark.parametrize("column", FRAME_COLUMNS)
def test_every_column_of_a_frame_is_covered(column):
    frame, signals = rows()
    changed = {str: "other", int: 99, bytes: b"other", datetime: NOON + timedelta(microseconds=1), type(None): None}
    value = {"device_at": NOON, "repeat_of": 7}.get(column, changed[type(frame[column])])
    assert frame_digest({**frame, column: value}, signals) != frame["digest"]


@pytest.mark.parametrize("column", SIGNAL_COLUMNS)
def test_every_column_of_a_signal_is_covered(column):
    frame, (signal,) = rows()
    changed = {str: "other", int: 99, bool: False, datetime: NOON + timedelta(microseconds=1)}
    altered = {**signal, column: changed[type(signal[column])]}
    assert frame_digest(frame, [altered]) != frame["digest"]


def test_a_missing_signal_is_seen():
    frame, _ = rows()
    assert frame_digest(frame, []) != frame["digest"]


def test_rows_count_the_same_however_a_database_gives_them_back():
    frame, (signal,) = rows()
    zone = timezone(timedelta(hours=8))
    from_postgresql = {**frame, "received_at": NOON.astimezone(zone), "reading": json.loads(frame["reading"])}
    from_django = {**frame, "received_at": NOON.replace(tzinfo=None), "raw": memoryview(frame["raw"])}
    from_sqlite = {**frame, "received_at": "2026-11-22 04:00:00.000000", "stored_at": "2026-11-22 04:00:00"}
    for row in (from_postgresql, from_django, from_sqlite):
        assert frame_digest(row, [{**signal, "known": 1}]) == frame["digest"]


def test_signals_may_come_in_any_order():
    frame, signals = rows(framed(TWO_EVENTS))
    assert len(signals) == 2
    assert frame_digest(frame, reversed(signals)) == frame["digest"]


def test_an_instant_is_spelled_in_utc():
    assert instant(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000000+00:00"

"""Sur-Gard MLR2 and Ademco 685: what older receivers send, however it arrives."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianjing.protocols import ademco685, surgard
from lianjing.protocols.received import FrameReceived
from lianjing.protocols.receiver_output import ACK, LONGEST, OutputConnection
from lianjing.terms.codes import Scheme
from lianjing.terms.signals import FrameKind
from tests.protocols.oracle import is_answered_to_receiver, is_bounded, is_consistent, is_whole

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
FORMS = {"surgard": surgard.Connection, "ademco685": ademco685.Connection}
ROWS = [json.loads(line) for line in (Path(__file__).parent.parent / "vectors/outputs.jsonl").read_text().splitlines()]
CID, SAME_AGAIN, RESTORE = b"5011 181234E13001001\x14", b"5011 181234E13001001\x14", b"5011 181234R13001001\x14"


def raw_of(row: dict[str, Any]) -> bytes:
    return str(row["raw"]).encode().decode("unicode_escape").encode("latin-1")


def read(form: str, *parts: bytes) -> list[FrameReceived]:
    connection: OutputConnection = FORMS[form]()
    frames = [frame for part in parts for frame in connection.receive_data(part, NOW)]
    return frames + connection.close(NOW)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_every_form_of_the_manuals_is_read_and_acknowledged(row: dict[str, Any]) -> None:
    (frame,) = read(row["form"], raw_of(row))
    signal = frame.signal
    assert signal is not None
    assert frame.answer == ACK
    found = {name: getattr(signal, name) for name in ("token", "receiver", "line", "account")}
    assert found == {name: row[name] for name in found}
    if "text" in row:
        (event,) = signal.events
        assert (event.meaning.scheme, event.meaning.code, event.text) == (Scheme.OTHER, row["token"], row["text"])
        assert (frame.reason, event.address) == ("unread-token", row.get("zone"))
    else:
        events = [[e.meaning.code, e.qualifier, e.area, e.address] for e in signal.events]
        assert events == row["events"]
        assert frame.kind is (FrameKind.SIGNAL if events else FrameKind.HEARTBEAT)


@pytest.mark.parametrize("form", FORMS)
def test_however_it_was_cut_the_messages_are_the_same(form: str) -> None:
    stream = b"".join(raw_of(row) for row in ROWS if row["form"] == form) + b"half"
    whole = read(form, stream)
    assert read(form, *(stream[at : at + 1] for at in range(len(stream)))) == whole
    assert [frame.kind for frame in whole[-1:]] == [FrameKind.UNREADABLE]
    for at in range(len(stream)):
        assert read(form, stream[:at], stream[at:]) == whole


def test_a_message_that_follows_itself_is_a_repeat_and_one_with_another_between_is_not() -> None:
    first, again, restore, later = read("surgard", CID, SAME_AGAIN, RESTORE, CID)
    assert first.repeat_key == again.repeat_key != None  # noqa: E711 both a key and the same
    assert len({first.repeat_key, restore.repeat_key, later.repeat_key}) == 3


def test_a_heartbeat_between_two_equal_messages_makes_them_two() -> None:
    first, _, second = read("surgard", CID, b"1011           @    \x14", CID)
    assert first.repeat_key != second.repeat_key


def test_parity_bits_of_a_serial_line_are_taken_off_and_named() -> None:
    raw = bytes(byte | (byte.bit_count() % 2) << 7 for byte in CID)
    (frame,) = read("surgard", raw)
    assert (frame.raw, frame.answer) == (raw, ACK)
    assert frame.signal is not None
    assert (frame.signal.account, frame.signal.dialect) == ("1234", ("parity-bits",))


def test_a_damaged_message_is_not_acknowledged_and_the_next_one_is_read() -> None:
    damaged, good = read("surgard", b"5011 18\xff234E13001001\x14" + CID)
    assert (damaged.kind, damaged.answer) == (FrameKind.UNREADABLE, None)
    assert good.answer == ACK


def test_what_never_ends_is_given_up_at_a_bound() -> None:
    frames = read("ademco685", b"x" * (3 * LONGEST))
    assert [(len(frame.raw), frame.reason) for frame in frames] == [(LONGEST, "too-long")] * 3


@given(st.sampled_from(sorted(FORMS)), st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(ROWS).map(raw_of))))
def test_any_bytes_in_any_pieces_give_the_same_frames_and_no_byte_is_lost(form: str, parts: list[bytes]) -> None:
    stream = b"".join(parts)
    whole = read(form, stream)
    assert read(form, *parts) == whole
    is_whole(stream, whole)
    for frame in whole:
        is_bounded(frame, LONGEST)
        is_consistent(frame)
        is_answered_to_receiver(frame)

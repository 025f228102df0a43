from datetime import timedelta

import pytest

from lianjing.core.journal.rows import FirstFrame, Marks, build_batch, plain_text, repeat_keys
from lianjing.core.seals.merkle import root
from lianjing.terms.frames import FrameEntry
from lianjing.terms.signals import FrameKind
from tests.core.journal.places import NOON, alarm, entry, heartbeat, read


def batch(*entries, after=None, firsts=()):
    return build_batch(entries, after or Marks(), firsts, NOON + timedelta(seconds=1))


def first_of(raw, seconds_ago):
    return FirstFrame(read(raw).repeat_key, 41, NOON - timedelta(seconds=seconds_ago))


def test_ids_follow_the_marks_without_gaps():
    made = batch(entry(alarm(1)), entry(alarm(2)), after=Marks(batch=6, frame=40, signal=90))
    assert [(frame.id, frame.batch_id) for frame in made.frames] == [(41, 7), (42, 7)]
    assert [(signal.id, signal.frame_id) for signal in made.signals] == [(91, 41), (92, 42)]
    assert made.marks == Marks(7, 42, 92)


def test_the_batch_row_carries_the_merkle_root_of_its_frames():
    made = batch(entry(alarm(1)), entry(heartbeat()))
    assert made.row.root == root([frame.digest for frame in made.frames])
    assert (made.row.frame_count, made.row.signal_count) == (2, 1)


def test_a_frame_becomes_columns():
    (frame,) = batch(entry(alarm(1, account="0a99"))).frames
    assert (frame.account, frame.token, frame.sequence, frame.line) == ("0A99", "ADM-CID", "0001", "0")
    assert (frame.kind, frame.event_count, frame.repeat_of) == ("signal", 1, None)
    assert frame.raw == alarm(1, account="0a99")
    assert frame.answer.endswith(b'"ACK"0001L0#0a99[]\r')


def test_a_repeat_names_its_first_and_has_no_signal_rows():
    made = batch(entry(alarm(1)), firsts=[first_of(alarm(1), seconds_ago=60)])
    assert made.frames[0].repeat_of == 41
    assert made.frames[0].event_count == 1
    assert made.signals == []


def test_a_repeat_inside_one_batch_is_seen():
    made = batch(entry(alarm(1)), entry(alarm(1)), entry(alarm(1)))
    assert [frame.repeat_of for frame in made.frames] == [None, 1, 1]


@pytest.mark.parametrize(("seconds", "is_repeat"), [(0, True), (180, True), (181, False)])
def test_the_window_counts_from_the_first_frame(seconds, is_repeat):
    made = batch(entry(alarm(1)), firsts=[first_of(alarm(1), seconds)])
    assert (made.frames[0].repeat_of == 41) is is_repeat


def test_the_latest_of_several_firsts_counts():
    old, new = first_of(alarm(1), 170), first_of(alarm(1), 20)._replace(frame_id=43)
    assert batch(entry(alarm(1)), firsts=[new, old]).frames[0].repeat_of == 43


def test_the_same_number_with_another_content_is_no_repeat():
    made = batch(entry(alarm(1, zone=3)), entry(alarm(1, zone=4)))
    assert [frame.repeat_of for frame in made.frames] == [None, None]


def test_sequence_0000_repeats_only_byte_for_byte_and_briefly():
    late = FrameEntry("dc09", "tcp", "", NOON + timedelta(seconds=16), read(alarm(0)))
    made = batch(entry(alarm(0)), entry(alarm(0)), late)
    assert [frame.repeat_of for frame in made.frames] == [None, 1, None]


def test_heartbeats_and_broken_frames_are_never_repeats():
    broken = alarm(1).replace(b"1130", b"1131")
    made = batch(*[entry(raw) for raw in (heartbeat(), heartbeat(), broken, broken)])
    assert [frame.repeat_of for frame in made.frames] == [None] * 4
    assert repeat_keys([entry(heartbeat()), entry(broken)]) == []


def test_noise_has_bytes_and_a_reason_and_nothing_else():
    (frame,) = batch(entry(b"\x00noise\xff")).frames
    assert frame.kind == FrameKind.UNREADABLE.value
    assert frame.reason != ""
    assert (frame.account, frame.reading, frame.answer) == ("", "{}", None)


@pytest.mark.parametrize(
    ("sent", "kept"), [(None, ""), ("a\0b", "a\ufffdb"), ("\ud800", "?"), ("门厅\n", "门厅\n"), ("plain", "plain")]
)
def test_text_is_kept_in_a_form_that_both_databases_take(sent, kept):
    assert plain_text(sent) == kept

"""The head of the log leaves the house, and what hinders it is not forgotten."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from lianjing.core.seals.signing import SealKey
from lianjing.domain.records.actions import Deed, seal_records, write_records
from lianjing.domain.records.models import Record, Seal
from lianjing.domain.records.queries import head_left_at
from lianjing.workers.heads import Heads
from tests.cast import SYSTEM

KEY = SealKey(b"\x07" * 32)


@pytest.fixture
def head(db: None) -> str:
    write_records([Deed("one", "incident", 1, None)], by=SYSTEM, at=timezone.now())
    seal = seal_records(KEY, [], at=timezone.now())
    assert seal
    return f"{seal.number}:{seal.hash}"


def lines(file: Path) -> list[str]:
    return [line.split()[1] for line in file.read_text().splitlines()] if file.exists() else []


def an_hour_later() -> None:
    for record in Record.objects.filter(action="head.left"):
        Record.objects.filter(pk=record.pk).update(at=record.at - timedelta(minutes=61))


def test_the_head_is_added_to_the_file_every_hour(head: str, tmp_path: Path) -> None:
    heads = Heads(tmp_path / "heads.log", [])
    heads.turn()
    heads.turn()
    assert lines(tmp_path / "heads.log") == [head]
    an_hour_later()
    heads.turn()
    assert lines(tmp_path / "heads.log") == [head, head]
    assert [r.subject_type for r in Record.objects.filter(action="head.left")] == ["head.file"] * 2


def test_the_head_is_mailed_once_a_day(head: str) -> None:
    heads = Heads(None, ["chief@example.cn"])
    heads.turn()
    an_hour_later()
    heads.turn()
    (message,) = mail.outbox
    assert (message.to, head in message.body) == (["chief@example.cn"], True)


def test_a_file_that_cannot_be_written_is_tried_again_and_not_recorded_as_done(head: str, tmp_path: Path) -> None:
    heads = Heads(tmp_path / "away" / "heads.log", [])
    heads.turn()
    assert head_left_at(SYSTEM, "file") is None
    (tmp_path / "away").mkdir()
    heads.turn()
    assert lines(tmp_path / "away" / "heads.log") == [head]
    assert head_left_at(SYSTEM, "file") is not None


def test_before_the_first_seal_nothing_leaves(db: None, tmp_path: Path) -> None:
    assert not Seal.objects.exists()
    Heads(tmp_path / "heads.log", []).turn()
    assert not (tmp_path / "heads.log").exists()

"""The status file tells the truth when the disk is full, which is when it matters."""

import errno
import json
from pathlib import Path
from unittest.mock import patch

import pytest

from lianjing.receivers.status import write_status


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_on_a_full_disk_the_fault_is_written_over_the_old_status(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    write_status(path, {"journal_ok": True})
    size = path.stat().st_size
    with patch.object(Path, "write_bytes", full):
        write_status(path, {"journal_ok": False, "fault": "database or disk is full"})
    assert json.loads(path.read_text()) == {"journal_ok": False, "fault": "database or disk is full"}
    assert path.stat().st_size == size
    assert list(tmp_path.iterdir()) == [path]


def test_another_failure_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_status(tmp_path / "missing" / "status.json", {})

"""A bundle outside the house: whatever is cut, altered or reordered in it is found and named, by either verifier."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from lianjing.core.seals.bundle import BadBundle, Checked, verify_bundle
from lianjing.core.seals.signing import SealKey
from lianjing.domain.records.actions import Deed, erase_records, lift_hold, place_hold, seal_records, write_records
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import verify_log
from lianjing.domain.signals.bundle import NotEmpty, write_bundle
from lianjing.domain.signals.models import Frame
from lianjing.domain.signals.proof import verify_journal
from lianjing.domain.signals.retention import order_frames, settle_orders
from lianjing.project import verify_bundle as stand_alone
from lianjing.workers.sealing import Sealer
from tests.cast import SYSTEM, Cast
from tests.domain.signals.test_proof import store

KEY = SealKey(b"\x07" * 32)
SCRIPT = Path(stand_alone.__file__)
TOMORROW = timedelta(days=1)
BLANK: dict[str, Any] = {"raw": b"", "reading": {}, "peer": "", "answer": None, "repeat_key": None, "reason": "erased"}
"""What the receiver leaves of a frame (core.journal)."""
Rows = list[dict[str, Any]]


def act(name: str, at: datetime) -> None:
    with transaction.atomic():
        write_records([Deed(name, "incident", 1, None, after={"text": "门开着 ]["})], by=SYSTEM, at=at)


@pytest.fixture
def sealed(clean_journal: Path) -> None:
    """Four seals: journal commits, then acts."""
    Cast()
    asyncio.run(store(["Nri1/BA003^门^", "Nri1/BR003", "Nri1/OP01/CL01"]))
    Sealer(KEY).turn()
    for names in ("one two three", "four", "five six"):
        for name in names.split():
            act(name, timezone.now())
        seal_records(KEY, [], at=timezone.now())


@pytest.fixture
def bundle(sealed: None, tmp_path: Path) -> Path:
    write_bundle(SYSTEM, tmp_path / "out", script=SCRIPT)
    return tmp_path / "out"


def told_by_us(folder: Path, head: str | None = None) -> list[str]:
    number, _, digest = (head or "").partition(":")
    found = verify_bundle(folder, Checked(), (int(number), digest) if head else None)
    return [fault for fault in found if "manifest.json names" not in fault]


def told_by_script(folder: Path, head: str | None = None) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-I", "verify.py", ".", *([head] if head else [])], cwd=folder, capture_output=True, text=True
    )
    assert run.stderr == ""
    faults = [line.removeprefix("WRONG ") for line in run.stdout.splitlines() if line.startswith("WRONG ")]
    assert run.returncode == (1 if faults else 0)
    return faults


def rows_of(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_rows(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def test_an_untouched_bundle_holds_and_says_its_head(bundle: Path) -> None:
    checked = Checked()
    assert list(verify_bundle(bundle, checked)) == []
    assert told_by_script(bundle) == []
    seals = rows_of(bundle / "seals.jsonl")
    assert (checked.seals, checked.leaves) == (4, 9)
    assert checked.head == f"4:{seals[-1]['hash']}"
    assert told_by_us(bundle, checked.head) == told_by_script(bundle, checked.head) == []


def test_the_script_is_short_enough_for_a_third_party_to_read() -> None:
    assert len(SCRIPT.read_text().splitlines()) <= 100


def altered(row: dict[str, Any], name: str) -> None:
    value = row[name]
    row[name] = value + 1 if isinstance(value, int) else value[:-1] + ("0" if value[-1] != "0" else "1")


LEAF_FIELDS = ["seal", "place", "leaf", "salt", "act"]
SEAL_FIELDS = ["number", "previous", "root", "leaves", "at", "key", "signature", "hash"]


@pytest.mark.parametrize("field", LEAF_FIELDS)
def test_an_altered_record_is_named(bundle: Path, field: str) -> None:
    path = bundle / "leaves.jsonl"
    rows = rows_of(path)
    (victim,) = [row for row in rows if row["kind"] == "record" and '"four"' in row["act"]]
    altered(victim, field)
    write_rows(path, rows)
    for told in (told_by_us(bundle), told_by_script(bundle)):
        assert any(f"record {victim['id']}" in fault or "seal 3" in fault for fault in told), told


@pytest.mark.parametrize("field", SEAL_FIELDS)
def test_an_altered_seal_is_named(bundle: Path, field: str) -> None:
    path = bundle / "seals.jsonl"
    rows = rows_of(path)
    altered(rows[1], field)
    write_rows(path, rows)
    for told in (told_by_us(bundle), told_by_script(bundle)):
        assert any("seal 2" in fault or "seal 3" in fault for fault in told), told


def cut(rows: Rows, at: int) -> None:
    del rows[at]


def doubled(rows: Rows, at: int) -> None:
    rows.insert(at, rows[at])


def swapped(rows: Rows, at: int) -> None:
    rows[at], rows[at - 1] = rows[at - 1], rows[at]


@pytest.mark.parametrize("change", [cut, doubled, swapped])
@pytest.mark.parametrize("name", ["leaves.jsonl", "seals.jsonl"])
def test_every_line_cut_doubled_or_swapped_is_found(
    bundle: Path, change: Callable[[Rows, int], None], name: str
) -> None:
    whole = rows_of(bundle / name)
    last = len(whole) - 1 if (name, change) == ("seals.jsonl", cut) else len(whole)
    for at in range(1, last):
        rows = [dict(row) for row in whole]
        change(rows, at)
        write_rows(bundle / name, rows)
        assert told_by_us(bundle), at
        assert list(stand_alone.faults(bundle, None)), at


def counted_anew(folder: Path) -> None:
    """The manifest as somebody writes it who wants what is left to pass."""
    manifest = json.loads((folder / "manifest.json").read_text())
    seals = rows_of(folder / "seals.jsonl")
    head = f"{seals[-1]['number']}:{seals[-1]['hash']}"
    manifest |= {"head": head, "seals": len(seals), "leaves": len(rows_of(folder / "leaves.jsonl"))}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_one_leaf_that_is_cut_out_is_told_once_and_hides_nothing_behind_it(sealed: None, tmp_path: Path) -> None:
    for number in range(300):
        act(f"act {number}", timezone.now())
    seal_records(KEY, [], at=timezone.now())
    folder = tmp_path / "many"
    write_bundle(SYSTEM, folder, script=SCRIPT)
    rows = rows_of(folder / "leaves.jsonl")
    first = len(rows) - 300
    gone, other = rows.pop(first + 3), rows[first + 200]
    other["act"] = other["act"].replace("门", "窗")
    write_rows(folder / "leaves.jsonl", rows)
    assert [fault.partition(": ")[2] for fault in told_by_us(folder)] == [
        "the content does not match its leaf hash: it was altered",
        f"its leaves at places {gone['place']} to {gone['place']} are not there: they were cut out",
        "it sealed 300 leaves, 299 are there",
        "the root does not match its leaves: one was altered, moved, added or removed",
        f"it counts {len(rows) + 1} leaves, {len(rows)} are there",
    ]


def test_a_leaf_that_stands_elsewhere_is_told_as_moved_and_a_made_up_place_as_altered(bundle: Path) -> None:
    rows = rows_of(bundle / "leaves.jsonl")
    rows[-1], rows[-2] = rows[-2], rows[-1]
    write_rows(bundle / "leaves.jsonl", rows)
    assert "it belongs to place 0 and stands behind place 1: moved" in told_by_us(bundle)[0]
    rows[-1] |= {"place": float("nan")}
    rows[-2] |= {"place": None}
    write_rows(bundle / "leaves.jsonl", rows)
    told = [fault for fault in told_by_us(bundle) if "place" in fault]
    assert [fault.partition(": ")[2] for fault in told] == [
        "it does not say to which place of which seal it belongs: it was altered",
        "it does not say to which place of which seal it belongs: it was altered",
        "its leaves at places 0 to 1 are not there: they were cut out",
    ]


def test_a_cut_tail_shows_against_the_manifest_and_against_a_kept_head(bundle: Path) -> None:
    seals, leaves = rows_of(bundle / "seals.jsonl"), rows_of(bundle / "leaves.jsonl")
    write_rows(bundle / "seals.jsonl", seals[:-1])
    write_rows(bundle / "leaves.jsonl", [row for row in leaves if row["seal"] < 4])
    head, left = f"4:{seals[-1]['hash']}", f"3:{seals[-2]['hash']}"
    assert told_by_us(bundle) == [
        f"manifest.json: it names the head {head}, the last seal is {left}",
        "manifest.json: it counts 4 seals, 3 are there",
        "manifest.json: it counts 9 leaves, 7 are there",
    ]
    assert len(told_by_script(bundle)) == 3
    counted_anew(bundle)
    assert told_by_us(bundle) == told_by_script(bundle) == []
    assert told_by_us(bundle, head) != []
    assert told_by_script(bundle, head) != []


@pytest.mark.parametrize("told", [{"head": "9:zz"}, {"seals": 5, "leaves": 7}, {"head": f"0:{'0' * 64}"}])
def test_a_bundle_with_nothing_in_it_is_not_sound(tmp_path: Path, told: dict[str, Any]) -> None:
    for name in ("seals.jsonl", "leaves.jsonl"):
        (tmp_path / name).write_bytes(b"")
    files = {name: sha256(b"").hexdigest() for name in ("seals.jsonl", "leaves.jsonl")}
    manifest = {"format": "lianjing-bundle-1", "head": f"0:{'0' * 64}", "seals": 0, "leaves": 0, "files": files}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | told))
    (tmp_path / "verify.py").write_bytes(SCRIPT.read_bytes())
    for found in (told_by_us(tmp_path), told_by_script(tmp_path)):
        assert "nothing is in it" in found[0]
        wrong = [name for name, value in told.items() if value != f"0:{'0' * 64}"]
        assert sum("manifest.json: it " in fault for fault in found) == len(wrong)


def test_an_altered_frame_is_named(bundle: Path) -> None:
    rows = rows_of(bundle / "leaves.jsonl")
    frame = rows[0]["frames"][0]
    frame["text"] = frame["text"].replace("1001", "1002", 1)
    write_rows(bundle / "leaves.jsonl", rows)
    assert any(f"frame {frame['id']}" in fault for fault in told_by_us(bundle))
    assert any("commit" in fault for fault in told_by_script(bundle))


def test_a_file_that_is_not_the_one_of_the_manifest_is_named(bundle: Path) -> None:
    with (bundle / "leaves.jsonl").open("a") as file:
        file.write(" ")
    assert any("manifest.json" in fault for fault in verify_bundle(bundle, Checked()))


def test_what_is_no_bundle_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"manifest\.json"):
        list(verify_bundle(tmp_path, Checked()))


@pytest.mark.usefixtures("sealed")
def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(NotEmpty):
        write_bundle(SYSTEM, tmp_path, script=SCRIPT)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


# Retention


def erase_everything() -> int:
    at = timezone.now()
    count = erase_records("records, 0 days", at + TOMORROW, kept={}, by=SYSTEM, at=at)
    seal_records(KEY, [], at=at)
    return count


def erase_frames() -> int:
    """What the receiver does with an order, done here."""
    at = timezone.now()
    count = order_frames("frames, 0 days", at + TOMORROW, first_kept=None, by=SYSTEM, at=at)
    Frame.objects.update(**BLANK)
    seal_records(KEY, [], at=at)
    return count


def faults() -> list[str]:
    found = [*verify_log(SYSTEM), *verify_journal(SYSTEM, sealed_before=datetime.now(UTC) + TOMORROW)]
    return [str(fault) for fault in found]


@pytest.mark.usefixtures("sealed")
def test_an_erasure_by_rule_still_verifies_and_is_shown_as_such(tmp_path: Path) -> None:
    assert (erase_everything(), erase_frames()) == (6, 3)
    assert Record.objects.exclude(erased_by=None).exclude(salt="", after=None, actor_name="").count() == 0
    assert faults() == []
    write_bundle(SYSTEM, tmp_path / "out", script=SCRIPT)
    checked = Checked()
    assert list(verify_bundle(tmp_path / "out", checked)) == []
    assert told_by_script(tmp_path / "out") == []
    gone = Record.objects.exclude(erased_by=None).earliest("id")
    Record.objects.filter(pk=gone.pk).update(actor_name="somebody")
    assert faults() == [f"record {gone.pk}: it has content although it was erased: that was made up"]
    assert [line.split(" before")[0] for line in checked.erasures] == [
        "erased under rule records, 0 days: 6 records",
        "erased under rule frames, 0 days: 3 frames",
    ]
    assert "门" not in (tmp_path / "out" / "leaves.jsonl").read_text()


@pytest.mark.usefixtures("sealed")
def test_content_that_is_gone_without_an_order_is_tampering(tmp_path: Path) -> None:
    erase_everything()
    order = Record.objects.get(action="retention.erased")
    late = Record.objects.create(
        at=timezone.now(),
        action="secret",
        subject_type="x",
        subject_id="1",
        salt="",
        leaf_hash="00" * 32,
        erased_by=order.pk,
    )
    assert any(f"record {order.pk}" in fault for fault in faults())
    late.delete()
    frame = Frame.objects.order_by("pk").first()
    assert frame
    Frame.objects.filter(pk=frame.pk).update(raw=b"", reason="erased")
    assert any(f"frame {frame.pk}" in fault for fault in faults())
    write_bundle(SYSTEM, tmp_path / "out", script=SCRIPT)
    assert any(f"frame {frame.pk}" in fault for fault in told_by_us(tmp_path / "out"))


def test_an_erasure_that_orders_itself_is_tampering(bundle: Path) -> None:
    rows = rows_of(bundle / "leaves.jsonl")
    (victim,) = [row for row in rows if row["kind"] == "record" and '"four"' in row["act"]]
    del victim["salt"]
    order = {"count": 1, "root": victim["leaf"], "rule": "r", "kind": "records", "before": "x"}
    victim |= {"erased_by": victim["id"], "act": json.dumps({"action": "retention.erased", "after": order})}
    write_rows(bundle / "leaves.jsonl", rows)
    for told in (told_by_us(bundle), told_by_script(bundle)):
        assert f"1 contents are gone, and record {victim['id']} orders no such erasure" in "; ".join(told)


@pytest.mark.usefixtures("sealed")
def test_a_content_made_up_for_what_was_erased_is_named(tmp_path: Path) -> None:
    erase_everything()
    erase_frames()
    write_bundle(SYSTEM, tmp_path / "out", script=SCRIPT)
    rows = rows_of(tmp_path / "out" / "leaves.jsonl")
    record = next(row for row in rows if row["kind"] == "record" and "erased_by" in row)
    record |= {"salt": "00", "act": "{}"}
    rows[0]["frames"][0]["text"] = "made up"
    write_rows(tmp_path / "out" / "leaves.jsonl", rows)
    for told in (told_by_us(tmp_path / "out"), told_by_script(tmp_path / "out")):
        assert [fault.count("made up") for fault in told] == [1, 1]


@pytest.mark.parametrize("words", [["elsewhere"], [".", "foo"]])
def test_the_script_says_2_for_no_bundle_and_wrong_use(bundle: Path, words: list[str]) -> None:
    run = subprocess.run([sys.executable, "-I", "verify.py", *words], cwd=bundle, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "")


def test_a_line_that_no_reader_can_read_is_a_fault_and_no_crash(bundle: Path) -> None:
    leaves = bundle / "leaves.jsonl"
    leaves.write_text("[" * 100_000 + "\n" + leaves.read_text())
    assert told_by_us(bundle)
    assert told_by_script(bundle)


@pytest.mark.usefixtures("sealed")
def test_while_a_hold_stands_nothing_is_erased() -> None:
    hold = place_hold(None, "案件调查", None, by=SYSTEM, at=timezone.now())
    assert (erase_everything(), erase_frames_ordered()) == (0, 0)
    assert lift_hold(hold.pk, by=SYSTEM, at=timezone.now())
    assert not lift_hold(hold.pk, by=SYSTEM, at=timezone.now())
    assert erase_frames_ordered() == 3


def erase_frames_ordered() -> int:
    at = timezone.now()
    return order_frames("frames, 0 days", at + TOMORROW, first_kept=None, by=SYSTEM, at=at)


@pytest.mark.usefixtures("sealed")
def test_frames_from_an_open_case_on_wait_and_so_does_the_next_order() -> None:
    at = timezone.now()
    first = Frame.objects.order_by("pk").first()
    assert first
    due = {"rule": "r", "before": at + TOMORROW, "by": SYSTEM, "at": at}
    assert order_frames(first_kept=first.pk, **due) == 0
    assert order_frames(first_kept=first.pk + 1, **due) == 1
    assert order_frames(first_kept=None, **due) == 0
    Frame.objects.filter(pk=first.pk).update(
        raw=b"", reading={}, peer="", answer=None, repeat_key=None, reason="erased"
    )
    settle_orders(at)
    assert order_frames(first_kept=None, **due) == 2
    assert faults() == []

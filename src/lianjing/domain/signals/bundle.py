"""Writes the sealed log and the journal into a bundle that is checked without a database (docs/operations/proof.md)."""

import heapq
import json
import shutil
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from lianjing.core.journal.digest import FRAME_COLUMNS, SIGNAL_COLUMNS, frame_text
from lianjing.core.seals.bundle import FORMAT, LEAVES, MANIFEST, SCRIPT, SEALS
from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.models import JournalLeaf, Record, Seal
from lianjing.domain.records.policy import act_text
from lianjing.domain.signals.models import Frame, Signal
from lianjing.domain.signals.retention import FrameOrder, frame_orders

CHUNK = 100
"""Journal commits read at once: memory stays bounded however long the journal is."""

Row = dict[str, Any]


class NotEmpty(Exception):
    """A bundle is written into a new folder only."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a bundle holds."""

    seals: int
    leaves: int
    head: str


def write_bundle(viewer: Viewer, folder: Path, *, script: Path) -> Written:
    """Everything up to the last seal, in the order of the seals, and `script`, which checks it. Raises NotEmpty, or
    PermissionDenied.

    It is written beside `folder` and renamed at the end: a folder of that name is whole.
    """
    require(viewer, "records.verify", None)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(f"{folder} is there already and not empty")
    making = folder.with_name(folder.name + ".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    last = Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    seals = _write_lines(making / SEALS, _seal_rows(last))
    leaves = _write_lines(making / LEAVES, heapq.merge(_record_rows(last), _commit_rows(viewer, last), key=_position))
    shutil.copyfile(script, making / SCRIPT)
    head = Seal.objects.filter(number=last).values_list("hash", flat=True).first() or "0" * 64
    written = Written(seals.count, leaves.count, f"{last}:{head}")
    manifest = {
        "format": FORMAT,
        "head": written.head,
        "seals": written.seals,
        "leaves": written.leaves,
        "files": {SEALS: seals.digest, LEAVES: leaves.digest},
    }
    (making / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    if folder.exists():
        folder.rmdir()
    making.rename(folder)
    return written


@dataclass(frozen=True, slots=True)
class _File:
    count: int
    digest: str


def _write_lines(path: Path, rows: Iterable[Row]) -> _File:
    count, hashed = 0, sha256()
    with path.open("wb") as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            file.write(line)
            hashed.update(line)
            count += 1
    return _File(count, hashed.hexdigest())


_position = itemgetter("seal", "place")


def _seal_rows(last: int) -> Iterator[Row]:
    for seal in Seal.objects.filter(number__lte=last).order_by("number").iterator(chunk_size=1000):
        yield {
            "number": seal.number,
            "previous": seal.previous_hash,
            "root": seal.root,
            "leaves": seal.leaf_count,
            "at": instant(seal.sealed_at),
            "key": seal.public_key,
            "signature": seal.signature,
            "hash": seal.hash,
        }


def _record_rows(last: int) -> Iterator[Row]:
    sealed = Record.objects.filter(seal_id__lte=last).order_by("seal_id", "leaf_index")
    for record in sealed.iterator(chunk_size=1000):
        row = {
            "kind": "record",
            "seal": record.seal_id,
            "place": record.leaf_index,
            "id": record.pk,
            "leaf": record.leaf_hash,
        }
        if record.erased_by is not None:
            yield row | {"erased_by": record.erased_by}
        else:
            yield row | {"salt": record.salt, "act": act_text(record.act)}


def _commit_rows(viewer: Viewer, last: int) -> Iterator[Row]:
    orders = list(frame_orders(viewer))
    leaves = JournalLeaf.objects.filter(seal_id__lte=last).order_by("seal_id", "leaf_index")
    rows = leaves.iterator(chunk_size=1000)
    while some := list(islice(rows, CHUNK)):
        frames = _frames_of([leaf.batch_id for leaf in some], orders)
        for leaf in some:
            yield {
                "kind": "commit",
                "seal": leaf.seal_id,
                "place": leaf.leaf_index,
                "id": leaf.batch_id,
                "leaf": leaf.leaf_hash,
                "frames": frames[leaf.batch_id],
            }


def _frames_of(batch_ids: list[int], orders: list[FrameOrder]) -> dict[int, list[Row]]:
    """What each commit stored, in order, as the text that was hashed; without it where an act ordered its erasure."""
    first = [order.first for order in orders]
    signals: dict[int, list[Row]] = defaultdict(list)
    for signal in Signal.objects.filter(frame__batch_id__in=batch_ids).values(*SIGNAL_COLUMNS):
        signals[signal["frame_id"]].append(signal)
    frames: dict[int, list[Row]] = defaultdict(list)
    for frame in Frame.objects.filter(batch_id__in=batch_ids).order_by("pk").values(*FRAME_COLUMNS, "digest"):
        row = {"id": frame["id"], "digest": bytes(frame["digest"]).hex()}
        at = bisect_right(first, frame["id"]) - 1
        if at >= 0 and frame["id"] <= orders[at].last:
            row["erased_by"] = orders[at].record_id
        else:
            row["text"] = frame_text(frame, signals[frame["id"]]).decode()
        frames[frame["batch_id"]].append(row)
    return frames

"""Checking the journal against the seals: a query that is long enough for a file of its own."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from lianjing.core.journal.digest import FRAME_COLUMNS, SIGNAL_COLUMNS, frame_digest
from lianjing.core.seals.merkle import root
from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.models import JournalLeaf
from lianjing.domain.records.policy import batch_leaf_hash
from lianjing.domain.records.queries import Fault
from lianjing.domain.signals.models import Batch, Frame, Signal
from lianjing.domain.signals.retention import GONE, frame_orders

CHUNK = 100
"""Batches checked at once: memory stays bounded however long the journal is."""

Row = dict[str, Any]


def verify_journal(viewer: Viewer, *, sealed_before: datetime) -> Iterator[Fault]:
    """Everything in the journal that does not match its digests, its commits or its seals.

    A commit older than `sealed_before` that no seal names is a fault too.
    """
    if not viewer.scope("records.verify").everything:
        require(viewer, "records.verify", None)
    orders = _Orders(viewer)
    yield from orders.faults
    last = 0
    while batches := list(Batch.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = batches[-1].pk
        yield from _verify_batches(batches, sealed_before, orders)
    yield from _strays()


class _Orders:
    """Which frames an act ordered to be erased."""

    def __init__(self, viewer: Viewer) -> None:
        orders = list(frame_orders(viewer))
        self._first = [order.first for order in orders]
        self._last = [order.last for order in orders]
        self.faults = [
            Fault(f"record {order.record_id}", "the frames that it ordered to be erased are not those that are there")
            for order in orders
            if not order.holds
        ]

    def cover(self, frame_id: int) -> bool:
        at = bisect_right(self._first, frame_id) - 1
        return at >= 0 and frame_id <= self._last[at]


def _verify_batches(batches: list[Batch], sealed_before: datetime, orders: _Orders) -> Iterator[Fault]:
    ids = [batch.pk for batch in batches]
    frames = defaultdict(list)
    for frame in Frame.objects.filter(batch_id__in=ids).order_by("pk").values(*_names(FRAME_COLUMNS), "digest"):
        frames[frame["batch_id"]].append(frame)
    signals = defaultdict(list)
    for signal in Signal.objects.filter(frame__batch_id__in=ids).order_by("pk").values(*SIGNAL_COLUMNS):
        signals[signal["frame_id"]].append(signal)
    leaves = JournalLeaf.objects.in_bulk(ids)
    for batch in batches:
        yield from _verify_batch(batch, frames[batch.pk], signals, orders)
        yield from _verify_leaf(batch, leaves.get(batch.pk), sealed_before)


def _names(columns: tuple[str, ...]) -> list[str]:
    return list(columns)


def _verify_batch(batch: Batch, frames: list[Row], signals: dict[int, list[Row]], orders: _Orders) -> Iterator[Fault]:
    name = f"journal commit {batch.pk}"
    for frame in frames:
        if frame["reason"] == GONE and orders.cover(frame["id"]):
            continue
        if frame_digest(frame, signals[frame["id"]]) != bytes(frame["digest"]):
            yield Fault(f"frame {frame['id']}", f"it or its signals do not match its digest: altered ({name})")
    if any(frame["stored_at"] != batch.committed_at for frame in frames):
        yield Fault(name, "its time is not the one at which its frames were stored: it was altered")
    if len(frames) != batch.frame_count:
        yield Fault(name, f"it stored {batch.frame_count} frames, {len(frames)} are there")
    count = sum(len(signals[frame["id"]]) for frame in frames)
    if count != batch.signal_count:
        yield Fault(name, f"it stored {batch.signal_count} signals, {count} are there")
    if root([bytes(frame["digest"]) for frame in frames]) != bytes(batch.root):
        yield Fault(name, "its root does not match its frames: one was altered, moved, added or removed")


def _verify_leaf(batch: Batch, leaf: JournalLeaf | None, sealed_before: datetime) -> Iterator[Fault]:
    name = f"journal commit {batch.pk}"
    if leaf is None:
        if batch.committed_at < sealed_before:
            yield Fault(name, "no seal names it, though it is long past its time")
    elif leaf.leaf_hash != batch_leaf_hash(batch.pk, bytes(batch.root)):
        yield Fault(name, f"its root is not the one that seal {leaf.seal_id} names: it was altered")


def _strays() -> Iterator[Fault]:
    """Rows that belong to nothing: added, or left when what they belonged to was removed."""
    for batch_id in (
        JournalLeaf.objects.filter(~Exists(Batch.objects.filter(pk=OuterRef("batch_id"))))
        .order_by("batch_id")
        .values_list("batch_id", flat=True)[:CHUNK]
    ):
        yield Fault(f"journal commit {batch_id}", "a seal names it, and it is not there: it was removed")
    for pk in Frame.objects.filter(~Exists(Batch.objects.filter(pk=OuterRef("batch_id")))).values_list("pk", flat=True)[
        :CHUNK
    ]:
        yield Fault(f"frame {pk}", "it belongs to no journal commit: it was added, or its commit was removed")
    for pk in Signal.objects.filter(~Exists(Frame.objects.filter(pk=OuterRef("frame_id")))).values_list(
        "pk", flat=True
    )[:CHUNK]:
        yield Fault(f"signal {pk}", "it belongs to no frame: it was added, or its frame was removed")

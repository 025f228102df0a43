"""Frames whose time is over: ordered here by a recorded act, carried out by the receiver (core.journal.erasure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from django.db import transaction

from lianjing.core.seals.canonical import instant
from lianjing.core.seals.merkle import root_of_hashes
from lianjing.core.viewer import Viewer
from lianjing.domain.records.actions import Deed, write_order
from lianjing.domain.records.policy import ERASED
from lianjing.domain.records.queries import erasure_orders, held
from lianjing.domain.signals.models import Frame, FrameErasure

GONE = "erased"
"""`reason` of a frame whose content was erased: raw bytes, reading, answer and peer. Its digest stays."""
FRAMES_AN_ORDER = 5000


def order_frames(rule: str, before: datetime, *, first_kept: int | None, by: Viewer, at: datetime) -> int:
    """Orders the next frames from before `before` to be erased, in order of arrival; how many.

    `first_kept`: the first frame of a case that is still open; it and what came after it waits. 0 while an order is
    being carried out, while any hold stands, and when nothing is due.
    """
    settle_orders(at)
    if held(by, at) or FrameErasure.objects.filter(done_at=None).exists():
        return 0
    last = FrameErasure.objects.order_by("-last_id").values_list("last_id", flat=True).first() or 0
    following = Frame.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "received_at", "digest")
    due = list(
        takewhile(
            lambda row: row[1] < before and (first_kept is None or row[0] < first_kept), following[:FRAMES_AN_ORDER]
        )
    )
    if not due:
        return 0
    ids, digests = [row[0] for row in due], [bytes(row[2]) for row in due]
    order = {
        "rule": rule,
        "kind": "frames",
        "before": instant(before),
        "first": ids[0],
        "last": ids[-1],
        "count": len(digests),
        "root": root_of_hashes(digests).hex(),
    }
    with transaction.atomic():
        record_id = write_order(Deed(ERASED, "retention", rule, None, after=order), by=by, at=at)
        FrameErasure.objects.create(first_id=ids[0], last_id=ids[-1], record_id=record_id, ordered_at=at)
    return len(digests)


def settle_orders(at: datetime) -> None:
    """Marks an order as done once the receiver has erased everything in it."""
    for order in FrameErasure.objects.filter(done_at=None).order_by("pk"):
        if not _range(order.first_id, order.last_id).exclude(reason=GONE).exists():
            order.done_at = at
            order.save(update_fields=["done_at"])


@dataclass(frozen=True, slots=True)
class FrameOrder:
    """What one act ordered, as it is sealed. `holds`: the frames there are those that it names."""

    record_id: int
    rule: str
    first: int
    last: int
    count: int
    holds: bool

    def __str__(self) -> str:
        return (
            f"erased under rule {self.rule}: {self.count} frames, {self.first} to {self.last}, record {self.record_id}"
        )


def frame_orders(viewer: Viewer) -> Iterator[FrameOrder]:
    """Every erasure of frames that an act orders, checked against the digests that stay."""
    for record_id, told in erasure_orders(viewer):
        if told.get("kind") != "frames":
            continue
        first, last = int(told["first"]), int(told["last"])
        digests = [bytes(digest) for digest in _range(first, last).order_by("pk").values_list("digest", flat=True)]
        holds = (told["count"], told["root"]) == (len(digests), root_of_hashes(digests).hex())
        yield FrameOrder(record_id, str(told["rule"]), first, last, len(digests), holds)


def _range(first: int, last: int):
    return Frame.objects.filter(pk__gte=first, pk__lte=last)

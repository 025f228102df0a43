"""Reading the log and checking it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.db.models import Q

from lianjing.core.seals.merkle import root_of_hashes
from lianjing.core.seals.signing import signature_holds
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.models import Hold, Record, Seal
from lianjing.domain.records.policy import ERASED, GENESIS, SealContent, act_leaf_hash, seal_hash


@dataclass(frozen=True, slots=True)
class LastSeal:
    number: int
    hash: str
    sealed_at: datetime


def last_seal(viewer: Viewer) -> LastSeal | None:
    """The head of the log; None before the first seal. Anybody signed on may see it: it tells nothing but that."""
    if not viewer.scope("status.see"):
        return None
    seal = Seal.objects.order_by("-number").only("number", "hash", "sealed_at").first()
    return LastSeal(seal.number, seal.hash, seal.sealed_at) if seal else None


def last_backup_at(viewer: Viewer) -> datetime | None:
    """When a backup was last made and proved; None when none ever was."""
    if not viewer.scope("status.see"):
        return None
    return Record.objects.filter(action="backup.made").order_by("-id").values_list("at", flat=True).first()


def first_act_at(viewer: Viewer) -> datetime | None:
    """Since when this installation works."""
    if not viewer.scope("status.see"):
        return None
    return Record.objects.order_by("id").values_list("at", flat=True).first()


def head_left_at(viewer: Viewer, where: str) -> datetime | None:
    """When a head last left by "file" or "mail"; None when none ever did."""
    if not viewer.scope("status.see"):
        return None
    left = (
        Record.objects.filter(action="head.left", subject_type=f"head.{where}")
        .order_by("-at")
        .values_list("at", flat=True)
    )
    return left.first()


def records_of(
    viewer: Viewer,
    subject_type: str,
    subject_id: object,
    limit: int = 500,
    *,
    adopted: bool = False,
    without: Collection[str] = (),
) -> list[Record]:
    """The acts on one subject, oldest first. `adopted`: also those from when it was no company's, for who may see it
    now; a record keeps the company that it was written for. `without`: kinds of acts that are left out."""
    rows = Record.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).select_related("seal")
    rows = rows.exclude(action__in=without)
    own = visible(rows, viewer, "incidents.see")
    if adopted:
        own = own | rows.filter(company_id=None)
    return list(own.order_by("id")[:limit])


def latest_records(
    viewer: Viewer, subjects: Collection[tuple[str, object]], permission: str, limit: int = 50
) -> list[Record]:
    """The latest acts on any of these subjects (type, id), newest first. `permission`: what opens the subjects."""
    if not subjects:
        return []
    named = [Q(subject_type=kind, subject_id=str(pk)) for kind, pk in subjects]
    rows = Record.objects.filter(reduce(or_, named), erased_by=None)
    return list(visible(rows, viewer, permission).order_by("-id")[:limit])


def oldest_unsealed(viewer: Viewer) -> datetime | None:
    """Since when an act waits for its seal; None when all are sealed. The gap is watched (about a second is normal)."""
    if not viewer.scope("status.see"):
        return None
    return Record.objects.filter(seal=None).order_by("id").values_list("at", flat=True).first()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the log that does not hold, named so that a person finds it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One act of retention. `holds`: what is gone is exactly what it ordered."""

    order_id: int
    rule: str
    count: int
    holds: bool

    def __str__(self) -> str:
        return f"erased under rule {self.rule}: {self.count} records, record {self.order_id}"


def verify_log(viewer: Viewer, *, trusted_keys: Collection[str] | None = None) -> Iterator[Fault]:
    """Everything in the log that does not hold: contents, order, membership, chain and signatures.

    `trusted_keys`: the public keys (hex) one of which must have signed each seal. Memory stays bounded. Proves inner
    consistency only: a cut tail or a full rewrite shows against a head that was kept elsewhere.
    """
    if not viewer.scope("records.verify").everything:
        require(viewer, "records.verify", None)
    yield from _verify_records_content()
    yield from _verify_seals()
    yield from _verify_order()
    yield from _verify_erasures(viewer)
    if trusted_keys is not None:
        strange = Seal.objects.exclude(public_key__in=trusted_keys).order_by("number")
        for number in strange.values_list("number", flat=True):
            yield Fault(f"seal {number}", "it was signed with another key than this installation's")


def _verify_records_content() -> Iterator[Fault]:
    for record in Record.objects.filter(erased_by=None).order_by("id").iterator(chunk_size=1000):
        try:
            holds = act_leaf_hash(record.act, record.salt) == record.leaf_hash
        except ValueError:
            holds = False
        if not holds:
            yield Fault(f"record {record.id}", "the content does not match its leaf hash: it was altered")


def held(viewer: Viewer, at: datetime) -> bool:
    """Whether any hold stands: frames have no company, so one stops them all."""
    require(viewer, "records.verify", None)
    return Hold.objects.filter(lifted_at=None).filter(Q(until=None) | Q(until__gt=at)).exists()


def erasure_orders(viewer: Viewer) -> Iterator[tuple[int, dict[str, Any]]]:
    """Id and content of every act that ordered an erasure, oldest first."""
    require(viewer, "records.verify", None)
    orders = Record.objects.filter(action=ERASED, erased_by=None).order_by("id").values_list("id", "after")
    for pk, after in orders.iterator(chunk_size=500):
        yield pk, after or {}


def erasures(viewer: Viewer) -> Iterator[Erasure]:
    """What retention has erased: each order with its rule, and whether what is gone is what it ordered."""
    require(viewer, "records.verify", None)
    gone = Record.objects.exclude(erased_by=None).order_by("erased_by", "id").values_list("erased_by", "leaf_hash")
    for order_id, rows in groupby(gone.iterator(chunk_size=2000), key=lambda row: row[0]):
        leaves = [bytes.fromhex(leaf) for _, leaf in rows]
        order = Record.objects.filter(pk=order_id, action=ERASED, erased_by=None).first()
        told = (order.after or {}) if order else {}
        holds = (told.get("count"), told.get("root")) == (len(leaves), root_of_hashes(leaves).hex())
        yield Erasure(order_id, str(told.get("rule", "")), len(leaves), holds)


def _verify_erasures(viewer: Viewer) -> Iterator[Fault]:
    left = Q(salt="", actor_name="", subject_id="", source="", before=None, after=None, actor_id=None)
    for pk in Record.objects.exclude(erased_by=None).exclude(left).order_by("id").values_list("id", flat=True):
        yield Fault(f"record {pk}", "it has content although it was erased: that was made up")
    for erasure in erasures(viewer):
        if not erasure.holds:
            what = f"{erasure.count} records lost their content, and it orders no such erasure: they were removed"
            yield Fault(f"record {erasure.order_id}", what)


def _leaves(seal: Seal) -> list[tuple[int, str, str]]:
    """(place, leaf hash, name) of a seal's leaves in order of place."""
    records = [
        (place if place is not None else -1, leaf, f"record {pk}")
        for pk, place, leaf in seal.records.values_list("id", "leaf_index", "leaf_hash")
    ]
    batches = [
        (place, leaf, f"journal commit {pk}")
        for pk, place, leaf in seal.journal_leaves.values_list("batch_id", "leaf_index", "leaf_hash")
    ]
    return sorted(records + batches)


def _verify_seals() -> Iterator[Fault]:
    previous: Seal | None = None
    for seal in Seal.objects.order_by("number").iterator(chunk_size=200):
        name = f"seal {seal.number}"
        if seal.number != (previous.number + 1 if previous else 1):
            yield Fault(name, f"it follows seal {previous.number if previous else 0}: seals between are missing")
        if seal.previous_hash != (previous.hash if previous else GENESIS):
            yield Fault(name, "it does not name the hash of the seal before: one of them was altered or replaced")
        yield from _verify_seal(seal, name)
        previous = seal


def _verify_seal(seal: Seal, name: str) -> Iterator[Fault]:
    content = SealContent(seal.number, seal.previous_hash, seal.root, seal.leaf_count, seal.sealed_at)
    try:
        signature_ok = signature_holds(
            bytes.fromhex(seal.public_key), bytes.fromhex(seal.signature), content.to_sign()
        ) and seal.hash == seal_hash(content, seal.signature)
        leaves = _leaves(seal)
        root = root_of_hashes([bytes.fromhex(leaf) for _, leaf, _ in leaves]).hex()
    except ValueError:
        yield Fault(name, "it holds something that is not a hash: it was altered")
        return
    if not signature_ok:
        yield Fault(name, "signature or hash do not match its content: it was altered")
    yield from _verify_places(seal, leaves, name)
    if root != seal.root:
        yield Fault(name, "the root does not match its leaves: a record in it was altered, moved, added or removed")


def _verify_places(seal: Seal, leaves: list[tuple[int, str, str]], name: str) -> Iterator[Fault]:
    if len(leaves) != seal.leaf_count:
        yield Fault(name, f"it sealed {seal.leaf_count} leaves, {len(leaves)} are there")
    wrong = [(place, who) for expected, (place, _, who) in enumerate(leaves) if place != expected]
    if wrong:
        place, who = wrong[0]
        yield Fault(who, f"it stands at place {place} of {name}, where no leaf or another one belongs")


def _verify_order() -> Iterator[Fault]:
    """Inside a seal the order is the order of ids: who stands elsewhere is named, where the root only says that."""
    sealed = (
        Record.objects.exclude(seal=None)
        .order_by("seal_id", "leaf_index")
        .values_list("seal_id", "leaf_index", "id")
        .iterator(chunk_size=2000)
    )
    for number, rows in groupby(sealed, key=lambda row: row[0]):
        last = 0
        for _, place, pk in rows:
            if pk < last:
                yield Fault(f"record {pk}", f"it stands out of order at place {place} of seal {number}")
            last = pk


def verify_head(viewer: Viewer, number: int, digest: str) -> Iterator[Fault]:
    """Whether the log still holds the head that was kept elsewhere."""
    require(viewer, "records.verify", None)
    seal = Seal.objects.filter(number=number).first()
    if seal is None:
        yield Fault(f"seal {number}", "the head kept elsewhere names it, and it is not there: the tail was cut")
    elif seal.hash != digest:
        yield Fault(f"seal {number}", "its hash is not the one kept elsewhere: the log was rewritten")


def newest_record(viewer: Viewer) -> int:
    """The number of the newest record of all, 0 when there is none: a point in time, and nobody's."""
    return Record.objects.order_by("-id").values_list("id", flat=True).first() or 0


def is_touched_since(viewer: Viewer, record_id: int, company_id: int, subjects: Collection[str]) -> bool:
    """Whether a company's things of these kinds have records that are newer than `record_id`."""
    rows = Record.objects.filter(id__gt=record_id, company_id=company_id, subject_type__in=subjects)
    return visible(rows, viewer, "sites.see").exists()

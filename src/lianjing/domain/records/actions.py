"""Writing and sealing records."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from lianjing.core.bulk import insert_rows
from lianjing.core.seals.canonical import instant
from lianjing.core.seals.merkle import root_of_hashes
from lianjing.core.seals.signing import SealKey
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.records.listening import tell
from lianjing.domain.records.models import Hold, JournalLeaf, Record, Seal
from lianjing.domain.records.policy import ERASED, GENESIS, Act, SealContent, act_leaf_hash, batch_leaf_hash, seal_hash

ERASE_LIMIT = 1000
"""Records of one erasure at most: short transactions, whoever else writes."""
BLANK: dict[str, Any] = {
    "actor_id": None,
    "actor_name": "",
    "subject_id": "",
    "before": None,
    "after": None,
    "source": "",
    "salt": "",
}
"""What is left of an erased record is when, which kind of act, and its leaf hash."""
SEAL_LIMIT = 5000
"""Leaves of one seal at most; a backlog takes several."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act as its action tells it; who, when and from where are added by `write_records`."""

    action: str
    subject_type: str
    subject_id: object
    company_id: int | None
    after: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None


def write_records(deeds: list[Deed], *, by: Viewer, at: datetime, source: str = "") -> None:
    """Writes one record a deed, in the caller's transaction.

    `source` says from where (an IP address, or the process). Secrets and sensitive personal data do not belong in
    `before` and `after`: name the field and write "changed". Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a record belongs inside the act's transaction")
    insert_rows(Record, [_record(deed, by, at, source) for deed in deeds])
    tell(deeds, by, at)


def _record(deed: Deed, by: Viewer, at: datetime, source: str) -> Record:
    act = Act(
        at=at,
        actor_id=person_id(by),
        actor_name=by.name,
        company_id=deed.company_id,
        action=deed.action,
        subject_type=deed.subject_type,
        subject_id=str(deed.subject_id),
        before=deed.before,
        after=deed.after,
        source=source,
    )
    salt = secrets.token_hex(32)
    fields = {name: getattr(act, name) for name in Act.__dataclass_fields__}
    return Record(**fields, salt=salt, leaf_hash=act_leaf_hash(act, salt))


def seal_records(key: SealKey, journal_batches: list[tuple[int, bytes]], *, at: datetime) -> Seal | None:
    """Seals what is not sealed yet: up to `SEAL_LIMIT` records in id order, then the journal commits given.

    `journal_batches` are (batch id, root) pairs; those that already have a leaf are left out. Returns the seal, or
    None when there was nothing to seal. Of two sealers at once the later one fails on the seal's number, with nothing
    written, and finds less to do when it tries again.
    """
    with transaction.atomic():
        last = Seal.objects.select_for_update(no_key=True).order_by("-number").first()
        records = list(Record.objects.filter(seal=None).order_by("id").values_list("id", "leaf_hash")[:SEAL_LIMIT])
        batches = _fresh_batches(journal_batches)
        if not records and not batches:
            return None
        leaves = [leaf for _, leaf in records] + [batch_leaf_hash(*b) for b in batches]
        seal = _make_seal(key, last, leaves, at)
        _place_records(seal, [record_id for record_id, _ in records])
        JournalLeaf.objects.bulk_create(
            JournalLeaf(batch_id=batch[0], leaf_hash=leaf, seal=seal, leaf_index=place)
            for place, (batch, leaf) in enumerate(zip(batches, leaves[len(records) :], strict=True), len(records))
        )
        return seal


def _place_records(seal: Seal, ids: list[int]) -> None:
    """By number, one simple statement for all: bulk_update writes a CASE for each row, while operators wait."""
    update = f"UPDATE {Record._meta.db_table} SET seal_id = %s, leaf_index = %s WHERE id = %s"  # noqa: S608 our name
    with connection.cursor() as cursor:
        cursor.executemany(update, [(seal.pk, place, record_id) for place, record_id in enumerate(ids)])


def _fresh_batches(batches: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    known = set(JournalLeaf.objects.filter(batch_id__in=[b[0] for b in batches]).values_list("batch_id", flat=True))
    return [b for b in batches if b[0] not in known]


def _make_seal(key: SealKey, last: Seal | None, leaves: list[str], at: datetime) -> Seal:
    content = SealContent(
        number=last.number + 1 if last else 1,
        previous_hash=last.hash if last else GENESIS,
        root=root_of_hashes([bytes.fromhex(leaf) for leaf in leaves]).hex(),
        leaf_count=len(leaves),
        sealed_at=at,
    )
    signature = key.sign(content.to_sign()).hex()
    return Seal.objects.create(
        number=content.number,
        previous_hash=content.previous_hash,
        root=content.root,
        leaf_count=content.leaf_count,
        sealed_at=at,
        public_key=key.public_bytes.hex(),
        signature=signature,
        hash=seal_hash(content, signature),
    )


def write_order(deed: Deed, *, by: Viewer, at: datetime) -> int:
    """As `write_records`, for one deed that others refer to; the record's id."""
    record = _record(deed, by, at, "retention")
    record.save()
    tell([deed], by, at)
    return record.pk


def erase_records(rule: str, before: datetime, *, kept: Mapping[str, list[str]], by: Viewer, at: datetime) -> int:
    """Erases the content of sealed records from before `before` by one recorded act; returns how many.

    Their leaf hashes stay, and the act names how many and the root over them, so the log still verifies. What a hold
    covers stays, and so does every subject in `kept` (ids by subject type). Calls itself done with 0.
    """
    with transaction.atomic():
        rows = list(_erasable(before, kept, at).select_for_update(no_key=True)[:ERASE_LIMIT])
        if not rows:
            return 0
        order = {
            "rule": rule,
            "kind": "records",
            "before": instant(before),
            "count": len(rows),
            "root": root_of_hashes([bytes.fromhex(row.leaf_hash) for row in rows]).hex(),
        }
        record_id = write_order(Deed(ERASED, "retention", rule, None, after=order), by=by, at=at)
        Record.objects.filter(pk__in=[row.pk for row in rows]).update(erased_by=record_id, **BLANK)
        return len(rows)


def _erasable(before: datetime, kept: Mapping[str, list[str]], at: datetime) -> "QuerySet[Record]":
    rows = Record.objects.filter(at__lt=before, erased_by=None, seal__isnull=False).exclude(action=ERASED)
    for subject_type, ids in kept.items():
        rows = rows.exclude(subject_type=subject_type, subject_id__in=ids)
    for hold in Hold.objects.filter(lifted_at=None).filter(Q(until=None) | Q(until__gt=at)):
        if hold.company_id is None:
            return rows.none()
        rows = rows.exclude(company_id=hold.company_id)
    return rows.order_by("id")


def note_head_left(number: int, head: str, where: str, *, by: Viewer, at: datetime) -> None:
    """Records that the head of the log has left the house, by "file" or "mail"."""
    with transaction.atomic():
        write_records([Deed("head.left", f"head.{where}", number, None, after={"head": head})], by=by, at=at)


def note_backup(head: str, digest: str, *, by: Viewer, at: datetime) -> None:
    """Records that a backup was made and proved: the head of the log in it, and the SHA-256 of its file."""
    with transaction.atomic():
        told = {"head": head, "sha256": digest}
        write_records([Deed("backup.made", "backup", digest[:16], None, told)], by=by, at=at)


def note_restore(made_at: str, head: str, *, by: Viewer, at: datetime) -> None:
    """Records that this installation goes on from a backup: what happened after `made_at` is not in it."""
    told = {"made_at": made_at, "head": head}
    with transaction.atomic():
        write_records([Deed("backup.restored", "backup", made_at, None, told)], by=by, at=at)


def place_hold(company_id: int | None, reason: str, until: datetime | None, *, by: Viewer, at: datetime) -> Hold:
    """Stops every erasure, of one company or (None) of all, until it is lifted or `until` has come."""
    with transaction.atomic():
        hold = Hold.objects.create(company_id=company_id, reason=reason, until=until, placed_at=at, placed_by=by.name)
        told = {"reason": reason, "until": instant(until) if until else None}
        write_records([Deed("retention.held", "hold", hold.pk, company_id, after=told)], by=by, at=at)
        return hold


def lift_hold(hold_id: int, *, by: Viewer, at: datetime) -> bool:
    """Lets retention go on; False when there is no such hold in force."""
    with transaction.atomic():
        hold = Hold.objects.select_for_update(no_key=True).filter(pk=hold_id, lifted_at=None).first()
        if hold is None:
            return False
        hold.lifted_at = at
        hold.save(update_fields=["lifted_at"])
        write_records([Deed("retention.released", "hold", hold.pk, hold.company_id)], by=by, at=at)
        return True

"""Writing and sealing records."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lianjing.core.seals.merkle import root_of_hashes
from lianjing.core.seals.signing import SealKey
from lianjing.core.viewer import Viewer, person_id
from lianjing.domain.records.models import JournalLeaf, Record, Seal
from lianjing.domain.records.policy import GENESIS, Act, SealContent, act_leaf_hash, batch_leaf_hash, seal_hash

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
    Record.objects.bulk_create([_record(deed, by, at, source) for deed in deeds])


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
        last = Seal.objects.select_for_update().order_by("-number").first()
        records = list(Record.objects.filter(seal=None).order_by("id")[:SEAL_LIMIT])
        batches = _fresh_batches(journal_batches)
        if not records and not batches:
            return None
        leaves = [r.leaf_hash for r in records] + [batch_leaf_hash(*b) for b in batches]
        seal = _make_seal(key, last, leaves, at)
        for place, record in enumerate(records):
            record.seal, record.leaf_index = seal, place
        Record.objects.bulk_update(records, ["seal", "leaf_index"], batch_size=500)
        JournalLeaf.objects.bulk_create(
            JournalLeaf(batch_id=batch[0], leaf_hash=leaf, seal=seal, leaf_index=place)
            for place, (batch, leaf) in enumerate(zip(batches, leaves[len(records) :], strict=True), len(records))
        )
        return seal


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

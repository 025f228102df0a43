"""What exactly is hashed. A column that is not in here could be altered unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from lianjing.core.seals.canonical import canonical_json, instant
from lianjing.core.seals.merkle import leaf_hash

ERASED = "retention.erased"
"""The action of a record that orders an erasure; such records are never erased themselves."""
GENESIS = "0" * 64
"""Previous hash of the first seal."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did: the sealed content of a record."""

    at: datetime
    actor_id: int | None
    actor_name: str
    company_id: int | None
    action: str
    subject_type: str
    subject_id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    source: str


def act_leaf_hash(act: Act, salt: str) -> str:
    """Leaf over salt and canonical act, in hex. The salt keeps a short act from being guessed from its hash."""
    return leaf_hash(bytes.fromhex(salt) + act_text(act).encode()).hex()


def act_text(act: Act) -> str:
    """The act as it is hashed."""
    content = {
        "at": instant(act.at),
        "actor": [act.actor_id, act.actor_name],
        "company": act.company_id,
        "action": act.action,
        "subject": [act.subject_type, act.subject_id],
        "before": act.before,
        "after": act.after,
        "source": act.source,
    }
    return canonical_json(content)


def batch_leaf_hash(batch_id: int, root: bytes) -> str:
    """Leaf of one journal commit, in hex."""
    return leaf_hash(b"journal:%d:" % batch_id + root).hex()


@dataclass(frozen=True, slots=True)
class SealContent:
    """What a seal signs."""

    number: int
    previous_hash: str
    root: str
    leaf_count: int
    sealed_at: datetime

    def to_sign(self) -> bytes:
        return canonical_json(
            {
                "number": self.number,
                "previous": self.previous_hash,
                "root": self.root,
                "leaves": self.leaf_count,
                "at": instant(self.sealed_at),
            }
        ).encode()


def seal_hash(content: SealContent, signature: str) -> str:
    """The head that the next seal, a printed sheet or a mail names, in hex."""
    return sha256(content.to_sign() + bytes.fromhex(signature)).hexdigest()

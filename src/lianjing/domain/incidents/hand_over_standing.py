"""A hand-over as it is signed: its digest, and how it stands for one person. Shared by reading and acting."""

from hashlib import sha256
from typing import Any

from lianjing.core.seals.canonical import canonical_json, instant
from lianjing.domain.incidents.hand_over_policy import Signing
from lianjing.domain.incidents.models import HandOver

SIGN = "handovers.sign"


def digest_of(one: HandOver) -> str:
    """SHA-256 of what is signed, in its one spelling."""
    signed: dict[str, Any] = {
        "company": one.company_id,
        "desk": one.desk,
        "outgoing": one.outgoing_id,
        "drawn_up_at": instant(one.drawn_up_at),
        "content": one.content,
        "remarks": one.remarks,
        "head": [one.head_number, one.head_hash],
    }
    return sha256(canonical_json(signed).encode()).hexdigest()


def signing_of(one: HandOver, user_id: int | None, *, added: int = 0) -> Signing:
    """The hand-over as the rules see it for this person."""
    return Signing(
        one.drawn_up_at, one.outgoing_id == user_id, bool(one.outgoing_signed_at), bool(one.incoming_signed_at), added
    )

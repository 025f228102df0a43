"""Merkle tree hash of RFC 9162 section 2.1.1, over SHA-256."""

from collections.abc import Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Hash of one leaf. The 0x00 prefix keeps a leaf from passing as a node (RFC 9162 2.1.1)."""
    return sha256(b"\x00" + content).digest()


def root_of_hashes(hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes in order. An empty list has the hash of nothing (RFC 9162 2.1.1)."""
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        paired = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        # The largest power of two goes left, so the odd one at a level's end is promoted unchanged.
        level = paired + level[len(paired) * 2 :]
    return level[0]


def root(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf contents in order."""
    return root_of_hashes([leaf_hash(leaf) for leaf in leaves])

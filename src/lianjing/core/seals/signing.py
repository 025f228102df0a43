"""The key that signs seals (Ed25519)."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lianjing.core.crypto import load_or_make_key


class SealKey:
    """Signs seals. The raw 32-byte private key lives in a file that only the service may read."""

    def __init__(self, raw: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(raw)
        self.public_bytes = self._private.public_key().public_bytes_raw()

    @classmethod
    def load_or_make(cls, path: Path) -> "SealKey":
        """The key in `path`; a fresh one is made there when the file does not exist."""
        return cls(load_or_make_key(path))

    def sign(self, content: bytes) -> bytes:
        return self._private.sign(content)


def signature_holds(public_key: bytes, signature: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True

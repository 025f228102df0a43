"""Encryption of single database fields (panel keys and the like) and the key that does it."""

import base64
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
PREFIX = "v1:"
"""Names algorithm and layout, so that a later form can stand beside this one: AES-256-GCM, nonce before ciphertext."""


class Unopenable(Exception):
    """The value was sealed with another key, was altered, or is no sealed value at all."""


def seal_field(key: bytes, plain: bytes) -> str:
    """Encrypts and authenticates `plain` with a 32-byte key. Equal plain texts give different results."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(_checked(key)).encrypt(nonce, plain, PREFIX.encode())
    return PREFIX + base64.urlsafe_b64encode(sealed).decode()


def open_field(key: bytes, text: str) -> bytes:
    """The plain bytes behind a value of `seal_field`; raises Unopenable."""
    if not text.startswith(PREFIX):
        raise Unopenable("the value does not begin with a known form")
    try:
        sealed = base64.b64decode(text[len(PREFIX) :], altchars=b"-_", validate=True)
        return AESGCM(_checked(key)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], PREFIX.encode())
    except (InvalidTag, ValueError) as wrong:
        raise Unopenable("the value was sealed with another key, or altered") from wrong


def load_or_make_key(path: Path) -> bytes:
    """The 32-byte key in file `path` (URL-safe base64), made with mode 0600 when there is none.

    Of several processes that start at once, one makes the key and all read it whole: the file appears complete.
    Raises ValueError for a file that holds no such key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        _make_key_file(path)
    key = base64.urlsafe_b64decode(path.read_text().strip())
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} holds {len(key)} bytes; it takes {KEY_BYTES} bytes in URL-safe base64")
    return key


def _make_key_file(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"the field key has {len(key)} bytes; it takes {KEY_BYTES}")
    return key

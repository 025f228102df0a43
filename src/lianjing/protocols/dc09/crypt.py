"""Encryption of DC-09 (5.4.4): AES-CBC, zero IV, a new chain for every message, the result written as ASCII hex.

The region runs from behind the data's opening bracket to the end of the timestamp: `pad|data][x...]_time`. A zero IV is
the standard's choice, not ours; the random pad in front is what keeps equal messages from looking equal.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Pad = Callable[[int], bytes]
"""Gives that many unpredictable bytes, of any values: `safe_pad` replaces the forbidden ones."""

_BLOCK = 16
_ZERO_IV = modes.CBC(bytes(_BLOCK))
# Some panels close the data block behind the ciphertext as if it were clear, and repeat the time there.
_HEX = re.compile(rb"((?:[0-9A-Fa-f]{32})+)(?:\](?:_[0-9:,-]{19})?)?")
# What is left of the last block, by panels that fill it up behind the time: zeros, blanks, the count (PKCS #7).
_FILLED = re.compile(rb"(?s)(.*_[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{2}-[0-9]{2}-[0-9]{4})[\x00-\x20]{1,16}")
_DATA = re.compile(rb"[NO](?:[a-z]{2}|[A-Z]{2})[0-9/]|[136ERP][0-9B-F]{3} ")
_ALLOWED = bytes(0x2E if byte in b"|[]\r\n\0" else byte for byte in range(256))
_LOOKS_LIKE_ACCOUNT = re.compile(rb"#[0-9A-Za-z:._+-]{0,32}")

KEY_LENGTHS = (16, 24, 32)


def safe_pad(random_bytes: bytes) -> bytes:
    """Pad bytes may be anything but `|`, `[` and `]` (5.4.4.2); control bytes that confuse simple panels go too."""
    return random_bytes.translate(_ALLOWED)


# A panel's key serves for every frame of it; making the cipher from it takes as long as using it.
@lru_cache(maxsize=4096)
def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), _ZERO_IV)


def encrypt(region: bytes, key: bytes, pad: Pad) -> bytes:
    """Upper-case hex of `pad|region`. A region that needs no pad gets 16 bytes, as the 2007 and 2013 editions say."""
    missing = _BLOCK - (len(region) + 1) % _BLOCK
    encryptor = _cipher(key).encryptor()
    plain = safe_pad(pad(missing)) + b"|" + region
    return (encryptor.update(plain) + encryptor.finalize()).hex().upper().encode("ascii")


def decrypt(ciphertext: bytes, key: bytes) -> bytes | None:
    """The region with its pad; None when `ciphertext` is not whole blocks in hex. A wrong key gives other bytes."""
    match = _HEX.fullmatch(ciphertext)
    if match is None:
        return None
    decryptor = _cipher(key).decryptor()
    return decryptor.update(bytes.fromhex(match[1].decode("ascii"))) + decryptor.finalize()


def strip_pad(plain: bytes) -> bytes:
    """The region without its pad, whatever its length. Panels also fill with zeros behind and leave the `|` out."""
    region = plain.strip(b"\0")
    if filled := _FILLED.fullmatch(region):
        region = filled[1]
    close = region.find(b"]")
    bar = region.find(b"|", 0, close)
    if bar < 0:
        return region if _DATA.match(region, 0, close) else region[max(close, 0) :]
    without_pad = _LOOKS_LIKE_ACCOUNT.fullmatch(region, 0, bar) and region.find(b"|", bar + 1, close) < 0
    return region if without_pad else region[bar + 1 :]

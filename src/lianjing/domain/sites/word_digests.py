"""How pass-words and duress words of contacts are kept: as digests that need the installation's data key.

Such words are short: four digits, two characters. Whoever gets hold of slow digests of them finds each word by trying
all, in minutes. With a key in the digest, what is stolen without the key says nothing at all, and a whole workbook of
contacts is read in seconds (docs/operations/import.md).
"""

import hmac
from hashlib import pbkdf2_hmac, sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, make_password, mask_hash


class WordHasher(BasePasswordHasher):
    """PBKDF2 over the word, keyed with a key that is derived from the data key."""

    algorithm = "lianjing_word"
    iterations = 1000
    """Some tenths of a millisecond; the strength is the key's."""

    def encode(self, password: str, salt: str) -> str:
        self._check_encode_args(password, salt)
        return f"{self.algorithm}${self.iterations}${salt}${_digest(password, salt, self.iterations)}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, iterations, salt, digest = encoded.split("$", 3)
        return {"algorithm": algorithm, "iterations": int(iterations), "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        told = self.decode(encoded)
        return hmac.compare_digest(told["hash"], _digest(password, told["salt"], told["iterations"]))

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        told = self.decode(encoded)
        return {"algorithm": told["algorithm"], "salt": mask_hash(told["salt"]), "hash": mask_hash(told["hash"])}

    def must_update(self, encoded: str) -> bool:
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        pass


def digest_of(word: str) -> str:
    """What is kept of a word."""
    return make_password(word, hasher=WordHasher())


def _digest(word: str, salt: str, iterations: int) -> str:
    key = hmac.digest(settings.ENVIRONMENT.data_key, b"pass-words of contacts", sha256)
    keyed = hmac.digest(key, salt.encode() + b"\0" + word.encode(), sha256)
    return pbkdf2_hmac("sha256", keyed, salt.encode(), iterations).hex()[:48]

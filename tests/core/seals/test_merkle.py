"""The tree hash, against the test vectors of Certificate Transparency (RFC 9162 keeps the hash of RFC 6962)."""

from hashlib import sha256

import pytest

from lianjing.core.seals.canonical import canonical_json
from lianjing.core.seals.merkle import root
from lianjing.core.seals.signing import SealKey, signature_holds

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_published_vectors(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root([]) == sha256(b"").digest()


def test_one_content_has_one_spelling() -> None:
    assert canonical_json({"b": [1, None, True], "a": "警"}) == '{"a":"警","b":[1,null,true]}'
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": float("nan")})


def test_a_signature_holds_for_its_content_and_key_only() -> None:
    key, other = SealKey(b"\x01" * 32), SealKey(b"\x02" * 32)
    signed = key.sign(b"seal")
    assert signature_holds(key.public_bytes, signed, b"seal")
    assert not signature_holds(key.public_bytes, signed, b"sea1")
    assert not signature_holds(other.public_bytes, signed, b"seal")

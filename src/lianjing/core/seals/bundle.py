"""A bundle of sealed records outside the house (docs/operations/proof.md), checked line by line without a database.

`project/verify_bundle.py` does the same in few lines and is copied into every bundle. This one reads bundles
of any size and names the line.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from lianjing.core.seals.canonical import canonical_json
from lianjing.core.seals.merkle import leaf_hash, root, root_of_hashes
from lianjing.core.seals.signing import signature_holds

FORMAT = "lianjing-bundle-1"
MANIFEST, SEALS, LEAVES, SCRIPT = "manifest.json", "seals.jsonl", "leaves.jsonl", "verify.py"
ERASED = "retention.erased"
GENESIS = (0, "0" * 64)

Row = Mapping[str, Any]
Line = tuple[str, Row]
"""Where it stands ("leaves.jsonl line 7"), and what it says."""


class BadBundle(Exception):
    """The folder holds no bundle, or one of another format."""


@dataclass(slots=True)
class Checked:
    """What a check has gone over; complete once its faults have been read to the end."""

    seals: int = 0
    leaves: int = 0
    head: str = ""
    erasures: list[str] = field(default_factory=list)
    """One sentence for every erasure that an act ordered."""


def verify_bundle(folder: Path, checked: Checked, head: tuple[int, str] | None = None) -> Iterator[str]:
    """Every fault as a sentence that names record, frame or seal and its line. Raises BadBundle.

    `head` is one that was kept elsewhere: only against it a cut tail or a full rewrite shows.
    """
    yield from _check_manifest(folder)
    yield from _Check(folder, checked, head).faults()


def _check_manifest(folder: Path) -> Iterator[str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as wrong:
        raise BadBundle(f"{folder} holds no bundle: {MANIFEST}: {wrong}") from wrong
    if manifest.get("format") != FORMAT:
        raise BadBundle(f"{folder} holds a bundle of format {manifest.get('format')!r}, not {FORMAT}")
    for name in (SEALS, LEAVES):
        try:
            with (folder / name).open("rb") as file:
                digest = _digest_of(file)
        except OSError as wrong:
            raise BadBundle(f"{folder}: {name}: {wrong.strerror}") from wrong
        if digest != manifest.get("files", {}).get(name):
            yield f"{name}: it is not the file that {MANIFEST} names"


def _digest_of(file: Any) -> str:
    hashed = sha256()
    while block := file.read(1 << 20):
        hashed.update(block)
    return hashed.hexdigest()


def lines(path: Path) -> Iterator[Line]:
    """The lines of a file; one that cannot be read has no content."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            yield f"{path.name} line {number}", row if isinstance(row, dict) else {}


class _Check:
    """One pass over both files, which are in the same order."""

    def __init__(self, folder: Path, checked: Checked, head: tuple[int, str] | None) -> None:
        self._checked, self._head = checked, head
        self._seals, self._leaves = lines(folder / SEALS), lines(folder / LEAVES)
        self._next = next(self._leaves, None)
        self._erased: defaultdict[int, list[bytes]] = defaultdict(list)
        self._orders: dict[int, Row] = {}
        self._kept: str | None = None

    def faults(self) -> Iterator[str]:
        previous = GENESIS
        for where, seal in self._seals:
            try:
                number = int(seal["number"])
                yield from self._check_seal(f"seal {number} ({where})", seal, previous)
                previous = (number, str(seal["hash"]))
            except (KeyError, TypeError, ValueError):
                yield f"{where}: it is no seal that can be read: it was altered"
                previous = (previous[0] + 1, "")
            self._checked.seals += 1
            if self._head and previous[0] == self._head[0]:
                self._kept = previous[1]
        while self._next is not None:
            where, row = self._next
            yield f"{_name(row, where)}: it belongs to seal {row.get('seal')}, which is not there: the seal was cut out"
            self._next = next(self._leaves, None)
        yield from self._check_erasures()
        if self._head and self._kept != self._head[1]:
            yield f"seal {self._head[0]}: the head kept elsewhere is not in the bundle: the tail was cut, or rewritten"
        self._checked.head = f"{previous[0]}:{previous[1]}"

    def _check_seal(self, name: str, seal: Row, previous: tuple[int, str]) -> Iterator[str]:
        number = int(seal["number"])
        if number != previous[0] + 1:
            yield f"{name}: it follows seal {previous[0]}: seals between were cut out or moved"
        elif seal["previous"] != previous[1]:
            yield f"{name}: it does not name the hash of the seal before: one of them was altered or replaced"
        signed = canonical_json({part: seal[part] for part in ("number", "previous", "root", "leaves", "at")}).encode()
        signature = bytes.fromhex(seal["signature"])
        hash_fits = sha256(signed + signature).hexdigest() == seal["hash"]
        if not hash_fits or not signature_holds(bytes.fromhex(seal["key"]), signature, signed):
            yield f"{name}: signature or hash do not match its content: it was altered"
        hashes: list[bytes] = []
        while self._next is not None and _seal_of(self._next[1]) <= number:
            where, row = self._next
            yield from self._check_leaf(where, row, number, len(hashes))
            hashes.append(_bytes(row.get("leaf")))
            self._next = next(self._leaves, None)
        self._checked.leaves += len(hashes)
        if len(hashes) != seal["leaves"]:
            yield f"{name}: it sealed {seal['leaves']} leaves, {len(hashes)} are there"
        if root_of_hashes(hashes).hex() != seal["root"]:
            yield f"{name}: the root does not match its leaves: one was altered, moved, added or removed"

    def _check_leaf(self, where: str, row: Row, number: int, place: int) -> Iterator[str]:
        name = _name(row, where)
        if (row.get("seal"), row.get("place")) != (number, place):
            stands = f"place {row.get('place')} of seal {row.get('seal')}"
            yield f"{name}: it belongs to {stands} and stands at place {place} of seal {number}: moved or cut out"
        try:
            yield from self._check_record(name, row) if row["kind"] == "record" else self._check_commit(name, row)
        except (KeyError, TypeError, ValueError):
            yield f"{name}: it cannot be read: it was altered"

    def _check_record(self, name: str, row: Row) -> Iterator[str]:
        if "erased_by" in row:
            self._erased[int(row["erased_by"])].append(bytes.fromhex(row["leaf"]))
            if "act" in row or "salt" in row:
                yield f"{name}: its content was erased, and yet it has one: it was made up"
            return
        if leaf_hash(bytes.fromhex(row["salt"]) + row["act"].encode()).hex() != row["leaf"]:
            yield f"{name}: the content does not match its leaf hash: it was altered"
        act = json.loads(row["act"])
        if act["action"] == ERASED:
            self._orders[int(row["id"])] = act["after"]

    def _check_commit(self, name: str, row: Row) -> Iterator[str]:
        if row["kind"] != "commit":
            raise ValueError(row["kind"])
        for frame in row["frames"]:
            if "erased_by" in frame:
                self._erased[int(frame["erased_by"])].append(bytes.fromhex(frame["digest"]))
                if "text" in frame:
                    yield f"frame {frame['id']} in {name}: its content was erased, and yet it has one: it was made up"
            elif sha256(frame["text"].encode()).hexdigest() != frame["digest"]:
                yield f"frame {frame['id']} in {name}: it or its signals do not match its digest: altered"
        top = root([bytes.fromhex(frame["digest"]) for frame in row["frames"]])
        if leaf_hash(b"journal:%d:" % row["id"] + top).hex() != row["leaf"]:
            yield f"{name}: its frames are not those that were sealed: one was altered, moved, added or removed"

    def _check_erasures(self) -> Iterator[str]:
        for act, hashes in sorted(self._erased.items()):
            order = self._orders.get(act, {})
            if (order.get("count"), order.get("root")) == (len(hashes), root_of_hashes(hashes).hex()):
                gone = f"{len(hashes)} {order['kind']} before {order['before']}"
                self._checked.erasures.append(f"erased under rule {order['rule']}: {gone}, record {act}")
            else:
                yield f"{len(hashes)} contents are gone, and record {act} orders no such erasure: they were removed"


def _name(row: Row, where: str) -> str:
    kind = {"record": "record", "commit": "journal commit"}.get(str(row.get("kind")), "leaf")
    return f"{kind} {row.get('id', '?')} ({where})"


def _seal_of(row: Row) -> int:
    """A line without a seal is looked at where it stands."""
    number = row.get("seal")
    return number if isinstance(number, int) else 0


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""

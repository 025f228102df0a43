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
SHOWN = 100
"""Signs of a word of the manifest that a sentence repeats."""

DAMAGE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What a line raises that was made up to be read wrongly."""

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
    manifest = _manifest(folder)
    yield from _check_files(folder, dict(manifest.get("files", {})))
    yield from _Check(folder, checked, head).faults()
    yield from _check_counts(manifest, checked)


def _manifest(folder: Path) -> Row:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        told = manifest.get("format")
        dict(manifest.get("files", {}))
    except (OSError, *DAMAGE) as wrong:
        raise BadBundle(f"{folder} holds no bundle: {MANIFEST}: {wrong}") from wrong
    if told != FORMAT:
        raise BadBundle(f"{folder} holds a bundle of format {told!r}, not {FORMAT}")
    return manifest


def _check_files(folder: Path, files: Row) -> Iterator[str]:
    for name in (SEALS, LEAVES):
        try:
            with (folder / name).open("rb") as file:
                digest = _digest_of(file)
        except OSError as wrong:
            raise BadBundle(f"{folder}: {name}: {wrong.strerror}") from wrong
        if digest != files.get(name):
            yield f"{name}: it is not the file that {MANIFEST} names"


def _check_counts(manifest: Row, checked: Checked) -> Iterator[str]:
    """What the manifest says of both files, against what was read."""
    head, seals, leaves = (str(manifest.get(name, "nothing"))[:SHOWN] for name in ("head", "seals", "leaves"))
    if not checked.seals and not checked.leaves:
        yield f"{MANIFEST}: nothing is in it: no seal, no record"
    if head != checked.head:
        yield f"{MANIFEST}: it names the head {head}, the last seal is {checked.head}"
    if seals != str(checked.seals):
        yield f"{MANIFEST}: it counts {seals} seals, {checked.seals} are there"
    if leaves != str(checked.leaves):
        yield f"{MANIFEST}: it counts {leaves} leaves, {checked.leaves} are there"


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
            except DAMAGE:
                yield f"{where}: it is no seal that can be read: it was altered"
                previous = (previous[0] + 1, "")
            self._checked.seals += 1
            if self._head and previous[0] == self._head[0]:
                self._kept = previous[1]
        while self._next is not None:
            where, row = self._next
            yield f"{_name(row, where)}: it belongs to seal {_seal_of(row)}, which is not there: the seal was cut out"
            self._checked.leaves += 1
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
        places = _Places(number)
        while self._next is not None and _seal_of(self._next[1]) <= number:
            where, row = self._next
            yield from places.take(_name(row, where), row)
            yield from self._check_leaf(where, row)
            hashes.append(_bytes(row.get("leaf")))
            self._next = next(self._leaves, None)
        self._checked.leaves += len(hashes)
        yield from places.missing(name, int(seal["leaves"]))
        if len(hashes) != seal["leaves"]:
            yield f"{name}: it sealed {seal['leaves']} leaves, {len(hashes)} are there"
        if root_of_hashes(hashes).hex() != seal["root"]:
            yield f"{name}: the root does not match its leaves: one was altered, moved, added or removed"

    def _check_leaf(self, where: str, row: Row) -> Iterator[str]:
        name = _name(row, where)
        try:
            yield from self._check_record(name, row) if row["kind"] == "record" else self._check_commit(name, row)
        except DAMAGE:
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
            told = self._erasure(act, hashes)
            if told:
                self._checked.erasures.append(told)
            else:
                yield f"{len(hashes)} contents are gone, and record {act} orders no such erasure: they were removed"

    def _erasure(self, act: int, hashes: list[bytes]) -> str:
        """The act's own order in words; "" when it orders no such erasure."""
        order = self._orders.get(act, {})
        try:
            if (order.get("count"), order.get("root")) != (len(hashes), root_of_hashes(hashes).hex()):
                return ""
            gone = f"{len(hashes)} {order['kind']} before {order['before']}"
            return f"erased under rule {order['rule']}: {gone}, record {act}"
        except DAMAGE:
            return ""


class _Places:
    """Where the leaves of one seal stand: what is cut out is told once, and hides nothing of what comes after it."""

    def __init__(self, seal: int) -> None:
        self._seal, self._seen, self._last = seal, set[int](), -1

    def take(self, name: str, row: Row) -> Iterator[str]:
        seal, place = _whole(row.get("seal")), _whole(row.get("place"))
        if seal is None or place is None:
            yield f"{name}: it does not say to which place of which seal it belongs: it was altered"
        elif seal != self._seal:
            yield f"{name}: it belongs to seal {seal} and stands in seal {self._seal}: moved"
        elif place <= self._last:
            yield f"{name}: it belongs to place {place} and stands behind place {self._last}: moved"
            self._seen.add(place)
        else:
            self._last = place
            self._seen.add(place)

    def missing(self, name: str, count: int) -> Iterator[str]:
        """Each gap once, however wide."""
        expected = 0
        for place in (*sorted(self._seen), count):
            if expected < place <= count:
                yield f"{name}: its leaves at places {expected} to {place - 1} are not there: they were cut out"
            expected = max(expected, place + 1)


def _whole(told: object) -> int | None:
    """A number as places and seals have it; a made-up line may say anything."""
    return told if type(told) is int and told >= 0 else None


def _name(row: Row, where: str) -> str:
    kind = {"record": "record", "commit": "journal commit"}.get(str(row.get("kind")), "leaf")
    return f"{kind} {row.get('id', '?')} ({where})"


def _seal_of(row: Row) -> int:
    """A line without a seal is looked at where it stands."""
    return _whole(row.get("seal")) or 0


def _bytes(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""

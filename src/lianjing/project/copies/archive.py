"""A backup is one tar file: a manifest, then the copied databases and files, each with its hash in the manifest."""

import gzip
import json
import os
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path, PurePosixPath

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1 << 20
"""Bytes; a few hundred tables stay far below it."""
QUICK = 1
"""gzip's level: a backup is limited by the disk, not by the last tenth of its size."""

BROKEN = (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a damaged backup raises."""


class BadBackup(Exception):
    """The file is no backup of ours, or not whole; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `kind`: "sqlite" or "postgresql"; `counts`: rows by table; `files`: SHA-256 by
    name; `data_key`: what `fingerprint` makes of the key that opens its secrets; `head`: of its log, "" before the
    first seal."""

    format: int
    version: str
    made_at: str
    kind: str
    head: str
    data_key: str
    seal_key: str
    counts: Mapping[str, int]
    files: Mapping[str, str]


def fingerprint(key: bytes) -> str:
    """Tells two 32-byte keys apart and gives away nothing of them."""
    return sha256(b"lianjing data key\0" + key).hexdigest()[:16]


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def pack(backup: Path, manifest: Manifest, members: Mapping[str, Path]) -> None:
    """Writes a new file that only its owner may read, and waits until it is on the disk."""
    descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=QUICK) as tar:
            told = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode = len(told), 0o600
            tar.addfile(head, BytesIO(told))
            for name, path in members.items():
                tar.add(path, arcname=name, recursive=False)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(backup: Path) -> Manifest:
    """The manifest of a backup; the rest of it is not looked at. Raises BadBackup, OSError."""
    try:
        with tarfile.open(backup, "r:gz") as tar:
            return _manifest(tar)
    except BROKEN as wrong:
        raise BadBackup(f"{backup} is no backup, or not whole: {wrong}") from wrong


def unpack(backup: Path, folder: Path) -> None:
    """Takes out the files that the manifest names, and no others, and checks each against its hash."""
    try:
        with tarfile.open(backup, "r:gz") as tar:
            manifest = _manifest(tar)
            for member in tar:
                if member.name in manifest.files and member.isfile():
                    tar.extract(member, folder, filter="data")
        _check_to_its_end(backup)
    except BROKEN as wrong:
        raise BadBackup(f"{backup} is not whole: {wrong}") from wrong
    for name, digest in manifest.files.items():
        if not (folder / name).is_file():
            raise BadBackup(f"{backup} lacks {name}")
        if hash_of(folder / name) != digest:
            raise BadBackup(f"{name} in {backup} is not what was backed up: it was damaged or altered")


def _check_to_its_end(backup: Path) -> None:
    """tarfile stops at the last member: gzip's own check sum, which stands behind it, is read only by reading on."""
    with gzip.open(backup) as whole:
        while whole.read(1 << 20):
            pass


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    file = tar.extractfile(first) if first and first.name == MANIFEST and first.size <= LARGEST_MANIFEST else None
    if file is None:
        raise BadBackup("it does not begin with a manifest: it is no backup of Lianjing")
    try:
        told = json.loads(file.read())
        manifest = Manifest(**told)
    except (ValueError, TypeError) as wrong:
        raise BadBackup(f"its manifest cannot be read: {wrong}") from wrong
    if manifest.format != FORMAT:
        raise BadBackup(f"its form is {manifest.format}, this version reads {FORMAT}: use the version that wrote it")
    if not all(map(_stays_inside, manifest.files)):
        raise BadBackup("its manifest names files outside it")
    return manifest


def _stays_inside(name: str) -> bool:
    """A plain relative path, spelled in the one way."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and str(path) == name and name != "."

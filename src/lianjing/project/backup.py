"""`lianjing backup`: one file with all data, taken while everything runs, and proved by restoring it."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from lianjing import __version__
from lianjing.project.copies.archive import FORMAT, Manifest, fingerprint, hash_of, pack
from lianjing.project.copies.child import run_on
from lianjing.project.copies.folder import FolderCopy, is_of_folder
from lianjing.project.copies.postgresql import PostgresqlStore
from lianjing.project.copies.store import FAILURES, CannotCopy, Store
from lianjing.project.copies.stores import store_of
from lianjing.project.environment import Environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file; it appears once it is proved")
    parser.add_argument(
        "--scratch", metavar="URL", help="PostgreSQL: an empty database to prove it in, when the role may make none"
    )


def run(arguments: argparse.Namespace) -> int:
    environment = Environment()
    backup: Path = arguments.file
    draft = backup.with_name(f"{backup.name}.unproved")
    try:
        _require_room(backup, draft)
        store = store_of(environment)
        if isinstance(store, PostgresqlStore) and arguments.scratch is None:
            store.require_scratch()
        manifest = _write(draft, store, environment)
        with (
            _scratch(store, arguments.scratch) as url,
            TemporaryDirectory(dir=backup.parent, prefix=".proof-") as folder,
        ):
            proof = run_on(Path(folder), url, environment, "restore", str(draft.absolute()))
    except FAILURES as wrong:
        print(f"lianjing backup: {wrong}", file=sys.stderr)
        return 2
    if proof.returncode != 0:
        told = f"{proof.stdout}{proof.stderr}lianjing backup: it did not hold when it was tried; it is in {draft}"
        print(told, file=sys.stderr)
        return 1
    digest = hash_of(draft)
    draft.replace(backup)
    _note(manifest.head, digest)
    files = sum(map(is_of_folder, manifest.files))
    rows = f"{sum(manifest.counts.values()):,} rows of {len(manifest.counts)} tables, {files:,} files"
    print(f"{backup}: {rows}, {backup.stat().st_size / 1e6:.1f} MB, restored to a scratch place and checked there")
    print(f"head {manifest.head or 'none yet'}")
    print(f"sha256 {digest}")
    print(f"the keys are not in it: keep {environment.data / 'keys'} apart, it is of no use without them")
    return 0


def _require_room(backup: Path, draft: Path) -> None:
    for path in (backup, draft):
        if path.exists():
            raise CannotCopy(f"{path} is there already, and nothing is overwritten")
    if not backup.parent.is_dir():
        raise CannotCopy(f"there is no folder {backup.parent}")


def _write(draft: Path, store: Store, environment: Environment) -> Manifest:
    """The copies lie beside the backup while it is written: twice the room of the databases is needed there."""
    with TemporaryDirectory(dir=draft.parent, prefix=".backup-") as folder:
        begun = datetime.now(UTC)
        # Read before the copy, so that the head is surely in it.
        head, seal_key = _head_and_key(environment)
        files = FolderCopy(environment.data, Path(folder))
        files.look()
        copies = store.copy(Path(folder))
        files.look()
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            made_at=begun.isoformat(timespec="seconds"),
            kind=store.kind,
            head=head,
            data_key=fingerprint(environment.data_key),
            seal_key=seal_key,
            counts=store.counts(copies),
            files={name: hash_of(path) for name, path in {**copies, **files.copies}.items()},
        )
        pack(draft, manifest, {**copies, **files.copies})
    return manifest


def _head_and_key(environment: Environment) -> tuple[str, str]:
    django.setup()
    from lianjing.core.seals.signing import SealKey
    from lianjing.core.viewer import System
    from lianjing.domain.records.queries import last_seal

    seal = last_seal(System("backup"))
    key = SealKey.load_or_make(environment.seal_key_file).public_bytes.hex()
    return f"{seal.number}:{seal.hash}" if seal else "", key


def _note(head: str, digest: str) -> None:
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.records.actions import note_backup

    note_backup(head, digest, by=System("backup"), at=timezone.now())


@contextmanager
def _scratch(store: Store, given: str | None) -> Iterator[str | None]:
    """Where the database of a trial is: its URL, None for SQLite, which needs a folder only."""
    if isinstance(store, PostgresqlStore):
        with store.scratch(given) as url:
            yield url
    else:
        yield None

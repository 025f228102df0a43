"""`lianjing restore`: a backup back into an empty installation, or nothing at all."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from lianjing import __version__
from lianjing.core.seals.signing import SealKey
from lianjing.project.copies.archive import BadBackup, Manifest, fingerprint, read_manifest, unpack
from lianjing.project.copies.child import run_on
from lianjing.project.copies.folder import is_of_folder, put_files_back, require_no_files
from lianjing.project.copies.store import FAILURES, CannotCopy, Store
from lianjing.project.copies.stores import store_of
from lianjing.project.environment import Environment
from lianjing.project.verify_records import head

LOST = "panel keys and second factors in it cannot be opened any more and must be entered anew"


class DoesNotHold(CannotCopy):
    """What was restored is not what was backed up."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--head", type=head, metavar="N:HEX", help="a head that was kept elsewhere and must be in it")
    parser.add_argument(
        "--lost-keys",
        action="store_true",
        help=f"go on with the keys that are here instead of those of the backup: {LOST}",
    )


def run(arguments: argparse.Namespace) -> int:
    environment = Environment()
    store = store_of(environment)
    try:
        manifest = read_manifest(arguments.file)
        _require_fit(manifest, store, environment, lost_keys=arguments.lost_keys)
        store.require_empty()
        require_no_files(environment.data)
        with (
            TemporaryDirectory(dir=environment.data, prefix=".restore-") as folder,
            _seal_key_kept(manifest, environment),
        ):
            unpack(arguments.file, Path(folder))
            copies = {name: Path(folder) / name for name in manifest.files if not is_of_folder(name)}
            proof = _Proof(manifest, store, environment, arguments.head)
            store.put_back(copies, proof)
            put_files_back(Path(folder), environment.data, manifest.files)
    except DoesNotHold as wrong:
        print(f"lianjing restore: {wrong}; nothing was put back", file=sys.stderr)
        return 1
    except (BadBackup, *FAILURES) as wrong:
        print(f"lianjing restore: {wrong}", file=sys.stderr)
        return 2
    _note(manifest)
    files = sum(map(is_of_folder, manifest.files))
    rows = f"{sum(manifest.counts.values()):,} rows of {len(manifest.counts)} tables, {files:,} files"
    print(f"restored: {rows}, as of {manifest.made_at}")
    print(proof.told, end="")
    if fingerprint(environment.data_key) != manifest.data_key:
        print(LOST)
    return 0


def _require_fit(manifest: Manifest, store: Store, environment: Environment, *, lost_keys: bool) -> None:
    if manifest.kind != store.kind:
        raise CannotCopy(f"the backup is of {manifest.kind}, and LIANJING_DATABASE_URL names {store.kind}")
    if _numbers(manifest.version) > _numbers(__version__):
        raise CannotCopy(f"version {manifest.version} wrote the backup, this is {__version__}: use that one or a newer")
    own = {_own_seal_key(environment), *environment.earlier_seal_keys}
    if lost_keys or (fingerprint(environment.data_key) == manifest.data_key and manifest.seal_key in own):
        return
    raise CannotCopy(
        f"the keys in {environment.data / 'keys'} are not those of the backup: put data_key and seal.key of the old "
        f"machine there first; if they are lost, --lost-keys: {LOST}"
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _own_seal_key(environment: Environment) -> str:
    return SealKey.load_or_make(environment.seal_key_file).public_bytes.hex()


@contextmanager
def _seal_key_kept(manifest: Manifest, environment: Environment) -> Iterator[None]:
    """The public half of a lost seal key goes on to count, so that its seals still hold; not when the restore fails."""
    if manifest.seal_key in (_own_seal_key(environment), *environment.earlier_seal_keys):
        yield
        return
    file, before = environment.earlier_seal_keys_file, environment.earlier_seal_keys
    file.write_text("".join(f"{key}\n" for key in (*before, manifest.seal_key)), encoding="ascii")
    try:
        yield
    except BaseException:
        file.write_text("".join(f"{key}\n" for key in before), encoding="ascii")
        raise


@dataclass
class _Proof:
    """Looks at the data where they were put for trial: every row counted, upgraded, every seal checked."""

    manifest: Manifest
    store: Store
    environment: Environment
    wanted_head: tuple[int, str] | None
    told: str = field(default="", init=False)

    def __call__(self, folder: Path) -> None:
        copies = {name: folder / name for name in self.manifest.files if not is_of_folder(name)}
        self._require_counts(self.store.counts(copies))
        self._run(folder, "migrate", "--quiet")
        heads = [self.manifest.head] if self.manifest.head else []
        if self.wanted_head:
            heads.append("{}:{}".format(*self.wanted_head))
        for one in heads or [None]:
            self.told = self._run(folder, "verify-records", *(["--head", one] if one else []))

    def _require_counts(self, counts: Mapping[str, int]) -> None:
        expected = dict(self.manifest.counts)
        for table in sorted({*counts, *expected}):
            if counts.get(table) != expected.get(table):
                there, due = counts.get(table, "no such table"), expected.get(table, "no such table")
                raise DoesNotHold(f"{table}: {due} rows were backed up, {there} came back")

    def _run(self, folder: Path, *words: str) -> str:
        # SQLite is tried in its own folder; PostgreSQL where it was put.
        here = self.environment
        data, url = (folder, None) if here.is_sqlite else (here.data, here.database_url)
        done = run_on(data, url, here, *words)
        if done.returncode != 0:
            raise DoesNotHold(f"`lianjing {words[0]}` on it: {(done.stdout + done.stderr).strip()}")
        return done.stdout


def _note(manifest: Manifest) -> None:
    django.setup()
    from django.utils import timezone

    from lianjing.core.viewer import System
    from lianjing.domain.records.actions import note_restore

    note_restore(manifest.made_at, manifest.head, by=System("restore"), at=timezone.now())

"""A backup is one file that was proved, and a restore brings back everything or changes nothing."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from lianjing import __version__
from lianjing.project.copies.archive import BadBackup, Manifest, pack, read_manifest
from tests.program import Program, database, empty, until

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo company; a receiver that takes signals while the backup is made, and its records sealed."""
    with database(empty(os.environ.get("LIANJING_TEST_DATABASE", "sqlite"))) as url:
        it = Program(tmp_path_factory.mktemp("here"), url)
        for words in (("migrate", "--quiet"), ("demo-data",)):
            assert it.command(*words).returncode == 0
        give_second_factor(it, "operator")
        keep_scan(it)
        try:
            for name in ("receive", "work"):
                it.start(name)
            until(lambda: answers(it, "Nri1/BA003"))
            until(lambda: "head " in it.command("verify-records").stdout)
            yield it
        finally:
            for name in list(it.processes):
                it.stop(name)


@pytest.fixture(scope="module")
def backup(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("copies") / "monday.backup"
    done = program.command("backup", str(file))
    assert done.returncode == 0, done.stderr
    assert "restored to a scratch place and checked there" in done.stdout
    return file


@pytest.fixture
def elsewhere(program: Program, tmp_path: Path) -> Iterator[Program]:
    """A new machine with nothing but the old one's keys."""
    shutil.copytree(program.data / "keys", tmp_path / "keys")
    with database(empty("postgresql" if program.database_url else "sqlite")) as url:
        yield Program(tmp_path, url)


def give_second_factor(program: Program, name: str) -> None:
    code = f"""if True:
        import django
        django.setup()
        from lianjing.domain.people.models import User
        from tests.authenticator import app_of
        app_of(User.objects.get(username={name!r}))
    """
    mine = {**program.environment, "DJANGO_SETTINGS_MODULE": "lianjing.project.settings"}
    subprocess.run([sys.executable, "-c", code], env=mine, cwd=ROOT, check=True)


SCAN = b"%PDF-1.7\na contract\n%%EOF\n"


def keep_scan(program: Program) -> None:
    """A manager uploads the scan of a contract."""
    code = f"""if True:
        import django
        django.setup()
        from django.utils import timezone
        from lianjing.domain.people.models import User
        from lianjing.domain.sites.actions.contracts import keep_scan
        from lianjing.domain.sites.models import Contract
        from lianjing.core.scans import scan_of
        by = User.objects.get(username="manager").as_viewer()
        keep_scan(Contract.objects.first().pk, scan_of({SCAN!r}), by=by, at=timezone.now())
    """
    mine = {**program.environment, "DJANGO_SETTINGS_MODULE": "lianjing.project.settings"}
    subprocess.run([sys.executable, "-c", code], env=mine, cwd=ROOT, check=True)


def scans(program: Program) -> list[bytes]:
    """Contracts as they were scanned, and the demo's evidence; its drawings lie beside them."""
    return sorted(path.read_bytes() for path in (program.data / "files").rglob("*.pdf"))


def panel_keys(program: Program) -> str:
    """What the doctor says of the panels' keys."""
    lines = program.command("doctor").stdout.splitlines()
    return next(line.strip() for line in lines if "panel keys:" in line)


def second_factor(program: Program) -> str:
    """What the doctor says of second factors."""
    lines = program.command("doctor").stdout.splitlines()
    return next(line.strip() for line in lines if "second factor:" in line)


def answers(program: Program, data: str) -> bool:
    """Whether the receiver, which may just be starting, acknowledged."""
    try:
        return b'"ACK"' in program.send(data)
    except ConnectionRefusedError:
        return False


def tables(program: Program) -> int:
    """How many tables there are; 0 for an installation that nothing was put into."""
    if program.database_url:
        with psycopg.connect(program.database_url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'journal')"
            ).fetchone()
            return int(found[0]) if found else 0
    return len(list(program.data.glob("*.db")))


def test_the_file_is_its_owners_and_nothing_else_is_left_behind(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert list(backup.parent.iterdir()) == [backup]
    with tarfile.open(backup) as tar:
        assert "keys" not in {name.split("/")[0] for name in tar.getnames()}


def test_a_new_machine_goes_on_from_it(backup: Path, program: Program, elsewhere: Program) -> None:
    done = elsewhere.command("restore", str(backup))
    assert done.returncode == 0, done.stderr
    head = next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("head "))
    assert program.command("verify-records", "--head", head).returncode == 0, "the backup's head is one of the log here"
    elsewhere.start("receive")
    try:
        until(lambda: answers(elsewhere, "Nri1/BR003"))
    finally:
        elsewhere.stop("receive")
    assert "last proved one" not in elsewhere.command("doctor").stdout, "the note of the backup came after its copy"
    assert "last proved one" in program.command("doctor").stdout
    having = [
        line for line in elsewhere.command("user", "list").stdout.splitlines() if line.endswith("\tsecond factor")
    ]
    assert [line.split("\t")[0] for line in having] == ["operator"]
    assert second_factor(elsewhere).startswith("ok ")
    assert SCAN in scans(elsewhere)
    assert scans(elsewhere) == scans(program)
    assert panel_keys(elsewhere) == "ok    panel keys: each can be opened with the data key"


def test_nothing_is_overwritten(backup: Path, program: Program) -> None:
    again = program.command("backup", str(backup))
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    over = program.command("restore", str(backup))
    assert (over.returncode, "already" in over.stderr) == (2, True)


def test_files_that_are_there_are_not_overwritten(backup: Path, elsewhere: Program) -> None:
    (elsewhere.data / "files").mkdir()
    (elsewhere.data / "files" / "mine.pdf").write_bytes(SCAN)
    over = elsewhere.command("restore", str(backup))
    assert (over.returncode, "files is there already" in over.stderr) == (2, True)
    assert tables(elsewhere) == 0


def test_a_backup_that_was_damaged_or_altered_changes_nothing(backup: Path, elsewhere: Program, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    damaged = tmp_path / "damaged"
    damaged.write_bytes(whole[: len(whole) // 2])
    cut = elsewhere.command("restore", str(damaged))
    assert (cut.returncode, "not whole" in cut.stderr) == (2, True)
    for at_its_end in (whole[:-1], whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:]):
        damaged.write_bytes(at_its_end)
        done = elsewhere.command("restore", str(damaged))
        assert (done.returncode, f"{damaged} is not whole" in done.stderr) == (2, True)
    with tarfile.open(backup) as tar:
        tar.extractall(tmp_path / "taken", filter="data")
    victim = next(path for path in sorted((tmp_path / "taken").iterdir()) if path.suffix in (".db", ".dump"))
    victim.write_bytes(victim.read_bytes().replace(b"demo", b"evil"))
    damaged.unlink()
    with tarfile.open(damaged, "w:gz") as tar:
        for name in ("manifest.json", *sorted(path.name for path in (tmp_path / "taken").iterdir())):
            if name not in tar.getnames():
                tar.add(tmp_path / "taken" / name, arcname=name)
    altered = elsewhere.command("restore", str(damaged))
    assert (altered.returncode, "damaged or altered" in altered.stderr) == (2, True)
    assert tables(elsewhere) == 0


def test_a_head_that_is_not_in_it_is_found_and_nothing_is_put_back(backup: Path, elsewhere: Program) -> None:
    done = elsewhere.command("restore", str(backup), "--head", f"99999:{'0' * 64}")
    assert (done.returncode, "the tail was cut" in done.stderr) == (1, True)
    assert tables(elsewhere) == 0


def test_without_its_keys_only_who_says_so_goes_on(backup: Path, elsewhere: Program) -> None:
    for key in (elsewhere.data / "keys").iterdir():
        key.unlink()
    refused = elsewhere.command("restore", str(backup))
    assert (refused.returncode, "are not those of the backup" in refused.stderr) == (2, True)
    done = elsewhere.command("restore", str(backup), "--lost-keys")
    assert done.returncode == 0, done.stderr
    assert "must be entered anew" in done.stdout
    assert elsewhere.command("verify-records").returncode == 0, "seals under the lost key still count"
    assert panel_keys(elsewhere).startswith("WRONG panel keys: encrypted with another data key: 1")
    assert second_factor(elsewhere).startswith("WRONG second factor: encrypted with another data key: operator;")


def test_a_backup_of_altered_data_is_not_called_proved(backup: Path, elsewhere: Program, tmp_path: Path) -> None:
    assert elsewhere.command("restore", str(backup)).returncode == 0
    change = "UPDATE records_record SET actor_name = 'somebody else' WHERE id = 1"
    if elsewhere.database_url:
        with psycopg.connect(elsewhere.database_url) as connection:
            connection.execute(change)
    else:
        with closing(sqlite3.connect(elsewhere.data / "lianjing.db")) as connection:
            connection.execute(change)
            connection.commit()
    done = elsewhere.command("backup", str(tmp_path / "tuesday"))
    assert (done.returncode, "record 1" in done.stderr) == (1, True)
    assert not (tmp_path / "tuesday").exists()


def test_the_programs_version_is_the_packages() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "files/../../x", "files//x", ".", ""])
def test_a_backup_that_names_a_file_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    manifest = Manifest(1, __version__, "", "sqlite", "", "", "", {}, {name: ""})
    pack(tmp_path / "evil", manifest, {})
    with pytest.raises(BadBackup, match="outside it"):
        read_manifest(tmp_path / "evil")

"""What the command says and ends with: 0 good, 1 found something wrong, 2 wrong use or nothing to look at."""

import sqlite3
from pathlib import Path

import pytest

from lianjing.project.environment import BadSetting, Environment
from lianjing.terms.roles import Role
from tests.program import Program, at_rest


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Tables and demo company on SQLite; nothing runs."""
    return at_rest(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "verb"),
    [
        ("LIANJING_DATABASE_URL", "foo://x", "doctor"),
        ("LIANJING_LOG_LEVEL", "LOUD", "receive"),
        ("LIANJING_WEB_BIND", "nowhere", "web"),
        ("LIANJING_TIME_ZONE", "Mars/Base", "work"),
        ("LIANJING_METRICS_OPEN", "yes", "up"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, verb: str
) -> None:
    program = Program(tmp_path, None)
    monkeypatch.setattr(Program, "environment", {**program.environment, name: value})
    done = program.command(verb)
    assert done.returncode == 2
    assert name in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_records_that_could_not_be_looked_at_are_not_called_altered(tmp_path: Path) -> None:
    done = Program(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing").command("verify-records")
    assert done.returncode == 2
    assert "the database cannot be used" in done.stderr


def test_verify_records_is_content_with_the_demo_and_names_what_is_altered(program: Program) -> None:
    assert program.command("verify-records").returncode == 0
    with sqlite3.connect(program.data / "lianjing.db") as database:
        database.execute("UPDATE records_record SET actor_name = 'somebody else' WHERE id = 1")
    done = program.command("verify-records")
    assert (done.returncode, done.stdout.splitlines()[0][:15]) == (1, "WRONG record 1:")


def test_demo_data_twice_adds_nothing_and_has_open_and_closed_cases(program: Program) -> None:
    def counts() -> list[tuple[str, int]]:
        with sqlite3.connect(program.data / "lianjing.db") as database:
            return list(
                database.execute("SELECT state, count(*) FROM incidents_incident GROUP BY state ORDER BY state")
            )

    before = counts()
    assert program.command("demo-data").returncode == 0
    assert counts() == before
    assert {state for state, _ in before} == {"open", "closed"}


def test_demo_data_twice_leaves_one_course_with_one_person_who_is_late(program: Program) -> None:
    def training() -> list[tuple[str, int, int]]:
        with sqlite3.connect(program.data / "lianjing.db") as database:
            owed = "SELECT c.state, count(*), sum(a.due_on < date('now', '-1 day')) FROM people_assignment a"
            return list(database.execute(f"{owed} JOIN people_course c ON c.id = a.course_id GROUP BY c.id"))

    assert program.command("demo-data").returncode == 0
    assert training() == [("open", 24, 1)]


def test_doctor_prints_every_setting_and_the_account_and_finds_that_nothing_runs(program: Program) -> None:
    done = program.command("doctor")
    assert done.returncode == 1
    assert "LIANJING_DC09_BIND" in done.stdout
    assert "WRONG receiver" in done.stdout
    assert "received 60 = in cases" in done.stdout


def test_users_are_listed_and_unlocked(program: Program) -> None:
    assert "leader of demo" in program.command("user", "list").stdout
    assert program.command("user", "unlock", "operator").stdout == "operator was not locked\n"
    assert program.command("user", "unlock", "nobody").returncode == 2


def test_a_user_is_told_to_have_a_second_factor_and_the_doctor_counts_him(program: Program) -> None:
    assert program.command("user", "reset-second-factor", "operator").stdout == "operator had no second factor\n"
    said = [program.command("user", "require-second-factor", "guard", *off).stdout for off in ((), (), ("--off",))]
    assert said == [
        "guard must have a second factor from the next page on\n",
        "guard must have one already\n",
        "guard need not have a second factor, unless a role says so\n",
    ]
    told = program.command("doctor").stdout
    assert "second factor: required of no role; 0 users must have one, 0 of them have not yet" in told


@pytest.mark.parametrize("value", ["", "boss", "admin;police"])
def test_a_role_that_there_is_not_is_told(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting, match="it takes optional, or some of operator, leader"):
        Environment({"LIANJING_DATA": str(tmp_path), "LIANJING_SECOND_FACTOR": value})


def test_roles_are_named_with_commas(tmp_path: Path) -> None:
    named = Environment({"LIANJING_DATA": str(tmp_path), "LIANJING_SECOND_FACTOR": "admin, police"})
    assert named.second_factor_roles == {Role.ADMIN, Role.POLICE}


@pytest.mark.parametrize(
    ("words", "typed", "code", "said"),
    [
        (("--account", "1004"), "Kharbin-Street-7\n", 0, "AES-128 key on file"),
        (("--account", "1004", "--characters"), "0" * 32, 0, "AES-256 key on file"),
        (("--account", "1004"), "0" * 32 + "\n", 2, "choose how to read it"),
        (("--account", "1004", "--hex"), "Kharbin-Street-7", 2, "no hexadecimal digits"),
        (("--account", "4711"), "Kharbin-Street-7", 2, "no panel of dc09 has account 4711"),
    ],
)
def test_a_key_is_read_from_standard_input_and_never_said(
    program: Program, words: tuple[str, ...], typed: str, code: int, said: str
) -> None:
    done = program.command("panel", "key", *words, typed=typed)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert not typed or typed.strip() not in done.stdout + done.stderr


def test_a_key_is_removed_once(program: Program) -> None:
    program.command("panel", "key", "--account", "1005", typed="Kharbin-Street-7\n")
    told = [program.command("panel", "key", "--account", "1005", "--remove").stdout for _ in range(2)]
    assert [line.partition(": ")[2] for line in told] == ["key removed\n", "it had no key\n"]


def test_what_a_company_counts_as_one_household_is_set(program: Program) -> None:
    told = [program.command("company", "set", "--company", "demo", "--count", unit) for unit in ("site", "contract")]
    assert [(one.returncode, one.stdout.split(": ")[1].split(";")[0]) for one in told] == [
        (0, "one household is one site"),
        (0, "one household is one contract"),
    ]
    assert program.command("company", "set", "--company", "nobody", "--count", "site").returncode == 2


def test_an_empty_installation_is_put_to_work_with_a_company_and_a_user_and_says_what_is_wrong(tmp_path: Path) -> None:
    program = Program(tmp_path, None)
    program.command("migrate", "--quiet")
    added = program.command("company", "add", "yuean", "绍兴越安")
    assert (added.returncode, added.stdout.splitlines()[0]) == (0, "绍兴越安 is entered; its code is yuean")
    again = program.command("company", "add", "yuean", "another")
    assert (again.returncode, again.stderr) == (1, "lianjing company: there is a company 'yuean' already\n")
    add = ("user", "add", "lin", "--role", "manager", "--company", "绍兴越安")
    short = program.command(*add, typed="short\n")
    assert (short.returncode, "too short" in short.stderr) == (1, True)
    made = program.command(*add, typed="a-fairly-long-one\n")
    assert (made.returncode, made.stdout) == (0, "lin can sign on as manager of yuean\n")
    assert program.command("user", "list").stdout == "lin\tlin\tactive\tmanager of yuean\tno second factor\n"

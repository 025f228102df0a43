"""`lianjing clauses`: the table, the items, and how it ends."""

import json
from datetime import date
from pathlib import Path

import pytest

from lianjing.domain.companies.models import Company
from lianjing.project.clauses import _time_line
from tests.program import Program, at_rest


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return at_rest(tmp_path)


def test_the_table_the_items_and_how_it_ends(program: Program) -> None:
    table = program.command("clauses", "--company", "demo")
    assert (table.returncode, table.stderr) == (1, "")
    assert "5.2               人员配置：在服务客户 15 户，适用“≤100”一行。" in table.stdout
    told = program.command("clauses", "--company", "demo", "--on", "2026-03-31", "--json")
    items = json.loads(told.stdout)
    assert {frozenset(item) for item in items} == {
        frozenset({"clause", "title", "verdict", "label", "sentence", "figures", "evidence", "since", "owner", "late"})
    }
    assert told.returncode == int(any(item["verdict"] == "not_met" for item in items)) == 1
    assert program.command("clauses", "--company", "nobody").returncode == 2
    assert program.command("clauses", "--company", "demo", "--on", "2027-02-29").stderr.endswith(
        "argument --on: '2027-02-29' is no day; one is written 2026-03-31\n"
    )
    for text in ("soon", "20260331", "2026-W14-2"):
        assert program.command("clauses", "--company", "demo", "--on", text).returncode == 2
    assert program.command("clauses", "--company", "demo", "--known", "soon").returncode == 2


def test_what_will_turn(program: Program) -> None:
    told = program.command("clauses", "--company", "demo", "--ahead", "400", "--json")
    assert told.stderr == ""
    assert {frozenset(item) for item in json.loads(told.stdout)} == {
        frozenset({"clause", "title", "on", "from", "to", "sentence", "evidence", "not_listed", "looks_back"})
    }
    assert program.command("clauses", "--company", "demo", "--ahead", "0").returncode == 2


def test_the_time_line_marks_what_only_looks_back_and_says_equal_causes_once() -> None:
    gone = {"name": "警情", "sentence": "已满 30 日，不再计入。"}
    turn = {"on": "2026-12-23", "clause": "令564-25", "from": "mostly", "to": "insufficient", "sentence": "没有警情。"}
    turn |= {"evidence": [gone, gone, gone, {"name": "清除令", "sentence": "x"}], "not_listed": 2, "looks_back": True}
    told = _time_line(Company(name="港湾"), date(2026, 11, 22), [turn])
    assert "（只因往后不再有记录）" in told
    assert "警情 已满 30 日，不再计入。（3 项）清除令 x另有 2 项。" in told

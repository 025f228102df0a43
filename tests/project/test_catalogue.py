"""`lianjing catalogue` and `lianjing self-inspection`: the how-to's commands, and files that cannot be taken."""

import json
import re
import shlex
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.program import Program, at_rest

ROOT = Path(__file__).parent.parent.parent
HOWTO = (ROOT / "docs" / "howto" / "add-a-local-standard.md").read_text()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return at_rest(tmp_path)


def commands() -> list[list[str]]:
    """Those of the how-to, with whole paths, without the program's name."""
    found = re.search(r"^```sh\n(.*?)^```$", HOWTO, re.M | re.S)
    assert found
    lines = [shlex.split(line)[1:] for line in found.group(1).splitlines()]
    return [[str(ROOT / word) if word.startswith("docs/") else word for word in line] for line in lines]


def test_the_how_to_is_true_and_the_report_is_written(program: Program, tmp_path: Path) -> None:
    add, listing, clauses, remove = (program.command(*words) for words in commands())
    assert (add.returncode, add.stderr) == (0, "")
    assert add.stdout.startswith("示例/T 1-2026 联网报警运营地方要求（示例，不是真实标准）: 5 clauses for demo")
    assert "示例/T 1-2026\t" in listing.stdout
    assert "示例/T 1-2026 4.4" in clauses.stdout
    assert (remove.returncode, remove.stdout) == (0, "示例/T 1-2026 is removed\n")
    assert program.command("catalogue", "list").stdout == ""
    assert "(removed)" in program.command("catalogue", "list", "--all").stdout

    out = tmp_path / "out"
    made = program.command("self-inspection", "--company", "demo", "--on", "2026-03-31", "--out", str(out))
    assert (made.returncode, made.stderr) == (0, "")
    names = [f"自查报告-demo-2026-03-31.{form}" for form in ("pdf", "xlsx", "json")]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    for line in made.stdout.splitlines():
        digest, _, path = line.partition("  ")
        assert sha256(Path(path).read_bytes()).hexdigest() == digest
    assert (out / names[0]).read_bytes().startswith(b"%PDF")
    assert load_workbook(out / names[1]).sheetnames == ["报告", "条款", "证据", "表1", "依据"]
    items = json.loads(program.command("clauses", "--company", "demo", "--on", "2026-03-31", "--json").stdout)
    assert json.loads((out / names[2]).read_bytes())["items"] == items


def test_what_is_wrong_is_told_with_its_place_and_nothing_is_added(program: Program, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    told = json.loads((ROOT / "docs" / "howto" / "local-standard-example.json").read_bytes())
    told["clauses"][1]["mappings"][0]["to"] = "9.9"
    broken.write_text(json.dumps(told), encoding="utf-8")
    done = program.command("catalogue", "add", str(broken))
    assert done.returncode == 1
    assert "clauses[1].mappings[0].to：没有条款“9.9”" in done.stderr
    assert program.command("catalogue", "list").stdout == ""
    assert program.command("catalogue", "add", str(tmp_path / "none.json")).returncode == 2
    assert program.command("catalogue", "add", str(broken), "--company", "nobody").returncode == 2
    assert program.command("catalogue", "remove", "示例/T 9", "--reason", "x").returncode == 2
    assert program.command("self-inspection", "--company", "nobody", "--out", str(tmp_path)).returncode == 2

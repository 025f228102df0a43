"""The how-to is true: its rule and its entry work as they stand there. The table of clauses is up to date."""

import inspect
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from tools.clauses import table

from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.judging import Judgement, Rule
from tests.cast import Cast
from tests.clauses.whole_company import whole_company

ROOT = Path(__file__).parent.parent.parent
HOWTO = (ROOT / "docs" / "howto" / "add-a-clause.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", HOWTO, re.M | re.S)
    assert found
    return found.group(1)


def rule_of_the_howto() -> Rule[Any]:
    room: dict[str, Any] = {"__name__": "lianjing.domain.compliance.clauses.clause_local_4_4"}
    exec(block("python"), room)  # noqa: S102 our own text
    return next(kind() for kind in room.values() if inspect.isclass(kind) and kind.__module__ == room["__name__"])


def test_its_entry_is_one_of_the_catalogue() -> None:
    entry = json.loads(block("json"))
    assert set(entry) - {"text"} <= set(Clause.__dataclass_fields__)
    assert {one["standard"] for one in entry["basis"]} <= set(catalogue().standards)
    assert rule_of_the_howto().clause == entry["number"]


def test_its_rule_judges(cast: Cast) -> None:
    rule, viewer = rule_of_the_howto(), cast.viewer("mia")

    def judged(on: date) -> Judgement:
        return rule.judge(rule.facts(viewer, cast.company.pk, on, None))

    assert judged(date(2026, 11, 22)).verdict == "not_met"
    whole_company(cast, {})
    assert [judged(day).verdict.value for day in (date(2027, 12, 31), date(2028, 1, 1))] == ["met", "not_met"]


def test_the_table_of_clauses_is_as_it_would_be_generated() -> None:
    assert (ROOT / "docs" / "clauses.md").read_text() == table()

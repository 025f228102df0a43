"""The catalogue is the specification, word for word, and leaves nothing without a rule or a reason."""

import re
from datetime import date
from pathlib import Path

import pytest

from lianjing.domain.compliance.attested_rule import AttestedRule
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.registry import own_rules, rules
from lianjing.terms.verdicts import ClauseKind, Confidence

SPECIFICATION = (Path(__file__).parent.parent.parent / "docs" / "联网报警运营规范.md").read_text()
TEXT = SPECIFICATION[SPECIFICATION.index("## 1 范围") : SPECIFICATION.index("\n---\n")]
GAPS = SPECIFICATION[SPECIFICATION.index("## How the product reads the gaps") :]


def test_the_sources_of_its_entries_are_the_specification() -> None:
    assert "".join(clause.source for clause in catalogue().clauses.values() if not clause.part) == TEXT


def test_every_clause_that_the_text_numbers_is_an_entry_once_and_in_its_order() -> None:
    numbered = re.findall(r"^(?:#{2,4} |- )(\d[\d.]*)", TEXT, re.M)
    entries = [clause.number for clause in catalogue().clauses.values() if not clause.part]
    assert [number for number in entries if " " not in number] == numbered
    lettered = {"8.2 a", "8.2 b", "8.2 c", "8.2 d", "8.4.1 a", "8.4.1 b"}
    assert {number for number in entries if " " in number} == lettered


def test_the_readings_are_those_of_the_table() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in GAPS.splitlines() if line.startswith("|")]
    read = {reading for clause in catalogue().clauses.values() for reading in clause.readings}
    assert {(one.place, one.open, one.reads) for one in read} == {tuple(row) for row in rows[2:]}


def test_a_clause_is_shown_without_its_number_and_without_what_editors_wrote() -> None:
    clauses = catalogue().clauses
    assert clauses["4.2"].lines == ["从事联网报警运营服务的从业单位应取得《保安服务许可证》。"]
    assert (clauses["8"].lines, clauses["8"].note) == ([], "（原文标题误作“设施设备”）")
    assert clauses["8.2 d"].lines == ["记录。"]
    assert clauses["8.4.1 b"].lines[0].endswith("每年演练不少于2次。")
    assert clauses["3.1.1"].lines[0].startswith("异地容灾 disaster recovery：")
    assert len(clauses["5.2"].table) == 8


def test_the_nineteen_standards_are_those_of_clause_2_and_keep_their_editions() -> None:
    listed = [(one.cited, one.name) for one in catalogue().referenced]
    assert [list(row) for row in listed] == catalogue().clauses["2"].table[1:]
    assert len(listed) == 19
    dated = {one.cited for one in catalogue().referenced if one.dated}
    assert dated == {cited for cited, _ in listed if re.search(r"-\d{4}$", cited)}


@pytest.mark.parametrize(
    ("cited", "in_use", "superseded"),
    [
        ("GB/T 20988-2007", "GB/T 20988-2007", True),
        ("GB/T 28181-2016", "GB/T 28181-2016", True),
        ("GB 2887-2000", "GB 2887-2000", True),
        ("GB 50174-2017", "GB 50174-2017", False),
        ("GA 1081", "GA/T 1081-2020", False),
        ("GA 1383", "GA 1383-2017", False),
        ("GB/T 30168", "GB/T 31068-2014", False),
    ],
)
def test_a_dated_reference_stays_and_an_undated_one_follows_the_newest(
    cited: str, in_use: str, superseded: bool
) -> None:
    standard = catalogue().standards[cited]
    assert (standard.in_use, standard.is_superseded(date(2026, 11, 22))) == (in_use, superseded)


def test_an_edition_is_superseded_from_the_day_on_which_the_next_one_takes_effect() -> None:
    standard = catalogue().standards["GB/T 20988-2007"]
    assert [standard.is_superseded(day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [False, True]


def test_the_wrong_number_shows_the_right_one() -> None:
    assert catalogue().standards["GB/T 30168"].right == "GB/T 31068-2014"


def test_every_computed_clause_has_a_rule_or_a_written_reason_and_not_both() -> None:
    computed = {clause.number: clause.lacking for clause in catalogue().judged if clause.kind == ClauseKind.COMPUTED}
    assert {number for number, lacking in computed.items() if bool(lacking) is (number in rules())} == set()


def test_an_attested_clause_is_judged_by_evidence_unless_it_has_a_rule_and_says_what_is_lacking() -> None:
    attested = {clause.number: clause.lacking for clause in catalogue().judged if clause.kind == ClauseKind.ATTESTED}
    by_evidence = {number for number, rule in rules().items() if isinstance(rule, AttestedRule)}
    assert by_evidence == set(attested) - set(own_rules())
    assert {number for number, lacking in attested.items() if bool(lacking) is (number in own_rules())} == set()


def test_only_judged_clauses_have_rules_and_each_says_what_wakes_it() -> None:
    assert set(rules()) <= {clause.number for clause in catalogue().judged}
    assert all(rule.wakes_on for rule in rules().values())


def test_what_was_not_found_says_no_more_than_that() -> None:
    unread = {
        basis.asks
        for clause in catalogue().clauses.values()
        for basis in clause.basis
        if basis.confidence == Confidence.NOT_FOUND
    }
    assert all("没有查到" in asks for asks in unread)

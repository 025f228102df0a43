"""A workbook with sites and people in it: both, or neither; and what each person may bring."""

from typing import Any

import pytest

from lianjing.core.workbooks.planning import File, Outcome
from lianjing.domain.incidents.importing import examine_file, import_file
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Site
from tests.cast import NOON, Cast
from tests.domain.people.importing.sheets import HEAD, person
from tests.domain.people.importing.test_papers import PDF, bundle
from tests.domain.sites.importing.books import SHOP, counted, csv_file, errors, sentences, with_cell, workbook

pytestmark = pytest.mark.django_db
BOTH = {**SHOP, "人员": [HEAD, person(1)]}


def take(cast: Cast, sheets: dict[str, Any] | File, by: str = "mia") -> Outcome:
    file = sheets if isinstance(sheets, File) else File("book.xlsx", workbook(sheets))
    return import_file(file, cast.company.pk, by=cast.viewer(by), at=NOON, source="test")


def standing() -> tuple[int, int, int]:
    return Site.objects.filter(code="S1").count(), StaffMember.objects.count(), Record.objects.count()


def test_both_come_in_by_one_workbook_and_one_record_names_it(cast: Cast) -> None:
    outcome = take(cast, BOTH)
    assert (sentences(outcome), counted(outcome), dict(outcome.plan.rows)) == (
        [],
        (6, 0, 0),
        {"customers": 1, "sites": 1, "panels": 1, "zones": 2, "people": 1},
    )
    assert standing()[:2] == (1, 1)
    assert Record.objects.get(action="workbook.imported").after["created"] == 6
    assert counted(take(cast, BOTH)) == (0, 0, 6)


@pytest.mark.parametrize(
    ("sheets", "place"),
    [
        ({**SHOP, "people": [HEAD, person(1, education="x")]}, ("people", 2, "education")),
        ({**with_cell(SHOP, "zones", 3, "kind", "moat"), "people": [HEAD, person(1)]}, ("zones", 3, "kind")),
    ],
)
def test_a_fault_in_one_keeps_out_the_other(cast: Cast, sheets: dict[str, Any], place: tuple[str, int, str]) -> None:
    before = standing()
    assert (errors(take(cast, sheets)), standing()) == ([place], before)


def test_a_leader_imports_sites_and_no_people(cast: Cast) -> None:
    before = standing()
    outcome = take(cast, BOTH, by="leo")
    assert (errors(outcome), sentences(outcome)) == ([("people", None, None)], ["您没有“登记和修改人员档案”的权限。"])
    assert standing() == before
    assert take(cast, dict(SHOP), by="leo").applied


def test_what_a_leader_is_told_of_a_file_of_people_says_nothing_of_who_is_on_file(cast: Cast) -> None:
    take(cast, {"people": [HEAD, person(1)]})
    file = File("people.xlsx", workbook({"people": [HEAD, person(2, identity_no=person(1)[2])]}))
    looked = examine_file(file, cast.company.pk, by=cast.viewer("leo"), at=NOON)
    assert (sentences(looked), looked.plan.changes) == (["您没有“登记和修改人员档案”的权限。"], [])


@pytest.mark.parametrize("name", ["people.csv", "people-2026 (1).csv", "名单.csv"])
def test_a_table_alone_is_known_by_its_name_or_its_columns(cast: Cast, name: str) -> None:
    outcome = take(cast, File(name, csv_file([HEAD, person(1)], "gb18030")))
    assert (sentences(outcome), counted(outcome)) == ([], (1, 0, 0))


def test_a_zip_of_scans_is_taken_for_what_it_is(cast: Cast) -> None:
    take(cast, {"people": [HEAD, person(1)]})
    looked = examine_file(bundle({"001_health.pdf": PDF}), cast.company.pk, by=cast.viewer("mia"), at=NOON)
    assert [(change.sheet, change.key) for change in looked.plan.changes] == [("papers", "001_health.pdf")]

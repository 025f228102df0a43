"""The sheet `people` for tests."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from lianjing.core.outbox.models import Message
from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.domain.companies.models import Company
from lianjing.domain.people.importing.actions import examine_people, import_people
from lianjing.domain.people.models import GateSetting, StaffFact, StaffMember
from lianjing.domain.records.models import Record
from tests.cast import NOON, SYSTEM
from tests.domain.people.test_staff import number_for
from tests.domain.sites.importing.books import workbook

HEAD = [
    *("staff_no", "name", "identity_no", "education", "post_kind", "hired_on", "left_on", "health_until"),
    *("exam_passed_on", "certificate_no", "certificate_from", "certificate_until", "training_hours"),
]
"""The columns that the issue names."""


def person(place: int, **cells: Any) -> list[Any]:
    """A row of somebody with everything that guard duty asks for."""
    row = {
        "staff_no": f"{place:03d}",
        "name": f"陈思{place}",
        "identity_no": number_for(date(1990, 1 + place // 28 % 12, 1 + place % 28), place // 336 + 1),
        "education": "senior_middle",
        "post_kind": "watch",
        "hired_on": "2024-03-01",
        "left_on": None,
        "health_until": "2027-05-31",
        "exam_passed_on": "2024-02-01",
        "certificate_no": f"33-{place}",
        "certificate_from": "2024-02-20",
        "certificate_until": "2030-02-19",
        "training_hours": 40,
        **cells,
    }
    return [row[column] for column in HEAD]


def people(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> File:
    return File("people.xlsx", workbook({"people": [head, *rows]}))


def sheet(**cells: Any) -> File:
    """One row of these columns."""
    return people(list(cells.values()), head=list(cells))


def take(company: Company, file: File, by: Viewer = SYSTEM, at: Any = NOON) -> Outcome:
    return import_people(file, company.pk, by=by, at=at, source="test")


def look(company: Company, file: File, by: Viewer = SYSTEM) -> Outcome:
    return examine_people(file, company.pk, by=by, at=NOON)


def tables() -> dict[str, int]:
    """How many rows there are of all that an import may write."""
    models = (StaffMember, StaffFact, GateSetting, Record, Message)
    return {model.__name__: model.objects.count() for model in models}

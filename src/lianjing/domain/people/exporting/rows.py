"""Who is on file in a company, row by row, as an import reads it back."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.conf import settings

from lianjing.core.crypto import open_field
from lianjing.core.viewer import Viewer, visible
from lianjing.core.workbooks.writing import Cells
from lianjing.domain.people.facts import new_fact_of
from lianjing.domain.people.importing import standing
from lianjing.domain.people.importing.columns import PEOPLE
from lianjing.domain.people.importing.groups import GROUPS
from lianjing.domain.people.importing.matching import Stood, part_of, shown_of
from lianjing.domain.people.models import StaffFact, StaffMember

AT_ONCE = 2000
SEE = "people.files"
Numbers = Callable[[StaffMember], str | None]
"""What of a person's identity number goes out."""


def exported_rows(viewer: Viewer, company_id: int, number: Numbers) -> Iterator[Cells]:
    """Everybody of the company, by staff number; of several facts of a kind the last to begin."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, SEE).select_related("user")
    for portion in _portions(rows.order_by("staff_no").iterator(AT_ONCE)):
        facts = standing.facts(viewer, [member.pk for member in portion])
        for member in portion:
            yield {**_of_member(member, number), **_of_facts(facts.get(member.pk, ()))}


def whole_number(member: StaffMember) -> str | None:
    """Raises Unopenable when another data key sealed it."""
    if not member.identity_sealed:
        return None
    return open_field(settings.ENVIRONMENT.data_key, member.identity_sealed).decode()


def no_number(member: StaffMember) -> None:
    """A masked number would be read back as a wrong one; an empty cell leaves what stands."""


def with_numbers(viewer: Viewer, company_id: int) -> list[int]:
    """Whose identity number is on file."""
    rows = visible(StaffMember.objects.filter(company_id=company_id), viewer, SEE)
    return list(rows.exclude(identity_sealed="").order_by("staff_no").values_list("pk", flat=True))


def _portions(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while portion := list(islice(source, AT_ONCE)):
        yield portion


def _of_member(member: StaffMember, number: Numbers) -> Cells:
    cells = {column.key: getattr(member, column.field) for column in PEOPLE.columns if column.field}
    return {**cells, "identity_no": number(member), "username": member.user.username if member.user else None}


def _of_facts(rows: Iterable[StaffFact]) -> Cells:
    cells: Cells = {}
    stood = [Stood(row.pk, new_fact_of(row)) for row in rows]
    for group in GROUPS:
        fact = shown_of([one for one in stood if one.fact.kind == group.kind])
        if fact is not None:
            cells |= {column: part_of(fact, part) for part, column in group.columns.items()}
    return cells

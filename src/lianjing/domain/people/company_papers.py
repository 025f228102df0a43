"""What is to be done about the company itself (clause 4.2), as lines of the work-list beside those about people."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.core.workdays import Workdays
from lianjing.domain.companies.fact_reading import standings
from lianjing.domain.companies.standing_items import Item
from lianjing.domain.people.work_list_policy import FARTHEST, Line, Matter
from lianjing.terms.staffing import Standing

MATTERS: Mapping[Standing, Matter] = {
    Standing.EXPIRED: Matter.OVER,
    Standing.LATE: Matter.OVER,
    Standing.EXPIRING: Matter.ENDS,
    Standing.DUE: Matter.ENDS,
    Standing.MISSING: Matter.MISSING,
    Standing.NOT_MET: Matter.MISSING,
    Standing.UNPROVEN: Matter.HINT,
    Standing.HINT: Matter.HINT,
}
"""What is in order, and what was done late and cannot be mended, is no line."""


def papers_of(
    viewer: Viewer, company_ids: Collection[int] | None, on: date, workdays: Workdays | None = None
) -> list[tuple[int, Line]]:
    """(company, what is to be done), one query. `company_ids` None: of all that the viewer may see."""
    found = standings(viewer, company_ids, on, workdays)
    told = ((company, _line(item, on)) for company, items in found.items() for item in items)
    return [(company, line) for company, line in told if line is not None]


def _line(item: Item, on: date) -> Line | None:
    matter = MATTERS.get(item.standing)
    left = None if item.due_on is None else (item.due_on - on).days
    if matter is None or (matter is Matter.ENDS and (left is None or left > FARTHEST)):
        return None
    line = Line(matter, item.kind.value, item.sentence, item.figures, item.basis, item.due_on, left, item.fact_id)
    return replace(line, standing=item.standing)

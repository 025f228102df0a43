"""The part of people in importing a file, and importing nothing but people."""

from datetime import datetime

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.domain.companies import workbooks
from lianjing.domain.companies.workbooks import Errand, Part
from lianjing.domain.people.importing.columns import SHEETS
from lianjing.domain.people.importing.entering import plan_of
from lianjing.domain.people.importing.saving import save

EDIT = "people.edit"
PEOPLE_PART = Part(SHEETS, EDIT, ("staffmember", "company"), plan_of, save)


def examine_people(file: File, company_id: int, *, by: Viewer, at: datetime) -> Outcome:
    """What importing the file would do; nothing is written. Raises Forbidden, or NotATable when it is no workbook."""
    return workbooks.examine_file(file, [PEOPLE_PART], Errand(company_id, by, at, file=file.name))


def import_people(file: File, company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Outcome:
    """Imports the file: all of it in one transaction, or, with any fault, nothing. Raises Forbidden, or NotATable."""
    return workbooks.import_file(file, [PEOPLE_PART], Errand(company_id, by, at, source, file.name))

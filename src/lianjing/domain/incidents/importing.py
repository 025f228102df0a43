"""Importing whatever file somebody brings: sites, people, equipment, in one workbook or several; photos and scans of
people.

New panels are given what their accounts sent while they were nobody's.
"""

from datetime import datetime

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.columns import Sheets
from lianjing.core.workbooks.planning import File, Outcome
from lianjing.domain.companies import workbooks
from lianjing.domain.companies.workbooks import Errand
from lianjing.domain.facilities.importing.columns import SHEETS as EQUIPMENT_SHEETS
from lianjing.domain.facilities.importing.part import EQUIPMENT_PART
from lianjing.domain.incidents.sweeping import PANELS_TOGETHER, pass_on
from lianjing.domain.people.importing.actions import PEOPLE_PART
from lianjing.domain.people.importing.columns import SHEETS as PEOPLE_SHEETS
from lianjing.domain.people.importing.papers import examine_papers, import_papers
from lianjing.domain.people.importing.papers_in import is_papers
from lianjing.domain.sites.importing.actions import SITES, new_panel_ids
from lianjing.domain.sites.importing.columns import SHEETS as SITE_SHEETS

SWEPT_AT_ONCE = 200
"""Panels; of more than these the worker sweeps the rest (`sweep_late`): nobody waits for a company that moves in."""
PARTS = (SITES, PEOPLE_PART, EQUIPMENT_PART)
SHEETS: Sheets = {**SITE_SHEETS, **PEOPLE_SHEETS, **EQUIPMENT_SHEETS}


def examine_file(file: File, company_id: int, *, by: Viewer, at: datetime) -> Outcome:
    """What importing the file would do; nothing is written. Raises Forbidden, or NotATable when it cannot be read."""
    if is_papers(file):
        return examine_papers(file, company_id, by=by, at=at)
    return workbooks.examine_file(file, PARTS, Errand(company_id, by, at, file=file.name))


def import_file(file: File, company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Outcome:
    """Imports the file, all or nothing, whatever sheets it has; then what the new panels' accounts have sent passes to
    them, cases too.

    Raises Forbidden, or NotATable when the file cannot be read.
    """
    if is_papers(file):
        return import_papers(file, company_id, by=by, at=at, source=source)
    outcome = workbooks.import_file(file, PARTS, Errand(company_id, by, at, source, file.name))
    ids = new_panel_ids(outcome)[:SWEPT_AT_ONCE]
    for first in range(0, len(ids), PANELS_TOGETHER):
        pass_on(ids[first : first + PANELS_TOGETHER], by=by, at=at, source=source)
    return outcome

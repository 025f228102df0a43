"""Importing a file of sites, and giving its new panels what their accounts sent while they were nobody's."""

from datetime import datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.sweeping import PANELS_TOGETHER, pass_on
from lianjing.domain.sites.importing.actions import File, Outcome, import_file

SWEPT_AT_ONCE = 200
"""Panels; of more than these the worker sweeps the rest (`sweep_late`): nobody waits for a company that moves in."""


def import_sites(file: File, company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Outcome:
    """`import_file`, all or nothing; then what the new panels' accounts have sent passes to them, cases too.

    Raises Forbidden, or NotATable when the file is no workbook.
    """
    outcome = import_file(file, company_id, by=by, at=at, source=source)
    ids = outcome.new_panel_ids[:SWEPT_AT_ONCE]
    for first in range(0, len(ids), PANELS_TOGETHER):
        pass_on(ids[first : first + PANELS_TOGETHER], by=by, at=at, source=source)
    return outcome

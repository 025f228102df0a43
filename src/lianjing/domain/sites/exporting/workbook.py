"""The workbook of a company as a file."""

from pathlib import Path
from typing import IO

from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.writing import Form, write_book
from lianjing.domain.sites.exporting.rows import exported_rows, exported_sheets, eyes_of
from lianjing.domain.sites.importing.columns import SHEETS


def write_export(viewer: Viewer, company_id: int, into: "Path | IO[bytes]", form: Form) -> dict[str, int]:
    """All that the viewer may see of a company; how many rows each sheet has."""
    eyes = eyes_of(viewer, company_id)
    sheets = ((SHEETS[key], exported_rows(eyes, key)) for key in exported_sheets(viewer, company_id))
    return write_book(sheets, into, form)

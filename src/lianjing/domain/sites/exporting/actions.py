"""Handing out the workbook of a company: whoever takes that many names and addresses with him is on record."""

from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.core.workbooks.writing import Form
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.sites.exporting.workbook import write_export

EDIT = "sites.edit"


def export_sites(
    company_id: int, into: "Path | IO[bytes]", form: Form, *, by: Viewer, at: datetime, source: str = ""
) -> dict[str, int]:
    """Writes the workbook and records it; how many rows each sheet has. Raises Forbidden."""
    require(by, EDIT, company_id)
    counts = write_export(by, company_id, into, form)
    with transaction.atomic():
        deed = Deed("workbook.exported", "company", company_id, company_id, after=counts)
        write_records([deed], by=by, at=at, source=source)
    return counts

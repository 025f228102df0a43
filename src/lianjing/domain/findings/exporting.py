"""Handing out findings as a workbook: whoever takes them with him is on record."""

from collections import Counter
from datetime import date, datetime
from typing import IO

from lianjing.core.viewer import Viewer
from lianjing.domain.findings.policy import SEE
from lianjing.domain.findings.queries import FindingsWanted, findings
from lianjing.domain.findings.workbook import EXPORTED_AT_MOST, write_findings
from lianjing.domain.records.handing_out import record_taken


def export_findings(
    wanted: FindingsWanted, on: date, into: "IO[bytes]", *, by: Viewer, at: datetime, source: str = ""
) -> int:
    """Writes what the list shows, the first so many, and records it for each company in it; how many lines. Who may see
    none takes an empty one."""
    lines = findings(by, wanted, on, limit=EXPORTED_AT_MOST)
    count = write_findings(lines, into)
    by_company = Counter(line.finding.company_id for line in lines)
    record_taken("findings", by_company, SEE, by=by, at=at, source=source)
    return count

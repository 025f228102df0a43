"""A self-inspection report leaves the house: who made it, about which day, and the digest of its bytes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.actions import Deed, write_records

SEE = "compliance.see"
MADE = "compliance.report_made"
SUBJECT = "self_inspection"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One file of a report. `items_sha256`: of what is judged in it, the same in all its forms."""

    company_id: int
    on: date
    known: datetime | None
    form: str
    """pdf, xlsx or json."""
    sha256: str
    size: int
    items_sha256: str
    head: str
    """Of the seal chain when it was made, N:HEX; "" before the first seal."""


@transaction.atomic
def note_reports(files: list[ReportFile], *, by: Viewer, at: datetime, source: str = "") -> None:
    """Records that somebody made these files of a report: a file that somebody shows later is one of them or is not.
    Raises Forbidden."""
    for one in files:
        require(by, SEE, one.company_id)
    write_records([_deed(one) for one in files], by=by, at=at, source=source)


def _deed(one: ReportFile) -> Deed:
    told = {
        "on": one.on.isoformat(),
        "known": one.known.isoformat() if one.known else None,
        "form": one.form,
        "sha256": one.sha256,
        "size": one.size,
        "items_sha256": one.items_sha256,
        "head": one.head,
    }
    return Deed(MADE, SUBJECT, one.company_id, one.company_id, told)

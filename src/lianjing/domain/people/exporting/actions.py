"""Handing out the people of a company: whoever takes their files with him is on record, with the reason for numbers."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.core.workbooks.writing import Form, write_book
from lianjing.domain.people.exporting.rows import exported_rows, no_number, whole_number, with_numbers
from lianjing.domain.people.importing.columns import PEOPLE
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.changing import reason_given

EXPORT, IDENTITY = "people.export", "people.identity"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How values are written; whether identity numbers go out, and why."""

    form: Form
    with_identity: bool = False
    reason: str = ""


def export_people(
    company_id: int, into: "Path | IO[bytes]", wanted: Wanted, *, by: Viewer, at: datetime, source: str = ""
) -> dict[str, int]:
    """Writes the workbook and records it; how many rows it has. Every number that goes out is a recorded reveal.

    Raises Forbidden, Refused without a reason for the numbers, or Unopenable when another data key sealed one.
    """
    require(by, EXPORT, company_id)
    reason = ""
    if wanted.with_identity:
        require(by, IDENTITY, company_id)
        reason = reason_given(wanted.reason)
    rows = exported_rows(by, company_id, whole_number if wanted.with_identity else no_number)
    counts = write_book([(PEOPLE, rows)], into, wanted.form)
    told: dict[str, Any] = {**counts, "identity": wanted.with_identity}
    deeds = [Deed("workbook.exported", "company", company_id, company_id, after=told)]
    if wanted.with_identity:
        told["reason"] = reason
        why = {"reason": reason, "export": True}
        revealed = with_numbers(by, company_id)
        deeds += [Deed("staff.identity_revealed", "staffmember", pk, company_id, after=why) for pk in revealed]
    with transaction.atomic():
        write_records(deeds, by=by, at=at, source=source)
    return counts

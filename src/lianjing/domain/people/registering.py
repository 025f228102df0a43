"""Taking a register with one: on record."""

from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.register import SEE
from lianjing.domain.records.actions import Deed, write_records


@transaction.atomic
def record_export(company_id: int, register: str, count: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Writes that somebody has taken a register (people, certificates) of a company as a file, with so many lines.
    Raises Forbidden."""
    require(by, SEE, company_id)
    deed = Deed("register.exported", "company", company_id, company_id, after={"register": register, "lines": count})
    write_records([deed], by=by, at=at, source=source)

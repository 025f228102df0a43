"""Taking the list of what the police have read with one: on record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.reading_list import SEE


@transaction.atomic
def record_readings_taken(lines: Mapping[int, int], *, by: Viewer, at: datetime, source: str = "") -> None:
    """Writes that somebody has taken the readings of these companies as a file: how many lines of each. Raises
    Forbidden."""
    for company_id in lines:
        require(by, SEE, company_id)
    told = [(company_id, {"register": "readings", "lines": count}) for company_id, count in lines.items()]
    deeds = [Deed("register.exported", "company", company_id, company_id, after=after) for company_id, after in told]
    write_records(deeds, by=by, at=at, source=source)

"""Taking a list of people, alarms or papers with one, as a file: on record, for every company that is in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.actions import Deed, write_records


@transaction.atomic
def record_taken(
    register: str,
    lines: Mapping[int, int],
    needing: str,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
    **more: Any,
) -> None:
    """Writes that somebody has taken a register as a file: `lines` says how many of each company, `needing` which
    permission opens it, `more` what else tells it apart (a day, a number). A file in which no company is leaves no
    record. Raises Forbidden."""
    for company_id in lines:
        require(by, needing, company_id)
    told = [(company_id, {"register": register, "lines": count, **more}) for company_id, count in lines.items()]
    deeds = [Deed("register.exported", "company", company_id, company_id, after=after) for company_id, after in told]
    write_records(deeds, by=by, at=at, source=source)

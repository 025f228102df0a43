"""A company that cannot be judged holds up no other: it is told, and tried again later."""

from datetime import datetime

from django.db import transaction

from lianjing.core.retrying import wait_after
from lianjing.core.viewer import Viewer, require
from lianjing.domain.compliance.models import JudgedCompany
from lianjing.domain.compliance.queries import DEFECT_LIMIT, SEE


@transaction.atomic
def put_off(company_id: int, wrong: Exception, *, by: Viewer, at: datetime) -> None:
    """Judging the company has failed: keeps why, and when it is tried again. Its clauses go on waiting. Runs as the
    system."""
    require(by, SEE, company_id)
    JudgedCompany.objects.get_or_create(company_id=company_id)
    row = JudgedCompany.objects.select_for_update(no_key=True).get(pk=company_id)
    row.failures += 1
    # Its name only: what an exception says may be somebody's data.
    row.defect, row.retry_at = type(wrong).__name__[:DEFECT_LIMIT], at + wait_after(row.failures)
    row.save(update_fields=["failures", "defect", "retry_at"])

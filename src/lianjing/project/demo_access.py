"""An access review of the demo company: everybody keeps his role."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lianjing.core.viewer import Viewer
    from lianjing.domain.companies.models import Company


def make_access_review(company: "Company", by: "Viewer", at: datetime) -> None:
    """Only once."""
    from lianjing.domain.people.access_list import account_lines, reviews_of
    from lianjing.domain.people.access_policy import Decided
    from lianjing.domain.people.access_reviewing import sign_access_review

    accounts = account_lines(by, company.pk)
    if not accounts or reviews_of(by, company.pk).exists():
        return
    told = {one.id: Decided("keep") for one in accounts}
    sign_access_review(company.pk, told, "演示：全部保留", by=by, at=at, source="demo-data")

"""What changes to a company's licences and departments have in common. Steps of actions."""

from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.records.changing import locked

SEE, EDIT = "company.see", "company.edit"
CHANGED = "company.changed"
"""Topic: what is known of a company, its departments, posts or their holders has changed; the payload names what."""


def company_to_change(company_id: int, by: Viewer) -> Company:
    """The company, locked. Raises Missing or Forbidden."""
    company = locked(Company.objects.all(), company_id, by, see=SEE, company="id")
    require(by, EDIT, company.pk)
    return company

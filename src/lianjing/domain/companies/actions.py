from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.records.actions import Deed, write_records


class CodeTaken(Exception):
    """Another company has this code."""


@transaction.atomic
def add_company(code: str, name: str, *, by: Viewer, at: datetime, source: str = "") -> Company:
    """A new operating company. `code`: letters, digits and hyphens, once an installation; raises CodeTaken, or
    ValidationError for what cannot be a code or a name. For the installation's administrator."""
    require(by, "installation.manage", None)
    company = Company(code=code, name=name.strip())
    company.clean_fields()
    if Company.objects.filter(code=code).exists():
        raise CodeTaken(code)
    company.save()
    after = {"code": company.code, "name": company.name}
    write_records([Deed("company.added", "company", company.pk, company.pk, after)], by=by, at=at, source=source)
    return company

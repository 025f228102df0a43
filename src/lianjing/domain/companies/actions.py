from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.changing import CHANGED
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.settings_known import COUNTED_UNIT, keep_setting
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.changing import Actor, write_down
from lianjing.terms.premises import CustomerUnit


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


@transaction.atomic
def set_counted_unit(company_id: int, unit: CustomerUnit, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Chooses what a company counts as one 户, from now on and for every day that is asked for (decision 0013).

    False: nothing changed. Raises Forbidden.
    """
    require(by, "contracts.edit", company_id)
    company = Company.objects.select_for_update(no_key=True).get(pk=company_id)
    had = company.counted_unit
    if had == unit:
        return False
    company.counted_unit = unit.value
    company.save(update_fields=["counted_unit"])
    after, before = {"counted_unit": unit.value}, {"counted_unit": had}
    actor = Actor(by, at, source)
    keep_setting(company, COUNTED_UNIT, unit.value, actor)
    write_down("company.counted_unit_set", company, company_id, actor, after=after, before=before, topic=CHANGED)
    return True

"""What people do to customers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lianjing.core.changes import difference
from lianjing.core.entering import enter, once, told
from lianjing.core.pinyin import initials_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.actions.changing import require_edit
from lianjing.domain.sites.models import Customer
from lianjing.terms.sentences import marked as _

CUSTOMER_FIELDS = frozenset({"code", "name", "kind", "notes"})
CHANGED = "customer.changed"


@transaction.atomic
def add_customer(company_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = "") -> Customer:
    """Registers a customer of a company. `values`: of CUSTOMER_FIELDS, code and name at least.

    Raises Missing, Forbidden or Refused.
    """
    actor = Actor(by, at, source)
    company = locked(Company.objects.all(), company_id, by, company="id", see="sites.see")
    require_edit(by, company.pk)
    customer = Customer(company=company)
    _save(customer, values)
    has = told(customer, CUSTOMER_FIELDS)
    write_down("customer.added", customer, company.pk, actor, after=has, topic=CHANGED)
    return customer


@transaction.atomic
def change_customer(
    customer_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> Customer:
    """Changes what `values` names. Nothing is written when nothing differs. Raises Missing, Forbidden or Refused."""
    customer = locked(Customer.objects.all(), customer_id, by, see="sites.see")
    require_edit(by, customer.company_id)
    had = told(customer, CUSTOMER_FIELDS)
    _save(customer, values)
    before, after = difference(had, told(customer, CUSTOMER_FIELDS))
    if after:
        actor = Actor(by, at, source)
        write_down(CHANGED, customer, customer.company_id, actor, before=before, after=after, topic=CHANGED)
    return customer


def _save(customer: Customer, values: Mapping[str, Any]) -> None:
    enter(customer, values)
    customer.initials = initials_of(customer.name)
    with once("code", _("客户编号 %(code)s 已经有了。"), code=customer.code):
        customer.save()

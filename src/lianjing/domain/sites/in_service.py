"""How many 户 are in service: what table 1 of the specification starts from (docs/decisions/0013)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.settings_known import settings_at
from lianjing.domain.sites.models import Contract, ContractState, Site
from lianjing.domain.sites.served_rows import covered_by, holds_between, served_rows
from lianjing.terms.premises import ContractStanding, CustomerUnit


@dataclass(frozen=True, slots=True)
class InService:
    """The figures of one company on one day, by each unit; `counted` is the one that its unit asks for."""

    unit: str
    contracts: int
    customers: int
    sites: int

    @property
    def counted(self) -> int:
        by_unit = {CustomerUnit.CONTRACT: self.contracts, CustomerUnit.CUSTOMER: self.customers}
        return by_unit.get(CustomerUnit(self.unit), self.sites)


def holds(on: date, prefix: str = "") -> Q:
    """A span of days that holds that day; a missing end is open."""
    return holds_between(on, f"{prefix}starts_on", f"{prefix}ends_on")


def serving(on: date) -> "QuerySet[Contract]":
    """Contracts that serve on that day by what is known now: state in service, and the day inside the term. Those that
    were removed since served all the same."""
    state = ContractState.objects.filter(holds(on), contract=OuterRef("pk"), state=ContractStanding.IN_SERVICE)
    return Contract.ever.filter(Exists(state), holds(on))


def covering(contracts: "QuerySet[Contract]") -> Q:
    """For sites: one of these contracts covers it."""
    return covered_by(contracts, ("pk", "customer_id"), Contract.sites.through, "contract_id")


def customers_in_service(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> InService | None:
    """On day `on`, by what was known at `known` (None: is now). A few queries, however many contracts; None when the
    viewer may not see that company's contracts."""
    company = visible(Company.objects.filter(pk=company_id), viewer, "contracts.see", company_field="id").first()
    if company is None:
        return None
    served = served_rows(company_id, known)
    rows = served.on(on)
    told = rows.aggregate(
        contracts=Count("contract", distinct=True), customers=Count("contract__customer", distinct=True)
    )
    sites = sites_known(company_id, known).filter(served.covering(rows))
    return InService(settings_at(company, known).unit.value, told["contracts"], told["customers"], sites.count())


def sites_known(company_id: int, known: datetime | None) -> "QuerySet[Site]":
    """The company's sites; those that had been added at `known`."""
    sites = Site.objects.filter(company_id=company_id)
    return sites if known is None else sites.filter(Q(added_at=None) | Q(added_at__lte=known))

"""How many 户 are in service: what table 1 of the specification starts from (docs/decisions/0013)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.sites.models import Contract, ContractState, Site
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
    starts, ends = f"{prefix}starts_on", f"{prefix}ends_on"
    return (Q(**{starts: None}) | Q(**{f"{starts}__lte": on})) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": on}))


def serving(on: date) -> "QuerySet[Contract]":
    """Contracts that serve on that day: state in service, and the day inside the term."""
    state = ContractState.objects.filter(holds(on), contract=OuterRef("pk"), state=ContractStanding.IN_SERVICE)
    return Contract.objects.filter(Exists(state), holds(on))


def covering(contracts: "QuerySet[Contract]") -> Q:
    """For sites: one of these contracts covers it, because it names it, or names none and is its customer's.

    Two sets that do not depend on the site: PostgreSQL makes them once, and not once a row.
    """
    naming = Contract.sites.through.objects.filter(contract=OuterRef("pk"))
    named = Contract.sites.through.objects.filter(contract__in=contracts.values("pk"))
    whole = contracts.filter(~Exists(naming))
    return Q(pk__in=named.values("site_id")) | Q(customer_id__in=whole.values("customer_id"))


def customers_in_service(viewer: Viewer, company_id: int, on: date) -> InService | None:
    """In one query; None when the viewer may not see that company's contracts."""
    of_company = serving(on).filter(company=OuterRef("pk"))
    sites = Site.objects.filter(covering(serving(on)), company=OuterRef("pk"))
    rows = visible(Company.objects.filter(pk=company_id), viewer, "contracts.see", company_field="id").annotate(
        contracts_n=_count(of_company, "pk"),
        customers_n=_count(of_company, "customer"),
        sites_n=_count(sites, "pk"),
    )
    found = rows.values_list("counted_unit", "contracts_n", "customers_n", "sites_n").first()
    return InService(*found) if found else None


def _count(rows: "QuerySet[Model]", field: str) -> Coalesce:
    counted = rows.order_by().values(company_of=F("company")).annotate(n=Count(field, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

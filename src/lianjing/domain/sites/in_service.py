"""How many 户 are in service: what table 1 of the specification starts from (docs/decisions/0013)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.settings_known import settings_at
from lianjing.domain.records.dated import holding_on, known_at
from lianjing.domain.sites.models import Contract, ContractSpan, ContractState, Site
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


def holds_between(on: date, starts: str, ends: str) -> Q:
    """The same, of columns by these names."""
    return (Q(**{starts: None}) | Q(**{f"{starts}__lte": on})) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": on}))


def serving(on: date) -> "QuerySet[Contract]":
    """Contracts that serve on that day by what is known now: state in service, and the day inside the term. Those that
    were removed since served all the same."""
    state = ContractState.objects.filter(holds(on), contract=OuterRef("pk"), state=ContractStanding.IN_SERVICE)
    return Contract.ever.filter(Exists(state), holds(on))


def covering(contracts: "QuerySet[Contract]") -> Q:
    """For sites: one of these contracts covers it, because it names it, or names none and is its customer's.

    Two sets that do not depend on the site: PostgreSQL makes them once, and not once a row.
    """
    naming = Contract.sites.through.objects.filter(contract=OuterRef("pk"))
    named = Contract.sites.through.objects.filter(contract__in=contracts.values("pk"))
    whole = contracts.filter(~Exists(naming))
    return Q(pk__in=named.values("site_id")) | Q(customer_id__in=whole.values("customer_id"))


def customers_in_service(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> InService | None:
    """On day `on`, by what was known at `known` (None: is now). A few queries, however many
    contracts; None when the viewer may
    not see that company's contracts."""
    if known is not None:
        return _as_known(viewer, company_id, on, known)
    of_company = serving(on).filter(company=OuterRef("pk"))
    sites = Site.objects.filter(covering(serving(on)), company=OuterRef("pk"))
    rows = _companies(viewer, company_id).annotate(
        contracts_n=_count(of_company, "pk"),
        customers_n=_count(of_company, "customer"),
        sites_n=_count(sites, "pk"),
    )
    found = rows.values_list("counted_unit", "contracts_n", "customers_n", "sites_n").first()
    return InService(*found) if found else None


def _companies(viewer: Viewer, company_id: int) -> "QuerySet[Company]":
    return visible(Company.objects.filter(pk=company_id), viewer, "contracts.see", company_field="id")


def _as_known(viewer: Viewer, company_id: int, on: date, known: datetime) -> InService | None:
    """By the spans of contracts that were taken for true at `known`, and the unit that was set then."""
    company = _companies(viewer, company_id).first()
    if company is None:
        return None
    spans = known_at(holding_on(ContractSpan.objects.filter(company=company), on), known)
    spans = spans.filter(holds_between(on, "term_from", "term_until"), state=ContractStanding.IN_SERVICE)
    told = spans.aggregate(
        contracts=Count("contract", distinct=True), customers=Count("contract__customer", distinct=True)
    )
    sites = Site.objects.filter(_covered(spans), Q(added_at=None) | Q(added_at__lte=known), company=company)
    return InService(settings_at(company, known).unit.value, told["contracts"], told["customers"], sites.count())


def _covered(spans: "QuerySet[ContractSpan]") -> Q:
    """For sites: one of these spans names it, or names none and is its customer's."""
    through = ContractSpan.sites.through.objects
    named = through.filter(contractspan__in=spans.values("pk"))
    whole = spans.filter(~Exists(through.filter(contractspan=OuterRef("pk"))))
    return Q(pk__in=named.values("site_id")) | Q(customer_id__in=whole.values("contract__customer_id"))


def _count(rows: "QuerySet[Model]", field: str) -> Coalesce:
    counted = rows.order_by().values(company_of=F("company")).annotate(n=Count(field, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

"""How many 户 are in service on every day of a span, from one reading of the contracts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import starmap

from django.db.models import QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.settings_known import settings_at
from lianjing.domain.sites.in_service import sites_known
from lianjing.domain.sites.models import Site
from lianjing.domain.sites.served_rows import ServedRows, served_rows
from lianjing.terms.premises import CustomerUnit

SEE = "contracts.see"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Serving:
    """A contract and days, both included, on which it serves without a break. `source`: the row that names its sites,
    the contract or a span of it."""

    contract_id: int
    number: str
    customer_id: int
    first: date
    last: date
    source: int


Counted = Callable[[Serving], Iterable[int]]


@dataclass(frozen=True, slots=True)
class ServiceAhead:
    """`counts`: how many 户, from each of these days on. `begins`, `ends`: contracts by the first day on which they
    serve, and on which they no longer do."""

    unit: CustomerUnit
    counts: dict[date, int]
    begins: dict[date, list[Serving]] = field(default_factory=dict)
    ends: dict[date, list[Serving]] = field(default_factory=dict)

    def counted_on(self, day: date) -> int:
        """`day` is one of the span; `counts` is in order of days."""
        return self.counts[max(begun for begun in self.counts if begun <= day)]


def service_ahead(
    viewer: Viewer, company_id: int, first: date, last: date, known: datetime | None = None
) -> ServiceAhead | None:
    """As `customers_in_service` of each day; a few queries, however many contracts. None when the viewer may
    not see that company's contracts."""
    company = visible(Company.objects.filter(pk=company_id), viewer, SEE, company_field="id").first()
    if company is None:
        return None
    unit = settings_at(company, known).unit
    served = served_rows(company_id, known)
    rows = starmap(_meeting, served.between(first, last))
    serving = [one for one in rows if one.first <= min(one.last, last) and one.last >= first]
    begins: dict[date, list[Serving]] = defaultdict(list)
    ends: dict[date, list[Serving]] = defaultdict(list)
    for one in serving:
        begins[max(first, one.first)].append(one)
        if one.last < last:
            ends[one.last + DAY].append(one)
    counted = _counted(unit, served, serving, sites_known(company_id, known))
    counts = _counts({first, *begins, *ends}, begins, ends, counted)
    return ServiceAhead(unit, counts, begins, ends)


def _counts(
    days: Iterable[date],
    begins: dict[date, list[Serving]],
    ends: dict[date, list[Serving]],
    counted: Counted,
) -> dict[date, int]:
    """How many different 户 are served by at least one contract, from each day on."""
    served: Counter[int] = Counter()
    found, there = {}, 0
    for day in sorted(days):
        for one in begins.get(day, ()):
            for unit in counted(one):
                there += not served[unit]
                served[unit] += 1
        for one in ends.get(day, ()):
            for unit in counted(one):
                served[unit] -= 1
                there -= not served[unit]
        found[day] = there
    return found


def _meeting(
    contract_id: int,
    number: str,
    customer_id: int,
    source: int,
    begun: date | None,
    over: date | None,
    starts: date | None,
    ends: date | None,
) -> Serving:
    """Where a state and a term meet."""
    first = max(begun or date.min, starts or date.min)
    return Serving(contract_id, number, customer_id, first, min(over or date.max, ends or date.max), source)


def _counted(unit: CustomerUnit, served: ServedRows, serving: list[Serving], sites: "QuerySet[Site]") -> Counted:
    """What a contract counts for: itself, its customer, or the sites that it covers."""
    if unit == CustomerUnit.CONTRACT:
        return lambda one: (one.contract_id,)
    if unit == CustomerUnit.CUSTOMER:
        return lambda one: (one.customer_id,)
    ours: dict[int, set[int]] = defaultdict(set)
    for pk, customer in sites.values_list("pk", "customer_id"):
        ours[customer].add(pk)
    there = set().union(*ours.values())
    named = _named(served)
    covered = {
        one.source: named[one.source] & there if one.source in named else ours[one.customer_id] for one in serving
    }
    return lambda one: covered[one.source]


def _named(served: ServedRows) -> dict[int, set[int]]:
    """The sites that are named, by what names them."""
    rows = served.naming._default_manager.filter(**{f"{served.named_by}__in": served.rows.values(served.source)})
    named: dict[int, set[int]] = defaultdict(set)
    for source, site in rows.values_list(served.named_by, "site_id"):
        named[source].add(site)
    return named

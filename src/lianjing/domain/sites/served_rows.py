"""What says that a contract serves: one definition, for what stands now and for what was taken for true at a time.

A contract serves on the days on which its state is in service and the day lies inside its term. Counting one day is the
database's work (`in_service`), walking through many is ours (`in_service_ahead`): both read these rows.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from lianjing.domain.records.dated import known_at
from lianjing.domain.sites.models import Contract, ContractSpan, ContractState
from lianjing.terms.premises import ContractStanding


@dataclass(frozen=True, slots=True)
class ServedRows:
    """`rows`, and what their columns are called. `source`: what names the sites that are covered, a contract or a span
    of it; `naming`: the rows in which it does, by their column `named_by`."""

    rows: "QuerySet[Any]"
    days: tuple[str, str]
    term: tuple[str, str]
    source: str
    naming: type[Model]
    named_by: str

    def on(self, day: date) -> "QuerySet[Any]":
        return self.rows.filter(holds_between(day, *self.days), holds_between(day, *self.term))

    def between(self, first: date, last: date) -> "QuerySet[Any]":
        """Those whose state touches these days, as they were entered."""
        begins, ends = self.days
        begun = Q(**{begins: None}) | Q(**{f"{begins}__lte": last})
        rows = self.rows.filter(begun, Q(**{ends: None}) | Q(**{f"{ends}__gte": first}))
        told = ("contract_id", "contract__number", "contract__customer_id", self.source)
        return rows.order_by("pk").values_list(*told, *self.days, *self.term)

    def covering(self, rows: "QuerySet[Any]") -> Q:
        """For sites: one of these rows covers it."""
        return covered_by(rows, (self.source, "contract__customer_id"), self.naming, self.named_by)


def covered_by(rows: "QuerySet[Any]", columns: tuple[str, str], naming: type[Model], named_by: str) -> Q:
    """For sites: one of these rows names it, or names none and is its customer's. `columns`: what names it, and the
    customer.

    Two sets that do not depend on the site: PostgreSQL makes them once, and not once a row.
    """
    source, customer = columns
    names = naming._default_manager
    named = names.filter(**{f"{named_by}__in": rows.order_by().values(source)})
    whole = rows.order_by().filter(~Exists(names.filter(**{named_by: OuterRef(source)})))
    return Q(pk__in=named.values("site_id")) | Q(customer_id__in=whole.values(customer))


def holds_between(on: date, starts: str, ends: str) -> Q:
    """A span of days, of columns by these names, that holds that day; a missing end is open."""
    return (Q(**{starts: None}) | Q(**{f"{starts}__lte": on})) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": on}))


def served_rows(company_id: int, known: datetime | None) -> ServedRows:
    """Of contracts that are or ever were: one that was removed served all the same. `known` None: what stands now."""
    if known is None:
        states = ContractState.objects.filter(contract__company_id=company_id, state=ContractStanding.IN_SERVICE)
        term = ("contract__starts_on", "contract__ends_on")
        return ServedRows(states, ("starts_on", "ends_on"), term, "contract_id", Contract.sites.through, "contract_id")
    spans = ContractSpan.objects.filter(company_id=company_id, state=ContractStanding.IN_SERVICE)
    columns = (("valid_from", "valid_until"), ("term_from", "term_until"))
    return ServedRows(known_at(spans, known), *columns, "pk", ContractSpan.sites.through, "contractspan_id")

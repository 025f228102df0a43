"""The list of contracts, what falls due, and one contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.contract_policy import DUE_SOON, Span, Term, removal_refusal
from lianjing.domain.sites.cursors import behind
from lianjing.domain.sites.models import Contract, ContractState, Customer, Site
from lianjing.domain.sites.refusals import Refused
from lianjing.domain.sites.searching import customers_matching
from lianjing.terms.premises import ContractStanding

SEE = "contracts.see"
OVERDUE = "overdue"
DUES = (OVERDUE, *(str(days) for days in DUE_SOON))
RUNNING = (ContractStanding.SIGNED, ContractStanding.IN_SERVICE, ContractStanding.SUSPENDED)
"""States in which the end of a term matters."""


@dataclass(frozen=True, slots=True)
class ContractsWanted:
    """What to list; `due`: of DUES."""

    text: str = ""
    state: str = ""
    due: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract with its present state."""

    contract: Contract
    state: str
    since: date
    days_left: int | None
    """Until the last day of the term, 0 on it; negative when it is over; None without end."""


def contracts(
    viewer: Viewer, wanted: ContractsWanted, on: date, *, after: int | None = None, limit: int = 50
) -> list[ContractLine]:
    """Latest first; what falls due by the day on which it ends. Two queries a page."""
    order = ("ends_on", "id") if wanted.due else ("-id",)
    rows = behind(visible(Contract.objects.all(), viewer, SEE), order, after)
    if wanted.text:
        named = visible(Customer.objects.all(), viewer, "sites.see").filter(customers_matching(viewer, wanted.text))
        rows = rows.filter(Q(number__icontains=wanted.text) | Q(customer__in=named.values("pk")))
    if wanted.company_id is not None:
        rows = rows.filter(company_id=wanted.company_id)
    if wanted.state:
        rows = rows.filter(_present(Q(state=wanted.state)))
    return _lines(rows.filter(_due(wanted.due, on)), on, limit)


def due_counts(viewer: Viewer, on: date) -> dict[str, int]:
    """How many are overdue, and end within so many days, by name of DUES; 60 days hold the 30. One query."""
    near = Q(ends_on__lte=on + timedelta(days=max(DUE_SOON)))
    rows = visible(Contract.objects.all(), viewer, SEE).filter(near, _present(Q(state__in=RUNNING)))
    return rows.aggregate(**{due: Count("pk", filter=_ending(due, on)) for due in DUES})


def _present(state: Q) -> Q:
    return Q(Exists(ContractState.objects.filter(state, contract=OuterRef("pk"), ends_on=None)))


def _due(due: str, on: date) -> Q:
    """Overdue: the term is over, and nobody has ended or prolonged it."""
    if due not in DUES:
        return Q()
    return _present(Q(state__in=RUNNING)) & _ending(due, on)


def _ending(due: str, on: date) -> Q:
    if due == OVERDUE:
        return Q(ends_on__lt=on)
    return Q(ends_on__gte=on, ends_on__lte=on + timedelta(days=int(due)))


def _lines(rows: "QuerySet[Contract]", on: date, limit: int) -> list[ContractLine]:
    found = list(rows.select_related("customer", "company")[:limit])
    present = _states([contract.pk for contract in found])
    return [_line(contract, present[contract.pk], on) for contract in found]


def _states(contract_ids: Sequence[int]) -> dict[int, ContractState]:
    rows = ContractState.objects.filter(contract_id__in=contract_ids, ends_on=None)
    return {row.contract_id: row for row in rows}


def _line(contract: Contract, present: ContractState, on: date) -> ContractLine:
    left = (contract.ends_on - on).days if contract.ends_on is not None else None
    return ContractLine(contract, present.state, present.starts_on, left)


@dataclass(frozen=True, slots=True)
class ContractPage:
    """One contract with its states, oldest first, the sites that it covers, and why it may not be removed."""

    line: ContractLine
    spans: Sequence[Span]
    sites: Sequence[Site]
    names_sites: bool
    """Otherwise it covers all of the customer's, also those to come."""
    not_removable: Refused | None


def contract_page(viewer: Viewer, contract_id: int, on: date) -> ContractPage | None:
    """None when there is none for the viewer."""
    rows = visible(Contract.objects.all(), viewer, SEE).select_related("customer", "company")
    contract = rows.filter(pk=contract_id).first()
    if contract is None:
        return None
    states = list(contract.states.order_by("starts_on"))
    spans = [Span(row.state, row.starts_on, row.ends_on) for row in states]
    named = list(contract.sites.order_by("name", "pk"))
    covered = named or list(contract.customer.sites.order_by("name", "pk"))
    refused = removal_refusal(spans, contract.signed_on, on, Term(contract.starts_on, contract.ends_on))
    return ContractPage(_line(contract, states[-1], on), spans, covered, bool(named), refused)


def contracts_of_customer(viewer: Viewer, customer_id: int, on: date) -> list[ContractLine]:
    """Latest first; none for those who may see no contracts."""
    rows = visible(Contract.objects.filter(customer_id=customer_id), viewer, SEE).order_by("-id")
    return _lines(rows, on, 200)


def contracts_of_site(viewer: Viewer, site: Site, on: date) -> list[ContractLine]:
    """Those that cover the site, latest first; none for those who may see no contracts."""
    rows = visible(Contract.objects.filter(customer_id=site.customer_id), viewer, SEE)
    naming = Contract.sites.through.objects.filter(contract=OuterRef("pk"))
    mine = naming.filter(site=site.pk)
    return _lines(rows.filter(Q(Exists(mine)) | ~Q(Exists(naming))).order_by("-id"), on, 50)

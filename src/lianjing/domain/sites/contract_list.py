"""The list of contracts, what falls due, and one contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.cursors import behind
from lianjing.core.refusals import Refused
from lianjing.core.scans import KeptScan, read_scan
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.contract_policy import DUE_SOON, Span, Term, removal_refusal
from lianjing.domain.sites.models import Contract, ContractState, Customer, Site
from lianjing.domain.sites.searching import customers_matching
from lianjing.terms.premises import ContractStanding

SEE = "contracts.see"
OVERDUE = "overdue"
DUES = (OVERDUE, *(str(days) for days in DUE_SOON))
RUNNING = (ContractStanding.SIGNED, ContractStanding.IN_SERVICE, ContractStanding.SUSPENDED)
"""States in which the end of a term matters."""


@dataclass(frozen=True, slots=True)
class ContractsWanted:
    """What to list; `due`: of DUES; `as_of`: as they stood on that day, None: as they stand."""

    text: str = ""
    state: str = ""
    due: str = ""
    company_id: int | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract with its state."""

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
    if wanted.state or wanted.as_of:
        rows = rows.filter(_stands(Q(state=wanted.state) if wanted.state else Q(), wanted.as_of))
    return _lines(rows.filter(_due(wanted.due, on, wanted.as_of)), on, limit, wanted.as_of)


def due_counts(viewer: Viewer, on: date, as_of: date | None = None) -> dict[str, int]:
    """How many are overdue, and end within so many days, by name of DUES; 60 days hold the 30. One query."""
    near = Q(ends_on__lte=on + timedelta(days=max(DUE_SOON)))
    rows = visible(Contract.objects.all(), viewer, SEE).filter(near, _stands(Q(state__in=RUNNING), as_of))
    return rows.aggregate(**{due: Count("pk", filter=_ending(due, on)) for due in DUES})


def _stands(state: Q, as_of: date | None) -> Q:
    return Q(Exists(ContractState.objects.filter(state, _then(as_of), contract=OuterRef("pk"))))


def _then(as_of: date | None) -> Q:
    """The states of that day; without one the present ones."""
    if as_of is None:
        return Q(ends_on=None)
    return Q(starts_on__lte=as_of) & (Q(ends_on=None) | Q(ends_on__gte=as_of))


def _due(due: str, on: date, as_of: date | None) -> Q:
    """Overdue: the term is over, and nobody has ended or prolonged it."""
    if due not in DUES:
        return Q()
    return _stands(Q(state__in=RUNNING), as_of) & _ending(due, on)


def _ending(due: str, on: date) -> Q:
    if due == OVERDUE:
        return Q(ends_on__lt=on)
    return Q(ends_on__gte=on, ends_on__lte=on + timedelta(days=int(due)))


def _lines(rows: "QuerySet[Contract]", on: date, limit: int, as_of: date | None = None) -> list[ContractLine]:
    found = list(rows.select_related("customer", "company")[:limit])
    present = _states([contract.pk for contract in found], as_of)
    return [_line(contract, present[contract.pk], on) for contract in found]


def _states(contract_ids: Sequence[int], as_of: date | None) -> dict[int, ContractState]:
    rows = ContractState.objects.filter(_then(as_of), contract_id__in=contract_ids)
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


def kept_scan(viewer: Viewer, contract: Contract) -> KeptScan | None:
    """The scan of a contract; None when there is none, its file is gone, or the viewer may see no contracts."""
    if not viewer.scope(SEE).holds(contract.company_id):
        return None
    return read_scan(contract.scan, contract.scan_sha256)

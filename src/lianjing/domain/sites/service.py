"""Whether sites are in service, by the contracts that cover them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.contract_policy import Term, known_since
from lianjing.domain.sites.models import Contract, ContractState, Site
from lianjing.terms.premises import ContractStanding


@dataclass(frozen=True, slots=True)
class ContractFact:
    """How one contract stands on a day. `since`: None when nobody knows; `over_since`: its term has ended before
    that day."""

    number: str
    standing: str
    since: date | None
    over_since: date | None

    @property
    def rank(self) -> int:
        """The contract that serves the site best comes first."""
        if self.over_since is not None and self.standing != ContractStanding.ENDED:
            return 2
        return {ContractStanding.SUSPENDED: 2, ContractStanding.ENDED: 3}.get(ContractStanding(self.standing), 1)


def contracts_of_sites(viewer: Viewer, site_ids: Iterable[int], on: date) -> dict[int, ContractFact]:
    """The contract that serves each of these sites best on a day; sites without any contract are left out.

    Three queries, however many sites. A contract that has not begun counts like one in service: what is being
    installed reports already.
    """
    sites = visible(Site.objects.filter(pk__in=set(site_ids)), viewer, "sites.see")
    customers = dict(sites.values_list("pk", "customer_id"))
    facts = _facts(set(customers.values()), on)
    found = {}
    for site_id, customer_id in customers.items():
        covering = [fact for fact, named in facts.get(customer_id, ()) if not named or site_id in named]
        if covering:
            found[site_id] = min(covering, key=lambda fact: fact.rank)
    return found


def _facts(customer_ids: set[int], on: date) -> dict[int, list[tuple[ContractFact, set[int]]]]:
    """Contracts by customer, each with the sites that it names."""
    holding = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
    states = ContractState.objects.filter(
        holding, contract__customer_id__in=customer_ids, contract__removed_at=None
    ).order_by("pk")
    # Tuples: intake asks this for every batch of signals, and rows as objects are dear.
    told = list(states.values_list("contract_id", "contract__customer_id", "contract__number", *_INTERVAL))
    places = Contract.sites.through.objects.filter(contract_id__in=[contract_id for contract_id, *_ in told])
    named: dict[int, set[int]] = defaultdict(set)
    for contract_id, site_id in places.values_list("contract_id", "site_id"):
        named[contract_id].add(site_id)
    facts: dict[int, list[tuple[ContractFact, set[int]]]] = defaultdict(list)
    for contract_id, customer_id, number, state, begun, first, last in told:
        over = last if last is not None and last < on else None
        since = known_since(state, begun, Term(first, last))
        facts[customer_id].append((ContractFact(number, state, since, over), named[contract_id]))
    return facts


_INTERVAL = ("state", "starts_on", "contract__starts_on", "contract__ends_on")

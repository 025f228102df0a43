"""Keeps what was known of contracts when: whatever changes about one, page or import, ends here. A step of actions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lianjing.domain.records.changing import Actor
from lianjing.domain.sites.models import Contract, ContractSpan, ContractState
from lianjing.terms.premises import ContractStanding
from lianjing.terms.sentences import marked as _

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """What a span says."""

    company_id: int
    contract_id: int
    state: str
    valid_from: date | None
    valid_until: date | None
    term_from: date | None
    term_until: date | None
    signed_on: date | None
    has_scan: bool
    sites: frozenset[int]


def keep_spans(contract_ids: Sequence[int], actor: Actor) -> None:
    """Takes back what no longer is so, and records what is; what has not changed keeps its time. Some queries,
    however many contracts."""
    for start in range(0, len(contract_ids), AT_ONCE):
        _keep(contract_ids[start : start + AT_ONCE], actor)


def _keep(contract_ids: Sequence[int], actor: Actor) -> None:
    had, has = _on_file(contract_ids), _as_they_stand(contract_ids)
    gone = [pk for told, pk in had.items() if told not in has]
    ContractSpan.objects.filter(pk__in=gone).update(
        retracted_at=actor.at, retracted_by=actor.by.name, retract_reason=_("合同有变更")
    )
    _record([told for told in has if told not in had], actor)


def _record(spans: Sequence[Told], actor: Actor) -> None:
    rows = ContractSpan.objects.bulk_create(
        ContractSpan(**_columns(told), recorded_at=actor.at, recorded_by=actor.by.name) for told in spans
    )
    through = ContractSpan.sites.through
    through.objects.bulk_create(
        through(contractspan_id=row.pk, site_id=site)
        for row, told in zip(rows, spans, strict=True)
        for site in sorted(told.sites)
    )


def _columns(told: Told) -> dict[str, object]:
    return {name: getattr(told, name) for name in Told.__dataclass_fields__ if name != "sites"}


def _on_file(contract_ids: Sequence[int]) -> dict[Told, int]:
    """Spans that are taken for true, each with its number."""
    rows = list(ContractSpan.objects.filter(contract_id__in=contract_ids, retracted_at=None))
    places = ContractSpan.sites.through.objects.filter(contractspan__in=[row.pk for row in rows])
    sites = _gathered(places.values_list("contractspan_id", "site_id"))
    columns = [name for name in Told.__dataclass_fields__ if name != "sites"]
    return {Told(*(getattr(row, name) for name in columns), sites[row.pk]): row.pk for row in rows}


def _as_they_stand(contract_ids: Sequence[int]) -> list[Told]:
    """What contracts and their states say now. That a removed one was a draft is not kept."""
    contracts = {row.pk: row for row in Contract.ever.filter(pk__in=contract_ids)}
    places = Contract.sites.through.objects.filter(contract_id__in=contract_ids)
    sites = _gathered(places.values_list("contract_id", "site_id"))
    states = ContractState.objects.filter(contract_id__in=contract_ids).order_by("contract_id", "starts_on")
    kept = (row for row in states if not _is_gone(contracts[row.contract_id], row))
    return [_told(contracts[row.contract_id], row, sites[row.contract_id]) for row in kept]


def _is_gone(contract: Contract, state: ContractState) -> bool:
    return contract.removed_at is not None and state.state == ContractStanding.DRAFT


def _told(contract: Contract, state: ContractState, sites: frozenset[int]) -> Told:
    return Told(
        contract.company_id,
        contract.pk,
        state.state,
        state.starts_on,
        state.ends_on,
        contract.starts_on,
        contract.ends_on,
        contract.signed_on,
        bool(contract.scan_sha256),
        sites,
    )


def _gathered(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return defaultdict(frozenset, {key: frozenset(values) for key, values in found.items()})

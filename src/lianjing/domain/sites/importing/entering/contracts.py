"""The sheet `contracts`, with the dated intervals of their states."""

from dataclasses import dataclass
from datetime import date, timedelta

from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import CONTRACTS
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.importing.faults import Fault
from lianjing.domain.sites.importing.planning import Change
from lianjing.domain.sites.importing.reading import Row
from lianjing.domain.sites.models import Contract, ContractState, Site
from lianjing.terms.premises import ContractStanding
from lianjing.terms.sentences import marked as _


@dataclass(slots=True)
class _Stands:
    """What stands beside contracts."""

    states: dict[int, list[ContractState]]
    sites: dict[int, dict[int, str]]


def enter_contracts(scene: Scene) -> None:
    rows = scene.book.rows("contracts")
    numbers = [row.values["number"] for row in rows if "number" in row.values]
    scene.contracts = standing.contracts(scene.viewer, scene.company_id, numbers)
    ids = [contract.pk for contract in scene.contracts.values()]
    beside = _Stands(standing.states(scene.viewer, ids), standing.contract_sites(scene.viewer, ids))
    for row in rows:
        number = row.values.get("number")
        if number is not None and scene.is_new_here("contracts", row, number, number):
            _enter(scene, row, number, beside)


def _enter(scene: Scene, row: Row, number: str, beside: _Stands) -> None:
    contract = scene.contracts.get(number)
    if contract is None:
        contract = scene.contracts[number] = Contract(company_id=scene.company_id, number=number)
        scene.needs("contracts", row, "customer")
    change = scene.change(CONTRACTS, row, number, contract)
    _enter_customer(scene, row, contract, change)
    _check_term(scene, row, contract)
    _enter_sites(scene, row, contract, change, beside.sites.get(contract.pk, {}))
    _enter_state(scene, row, contract, change, beside.states.get(contract.pk, []))
    scene.settle(row, change)


def _enter_customer(scene: Scene, row: Row, contract: Contract, change: Change) -> None:
    customer = scene.customer_of("contracts", row)
    if customer is None:
        return
    had = contract.customer if contract.pk else None
    if had is None or had.pk != customer.pk:
        change.note("customer", had.code if had else None, customer.code)
        change.fields.append("customer_id")
        contract.customer = customer


def _check_term(scene: Scene, row: Row, contract: Contract) -> None:
    starts, ends = contract.starts_on, contract.ends_on
    if {"starts_on", "ends_on"} & set(row.broken) or not {"starts_on", "ends_on"} & set(row.values):
        return
    if starts is not None and ends is not None and ends < starts:
        column = "ends_on" if "ends_on" in row.values else "starts_on"
        told = _("终止日期 %(ends)s 早于起始日期 %(starts)s。")
        scene.fault("contracts", row, column, told, starts=starts.isoformat(), ends=ends.isoformat())


def _enter_sites(scene: Scene, row: Row, contract: Contract, change: Change, had: dict[int, str]) -> None:
    codes = row.values.get("sites")
    if codes is None:
        return
    named: list[Site] = []
    for code in codes:
        site = scene.sites.get(code)
        if site is None:
            told = _("没有编号为 %(code)s 的场所：文件里没有，系统里也没有。")
            scene.missing("sites", code, Fault("contracts", row.number, "sites", told, {"code": code}), row)
            return
        if _is_anothers(contract, site):
            told = _("场所 %(code)s 属于另一客户，不能列入本合同。")
            scene.fault("contracts", row, "sites", told, code=code)
            return
        named.append(site)
    if {site.code for site in named} != set(had.values()):
        change.note("sites", ",".join(sorted(had.values())), ",".join(sorted(site.code for site in named)))
        scene.plan.put("contract_sites", (contract, named))


def _is_anothers(contract: Contract, site: Site) -> bool:
    mine = contract.customer if contract.pk or "customer" in contract._state.fields_cache else None
    owner = site.customer if site.pk or "customer" in site._state.fields_cache else None
    return mine is not None and owner is not None and mine is not owner and mine.code != owner.code


def _enter_state(scene: Scene, row: Row, contract: Contract, change: Change, had: list[ContractState]) -> None:
    if {"state", "state_since", "starts_on"} & set(row.broken):
        return
    present = next((interval for interval in had if interval.ends_on is None), None)
    since = row.values.get("state_since")
    if present is None:
        state = row.values.get("state", ContractStanding.DRAFT.value)
        if contract.pk and "state" not in row.values:
            return
        begins = since or (contract.starts_on if contract.pk is None else None) or scene.today
        last = had[-1] if had else None
        if last is not None and last.ends_on is not None and begins <= last.ends_on:
            _too_early(scene, row, last.ends_on)
            return
        change.note("state", None, state)
        change.note("state_since", None, begins)
        scene.plan.put("states_new", ContractState(contract=contract, state=state, starts_on=begins))
        return
    state = row.values.get("state", present.state)
    if state == present.state:
        _move_start(scene, row, change, had, since)
    else:
        _follow(scene, row, change, had, ContractState(contract=contract, state=state, starts_on=since or scene.today))


def _move_start(scene: Scene, row: Row, change: Change, had: list[ContractState], since: date | None) -> None:
    """The same state, said to have begun on another day."""
    present = had[-1]
    if since is None or since == present.starts_on:
        return
    before = had[-2] if len(had) > 1 else None
    if before is not None and since <= before.starts_on:
        _too_early(scene, row, before.starts_on)
        return
    change.note("state_since", present.starts_on, since)
    present.starts_on = since
    scene.plan.put("states_changed", present)
    if before is not None:
        before.ends_on = since - timedelta(days=1)
        scene.plan.put("states_changed", before)


def _follow(scene: Scene, row: Row, change: Change, had: list[ContractState], new: ContractState) -> None:
    """Another state follows the present one; on the day on which that began, it takes its place."""
    present = had[-1]
    if new.starts_on < present.starts_on:
        _too_early(scene, row, present.starts_on)
        return
    change.note("state", present.state, new.state)
    change.note("state_since", present.starts_on, new.starts_on)
    if new.starts_on == present.starts_on:
        present.state = new.state
        scene.plan.put("states_changed", present)
        return
    present.ends_on = new.starts_on - timedelta(days=1)
    scene.plan.put("states_changed", present)
    scene.plan.put("states_new", new)


def _too_early(scene: Scene, row: Row, earliest: date) -> None:
    column = "state_since" if "state_since" in row.values else "state"
    told = _("状态的起始日期须晚于 %(day)s：原来的状态从那天起。")
    scene.fault("contracts", row, column, told, day=earliest.isoformat())

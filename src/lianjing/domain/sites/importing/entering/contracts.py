"""The sheet `contracts`, with the dated intervals of their states. What a known contract may do is decided by
`contract_policy`, as for its page; a new one comes in any state."""

from dataclasses import dataclass

from lianjing.core.refusals import Refused
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change
from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.contract_policy import Span, first_day, recovering, shortening, turn_to, weakening
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import CONTRACTS
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.models import Contract, ContractState, Site
from lianjing.terms.premises import ContractStanding
from lianjing.terms.sentences import marked as _


@dataclass(slots=True)
class _Stands:
    """What stands beside contracts."""

    states: dict[int, list[ContractState]]
    sites: dict[int, dict[int, str]]
    of_customers: dict[int, list[str]]
    """The codes of all sites of customers."""

    def state(self, contract: Contract) -> str:
        """The present one of a contract."""
        had = self.states.get(contract.pk, [])
        return had[-1].state if had else ""

    def covered(self, contract: Contract) -> list[str]:
        """What a contract covers: the sites that it names, or all of its customer's."""
        named = self.sites.get(contract.pk, {})
        return list(named.values()) or self.of_customers.get(contract.customer_id, [])


def enter_contracts(scene: Scene) -> None:
    rows = scene.book.rows("contracts")
    numbers = [row.values["number"] for row in rows if "number" in row.values]
    scene.contracts = standing.contracts(scene.viewer, scene.company_id, numbers)
    ids = [contract.pk for contract in scene.contracts.values()]
    naming = {row.values["number"] for row in rows if "number" in row.values and "sites" in row.values}
    customers = {c.customer_id for number, c in scene.contracts.items() if number in naming}
    beside = _Stands(
        standing.states(scene.viewer, ids),
        standing.contract_sites(scene.viewer, ids),
        standing.site_codes(scene.viewer, customers),
    )
    for row in rows:
        number = row.values.get("number")
        if number is not None and scene.is_new_here("contracts", row, number, number):
            _enter(scene, row, number, beside)


def _enter(scene: Scene, row: Row, number: str, beside: _Stands) -> None:
    contract = scene.contracts.get(number)
    if contract is None:
        contract = scene.contracts[number] = Contract(company_id=scene.company_id, number=number)
        scene.needs("contracts", row, "customer")
    ended_on = contract.ends_on
    change = scene.change(CONTRACTS, row, number, contract)
    if contract.pk:
        change.weakens += shortening(ended_on, contract.ends_on)
    _enter_customer(scene, row, contract, change)
    _check_term(scene, row, contract)
    _enter_sites(scene, row, contract, change, beside)
    _enter_state(scene, row, contract, change, beside.states.get(contract.pk, []))
    scene.settle(row, change)


def _enter_customer(scene: Scene, row: Row, contract: Contract, change: Change) -> None:
    customer = scene.customer_of("contracts", row)
    if customer is None:
        return
    if contract.pk is None:
        change.note("customer", None, customer.code)
        contract.customer = customer
    elif contract.customer_id != customer.pk:
        told = _("合同属于客户 %(code)s（%(name)s），不能改属另一客户：请为另一客户登记新合同。")
        scene.fault("contracts", row, "customer", told, code=contract.customer.code, name=contract.customer.name)


def _check_term(scene: Scene, row: Row, contract: Contract) -> None:
    starts, ends = contract.starts_on, contract.ends_on
    if {"starts_on", "ends_on"} & set(row.broken) or not {"starts_on", "ends_on"} & set(row.values):
        return
    if starts is not None and ends is not None and ends < starts:
        column = "ends_on" if "ends_on" in row.values else "starts_on"
        told = _("终止日期 %(ends)s 早于起始日期 %(starts)s。")
        scene.fault("contracts", row, column, told, starts=starts.isoformat(), ends=ends.isoformat())


def _enter_sites(scene: Scene, row: Row, contract: Contract, change: Change, beside: _Stands) -> None:
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
    had, has = sorted(beside.sites.get(contract.pk, {}).values()), sorted(site.code for site in named)
    if has == had:
        return
    change.note("sites", ",".join(had), ",".join(has))
    scene.plan.put("contract_sites", (contract, named))
    if contract.pk:
        covers = has or beside.of_customers.get(contract.customer_id, [])
        change.weakens += recovering(beside.state(contract), beside.covered(contract), covers)


def _is_anothers(contract: Contract, site: Site) -> bool:
    mine = contract.customer if contract.pk or "customer" in contract._state.fields_cache else None
    owner = site.customer if site.pk or "customer" in site._state.fields_cache else None
    return mine is not None and owner is not None and mine is not owner and mine.code != owner.code


# States


def _enter_state(scene: Scene, row: Row, contract: Contract, change: Change, had: list[ContractState]) -> None:
    if {"state", "state_since", "starts_on"} & set(row.broken):
        return
    try:
        if contract.pk is None:
            _begin(scene, row, contract, change)
        elif had:
            _follow(scene, row, contract, change, had[-1])
    except Refused as refused:
        column = "state_since" if refused.field == "since" and "state_since" in row.values else "state"
        scene.fault("contracts", row, column, refused.sentence, **refused.figures)


def _begin(scene: Scene, row: Row, contract: Contract, change: Change) -> None:
    """A new contract comes in any state."""
    state = row.values.get("state", ContractStanding.DRAFT.value)
    begins = first_day(row.values.get("state_since"), contract.starts_on, scene.today)
    change.note("state", None, state)
    change.note("state_since", None, begins)
    change.weakens += weakening(state)
    scene.plan.put("states_new", ContractState(contract=contract, state=state, starts_on=begins))


def _follow(scene: Scene, row: Row, contract: Contract, change: Change, present: ContractState) -> None:
    """Another state follows the present one; on the day on which that began, it takes its place."""
    state, given = row.values.get("state", present.state), row.values.get("state_since")
    if state == present.state:
        if given not in (None, present.starts_on):
            told = _("现在的状态从 %(day)s 开始，这一天不能改：只在变更状态时填写。")
            raise Refused("since", told, day=present.starts_on.isoformat())
        return
    since = given or scene.today
    turn = turn_to(state, since, Span(present.state, present.starts_on, None), scene.today)
    change.note("state", present.state, state)
    change.note("state_since", present.starts_on, since)
    _say_why(row, change, state)
    if state == ContractStanding.SIGNED and contract.signed_on is None and "signed_on" not in row.values:
        change.note("signed_on", None, since)
        contract.signed_on = since
        change.fields.append("signed_on")
    if turn.ends_present_on is None:
        present.state = state
    else:
        present.ends_on = turn.ends_present_on
        scene.plan.put("states_new", ContractState(contract=contract, state=state, starts_on=turn.starts_on))
    scene.plan.put("states_changed", present)


def _say_why(row: Row, change: Change, state: str) -> None:
    """Who protects less gives a reason; the record names the file where the row gives none."""
    weakens = weakening(state)
    change.weakens += weakens
    if weakens and row.values.get("reason"):
        change.after["reason"] = row.values["reason"]

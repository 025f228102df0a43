"""What people do to contracts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from lianjing.core.changes import difference
from lianjing.core.entering import enter, once, told
from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import Scan
from lianjing.core.viewer import Viewer, require
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.domain.sites.contract_policy import (
    REASON_LIMIT,
    Span,
    Term,
    check_term,
    first_day,
    recovering,
    removal_refusal,
    shortening,
    turn_to,
    weakening,
)
from lianjing.domain.sites.contract_spans import keep_spans
from lianjing.domain.sites.models import Contract, ContractState, Customer
from lianjing.terms.premises import ContractStanding
from lianjing.terms.sentences import marked as _

CONTRACT_FIELDS = frozenset({"number", "service_items", "service_plan", "fee", "signed_on", "starts_on", "ends_on"})
SEE, EDIT = "contracts.see", "contracts.edit"
CHANGED = "contract.changed"


@dataclass(frozen=True, slots=True)
class Beginning:
    """The state that a contract is entered with, and since when it holds."""

    state: str
    since: date


@transaction.atomic
def add_contract(
    customer_id: int,
    values: Mapping[str, Any],
    beginning: Beginning,
    site_ids: Iterable[int] = (),
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Contract:
    """Registers a contract of a customer, which may be in service for long already.

    `values`: of CONTRACT_FIELDS, a number at least. `site_ids`: what it covers; none: all of the customer's sites.
    Raises Missing, Forbidden or Refused.
    """
    customer = locked(Customer.objects.all(), customer_id, by, see="sites.see")
    require(by, EDIT, customer.company_id)
    since = first_day(beginning.since, None, timezone.localdate(at))
    contract = Contract(company_id=customer.company_id, customer=customer)
    _save(contract, values)
    codes = _cover(contract, site_ids)
    ContractState.objects.create(contract=contract, state=beginning.state, starts_on=since)
    _before, after = difference({}, told(contract, CONTRACT_FIELDS))
    after |= {"customer": customer.code, "sites": codes, "state": beginning.state, "since": str(since)}
    actor, weakens = Actor(by, at, source), weakening(beginning.state)
    keep_spans([contract.pk], actor)
    write_down("contract.added", contract, contract.company_id, actor, after=after, weakens=weakens, topic=CHANGED)
    return contract


@transaction.atomic
def change_contract(
    contract_id: int,
    values: Mapping[str, Any],
    site_ids: Iterable[int] | None = None,
    *,
    by: Viewer,
    at: datetime,
    source: str = "",
) -> Contract:
    """Changes what `values` names, and which sites it covers when they are given; its state has an action of its own.

    Raises Missing, Forbidden or Refused.
    """
    contract = _editable(contract_id, by)
    had = {**told(contract, CONTRACT_FIELDS), "sites": _codes(contract)}
    covered = _covered(contract)
    _save(contract, values)
    codes = had["sites"] if site_ids is None else _cover(contract, site_ids)
    has = {**told(contract, CONTRACT_FIELDS), "sites": codes}
    before, after = difference(had, has)
    if after:
        state = contract.states.get(ends_on=None).state
        weakens = [*shortening(had["ends_on"], has["ends_on"]), *recovering(state, covered, _covered(contract))]
        actor = Actor(by, at, source)
        keep_spans([contract.pk], actor)
        write_down(
            CHANGED, contract, contract.company_id, actor, before=before, after=after, weakens=weakens, topic=CHANGED
        )
    return contract


@transaction.atomic
def set_contract_state(
    contract_id: int, state: str, since: date, reason: str, *, by: Viewer, at: datetime, source: str = ""
) -> Contract:
    """Puts a contract into another state from that day on. The reason must be given for suspending and ending.

    Raises Missing, Forbidden or Refused.
    """
    contract = _editable(contract_id, by)
    present = contract.states.get(ends_on=None)
    turn = turn_to(state, since, _span(present), timezone.localdate(at))
    weakens = weakening(state)
    reason = _reason(reason, needed=bool(weakens))
    had = {"state": present.state, "since": str(present.starts_on)}
    if turn.ends_present_on is None:
        present.delete()
    else:
        present.ends_on = turn.ends_present_on
        present.save(update_fields=["ends_on"])
    ContractState.objects.create(contract=contract, state=state, starts_on=turn.starts_on)
    if state == ContractStanding.SIGNED and contract.signed_on is None:
        contract.signed_on = since
        contract.save(update_fields=["signed_on"])
    after = {"state": state, "since": str(since), **({"reason": reason} if reason else {})}
    actor = Actor(by, at, source)
    keep_spans([contract.pk], actor)
    write_down(
        "contract.state_changed",
        contract,
        contract.company_id,
        actor,
        before=had,
        after=after,
        weakens=weakens,
        topic=CHANGED,
    )
    return contract


@transaction.atomic
def keep_scan(contract_id: int, scan: Scan, *, by: Viewer, at: datetime, source: str = "") -> Contract:
    """Keeps the scan of a contract, in place of an earlier one. Raises Missing or Forbidden."""
    contract = _editable(contract_id, by)
    earlier, had = contract.scan.name, {"scan_sha256": contract.scan_sha256}
    storage = contract.scan.storage
    contract.scan.save(f"{uuid4().hex}.{scan.ending}", ContentFile(scan.content), save=False)
    new = contract.scan.name
    try:
        contract.scan_sha256 = scan.sha256
        contract.save(update_fields=["scan", "scan_sha256"])
        after = {"scan_sha256": scan.sha256, "bytes": len(scan.content)}
        actor = Actor(by, at, source)
        keep_spans([contract.pk], actor)
        write_down("contract.scan_kept", contract, contract.company_id, actor, before=had, after=after, topic=CHANGED)
    except BaseException:
        storage.delete(new)
        raise
    if earlier:
        transaction.on_commit(lambda: storage.delete(earlier))
    return contract


@transaction.atomic
def remove_contract(contract_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Removes a draft that nobody signed, or a contract that has been kept long enough.

    Its paper goes, with what was agreed in it; number, days, states and records stay: on which days it served stays
    true. Raises Missing, Forbidden or Refused.
    """
    contract = _editable(contract_id, by)
    spans = [_span(row) for row in contract.states.order_by("starts_on")]
    term = Term(contract.starts_on, contract.ends_on)
    refused = removal_refusal(spans, contract.signed_on, timezone.localdate(at), term)
    if refused is not None:
        raise refused
    before = {**difference({}, told(contract, CONTRACT_FIELDS))[1], "sites": _codes(contract)}
    before["states"] = [[span.state, str(span.starts_on)] for span in spans]
    actor = Actor(by, at, source)
    write_down("contract.removed", contract, contract.company_id, actor, before=before, after={}, topic=CHANGED)
    if contract.scan:
        name, storage = contract.scan.name, contract.scan.storage
        transaction.on_commit(lambda: storage.delete(name))
    contract.removed_at, contract.removed_by = at, by.name
    contract.service_items = contract.service_plan = contract.scan = ""
    contract.fee = None
    contract.save()
    keep_spans([contract.pk], actor)


def _editable(contract_id: int, by: Viewer) -> Contract:
    contract = locked(Contract.objects.all(), contract_id, by, see=SEE)
    require(by, EDIT, contract.company_id)
    return contract


def _save(contract: Contract, values: Mapping[str, Any]) -> None:
    check_term({**told(contract, CONTRACT_FIELDS), **values})
    enter(contract, values)
    with once("number", _("合同编号 %(number)s 已经有了。"), number=contract.number):
        contract.save()


def _cover(contract: Contract, site_ids: Iterable[int]) -> list[str]:
    """Sets which sites it covers; their codes. Sites of another customer are missing."""
    wanted = set(site_ids)
    sites = list(contract.customer.sites.filter(pk__in=wanted).order_by("code"))
    if len(sites) != len(wanted):
        raise Missing("a site of another customer")
    contract.sites.set(sites)
    return [site.code for site in sites]


def _codes(contract: Contract) -> list[str]:
    return list(contract.sites.order_by("code").values_list("code", flat=True))


def _covered(contract: Contract) -> list[str]:
    """The codes of the sites that it covers: those that it names, or all of the customer's."""
    return _codes(contract) or list(contract.customer.sites.values_list("code", flat=True))


def _span(row: ContractState) -> Span:
    return Span(row.state, row.starts_on, row.ends_on)


def _reason(reason: str, *, needed: bool) -> str:
    reason = reason.strip()
    if needed and not reason:
        raise Refused("reason", _("请写明理由。"))
    if len(reason) > REASON_LIMIT:
        raise Refused("reason", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=REASON_LIMIT, count=len(reason))
    return reason

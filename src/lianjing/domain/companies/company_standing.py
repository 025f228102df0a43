"""What of a company is in order on a day, what is missing, ends soon or is late (clause 4.2). No Django, no clock.

The page of the company and the clauses of chapter 4 ask here.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any

from lianjing.domain.companies.company_facts import CompanyKnown, Part
from lianjing.domain.companies.filing_terms import branches, services
from lianjing.domain.companies.standing_items import Asked, Item, Known, item, lacking, lasting, paper
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import GuardService, Outcome, RuleSet, Standing

CAPITAL_AT_LEAST = 1_000_000
"""元 (令564 art. 8)."""
REGISTER_WITHIN_MONTHS = 6
"""The licence is void when no business is registered by then (令564 art. 12)."""


def company_standing(facts: Collection[CompanyKnown], on: date, asked: Asked | None = None) -> list[Item]:
    """Everything that is asked of a company of which these facts are known, as it stands on day `on`."""
    known = Known(facts, on, asked or Asked())
    return [one for rule in RULES for one in rule(known)]


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def _licence(known: Known) -> Iterator[Item]:
    fact = known.last(Kind.GUARD_LICENCE)
    if fact is None:
        yield lacking("licence", "4.2", Kind.GUARD_LICENCE, known)
        return
    yield lasting("licence", "4.2", fact, known.on)
    if GuardService.TECHNICAL.value not in fact.details.get("scope", ()):
        said = _("许可的服务范围不含安全技术防范，不能从事报警运营服务。")
        yield item("licence_scope", fact.kind, "令564 2", Standing.NOT_MET, said, fact=fact)
    yield from paper("licence_scan", "4.2", fact)


def _business(known: Known) -> Iterator[Item]:
    fact = known.last(Kind.BUSINESS_LICENCE)
    if fact is None:
        yield _registration_due(known) or lacking("business", "令564 12", Kind.BUSINESS_LICENCE, known)
        return
    yield lasting("business", "令564 8", fact, known.on)
    yield _capital(fact)
    yield from _registered_late(fact, known)
    yield from paper("business_scan", "令564 8", fact)


def _capital(fact: CompanyKnown) -> Item:
    capital = int(fact.details.get("capital", 0))
    told = {"capital": f"{capital:,}", "least": f"{CAPITAL_AT_LEAST:,}", "fact": fact}
    if capital >= CAPITAL_AT_LEAST:
        said = _("注册资本 %(capital)s 元，不低于 %(least)s 元。")
        return item("capital", fact.kind, "令564 8", Standing.IN_ORDER, said, **told)
    said = _("注册资本 %(capital)s 元，低于 %(least)s 元。")
    return item("capital", fact.kind, "令564 8", Standing.NOT_MET, said, **told)


def _licensed_on(known: Known) -> date | None:
    """When the company was first licensed, as far as is known."""
    days = [fact.valid_from for fact in known.of(Kind.GUARD_LICENCE) if fact.valid_from]
    return min(days, default=None)


def _registration_due(known: Known) -> Item | None:
    """A licensed company that is not registered yet has six months."""
    licensed = _licensed_on(known)
    if known.last(Kind.GUARD_LICENCE) is None or licensed is None or known.of(Kind.BUSINESS_LICENCE):
        return None
    due = months_later(licensed, REGISTER_WITHIN_MONTHS)
    told = {"licensed": licensed, "day": due, "due": due}
    if known.on <= due:
        said = _("%(licensed)s 取得许可证，最迟 %(day)s 办理工商登记，否则许可证失效。")
        return item("registration", Kind.BUSINESS_LICENCE, "令564 12", Standing.DUE, said, **told)
    said = _("%(licensed)s 取得许可证，到 %(day)s 仍未办理工商登记，许可证已失效。")
    return item("registration", Kind.BUSINESS_LICENCE, "令564 12", Standing.LATE, said, **told)


def _registered_late(fact: CompanyKnown, known: Known) -> Iterator[Item]:
    licensed, registered = _licensed_on(known), fact.day(Part.REGISTERED_ON)
    if licensed is None or registered is None:
        return
    due = months_later(licensed, REGISTER_WITHIN_MONTHS)
    if registered > due:
        said = _("%(registered)s 才办理工商登记，晚于取得许可证（%(licensed)s）后六个月。")
        told = {"registered": registered, "licensed": licensed, "due": due, "fact": fact}
        yield item("registration", fact.kind, "令564 12", Standing.NOT_MET, said, **told)


def _leaders(known: Known) -> Iterator[Item]:
    head = known.last(Kind.LEGAL_REPRESENTATIVE)
    if head is None:
        yield lacking("representative", "令564 8", Kind.LEGAL_REPRESENTATIVE, known)
    else:
        yield from _leader(head, known)
        yield from _approval(head, known)
    managers = known.holding(Kind.MANAGER)
    if not managers:
        yield lacking("manager", "令564 8", Kind.MANAGER, known)
    for manager in managers:
        yield from _leader(manager, known)


def _leader(fact: CompanyKnown, known: Known) -> Iterator[Item]:
    """No bad record (the law's own text), then experience (asked by provinces, so no more than a hint)."""
    told: dict[str, Any] = {"what": Phrase(fact.kind.zh), "name": fact.value, "fact": fact}
    checked = fact.day(Part.CHECKED_ON)
    if checked is None or checked > known.on:
        said = _("%(what)s %(name)s：没有登记无不良记录的核查。")
        yield item("bad_record", fact.kind, "令564 8", Standing.UNPROVEN, said, **told)
    elif fact.details.get("result") == Outcome.FAILED:
        said = _("%(what)s %(name)s：%(day)s 核查不合格，不能任职。")
        yield item("bad_record", fact.kind, "令564 8", Standing.NOT_MET, said, day=checked, **told)
    else:
        said = _("%(what)s %(name)s：%(day)s 核查，无不良记录。")
        yield item("bad_record", fact.kind, "令564 8", Standing.IN_ORDER, said, day=checked, **told)
    yield from _experience(fact, known.asked, told)


def _experience(fact: CompanyKnown, asked: Asked, told: dict[str, Any]) -> Iterator[Item]:
    if not asked.years:
        return
    years = fact.details.get("years")
    basis = asked.source or _("省级办事指南")
    if years is None:
        said = _("%(what)s %(name)s：没有登记相关工作年限，办事指南要求 %(least)d 年以上。")
        yield item("experience", fact.kind, basis, Standing.HINT, said, least=asked.years, **told)
    elif int(years) < asked.years:
        said = _("%(what)s %(name)s：相关工作 %(years)d 年，办事指南要求 %(least)d 年以上。")
        yield item("experience", fact.kind, basis, Standing.HINT, said, years=int(years), least=asked.years, **told)


def _approval(fact: CompanyKnown, known: Known) -> Iterator[Item]:
    """Whoever follows another one is approved by the police before he takes over; the first one came with the
    licence."""
    earlier = [one for one in known.of(Kind.LEGAL_REPRESENTATIVE) if one.value != fact.value and _before(one, fact)]
    if not earlier:
        return
    approved = fact.day(Part.APPROVED_ON)
    told: dict[str, Any] = {"name": fact.value, "since": fact.valid_from, "fact": fact}
    if approved is None or approved > known.on:
        said = _("%(since)s 起由 %(name)s 任法定代表人，没有登记公安机关的变更审核。")
        yield item("approval", fact.kind, "令564 12", Standing.MISSING, said, **told)
    elif fact.valid_from and approved > fact.valid_from:
        said = _("%(name)s %(since)s 已任法定代表人，公安机关 %(day)s 才审核同意。")
        yield item("approval", fact.kind, "令564 12", Standing.DONE_LATE, said, day=approved, **told)
    else:
        said = _("变更法定代表人前，公安机关已于 %(day)s 审核同意。")
        yield item("approval", fact.kind, "令564 12", Standing.IN_ORDER, said, day=approved, fact=fact)


def _before(one: CompanyKnown, other: CompanyKnown) -> bool:
    return (one.valid_from or date.min) < (other.valid_from or date.min)


def _rule_sets(known: Known) -> Iterator[Item]:
    held = {fact.value: fact for fact in known.holding(Kind.RULE_SET)}
    for rule_set in RuleSet:
        fact = held.get(rule_set.value)
        if fact is None:
            said = _("没有登记%(what)s。")
            yield item("rule_set", Kind.RULE_SET, "令564 8", Standing.MISSING, said, what=Phrase(rule_set.zh))
            continue
        yield lasting("rule_set", "令564 8", fact, known.on, rule_set.zh)
        yield from paper("rule_set_scan", "令564 8", fact, rule_set.zh)


def _insurance(known: Known) -> Iterator[Item]:
    held = known.holding(Kind.INSURANCE)
    if not held:
        yield lacking("insurance", "令564 20", Kind.INSURANCE, known)
    for fact in held:
        yield lasting("insurance", "令564 20", fact, known.on, fact.value)


RULES: tuple[Callable[[Known], Iterator[Item]], ...] = (
    _licence,
    _business,
    _leaders,
    _rule_sets,
    _insurance,
    branches,
    services,
)

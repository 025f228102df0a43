"""Clause 5.2, table 1: how many are needed in the three posts for so many customers, and how many there are."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.judging import Evidence, Judgement, Rule, said
from lianjing.domain.compliance.looking_ahead import DAY, Ahead, Span
from lianjing.domain.compliance.people_rule import SHOWN_AT_MOST, read_of_people
from lianjing.domain.compliance.staff_ahead import staff_ahead
from lianjing.domain.compliance.staff_known import PersonKnown, staff_known
from lianjing.domain.compliance.table_1 import POSTS, Row, row_for
from lianjing.domain.sites.in_service import customers_in_service
from lianjing.domain.sites.in_service_ahead import ServiceAhead, service_ahead
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind, StaffFactKind
from lianjing.terms.verdicts import Verdict

UNITS = {
    CustomerUnit.CONTRACT: _("一份合同计一户"),
    CustomerUnit.CUSTOMER: _("一个客户计一户"),
    CustomerUnit.SITE: _("一个场所计一户"),
}


@dataclass(frozen=True, slots=True)
class Staffing:
    """`employed`, `eligible`: by post. `barred`: evidence of those who do not count."""

    customers: int
    unit: CustomerUnit
    employed: dict[PostKind, int]
    eligible: dict[PostKind, int]
    barred: tuple[Evidence, ...] = ()
    barred_count: int = 0


class Clause52Staffing(Rule[Staffing]):
    clause = "5.2"
    wakes_on = ("staff.changed", "contract.changed", "site.changed", "company.changed")
    evidence_kinds = ("contracts", "contract", "people", "person")
    reads = read_of_people(*StaffFactKind) | {"contract", "counted_unit"}

    def facts(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Staffing:
        served = customers_in_service(viewer, company_id, on, known)
        people = staff_known(viewer, company_id, on, known)
        if served is None:
            return _staffing(0, CustomerUnit.CONTRACT, people)
        return _staffing(served.counted, CustomerUnit(served.unit), people)

    def judge(self, facts: Staffing) -> Judgement:
        row = row_for(facts.customers)
        required = {post.value: row.needs(post) for post in POSTS}
        eligible = {post.value: facts.eligible.get(post, 0) for post in POSTS}
        margin = {name: eligible[name] - required[name] for name in required}
        figures = {
            "customers": facts.customers,
            "row": row.words,
            "required": required,
            "eligible": eligible,
            "margin": margin,
            "shortage": {name: max(0, -left) for name, left in margin.items()},
            "employed": {post.value: facts.employed.get(post, 0) for post in POSTS},
            "unit": facts.unit.value,
            "not_listed": max(0, facts.barred_count - SHOWN_AT_MOST),
        }
        short = any(left < 0 for left in margin.values())
        verdict = Verdict.NOT_MET if short else Verdict.MET
        return Judgement(verdict, _sentences(facts, row, margin), figures, _evidence(facts))

    def ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Staffing]:
        """Customers turn it on the days on which another row of the table applies."""
        staff = staff_ahead(viewer, company_id, span, known)
        service = service_ahead(viewer, company_id, span.first, span.last, known) or ServiceAhead(
            CustomerUnit.CONTRACT, {span.first: 0}
        )
        days = {day for (_before, had), (day, has) in pairwise(service.counts.items()) if row_for(had) != row_for(has)}
        return Ahead(
            lambda day: _staffing(service.counted_on(day), service.unit, staff.on(day)),
            days | staff.days(lambda person: (person.post, person.answer.eligible)),
            lambda day: (*_contracts_of(service, day), *staff.causes(day)),
        )

    def turning(self, judgement: Judgement) -> Hashable:
        """How many are short is news, too."""
        return judgement.verdict, tuple(judgement.figures["shortage"].items())


def _staffing(customers: int, unit: CustomerUnit, people: list[PersonKnown]) -> Staffing:
    fit = Counter(person.post for person in people if person.answer.eligible)
    barred = [person for person in people if not person.answer.eligible]
    return Staffing(
        customers,
        unit,
        dict(Counter(person.post for person in people)),
        dict(fit),
        tuple(map(_why, barred[:SHOWN_AT_MOST])),
        len(barred),
    )


def _contracts_of(service: ServiceAhead, day: date) -> Iterable[Evidence]:
    """Contracts by which another row applies from that day on."""
    if row_for(service.counted_on(day - DAY)) == row_for(service.counted_on(day)):
        return
    for one in service.ends.get(day, ()):
        yield Evidence("contract", one.contract_id, one.number, _("到 %(day)s 为止。"), {"day": str(one.last)})
    for one in service.begins.get(day, ()):
        yield Evidence("contract", one.contract_id, one.number, _("%(day)s 起服务。"), {"day": str(day)})


def _why(person: PersonKnown) -> Evidence:
    return person.tells(person.answer.against[0])


def _sentences(facts: Staffing, row: Row, margin: dict[str, int]) -> tuple[Phrase, ...]:
    told = [said(_("在服务客户 %(customers)d 户，适用“%(row)s”一行。"), customers=facts.customers, row=row.words)]
    for post in POSTS:
        if margin[post.value] < 0:
            told.append(said(_("%(post)s少 %(short)d 人。"), post=Phrase(post.zh), short=-margin[post.value]))
    if len(told) == 1:
        told.append(said(_("三类岗位人数都够，最少的余 %(spare)d 人。"), spare=min(margin.values())))
    if facts.barred_count:
        told.append(said(_("在岗而不符合 5.1 的 %(count)d 人不计入。"), count=facts.barred_count))
    return tuple(told)


def _evidence(facts: Staffing) -> tuple[Evidence, ...]:
    contracts = Evidence(
        "contracts",
        None,
        _("在服务的合同"),
        _("%(count)d 户，%(unit)s。"),
        {"count": facts.customers, "unit": Phrase(UNITS[facts.unit])},
    )
    return (contracts, *(_of_post(facts, post) for post in POSTS), *facts.barred)


def _of_post(facts: Staffing, post: PostKind) -> Evidence:
    figures = {"employed": facts.employed.get(post, 0), "eligible": facts.eligible.get(post, 0)}
    return Evidence("people", None, post.zh, _("在岗 %(employed)d 人，合格 %(eligible)d 人。"), figures, key=post.value)

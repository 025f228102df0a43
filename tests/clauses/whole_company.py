"""A company with everything that is on record today, for tests of all clauses at once."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from lianjing.domain.companies.departments import add_department, add_post, write_duties
from lianjing.domain.companies.fact_policy import NewCompanyFact
from lianjing.domain.companies.recording import record_company_fact
from lianjing.domain.companies.versions import Span
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.limit_policy import NewCapability, NewLimit
from lianjing.domain.compliance.limit_recording import record_capability, record_limit
from lianjing.domain.documents.models import Document, Edition, InForce, Ownership, StandardStatus
from lianjing.domain.drills.models import Drill, Observation, Participant, PlannedDrill, Programme
from lianjing.domain.facilities.actions.equipment import add_equipment
from lianjing.domain.facilities.actions.equipment_papers import need_certificate, record_certificate
from lianjing.domain.people.appointments import Appointed, appoint
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.plans.actions import PlanPlace, add_plan, approve_version
from lianjing.domain.plans.actions import put_in_force as put_plan_in_force
from lianjing.domain.plans.plan_reviewing import record_review
from lianjing.domain.plans.review_policy import NewReview
from lianjing.domain.records.changing import Actor
from lianjing.domain.sites.contract_spans import keep_spans
from lianjing.domain.sites.models import Contract, ContractState
from lianjing.terms.documents import DocumentKind
from lianjing.terms.drills import DrillKind
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import RuleSet
from lianjing.terms.staffing import StaffFactKind as Staff
from tests.cast import NOON, Cast
from tests.clauses.whole_premises import whole_premises
from tests.domain.companies.test_company_facts import BUSINESS, LICENCE
from tests.domain.facilities.equipped import CERTIFICATE, RECEIVER, SERVES
from tests.staff import HIRED, sound_facts

BEFORE = NOON - timedelta(days=20)
"""When all of it was recorded."""
SINCE = Span(date(2026, 1, 5))
TABLE_1 = {"patrol": 10, "watch": 10, "design_install": 20}
CHECKED = {"checked_on": "2026-01-05", "result": "passed", "years": 8}
FACTS = (
    LICENCE,
    BUSINESS,
    NewCompanyFact(Kind.LEGAL_REPRESENTATIVE, "陈一", date(2024, 1, 10), details=CHECKED),
    NewCompanyFact(Kind.MANAGER, "林二", date(2024, 1, 10), details={**CHECKED, "position": "经理"}),
    *(NewCompanyFact(Kind.RULE_SET, one.value, date(2024, 1, 10), details={"edition": "1"}) for one in RuleSet),
    NewCompanyFact(Kind.INSURANCE, "雇主责任险", date(2026, 1, 1), date(2027, 12, 31), issuer="某保险公司"),
)


def whole_company(cast: Cast, table: dict[str, int] | None = None) -> list[StaffMember]:
    """Licences, leaders, rule sets, insurance, people for table 1, departments with duties and a key post with its
    holder and deputy, equipment with its certificate and what it is able to, premises with their records and values,
    one contract in service, documents of the four kinds with the standards that are referred to, a plan that was
    reviewed."""
    who: dict[str, Any] = {"by": cast.viewer("mia"), "at": BEFORE}
    for fact in FACTS:
        record_company_fact(cast.company.pk, fact, **who)
    people = [
        put_in_post(cast, f"{post[0]}{place:03d}", post)
        for post, count in (table or TABLE_1).items()
        for place in range(count)
    ]
    _organise(cast, people, who)
    _equip(cast, who)
    whole_premises(cast, BEFORE)
    _plan(cast)
    contract = Contract.objects.create(
        company=cast.company, customer=cast.shop.customer, number="1", starts_on=date(2026, 1, 1)
    )
    ContractState.objects.create(contract=contract, state="in_service", starts_on=date(2026, 1, 1))
    keep_spans([contract.pk], Actor(cast.viewer("mia"), BEFORE, ""))
    put_in_force(cast, people[0] if people else put_in_post(cast, "D001", "other"))
    return people


REVIEW_BY = date(2028, 1, 5)


def put_in_force(cast: Cast, owner: StaffMember) -> list[Document]:
    """One of each kind, and every standard that clause 2 refers to; written as rows, since there are many of them."""
    named = [(kind, f"D-{kind.value}", "文件") for kind in DocumentKind if kind is not DocumentKind.EXTERNAL]
    named += [(DocumentKind.EXTERNAL, one.in_use or one.cited, one.name) for one in catalogue().referenced]
    mine: dict[str, Any] = {"company": cast.company}
    known: dict[str, Any] = {"recorded_at": BEFORE, "recorded_by": "Mia", **mine}
    documents = Document.objects.bulk_create(
        Document(kind=kind.value, number=number, number_key=number, title=title, created_at=BEFORE, owner=owner, **mine)
        for kind, number, title in named
    )
    written = {"label": "1", "state": "issued", "author": cast.users["leo"], "approver": cast.users["mia"], **mine}
    editions = Edition.objects.bulk_create(Edition(document=one, drafted_at=BEFORE, **written) for one in documents)
    InForce.objects.bulk_create(
        InForce(document=one, edition=edition, valid_from=SINCE.begins, review_by=REVIEW_BY, **known)
        for one, edition in zip(documents, editions, strict=True)
    )
    Ownership.objects.bulk_create(Ownership(document=one, member=owner, **known) for one in documents)
    held = [one for one in documents if one.kind == DocumentKind.EXTERNAL]
    StandardStatus.objects.bulk_create(
        StandardStatus(document=one, state="current", confidence="OK", origin="x", **known) for one in held
    )
    return documents


def _plan(cast: Cast) -> None:
    """A plan that one wrote and another approved and found lawful; for a year, from the day itself on."""
    mia: dict[str, Any] = {"by": cast.viewer("mia"), "at": BEFORE}
    version = add_plan(cast.company.pk, PlanPlace("intrusion"), "入侵处置", by=cast.viewer("leo"), at=BEFORE)
    approve_version(version.pk, **mia)
    put_plan_in_force(version.pk, **mia)
    new = NewReview("legal", "fits", timezone.localdate(NOON), bases=("564",))
    record_review(version.pk, new, by=cast.viewer("mia"), at=NOON)


def put_in_post(cast: Cast, staff_no: str, post: str, at: Any = BEFORE) -> StaffMember:
    """Somebody who may stand duty; written as rows, since there are many of them."""
    member = StaffMember.objects.create(company=cast.company, staff_no=staff_no, name=f"员工{staff_no}", added_at=at)
    facts = [fact for fact in sound_facts() if fact.kind != Staff.POST_KIND]
    facts += [NewFact(Staff.POST_KIND, post, HIRED), NewFact(Staff.IDENTITY, "1990-05-01")]
    facts += [NewFact(Staff.NATIONALITY, "CHN")]
    StaffFact.objects.bulk_create(staff_row(member, fact, at) for fact in facts)
    return member


def staff_row(member: StaffMember, fact: NewFact, at: Any) -> StaffFact:
    told = {name: getattr(fact, name) for name in ("value", "number", "issuer", "valid_from", "valid_until")}
    return StaffFact(
        member=member,
        company_id=member.company_id,
        kind=fact.kind.value,
        details=dict(fact.details),
        recorded_at=at,
        recorded_by="Mia",
        **told,
    )


def _equip(cast: Cast, who: dict[str, Any]) -> None:
    """A receiver in service, able to what the edition asks under one heading; under the others it asks for nothing."""
    asked = NewLimit("4.2.3", "recorded", "at_most", "2", "秒", "GA 1383-2017", "4.2.3", item="报警响应时间")
    record_limit(cast.company.pk, asked, **who)
    for heading in ("4.2.2", "4.2.4", "4.2.5"):
        none = NewLimit(heading, "recorded", "none", edition="GA 1383-2017", source_clause=heading)
        record_limit(cast.company.pk, none, **who)
    one = add_equipment(cast.company.pk, RECEIVER, **who)
    record_certificate(one.pk, CERTIFICATE, **who)
    need_certificate(cast.company.pk, one.kind, CERTIFICATE.kind, "采购规定", **who)
    able = NewCapability("4.2.3", "报警响应时间", "", "1", "秒", "检测机构", SERVES, equipment=one.number)
    record_capability(cast.company.pk, able, **who)


def _organise(cast: Cast, people: list[StaffMember], who: dict[str, Any]) -> None:
    for name, kind in (("管理部", "management"), ("技术部", "technical"), ("运行维护部", "operation")):
        department = add_department(cast.company.pk, {"name": name, "kind": kind, "parent": None}, SINCE, **who)
        write_duties(department, "负责。", SINCE.begins, **who)
    post = add_post(department.pk, {"title": "值班长", "is_key": True}, SINCE, **who)
    write_duties(post, "负责。", SINCE.begins, **who)
    for member, is_deputy in zip(people, (False, True), strict=False):
        appoint(post.pk, Appointed(member.staff_no, SINCE, is_deputy), **who)


def drilled(cast: Cast, people: list[StaffMember]) -> list[Drill]:
    """This year's programme, and a drill of each kind that was held, evaluated, looked back on and archived in time."""
    year = BEFORE.year
    told: dict[str, Any] = {"company": cast.company, "year": year}
    programme = Programme.objects.create(
        **told, number=1, state="approved", drafted_at=BEFORE, drafted_by="Leo", approved_at=BEFORE, approved_by="Mia"
    )
    kinds = [kind.value for kind in DrillKind if kind.counts]
    made = []
    for line, kind in enumerate(kinds, 1):
        PlannedDrill.objects.create(programme=programme, line=line, month=11, kind=kind, title=kind)
        names = ("planned_at", "began_at", "ended_at", "held_at", "evaluated_at", "reviewed_at", "archived_at")
        drill = Drill.objects.create(
            **told,
            line=line,
            number=f"D-{line}",
            kind=kind,
            title=kind,
            state="archived",
            indicators=1,
            **dict.fromkeys(names, BEFORE),
            planned_on=BEFORE.date(),
            script=[{"minute": 0, "text": "x", "expected": ""}],
        )
        Participant.objects.create(drill=drill, member=people[0], role="director")
        seen = {"seen_at": BEFORE, "recorded_at": BEFORE, "recorded_by": "Leo"}
        Observation.objects.create(drill=drill, kind="note", text="x", **seen)
        made.append(drill)
    return made

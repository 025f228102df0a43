"""All clauses at once: a company with nothing, one with everything, days and states of knowledge, and strangers."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianjing.core.scans import scan_of
from lianjing.core.seals.signing import SealKey
from lianjing.domain.companies.actions import set_counted_unit
from lianjing.domain.companies.fact_policy import NewCompanyFact
from lianjing.domain.companies.models import CompanyFact, Department, DutyText
from lianjing.domain.companies.recording import retract_company_fact, set_manager_years
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.forecast import forecast
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.registry import rules
from lianjing.domain.facilities.actions.equipment import decommission_equipment
from lianjing.domain.facilities.actions.equipment_papers import need_certificate, retract_certificate
from lianjing.domain.facilities.actions.measurements import record_measurement
from lianjing.domain.facilities.actions.room_limits import record_room_limit
from lianjing.domain.facilities.models import CertificateNeed, Equipment, EquipmentCertificate, Place, PlaceFact
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.known_facts import forget
from lianjing.domain.people.models import Appointment, StaffFact, StaffMember
from lianjing.domain.plans.actions import withdraw_version
from lianjing.domain.plans.models import PlanReview, PlanVersion
from lianjing.domain.records.actions import seal_records
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.contracts import (
    Beginning,
    add_contract,
    change_contract,
    keep_scan,
    set_contract_state,
)
from lianjing.domain.sites.actions.sites import add_site
from lianjing.domain.sites.models import Contract
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import StaffFactKind as Staff
from tests.cast import NOON, Cast, Sent, alarm
from tests.clauses.whole_assessment import assess_whole_company
from tests.clauses.whole_company import BEFORE, drilled, put_in_post, staff_row, whole_company
from tests.domain.companies.test_company_facts import LICENCE
from tests.domain.facilities.rooms import reading
from tests.domain.facilities.test_measurements import OWN as ROOM_LIMIT
from tests.domain.incidents.test_paper import TIMES as PAPER_TIMES
from tests.domain.incidents.test_paper import enter

ON = date(2026, 11, 22)


def judged(cast: Cast, on: date = ON, known: Any = None, name: str = "mia") -> dict[str, Judgement]:
    found = judged_clauses(cast.viewer(name), cast.company.pk, on, known)
    return {one.clause.number: one.judgement for one in found}


def verdicts(cast: Cast, on: date = ON, known: Any = None, name: str = "mia") -> dict[str, str]:
    return {clause: one.verdict.value for clause, one in judged(cast, on, known, name).items()}


def of_the_text(clauses: Collection[str]) -> set[str]:
    """Those of the specification itself: a clause that is added (docs/howto/add-a-clause.md) has a test of its own."""
    return {number for number in clauses if not catalogue().clauses[number].part}


def said(judgement: Judgement) -> str:
    return "".join(words(one) for one in judgement.sentences)


def test_an_empty_company_passes_nothing(cast: Cast) -> None:
    found = verdicts(cast)
    assert list(found) == [clause.number for clause in catalogue().judged]
    not_met = of_the_text([clause for clause, verdict in found.items() if verdict == "not_met"])
    assert not_met == {"4.1", "4.2", "5.2", "8.1.1"}
    assert set(found.values()) == {"not_met", "insufficient"}


def test_a_company_with_everything_meets_all_that_can_be_computed(cast: Cast) -> None:
    people = whole_company(cast)
    assess_whole_company(cast, people)
    drilled(cast, people)
    found = judged(cast)
    met = of_the_text([clause for clause, one in found.items() if one.verdict == "met"])
    assert met == {
        *("4.1", "4.2", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2"),
        *("6.1", "6.2", "6.3", "7"),
        *("8.1.1", "8.1.2"),
        *("8.2 a", "8.2 b", "8.2 c", "8.2 d"),
        *("8.3.1", "8.3.2", "8.3.3"),
        *("8.4.1 a", "8.4.2", "8.4.3"),
    }
    others = of_the_text(found) - met
    assert {found[clause].verdict.value for clause in others} == {"insufficient"}
    assert said(found["5.2"]) == "在服务客户 1 户，适用“≤100”一行。三类岗位人数都够，最少的余 0 人。"
    assert said(found["4.2"]).endswith("服务范围含安全技术防范。")


def test_what_nothing_is_recorded_of_says_what_is_missing(cast: Cast) -> None:
    unruled = {clause.number: clause.lacking for clause in catalogue().judged if clause.lacking}
    found = judged(cast)
    assert {clause: said(found[clause]) for clause in unruled} == unruled
    assert all(found[clause].verdict == "insufficient" for clause in unruled)


def test_a_case_from_paper_counts_on_its_day_and_is_known_since_it_was_entered(cast: Cast) -> None:
    day, then = ON - timedelta(days=2), NOON - timedelta(days=1)
    before = judged(cast, day, then)
    enter(cast, **{name: at - timedelta(days=2) for name, at in PAPER_TIMES.items()})
    assert judged(cast, day, then) == before
    now = judged(cast, day)
    assert now["8.4.1 b"].figures["missing"] == [{"class": "intrusion", "grade": 2}]
    assert (now["令564-25"].verdict.value, now["令564-25"].figures["cases"]) == ("mostly", 1)
    assert turned_by(cast, day) == {day: now, day + timedelta(days=1): judged(cast, day + timedelta(days=1))}
    assert turned_by(cast, day, then)[day] == before


def test_no_rule_fails_at_the_ends_of_the_calendar(cast: Cast) -> None:
    whole_company(cast)
    enter(cast)
    viewer, company_id = cast.viewer("mia"), cast.company.pk
    ends = (None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
    for on, known in product((date.min, date.max), ends):
        found = judged_clauses(viewer, company_id, on, known)
        assert {one.defect for one in found} == {""}
        assert forecast(viewer, company_id, on, 30) == []


def turned_by(cast: Cast, day: date, known: Any = None) -> dict[date, dict[str, Judgement]]:
    """As the two clauses about cases look ahead, on two days; the others as they are."""
    viewer, span = cast.viewer("mia"), Span(day, day + timedelta(days=1))
    found: dict[date, dict[str, Judgement]] = {}
    for one in span.days:
        found[one] = judged(cast, one, known)
        for rule in (rules()["8.4.1 b"], rules()["令564-25"]):
            found[one][rule.clause] = rule.judge(rule.ahead(viewer, cast.company.pk, span, known).on(one))
    return found


def test_what_is_erased_later_was_in_the_sample_of_then(cast: Cast, tmp_path: Path) -> None:
    alarm()
    seal_records(SealKey.load_or_make(tmp_path / "key"), [], at=NOON)
    then = NOON + timedelta(hours=1)
    before = judged(cast, known=then)["GB55029-3.5.1(7)"]
    order = Record.objects.create(at=NOON + timedelta(days=40), actor_name="x", action="retention.erased")
    Record.objects.filter(company_id=cast.company.pk).update(erased_by=order.pk, salt="", subject_id="", after=None)
    assert judged(cast, known=then)["GB55029-3.5.1(7)"] == before
    assert verdicts(cast)["GB55029-3.5.1(7)"] == "insufficient"


# Whose eyes


@pytest.mark.parametrize("name", ["leo", "polly", "ada"])
def test_the_verdict_is_the_same_for_everybody_who_may_see_it(cast: Cast, name: str) -> None:
    whole_company(cast, {"patrol": 1, "watch": 1})
    put_in_post(cast, "X", "watch").facts.filter(kind="guard_certificate").delete()
    assert verdicts(cast, name=name) == verdicts(cast)
    assert judged(cast, name=name)["5.2"].figures == judged(cast)["5.2"].figures


def test_people_are_named_to_whoever_may_see_people_or_their_register(cast: Cast) -> None:
    member = put_in_post(cast, "001", "watch")
    member.facts.filter(kind="guard_certificate").delete()
    told = {name: judged(cast, name=name)["5.1.4"].evidence[0] for name in ("mia", "leo", "polly")}
    assert {name: (one.id, one.name) for name, one in told.items()} == {
        "mia": (member.pk, "001 员工001"),
        "leo": (member.pk, "001 员工001"),
        "polly": (member.pk, "001 员工001"),
    }


def test_a_private_reason_is_the_manager_s(cast: Cast) -> None:
    member = put_in_post(cast, "001", "watch")
    staff_row(member, NewFact(Staff.BAR, "crime"), BEFORE).save()
    told = {name: judged(cast, name=name)["5.1.1"].evidence[0].sentence for name in ("mia", "leo", "polly")}
    hidden = "另有不便公开的原因，请向经理了解。"
    assert told == {"mia": "有不得从业的情形。", "leo": hidden, "polly": hidden}


def test_a_stranger_sees_nothing(cast: Cast) -> None:
    whole_company(cast, {})
    assert judged(cast, name="sam") == {}
    assert judged(cast, name="olivia") == {}


def test_another_company_s_records_change_nothing(cast: Cast) -> None:
    before = judged(cast)
    other = StaffMember.objects.create(company=cast.other, staff_no="1", name="x", added_at=BEFORE)
    staff_row(other, NewFact(Staff.EMPLOYMENT), BEFORE).save()
    staff_row(other, NewFact(Staff.POST_KIND, "watch"), BEFORE).save()
    company_row(cast, LICENCE, company_id=cast.other.pk)
    assert judged(cast) == before


@pytest.mark.parametrize("people", [1, 30])
def test_a_sweep_takes_the_same_queries_however_many_people(cast: Cast, people: int) -> None:
    whole_company(cast, {"watch": people, "patrol": 1})
    viewer = cast.viewer("mia")
    counts = []
    for _time in ("first", "again"):
        with CaptureQueriesContext(connection) as asked:
            judged_clauses(viewer, cast.company.pk, ON)
        counts.append(len(asked))
    assert counts == [63, 61]


# Two times


def company_row(cast: Cast, new: NewCompanyFact, at: Any = BEFORE, **told: Any) -> CompanyFact:
    columns = {name: getattr(new, name) for name in ("value", "number", "issuer", "valid_from", "valid_until")}
    where = {"company_id": cast.company.pk, "kind": new.kind.value, "details": dict(new.details)}
    return CompanyFact.objects.create(**columns | where | told, recorded_at=at, recorded_by="Mia")


LATER = NOON + timedelta(days=1)
Change = Callable[[Cast, int], Any]


def _retract_company(cast: Cast, place: int) -> None:
    rows = list(CompanyFact.objects.filter(retracted_at=None).order_by("pk"))
    if rows:
        retract_company_fact(rows[place % len(rows)].pk, "错", by=cast.viewer("mia"), at=LATER)


def _retract_staff(_cast: Cast, place: int) -> None:
    ids = list(StaffFact.objects.filter(retracted_at=None).order_by("pk").values_list("pk", flat=True))
    StaffFact.objects.filter(pk=ids[place % len(ids)]).update(retracted_at=LATER, retracted_by="Mia")


def _bar(cast: Cast, place: int) -> None:
    members = list(StaffMember.objects.filter(company=cast.company).order_by("pk"))
    staff_row(members[place % len(members)], NewFact(Staff.BAR, "crime"), LATER).save()


def _take_back(model: type[Any]) -> Change:
    def change(_cast: Cast, _place: int) -> None:
        model.objects.filter(retracted_at=None).update(retracted_at=LATER, retracted_by="Mia")

    return change


def late(cast: Cast) -> dict[str, Any]:
    return {"by": cast.viewer("mia"), "at": LATER}


def _contract() -> int:
    return Contract.objects.get(number="1").pk


def _decommission(cast: Cast, place: int) -> None:
    for piece in Equipment.objects.filter(decommissioned_on=None):
        decommission_equipment(piece.pk, ON - timedelta(days=place), "x", **late(cast))


def _retract_certificates(cast: Cast, _place: int) -> None:
    for one in EquipmentCertificate.objects.filter(retracted_at=None):
        retract_certificate(one.pk, "x", **late(cast))


def _need_certificate(cast: Cast, _place: int) -> None:
    if not CertificateNeed.objects.exists():
        need_certificate(cast.company.pk, "receiver", "test", "x", **late(cast))


def _room() -> int:
    return Place.objects.get(kind="machine_room").pk


def _withdraw_plan(cast: Cast, _place: int) -> None:
    for version in PlanVersion.objects.filter(state="in_force"):
        withdraw_version(version.pk, "no longer fits", by=cast.viewer("mia"), at=LATER)


CHANGES: dict[str, Change] = {
    "company fact": lambda cast, place: company_row(cast, LICENCE, LATER, details={"scope": ["gate"]}),
    "retracted company fact": _retract_company,
    "retracted staff fact": _retract_staff,
    "bar": _bar,
    "person": lambda cast, place: put_in_post(cast, f"new{place}", "watch", LATER),
    "departments": _take_back(Department),
    "duties": _take_back(DutyText),
    "appointments": _take_back(Appointment),
    "plan reviews": _take_back(PlanReview),
    "plan": _withdraw_plan,
    "case": lambda cast, place: alarm(Sent(account="1002", at=LATER)),
    "contract": lambda cast, place: add_contract(
        cast.bank.customer_id, {"number": f"HT-{place}"}, Beginning("in_service", ON), **late(cast)
    ),
    "term": lambda cast, place: change_contract(_contract(), {"ends_on": ON - timedelta(days=place)}, **late(cast)),
    "end": lambda cast, place: set_contract_state(_contract(), "ended", ON - timedelta(days=1), "退租", **late(cast)),
    "scan": lambda cast, place: keep_scan(_contract(), scan_of(b"%PDF-1.7\nscan\n%%EOF\n"), **late(cast)),
    "unit": lambda cast, place: set_counted_unit(cast.company.pk, CustomerUnit.SITE, **late(cast)),
    "years": lambda cast, place: set_manager_years(cast.company.pk, 20 + place % 30, "某省办事指南", **late(cast)),
    "equipment": _decommission,
    "certificate": _retract_certificates,
    "need": _need_certificate,
    "measurement": lambda cast, place: record_measurement(_room(), reading(str(16 + place)), **late(cast)),
    "premises": _take_back(PlaceFact),
    "room limit": lambda cast, place: record_room_limit(cast.company.pk, ROOM_LIMIT, **late(cast)),
    "site": lambda cast, place: add_site(
        cast.shop.customer_id, {"code": f"N{place}", "name": "x", "kind": "shop"}, **late(cast)
    ),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 50)), min_size=1, max_size=5, unique=True))
def test_with_known_fixed_nothing_that_is_recorded_later_changes_a_verdict(
    cast: Cast, changes: list[tuple[str, int]]
) -> None:
    forget()
    with transaction.atomic():
        whole_company(cast, {"watch": 2, "patrol": 1})
        before = judged(cast, known=NOON)
        for name, place in changes:
            CHANGES[name](cast, place)
        assert judged(cast, known=NOON) == before
        transaction.set_rollback(True)


def test_a_late_entry_changes_the_verdict_of_a_past_day_and_both_can_be_asked_for(cast: Cast) -> None:
    whole_company(cast)
    _bar(cast, 0)
    past = ON - timedelta(days=5)
    assert (verdicts(cast, past)["5.2"], verdicts(cast, past, NOON)["5.2"]) == ("not_met", "met")


STAFF_FACTS = st.sampled_from(
    [
        NewFact(Staff.GUARD_CERTIFICATE, number="33-9"),
        NewFact(Staff.EDUCATION, "primary"),
        NewFact(Staff.HEALTH, "failed"),
        NewFact(Staff.BAR, "crime"),
        NewFact(Staff.POLICE_EXAM, "failed"),
        NewFact(Staff.POST_KIND, "patrol"),
        NewFact(Staff.EMPLOYMENT),
        NewFact(Staff.TRAINING, "x", details={"subjects": ["law"], "hours": 8}),
    ]
)
COMPANY_FACTS = st.sampled_from(
    [
        NewCompanyFact(Kind.GUARD_LICENCE, number="x", issuer="x", details={"scope": ["gate"]}),
        NewCompanyFact(Kind.LEGAL_REPRESENTATIVE, "陈九"),
        NewCompanyFact(Kind.MANAGER, "林九", details={"position": "经理"}),
        NewCompanyFact(Kind.BRANCH, "绍兴分公司", details={"place": "绍兴"}),
        NewCompanyFact(Kind.CROSS_REGION, "上海门店", details={"place": "上海"}),
        NewCompanyFact(Kind.INSURANCE, "雇主责任险", issuer="x"),
        NewCompanyFact(Kind.BUSINESS_LICENCE, number="x", details={"capital": 1, "registered_on": "2026-01-01"}),
    ]
)
OTHER_DAYS = st.one_of(
    st.tuples(st.none(), st.dates(date(2020, 1, 1), ON - timedelta(days=1))),
    st.tuples(st.dates(ON + timedelta(days=1), date(2030, 1, 1)), st.none()),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.booleans(),
    st.lists(st.tuples(STAFF_FACTS, OTHER_DAYS), max_size=4),
    st.lists(st.tuples(COMPANY_FACTS, OTHER_DAYS), max_size=4),
)
def test_what_does_not_cover_the_day_changes_no_verdict_on_it(
    cast: Cast, is_whole: bool, staff: list[Any], company: list[Any]
) -> None:
    forget()
    with transaction.atomic():
        whole_company(cast, {"watch": 2, "patrol": 1} if is_whole else {"watch": 1})
        if not is_whole:
            CompanyFact.objects.all().delete()
            StaffFact.objects.filter(kind__in=["guard_certificate", "training", "education"]).delete()
        before = verdicts(cast)
        member = StaffMember.objects.order_by("pk").first()
        for new, (begins, ends) in staff:
            row = staff_row(member, new, NOON)  # type: ignore[arg-type]
            row.valid_from, row.valid_until = begins, ends
            row.save()
        for fact, (begins, ends) in company:
            company_row(cast, fact, NOON, valid_from=begins, valid_until=ends)
        assert verdicts(cast) == before
        transaction.set_rollback(True)

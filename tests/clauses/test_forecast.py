"""The forecast says of every day ahead what the clauses say on that day, names what turns them, and reads once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianjing.domain.companies.fact_policy import NewCompanyFact
from lianjing.domain.companies.models import Company, CompanyFact, Department, DutyText, Post
from lianjing.domain.compliance.forecast import Turn, forecast
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.facilities.models import Place
from lianjing.domain.people.known_facts import forget
from lianjing.domain.people.models import Appointment, StaffFact, StaffMember
from lianjing.domain.sites.models import Contract, ContractState, Customer, Site
from lianjing.terms.facilities import PlaceFactKind
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind
from lianjing.terms.staffing import StaffFactKind as Staff
from tests.cast import NOON, Cast, Sent, alarm
from tests.clauses.test_companies import COMPANY_FACTS, STAFF_FACTS, company_row
from tests.clauses.whole_company import staff_row, whole_company
from tests.clauses.whole_premises import fact_row, value_row
from tests.domain.compliance.evidence import accepted

ON = date(2026, 11, 22)
AHEAD = 30
NO_FIXTURE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def turns(cast: Cast, days: int = 365, name: str = "mia", on: date = ON) -> list[Turn]:
    return forecast(cast.viewer(name), cast.company.pk, on, days)


def of(clause: str, found: list[Turn]) -> list[tuple[str, str, str]]:
    return [
        (str(one.on), one.before.verdict.value, one.after.verdict.value) for one in found if one.clause.number == clause
    ]


def judged(cast: Cast, day: date) -> dict[str, tuple[str, Any]]:
    found = judged_clauses(cast.viewer("mia"), cast.company.pk, day)
    return {one.clause.number: (one.judgement.verdict.value, one.judgement.figures.get("shortage")) for one in found}


def assert_exact(cast: Cast, on: date, days: int) -> None:
    """Walks through the days with what the forecast says, and asks the clauses on each."""
    expected, found = judged(cast, on), forecast(cast.viewer("mia"), cast.company.pk, on, days)
    for place in range(days + 1):
        day = on + timedelta(days=place)
        for turn in (one for one in found if one.on == day):
            had = expected[turn.clause.number]
            assert had == (turn.before.verdict.value, turn.before.figures.get("shortage"))
            expected[turn.clause.number] = (turn.after.verdict.value, turn.after.figures.get("shortage"))
        assert expected == judged(cast, day), day


def test_a_certificate_that_ends_turns_what_rests_on_it_the_day_after_and_says_whose(cast: Cast) -> None:
    people = whole_company(cast)
    people[0].facts.filter(kind=Staff.GUARD_CERTIFICATE.value).update(valid_until=date(2026, 12, 11))
    found = turns(cast)
    told = [(one.clause.number, str(one.on), one.after.verdict.value) for one in found]
    bad, unproven = ("2026-12-12", "not_met"), ("2026-12-12", "insufficient")
    assert told == [("4.1", *bad), ("5.1.2", *unproven), ("5.1.4", *bad), ("5.2", *bad)]
    causes = [[(one.id, words(one)) for one in turn.causes] for turn in found if turn.clause.number != "5.1.2"]
    assert causes == [[(people[0].pk, "保安员证已于 2026-12-11 到期。")]] * 3


def test_a_licence_that_ends_and_one_who_comes_of_age(cast: Cast) -> None:
    people = whole_company(cast)
    CompanyFact.objects.filter(kind=CompanyFactKind.GUARD_LICENCE.value).update(valid_until=date(2027, 2, 28))
    people[0].facts.filter(kind=Staff.IDENTITY.value).update(value="2009-01-15")
    found = turns(cast)
    assert of("4.2", found) == [("2027-03-01", "met", "not_met")]
    assert of("5.1.1", found) == [("2027-01-15", "not_met", "met")]
    assert of("5.2", found) == [("2027-01-15", "not_met", "met")]


def test_every_further_person_who_falls_out_is_news_for_table_1(cast: Cast) -> None:
    people = whole_company(cast)
    for place, person in enumerate(people[:3]):
        last = date(2026, 12, 1) + timedelta(days=place)
        person.facts.filter(kind=Staff.HEALTH.value).update(valid_until=last)
    found = [one for one in turns(cast) if one.clause.number == "5.2"]
    assert [(str(one.on), one.after.figures["shortage"]["patrol"]) for one in found] == [
        ("2026-12-02", 1),
        ("2026-12-03", 2),
        ("2026-12-04", 3),
    ]


@pytest.mark.parametrize("unit", ["contract", "customer", "site"])
def test_contracts_that_begin_lead_into_the_next_row_on_their_day(cast: Cast, unit: str) -> None:
    Company.objects.filter(pk=cast.company.pk).update(counted_unit=unit)
    whole_company(cast)
    begins = date(2026, 12, 20)
    _serve(cast, 100, begins)
    found = [one for one in turns(cast) if one.clause.number == "5.2"]
    assert [(one.on, one.after.figures["customers"], one.after.figures["row"]) for one in found] == [
        (begins, 101, "101~500")
    ]
    assert (len(found[0].causes), found[0].more_causes) == (50, 50)
    assert words(found[0].causes[0]) == "2026-12-20 起服务。"


def test_nothing_turns_where_nothing_ends_and_a_stranger_is_told_nothing(cast: Cast) -> None:
    whole_company(cast)
    assert turns(cast) == []
    StaffFact.objects.filter(kind=Staff.HEALTH.value).update(valid_until=ON)
    assert turns(cast) != []
    assert (turns(cast, name="sam"), turns(cast, name="olivia")) == ([], [])


def test_what_is_no_longer_lately_is_told_as_such(cast: Cast) -> None:
    alarm()
    found = turns(cast)
    assert of("令564-25", found) == [("2026-12-22", "mostly", "insufficient")]
    assert {one.clause.number for one in found if one.looks_back} == {"令564-25", "8.4.1 b"}


def test_a_year_ahead_takes_the_same_queries_however_many_people_contracts_and_turns(cast: Cast) -> None:
    whole_company(cast, {"watch": 30, "patrol": 1})
    few = _queries(cast)
    for place, row in enumerate(StaffFact.objects.filter(kind=Staff.HEALTH.value)):
        row.valid_until = ON + timedelta(days=place + 1)
        row.save()
    _serve(cast, 150, date(2026, 12, 20))
    assert len(turns(cast)) > 10
    assert _queries(cast) == few < 80


def _queries(cast: Cast) -> int:
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        forecast(viewer, cast.company.pk, ON)
    return len(asked)


def test_the_last_days_of_the_calendar_can_be_asked_about(cast: Cast) -> None:
    whole_company(cast)
    assert turns(cast, on=date.max) == []
    assert [one.on for one in turns(cast, on=date.max - timedelta(days=2))] == []


# Exact on every day

RECOVERY_FACTS = st.sampled_from(
    [
        NewCompanyFact(CompanyFactKind.SECOND_SITE, "same_city", details={"place": "滨江"}),
        NewCompanyFact(CompanyFactKind.DATA_COPY, "库", details={"kept_at": "second_site"}),
        NewCompanyFact(CompanyFactKind.FAILOVER_EXERCISE, "passed"),
        NewCompanyFact(CompanyFactKind.FAILOVER_EXERCISE, "failed"),
    ]
)
A_YEAR_AGO = st.dates(ON - timedelta(days=370), ON - timedelta(days=315))
NEAR = st.dates(ON - timedelta(days=5), ON + timedelta(days=AHEAD + 5))
SPAN = st.tuples(st.one_of(st.none(), NEAR), st.one_of(st.none(), NEAR)).filter(
    lambda span: span[0] is None or span[1] is None or span[0] <= span[1]
)


SITUATIONS = st.fixed_dictionaries(
    {
        "staff": st.lists(st.tuples(STAFF_FACTS, SPAN), max_size=5),
        "company": st.lists(st.tuples(COMPANY_FACTS, SPAN, NEAR), max_size=4),
        "recovery": st.lists(st.tuples(RECOVERY_FACTS, A_YEAR_AGO, NEAR), max_size=4),
        "contracts": st.lists(SPAN, max_size=3),
        "evidence": st.lists(st.tuples(NEAR, st.sampled_from(["met", "mostly", "not_met"])), max_size=3),
        "measured": st.lists(st.tuples(st.sampled_from([23, 29]), SPAN), max_size=3),
        "protection": st.lists(st.tuples(st.sampled_from(["good", "bad"]), SPAN), max_size=2),
        "rooms": SPAN,
        "organisation": st.lists(SPAN, min_size=4, max_size=4),
        "unit": st.sampled_from(["contract", "customer", "site"]),
        "has_cases": st.booleans(),
    }
)


@settings(max_examples=8, **NO_FIXTURE)  # type: ignore[arg-type]
@given(SITUATIONS)
def test_on_every_day_the_forecast_s_verdict_is_that_of_the_day(cast: Cast, told: dict[str, Any]) -> None:
    # The example before was rolled back: what is remembered of its people is of nobody now.
    forget()
    with transaction.atomic():
        whole_company(cast, {"watch": 2, "patrol": 1})
        Company.objects.filter(pk=cast.company.pk).update(counted_unit=told["unit"])
        _record(cast, told)
        assert_exact(cast, ON - timedelta(days=2), AHEAD)
        transaction.set_rollback(True)


def _record(cast: Cast, told: dict[str, Any]) -> None:
    members = list(StaffMember.objects.filter(company=cast.company).order_by("pk"))
    for place, (new, span) in enumerate(told["staff"]):
        _row(staff_row(members[place % 3], new, NOON), span).save()
    for fact, (begins, ends), done in told["company"]:
        details = {**fact.details, "checked_on": str(done), "approved_on": str(done), "result": "passed"}
        company_row(cast, fact, NOON, valid_from=begins, valid_until=ends, details=details)
    for fact, begins, ends in told["recovery"]:
        company_row(cast, fact, NOON, valid_from=begins, valid_until=ends)
    for place, (begins, ends) in enumerate(told["contracts"]):
        _serve(cast, 60, begins, ends, prefix=f"{place}-")
    for place, (ends, shows) in enumerate(told["evidence"]):
        accepted(cast, valid_until=max(ends, ON), shows=shows, note="见记录", text=f"file {place}")
    _record_premises(told)
    for model, (begins, ends) in zip((Department, Post, DutyText, Appointment), told["organisation"], strict=True):
        row = model.objects.order_by("pk")[0]  # type: ignore[attr-defined]
        row.valid_from, row.valid_until = begins, ends
        row.save()
    for days in (364, 350, 29, 10, 0) if told["has_cases"] else ():
        alarm(Sent(at=NOON - timedelta(days=days), code="HA" if days % 2 else "BA"))


def _record_premises(told: dict[str, Any]) -> None:
    """Values of the machine room, the later ones before the earlier; tests of the hold-up button; a room in use."""
    machine, centre = Place.objects.get(kind="machine_room"), Place.objects.get(kind="centre")
    for place, (figure, (begins, ends)) in enumerate(told["measured"]):
        at = NOON - timedelta(minutes=place)
        days = {"valid_from": begins or date(2026, 1, 5), "valid_until": ends, "measured_at": at}
        value_row(machine, "temperature", figure, NOON, **days).save()
    for standing, (begins, ends) in told["protection"]:
        days = {"valid_from": begins or date(2026, 1, 5), "valid_until": ends, "standing": standing}
        fact_row(centre, PlaceFactKind.HOLD_UP, NOON, **days).save()
    begins, ends = told["rooms"]
    Place.objects.filter(kind="duty_room").update(valid_from=begins, valid_until=ends)


def _row(row: StaffFact, span: tuple[date | None, date | None]) -> StaffFact:
    row.valid_from, row.valid_until = span
    return row


def _serve(cast: Cast, count: int, begins: date | None, ends: date | None = None, prefix: str = "n") -> None:
    """So many contracts, each with a customer and a site of its own."""
    names = [f"{prefix}{place}" for place in range(count)]
    mine: dict[str, Any] = {"company_id": cast.company.pk}
    customers = Customer.objects.bulk_create(Customer(code=name, name=name, **mine) for name in names)
    Site.objects.bulk_create(
        Site(code=name, name=name, customer=customer, **mine) for name, customer in zip(names, customers, strict=True)
    )
    made = Contract.objects.bulk_create(
        Contract(number=name, customer=customer, starts_on=begins, ends_on=ends, **mine)
        for name, customer in zip(names, customers, strict=True)
    )
    ContractState.objects.bulk_create(
        ContractState(contract=one, state="in_service", starts_on=date(2026, 1, 1)) for one in made
    )


def test_without_rules_that_look_back_the_rest_is_the_same_and_their_records_are_not_read(cast: Cast) -> None:
    people = whole_company(cast)
    people[0].facts.filter(kind=Staff.GUARD_CERTIFICATE.value).update(valid_until=date(2026, 12, 11))
    everything = turns(cast)
    with CaptureQueriesContext(connection) as asked:
        found = forecast(cast.viewer("mia"), cast.company.pk, ON, 365, looks_back=False)
    assert found == [turn for turn in everything if not turn.looks_back]
    assert [query["sql"] for query in asked if "incidents_" in query["sql"]] == []
    assert {turn.on for turn in found} == {date(2026, 12, 12)}

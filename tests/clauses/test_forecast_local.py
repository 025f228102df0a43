"""The forecast has the clauses of local texts: each day as they are judged on it, and by which records they turn."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianjing.domain.compliance.forecast import Turn, forecast
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.people.actions import create_token
from lianjing.domain.people.known_facts import forget
from lianjing.domain.people.models import StaffFact
from lianjing.terms.sentences import words
from lianjing.terms.staffing import StaffFactKind as Staff
from lianjing.terms.verdicts import Relation
from tests.cast import NOON, SYSTEM, Cast, Sent, alarm
from tests.clauses.test_local_standards import add, changed
from tests.clauses.whole_company import whole_company
from tests.domain.compliance.evidence import accepted

ON = date(2026, 11, 22)
DAY = timedelta(days=1)
OF = "示例/T 1-2026 "


def turns(cast: Cast, name: str = "mia", **told: Any) -> list[Turn]:
    found = forecast(cast.viewer(name), cast.company.pk, told.pop("on", ON), **told)
    return [one for one in found if "示例" in one.clause.number]


def told(found: list[Turn]) -> list[tuple[str, str, str, str]]:
    return [(one.clause.number, str(one.on), one.before.verdict.value, one.after.verdict.value) for one in found]


def clause(number: str, to: str, relation: str, kind: str = "attested") -> dict[str, Any]:
    mappings = [{"to": to, "relation": relation}] if to else []
    return {"number": number, "title": "x", "kind": kind, "text": "x", "mappings": mappings}


def evidence_until(
    cast: Cast, until: date | None, *clauses: str, since: date = ON - 90 * DAY, shows: str = "met"
) -> None:
    accepted(cast, clauses=clauses, valid_from=since, valid_until=until, shows=shows, same_file=True)


def test_what_a_clause_is_mapped_to_turns_it_and_so_does_evidence_of_its_own(cast: Cast) -> None:
    add()
    people = whole_company(cast)
    people[0].facts.filter(kind=Staff.GUARD_CERTIFICATE.value).update(valid_until=date(2026, 12, 11))
    evidence_until(cast, date(2027, 1, 31), OF + "4.2", OF + "4.3", OF + "4.4")
    found = turns(cast)
    assert told(found) == [
        (OF + "4.1", "2026-12-12", "met", "not_met"),
        (OF + "4.3", "2026-12-12", "met", "not_met"),
        (OF + "4.4", "2027-02-01", "met", "insufficient"),
    ]
    because = [[(one.kind, words(one)) for one in turn.causes] for turn in found]
    certificate = [("person", "保安员证已于 2026-12-11 到期。")]
    assert because[:2] == [certificate, certificate]
    assert [kind for kind, _words in because[2]] == ["evidence"]
    assert words(found[0].after.sentences[0]) == "与 5.2 等同，该条不符合。"
    assert [one.looks_back for one in found] == [False] * 3


@pytest.mark.parametrize("looks_back", [True, False])
def test_one_that_is_mapped_to_what_occurred_lately_says_so_and_is_held_where_that_is_not_asked(
    cast: Cast, looks_back: bool
) -> None:
    add(changed(clauses=[clause("1", "令564-25", "equal", "computed"), clause("2", "令564-25", "superset")]))
    evidence_until(cast, ON + 20 * DAY, OF + "2")
    alarm()
    found = turns(cast, looks_back=looks_back)
    own = (OF + "2", "2026-12-13", "mostly", "insufficient")
    assert told(found) == ([own, (OF + "1", "2026-12-22", "mostly", "insufficient")] if looks_back else [own])
    assert [one.looks_back for one in found] == ([False, True] if looks_back else [False])


def test_a_text_that_ends_turns_what_leads_to_it_and_not_its_own_clauses(cast: Cast) -> None:
    add(changed(valid_until="2026-12-31", clauses=[clause("1", "4.2", "equal", "computed")]))
    add(changed(number="示例/T 2", clauses=[clause("1", OF + "1", "equal", "computed")]))
    whole_company(cast)
    assert told(turns(cast)) == [("示例/T 2-2026 1", "2027-01-01", "met", "insufficient")]


def test_a_stranger_is_told_nothing_and_another_company_has_none_of_it(cast: Cast) -> None:
    add(companies=[cast.company.pk])
    evidence_until(cast, ON + DAY, OF + "4.4")
    assert len(turns(cast)) == 1
    assert (turns(cast, name="sam"), turns(cast, name="olivia")) == ([], [])
    assert [one for one in forecast(cast.viewer("sam"), cast.other.pk, ON) if "示例" in one.clause.number] == []


def test_it_takes_the_same_queries_however_many_texts_clauses_and_days(cast: Cast) -> None:
    whole_company(cast)
    evidence_until(cast, ON + DAY, "8.3.1")
    before = _queries(cast)
    for place in range(3):
        clauses = [clause(str(one), "5.2", "superset") for one in range(20)]
        add(changed(number=f"示例/T {place + 1}", clauses=clauses))
    for one in range(9):
        evidence_until(cast, ON + (one + 1) * DAY, f"示例/T 1-2026 {one}")
    for place, row in enumerate(StaffFact.objects.filter(kind=Staff.HEALTH.value)):
        StaffFact.objects.filter(pk=row.pk).update(valid_until=ON + (place + 1) * DAY)
    assert len(turns(cast)) > 9
    assert _queries(cast) == before


def _queries(cast: Cast) -> int:
    viewer = cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        forecast(viewer, cast.company.pk, ON)
    return len(asked)


def test_the_page_the_time_line_and_the_api_have_them(cast: Cast, client: Any) -> None:
    today = timezone.localdate()
    add(changed(valid_from="2020-01-01"))
    last = today + 20 * DAY
    evidence_until(cast, last, OF + "4.4", since=today - DAY)
    token = create_token(cast.users["mia"], label="", by=SYSTEM, at=NOON, source="test")
    client.force_login(cast.users["mia"])
    page = client.get(reverse("office:clauses_ahead"), {"company": cast.company.pk}).content.decode()
    assert [OF + "4.4" in part for part in page.split('aria-label="逐项"')] == [True, True]
    asked = {"company": cast.company.code}
    answer = client.get("/api/v1/compliance/forecast", asked, HTTP_AUTHORIZATION=f"Bearer {token}")
    items = answer.json()["items"]
    ours = [(one["clause"], one["on"], one["from"], one["to"]) for one in items if "示例" in one["clause"]]
    assert ours == [(OF + "4.4", str(last + DAY), "met", "insufficient")]


# Exact on every day

STEP = st.integers(-2, 6)
PIECE = st.tuples(STEP, st.one_of(st.none(), STEP), st.sampled_from(["met", "mostly", "not_met"]), st.integers(0, 3))
TARGET = st.sampled_from(["4.2", "8.3.1", "令564-25", "示例/T 2-2026 0", "示例/T 2-2026 1", ""])
CLAUSES = st.lists(st.tuples(TARGET, st.sampled_from([one.value for one in Relation])), min_size=2, max_size=4)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CLAUSES, st.lists(PIECE, max_size=4), st.integers(0, 6), st.one_of(st.none(), st.integers(0, 6)))
def test_each_day_is_as_it_is_judged_on_it(
    cast: Cast, clauses: list[tuple[str, str]], pieces: list[Any], begins: int, lasts: int | None
) -> None:
    forget()
    with transaction.atomic():
        alarm(Sent(at=NOON - 25 * DAY))
        others = [clause("0", "8.3.1", "equal"), clause("1", "4.2", "superset")]
        until = {"valid_until": str(ON + lasts * DAY)} if lasts is not None else {}
        add(changed(number="示例/T 2", clauses=others, **until))
        rows = [clause(str(place), *one) for place, one in enumerate(clauses)]
        add(changed(valid_from=str(ON + (begins - 3) * DAY), clauses=rows))
        for since, until_day, shows, serves in pieces:
            ends = None if until_day is None else ON + max(since, until_day) * DAY
            numbers = (("8.3.1", f"{OF}0"), (f"{OF}1",), ("示例/T 2-2026 1", f"{OF}0"), ("示例/T 2-2026 0",))
            evidence_until(cast, ends, *numbers[serves], since=ON + since * DAY, shows=shows)
        _assert_exact(cast, 8)
        transaction.set_rollback(True)


def _assert_exact(cast: Cast, days: int) -> None:
    found = turns(cast, days=days)
    before: dict[str, str] = {}
    expected = []
    for place in range(days + 1):
        day = ON + place * DAY
        judged = [one for one in all_judged(cast.viewer("mia"), cast.company.pk, day) if "示例" in one.clause.number]
        now = {one.clause.number: one.judgement.verdict.value for one in judged}
        expected += [(key, str(day), before[key], now[key]) for key in now if key in before and before[key] != now[key]]
        before = now
    assert sorted(told(found)) == sorted(expected)

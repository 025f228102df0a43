"""The clauses of 8.3 say of every day ahead what they say on it, from one reading."""

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.domain.assessments.cycles import raise_from_cycle
from lianjing.domain.compliance.forecast import forecast
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.registry import rules
from lianjing.domain.findings.actions import Assignment, raise_finding
from lianjing.domain.findings.raising import NewFinding, Source
from tests.cast import NOON, Cast
from tests.domain.assessments.assessed import analysed, assessed, logged, scored
from tests.domain.compliance.evidence import accepted

ON, DAY = date(2026, 11, 22), timedelta(days=1)
CLAUSES = ("8.3.1", "8.3.2", "8.3.3")


def recorded(cast: Cast) -> None:
    """A log with gaps, an assessment of some days ago, findings with and without somebody, evidence for a while."""
    who = assessed(cast)
    for ago, department in enumerate(who.departments.values()):
        logged(cast, department, ON - 4 * ago * DAY)
    cycle = analysed(cast, scored(cast, who, NOON - 9 * DAY), NOON - DAY)
    new = NewFinding("缺签字", "minor")
    raise_from_cycle(cycle.pk, new, Assignment("001", ON + 20 * DAY), by=cast.viewer("mia"), at=NOON)
    origin = Source("assessment", str(cycle.pk), cycle.name)
    raise_finding(cast.company.pk, NewFinding("x", "minor", "", origin), by=cast.viewer("mia"), at=NOON)
    accepted(cast, clauses=("8.3.3",), valid_until=ON + 3 * DAY, shows="mostly", note="见记录")


def test_each_day_is_as_it_is_when_it_is_asked_for_by_itself(cast: Cast) -> None:
    recorded(cast)
    span, viewer = Span(ON - 15 * DAY, ON + 70 * DAY), cast.viewer("mia")
    for clause in CLAUSES:
        rule = rules()[clause]
        ahead = rule.ahead(viewer, cast.company.pk, span, None)
        before = None
        for day in span.days:
            found = rule.judge(rule.facts(viewer, cast.company.pk, day, None))
            assert rule.judge(ahead.on(day)) == found, (clause, day)
            assert day in ahead.days or before in (None, found.verdict), (clause, day)
            before = found.verdict


def test_what_falls_due_is_told_with_what_turns_it(cast: Cast) -> None:
    recorded(cast)
    turns = [one for one in forecast(cast.viewer("mia"), cast.company.pk, ON, 400) if one.clause.number == "8.3.2"]
    assert [(str(one.on), one.after.verdict.value) for one in turns] == [("2027-11-14", "not_met")]
    assert [one.name for one in turns[0].causes] == ["三季度考核"]


def test_a_span_is_read_in_the_same_queries_however_much_there_is(cast: Cast) -> None:
    recorded(cast)
    few = _queries(cast)
    for day in range(9):
        logged(cast, cast.company.departments.all()[0], ON - day * DAY)
    assert _queries(cast) == few


def _queries(cast: Cast) -> int:
    span, viewer = Span(ON - 15 * DAY, ON + 30 * DAY), cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        for clause in CLAUSES:
            ahead = rules()[clause].ahead(viewer, cast.company.pk, span, None)
            for day in span.days:
                ahead.on(day)
    return len(asked)

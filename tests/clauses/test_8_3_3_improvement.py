"""Clause 8.3.3: results are analysed in time, and the findings of them go on."""

from datetime import date, timedelta

import pytest

from lianjing.domain.assessments.cycles import raise_from_cycle
from lianjing.domain.assessments.models import AssessmentCycle
from lianjing.domain.findings.actions import Assignment, dismiss_finding, raise_finding
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.raising import NewFinding, Source
from lianjing.domain.records.actions import BLANK
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.clauses.test_companies import ON, judged, said, verdicts
from tests.domain.assessments.assessed import analysed, assessed, closed, scored
from tests.domain.findings.found import moved_to

DAY = timedelta(days=1)
DUE = date(2026, 12, 1)


def found_in(cast: Cast, cycle: AssessmentCycle) -> Finding:
    new = NewFinding("交接班记录缺签字", "minor")
    return raise_from_cycle(cycle.pk, new, Assignment("001", DUE), by=cast.viewer("mia"), at=NOON)


def test_results_without_an_analysis_are_unproven_until_it_is_late(cast: Cast) -> None:
    assert verdicts(cast)["8.3.3"] == "insufficient"
    scored(cast, assessed(cast))
    days = (ON, date(2026, 12, 20), date(2026, 12, 21))
    assert [verdicts(cast, day)["8.3.3"] for day in days] == ["insufficient", "insufficient", "not_met"]


def test_with_an_analysis_and_measures_it_is_met_from_that_day_on(cast: Cast) -> None:
    cycle = scored(cast, assessed(cast))
    closed(cast, analysed(cast, cycle, NOON + DAY), NOON + DAY)
    assert [verdicts(cast, day)["8.3.3"] for day in (ON, ON + DAY)] == ["insufficient", "met"]
    assert verdicts(cast, ON + DAY, NOON)["8.3.3"] == "insufficient"
    assert said(judged(cast, ON + DAY)["8.3.3"]).endswith("超过分析期限的 0 次。没有由此提出的整改。")


def test_an_analysis_counts_as_long_as_its_evaluation(cast: Cast) -> None:
    analysed(cast, scored(cast, assessed(cast)))
    days = (date(2027, 11, 22), date(2027, 11, 23))
    assert [verdicts(cast, day)["8.3.3"] for day in days] == ["met", "insufficient"]


def test_a_finding_past_its_day_breaks_it_and_done_mends_it(cast: Cast) -> None:
    cycle = analysed(cast, scored(cast, assessed(cast)))
    finding = found_in(cast, cycle)
    assert [verdicts(cast, day)["8.3.3"] for day in (ON, DUE, DUE + DAY)] == ["met", "met", "not_met"]
    finding = moved_to(cast, "done", finding)
    found = judged(cast, DUE + DAY)["8.3.3"]
    assert (found.verdict.value, found.figures["open"], found.figures["overdue"]) == ("met", 1, 0)
    moved_to(cast, "closed", finding)
    assert judged(cast, DUE + DAY)["8.3.3"].figures["open"] == 0
    # What was done later had not been done then.
    assert verdicts(cast, DUE + DAY, NOON)["8.3.3"] == "not_met"


def test_a_finding_whose_beginning_was_erased_stands_as_its_row_says(cast: Cast) -> None:
    finding = moved_to(cast, "done", found_in(cast, analysed(cast, scored(cast, assessed(cast)))))
    records = Record.objects.filter(subject_type="finding", subject_id=str(finding.pk))
    records.filter(at__lte=NOON).update(erased_by=1, **BLANK)
    found = judged(cast, DUE + DAY, NOON)["8.3.3"]
    assert (found.verdict.value, found.figures["open"], found.figures["overdue"]) == ("met", 1, 0)


@pytest.mark.parametrize(("days", "wanted"), [(7, "met"), (8, "mostly")])
def test_a_finding_that_nobody_is_given_makes_it_no_worse_than_mostly(cast: Cast, days: int, wanted: str) -> None:
    cycle = analysed(cast, scored(cast, assessed(cast)))
    origin = Source("assessment", str(cycle.pk), cycle.name)
    finding = raise_finding(cast.company.pk, NewFinding("x", "minor", "", origin), by=cast.viewer("mia"), at=NOON)
    assert verdicts(cast, ON + days * DAY)["8.3.3"] == wanted
    dismiss_finding(finding.pk, "重复", by=cast.viewer("leo"), at=NOON)
    assert verdicts(cast, ON + days * DAY)["8.3.3"] == "met"


def test_findings_of_other_sources_change_nothing(cast: Cast) -> None:
    analysed(cast, scored(cast, assessed(cast)))
    moved_to(cast, "assigned", source=Source("drill", "1", "演练"))
    assert judged(cast, DUE + DAY)["8.3.3"].figures["findings"] == 0

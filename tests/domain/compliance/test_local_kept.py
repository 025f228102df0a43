"""Clauses of local texts are kept as those of the specification are: since when, turns, findings, late entries."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.outbox.models import Message
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.compliance import late_entries, verdict_reading
from lianjing.domain.compliance.clause_findings import Turn, raise_for_clause
from lianjing.domain.compliance.finding_gaps import clauses_without_finding
from lianjing.domain.compliance.late_entries import late_verdicts
from lianjing.domain.compliance.local_adding import withdraw_local_standard
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.compliance.models import StandingVerdict, VerdictTurn
from lianjing.domain.compliance.verdict_keeping import judge_waiting
from lianjing.domain.compliance.verdict_reading import standing_with_local
from lianjing.domain.compliance.verdicts_due import unswept_company
from lianjing.domain.findings.models import Finding
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Verdict
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.test_local_standards import add, changed
from tests.clauses.whole_company import BEFORE, whole_company
from tests.domain.compliance.test_verdict_store import DAY, TODAY, begin, end_licence, sweep, wake

EQUAL: dict[str, Any] = {
    "number": "1",
    "title": "许可证",
    "kind": "computed",
    "text": "应持证。",
    "mappings": [{"to": "4.2", "relation": "equal"}],
}


@pytest.fixture
def local(cast: Cast) -> str:
    """Number of the one clause of a text of the company: it asks what 4.2 asks."""
    whole_company(cast)
    row = add(changed(clauses=[EQUAL]), [cast.company.pk], at=BEFORE)
    begin(cast)
    return f"{row} 1"


def test_it_turns_with_the_clause_that_it_is_mapped_to(cast: Cast, local: str, monkeypatch: pytest.MonkeyPatch) -> None:
    end_licence(TODAY - DAY)
    wake(cast, "company.changed", NOON + timedelta(seconds=1))
    judge_waiting(cast.company.pk, by=SYSTEM, at=NOON + timedelta(seconds=1))
    row = StandingVerdict.objects.get(clause=local)
    assert (row.verdict, row.since) == ("not_met", TODAY)
    assert VerdictTurn.objects.filter(clause=local, from_verdict="met", to_verdict="not_met", day=TODAY).count() == 1
    assert local in {one.payload["clause"] for one in Message.objects.filter(topic="clause.turned")}
    monkeypatch.setattr(verdict_reading, "today", lambda: TODAY)
    shown = {one.judged.clause.number: one for one in standing_with_local(cast.viewer("mia"), cast.company.pk, TODAY)}
    assert (shown[local].since, shown[local].judged.judgement.verdict) == (TODAY, Verdict.NOT_MET)


def test_where_nobody_looked_its_turn_has_its_own_day(cast: Cast, local: str) -> None:
    end_licence(TODAY + 2 * DAY)
    sweep(cast, NOON + 9 * DAY)
    assert StandingVerdict.objects.get(clause=local).since == TODAY + 3 * DAY


def test_it_has_its_finding(cast: Cast, local: str) -> None:
    end_licence(TODAY - DAY)
    sweep(cast, NOON + timedelta(hours=1))
    assert local in [row.clause for row in clauses_without_finding(cast.viewer("mia"), cast.company.pk)]
    raise_for_clause(Turn(cast.company.pk, local, Verdict.MET, Verdict.NOT_MET), by=SYSTEM, at=NOON)
    found = Finding.objects.get()
    assert (found.watch_key, found.clauses, found.grade) == (f"clause:{local}", f"|{local}|", "major")
    assert "与 4.2 等同，该条不符合。" in found.description


def test_another_text_makes_its_companies_due(cast: Cast, local: str) -> None:
    sweep(cast)
    withdraw_local_standard(_standard(), "已废止", by=SYSTEM, at=NOON)
    assert unswept_company(SYSTEM, NOON) == cast.company.pk
    sweep(cast)
    assert not StandingVerdict.objects.filter(clause=local).exists()


def _standard() -> int:
    from lianjing.domain.compliance.models import LocalStandard

    return LocalStandard.objects.get().pk


def test_a_late_entry_is_told_beside_it(cast: Cast, local: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_entries, "today", lambda: TODAY)
    on, mia, pk = date(2026, 11, 15), cast.viewer("mia"), cast.company.pk
    CompanyFact.objects.filter(kind="guard_licence").update(recorded_at=NOON)
    found = late_verdicts(mia, pk, on, all_judged(mia, pk, on))
    assert found[local].then.verdict == found["4.2"].then.verdict
    assert [words(one.what) for one in found[local].entries] == [words(one.what) for one in found["4.2"].entries]
    assert len(found[local].entries) == 1

"""The one rule of every clause that is "attested": accepted evidence says how it stands, on its days."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianjing.domain.compliance.attested_rule import AttestedRule
from lianjing.domain.compliance.evidencing import (
    accept_evidence,
    reject_evidence,
    replace_evidence,
    withdraw_evidence,
)
from lianjing.domain.compliance.judging import Judgement
from lianjing.domain.compliance.models import Evidence
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.registry import rules
from lianjing.terms.sentences import words
from tests.cast import NOON, Cast
from tests.domain.compliance.evidence import BEGINS, CLAUSE, ENDS, accepted, new, submitted

ON = date(2026, 11, 22)
DAY = timedelta(days=1)
LACKING = "还没有部门和岗位的监督、考核记录。"


def judged(cast: Cast, on: date = ON, known: datetime | None = None, clause: str = CLAUSE) -> Judgement:
    rule = rules()[clause]
    return rule.judge(rule.facts(cast.viewer("polly"), cast.company.pk, on, known))


def told(cast: Cast, on: date = ON, known: datetime | None = None, clause: str = CLAUSE) -> tuple[str, str]:
    found = judged(cast, on, known, clause)
    return found.verdict.value, "".join(words(one) for one in found.sentences)


def test_every_attested_clause_turns_with_accepted_evidence_and_says_before_what_is_lacking(cast: Cast) -> None:
    clauses = sorted(number for number, rule in rules().items() if isinstance(rule, AttestedRule))
    assert "令564-38" in clauses
    assert {judged(cast, clause=one).verdict.value for one in clauses} == {"insufficient"}
    accepted(cast, clauses=tuple(clauses))
    assert {judged(cast, clause=one).verdict.value for one in clauses} == {"met"}


def test_its_first_and_its_last_day_count_and_the_days_beside_do_not(cast: Cast) -> None:
    accepted(cast)
    days = (BEGINS - DAY, BEGINS, ENDS, ENDS + DAY)
    assert [told(cast, day) for day in days] == [
        ("insufficient", "证据自 2026-01-01 起才生效。"),
        ("met", "有效证据 1 份，到 2026-12-31，由Mia审核。"),
        ("met", "有效证据 1 份，到 2026-12-31，由Mia审核。"),
        ("insufficient", "证据已于 2026-12-31 到期。"),
    ]


def test_what_nobody_has_looked_at_proves_nothing(cast: Cast) -> None:
    assert told(cast) == ("insufficient", LACKING)
    row = submitted(cast)
    assert told(cast) == ("insufficient", "证据待审核 1 份，接受后才算数。")
    reject_evidence(row.pk, "没有签字", by=cast.viewer("mia"), at=NOON)
    assert told(cast) == ("insufficient", "提交的证据 1 份被退回。")
    withdraw_evidence(row.pk, "不交了", by=cast.viewer("leo"), at=NOON)
    assert told(cast) == ("insufficient", LACKING)


def test_the_worst_of_what_holds_decides(cast: Cast) -> None:
    accepted(cast, valid_until=None)
    assert told(cast)[1] == "有效证据 1 份，没有到期日；最近一份由Mia审核。"
    accepted(cast, text="b", shows="mostly")
    assert judged(cast).verdict == "mostly"
    row = accepted(cast, text="c", shows="not_met")
    submitted(cast, text="d")
    assert told(cast) == (
        "not_met",
        "有效证据 3 份，最早的 2026-12-31 到期；最近一份由Mia审核。其中 1 份表明不符合。另有待审核 1 份。",
    )
    assert told(cast, ENDS + DAY)[0] == "met"
    withdraw_evidence(row.pk, "查错了", by=cast.viewer("mia"), at=NOON)
    assert judged(cast).verdict == "mostly"


def test_it_leads_to_the_pieces_what_counts_first(cast: Cast) -> None:
    first = accepted(cast)
    second = submitted(cast, text="b", title="补充")
    found = judged(cast)
    lines = [(one.kind, one.id, one.name, words(one)) for one in found.evidence]
    assert lines == [
        ("evidence", first.pk, "2026年考核记录", "有效：表明符合，2026-01-01 至 2026-12-31"),
        ("evidence", second.pk, "补充", "待审核：表明符合，2026-01-01 至 2026-12-31"),
    ]
    assert found.figures == {"in_force": 1, "waiting": 1, "altered": 0, "not_listed": 0}


def test_what_was_altered_behind_our_back_counts_no_more(cast: Cast) -> None:
    row = accepted(cast, shows="not_met")
    Evidence.objects.filter(pk=row.pk).update(shows="met")
    assert told(cast) == ("insufficient", f"证据 1 份与提交时的校验值不符，不予采信。{LACKING}")


def test_another_company_s_evidence_and_another_clause_s_change_nothing(cast: Cast) -> None:
    accepted(cast, clauses=("8.3.2",))
    row = accepted(cast, text="b")
    Evidence.objects.filter(pk=row.pk).update(company=cast.other)
    assert told(cast) == ("insufficient", LACKING)


def test_evidence_for_a_computed_clause_decides_nothing(cast: Cast) -> None:
    def verdicts() -> dict[str, Any]:
        found = judged_clauses(cast.viewer("mia"), cast.company.pk, ON)
        return {one.clause.number: one.judgement for one in found if one.clause.number in ("4.2", "6.3", "5.2")}

    before = verdicts()
    accepted(cast, clauses=("4.2", "6.3", "5.2"))
    assert verdicts() == before


# Two times


def test_a_late_entry_changes_a_past_day_and_both_answers_can_be_had(cast: Cast) -> None:
    accepted(cast, at=NOON + DAY)
    assert told(cast, ON)[0] == "met"
    assert told(cast, ON, NOON) == ("insufficient", LACKING)


def test_a_decision_counts_from_when_it_was_known(cast: Cast) -> None:
    row = submitted(cast)
    accept_evidence(row.pk, by=cast.viewer("mia"), at=NOON + DAY)
    withdraw_evidence(row.pk, "错了", by=cast.viewer("mia"), at=NOON + 2 * DAY)
    moments = (NOON - DAY, NOON, NOON + DAY, NOON + 2 * DAY, None)
    assert [told(cast, ON, known)[1][:8] for known in moments] == [
        LACKING[:8],
        "证据待审核 1 ",
        "有效证据 1 份",
        LACKING[:8],
        LACKING[:8],
    ]


LATER = NOON + DAY
MIA, LEO = "mia", "leo"


def _change(cast: Cast, what: str, place: int) -> None:
    rows = list(Evidence.objects.filter(retracted_at=None).order_by("pk"))
    row = rows[place % len(rows)]
    if what == "submit":
        submitted(cast, at=LATER, text=str(place), same_file=True, shows="not_met")
    elif what == "accept new":
        accepted(cast, at=LATER, text=str(place), same_file=True, shows="mostly")
    elif what == "withdraw":
        withdraw_evidence(row.pk, "错", by=cast.viewer(MIA), at=LATER)
    elif not row.decision and what == "accept":
        accept_evidence(row.pk, by=cast.viewer(MIA), at=LATER)
    elif not row.decision and what == "reject":
        reject_evidence(row.pk, "错", by=cast.viewer(MIA), at=LATER)
    elif row.decision != "accepted" and what == "replace":
        told_anew = new(valid_until=None, same_file=True)
        replace_evidence(row.pk, told_anew, by=cast.viewer(LEO), at=LATER)


CHANGES = ("submit", "accept new", "withdraw", "accept", "reject", "replace")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 9)), min_size=1, max_size=4))
def test_with_known_fixed_nothing_that_is_done_later_changes_anything(
    cast: Cast, changes: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        accepted(cast)
        for text in "abcdef":
            submitted(cast, text=text)
        before = judged(cast, known=NOON)
        for what, place in changes:
            _change(cast, what, place)
        assert judged(cast, known=NOON) == before
        transaction.set_rollback(True)


OTHER_DAYS = st.one_of(
    st.tuples(st.dates(date(2000, 1, 1), date(2010, 1, 1)), st.dates(date(2010, 1, 1), ON - DAY)),
    st.tuples(st.dates(ON + DAY, date(2030, 1, 1)), st.none()),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.booleans(), st.lists(st.tuples(OTHER_DAYS, st.sampled_from(["met", "mostly", "not_met"])), max_size=4))
def test_what_does_not_cover_the_day_changes_no_verdict(cast: Cast, has_one: bool, others: list[Any]) -> None:
    with transaction.atomic():
        if has_one:
            accepted(cast)
        before = judged(cast).verdict
        for place, ((begins, ends), shows) in enumerate(others):
            accepted(cast, text=f"o{place}", valid_from=begins, valid_until=ends, shows=shows)
        assert judged(cast).verdict == before
        transaction.set_rollback(True)


@pytest.mark.parametrize("count", [1, 30])
def test_a_clause_takes_two_queries_however_much_there_is(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    for place in range(count):
        submitted(cast, text=str(place), clauses=("令564-38",))
    viewer, rule = cast.viewer("mia"), rules()["令564-38"]
    with django_assert_num_queries(2):
        rule.facts(viewer, cast.company.pk, ON, None)

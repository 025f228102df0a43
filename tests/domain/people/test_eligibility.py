"""May this person do guard duty on this day."""

from datetime import date

import pytest

from lianjing.domain.people.eligibility import eligibility, turns
from lianjing.domain.people.fact_kinds import Fact
from lianjing.terms.staffing import StaffFactKind as Kind

DAY = date(2026, 11, 22)
SOUND = (
    Fact(Kind.EMPLOYMENT, valid_from=date(2020, 1, 1)),
    Fact(Kind.IDENTITY, "1990-05-01"),
    Fact(Kind.NATIONALITY, "CHN"),
    Fact(Kind.EDUCATION, "junior_middle"),
    Fact(Kind.HEALTH, "passed", valid_until=date(2026, 12, 31)),
    Fact(Kind.POLICE_EXAM, "passed", valid_from=date(2020, 3, 1)),
    Fact(Kind.TRAINING, "", details={"hours": 24.0, "subjects": ["law", "guard", "skill"]}),
    Fact(Kind.GUARD_CERTIFICATE, "", date(2020, 4, 1), date(2026, 11, 22), "3306012020"),
)


def _without(*kinds: Kind) -> list[Fact]:
    return [fact for fact in SOUND if fact.kind not in kinds]


def _against(facts: list[Fact], on: date = DAY) -> list[tuple[str, str]]:
    return [(reason.code, reason.clause) for reason in eligibility(facts, on).against]


def test_who_has_everything_is_eligible_and_every_clause_was_looked_at() -> None:
    answer = eligibility(SOUND, DAY)
    assert (answer.eligible, answer.against) == (True, ())
    assert [reason.code for reason in answer.reasons] == [
        "employed",
        "age",
        "citizen",
        "education",
        "health",
        "conduct",
        "exam",
        "review",
        "biometrics",
        "training",
        "certificate",
    ]


@pytest.mark.parametrize(
    ("facts", "against"),
    [
        (_without(Kind.EMPLOYMENT), [("employed", "5.1")]),
        (_without(Kind.IDENTITY), [("age", "5.1.1")]),
        (_without(Kind.NATIONALITY), [("citizen", "3.1.2")]),
        ([*_without(Kind.EDUCATION), Fact(Kind.EDUCATION, "primary")], [("education", "5.1.1")]),
        ([*_without(Kind.HEALTH), Fact(Kind.HEALTH, "failed")], [("health", "5.1.1")]),
        ([*SOUND, Fact(Kind.BAR, "crime")], [("conduct", "令564 17")]),
        ([*SOUND, Fact(Kind.BACKGROUND, "failed")], [("conduct", "令564 17")]),
        ([*SOUND, Fact(Kind.POLICE_REVIEW, "failed")], [("review", "5.1.2")]),
        (_without(Kind.POLICE_EXAM), [("exam", "5.1.2")]),
        (
            [*_without(Kind.TRAINING), Fact(Kind.TRAINING, details={"hours": 8.0, "subjects": ["law", "guard"]})],
            [("training", "5.1.3")],
        ),
        (
            [
                *SOUND[:6],
                Fact(Kind.TRAINING, details={"hours": 8.0, "subjects": ["law", "guard", "skill"], "result": "failed"}),
                SOUND[7],
            ],
            [("training", "5.1.3")],
        ),
        (
            _without(Kind.GUARD_CERTIFICATE),
            [("conduct", "令564 17"), ("review", "5.1.2"), ("biometrics", "3.1.2"), ("certificate", "5.1.4")],
        ),
    ],
)
def test_each_thing_that_is_missing_or_wrong_is_named_with_its_clause(
    facts: list[Fact], against: list[tuple[str, str]]
) -> None:
    assert _against(list(facts)) == against


def test_days_count_from_the_first_to_the_last_inclusive() -> None:
    young = [*_without(Kind.IDENTITY), Fact(Kind.IDENTITY, "2008-11-22")]
    assert _against(young, DAY) == []
    assert _against(young, date(2026, 11, 21)) == [("age", "5.1.1")]
    assert "certificate" in [code for code, _clause in _against(list(SOUND), date(2026, 11, 23))]
    left = [*_without(Kind.EMPLOYMENT), Fact(Kind.EMPLOYMENT, "", date(2020, 1, 1), DAY)]
    assert _against(left, DAY) == []
    assert "employed" in [code for code, _clause in _against(left, date(2026, 11, 23))]


def test_a_child_of_29_february_comes_of_age_on_1_march() -> None:
    assert turns(18, date(2008, 2, 29)) == date(2026, 3, 1)
    assert turns(20, date(2008, 2, 29)) == date(2028, 2, 29)

"""Clauses 5.1.1 to 5.1.4, person by person: the day one turns 18, the day a certificate ends, leap days."""

from dataclasses import replace
from datetime import date

import pytest

from lianjing.domain.compliance.people_rule import counted
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.staff_known import PersonKnown
from lianjing.domain.people.eligibility import RULES, eligibility
from lianjing.domain.people.fact_kinds import Fact
from lianjing.terms.staffing import PostKind
from lianjing.terms.staffing import StaffFactKind as Kind
from lianjing.terms.verdicts import Verdict

ON = date(2026, 11, 22)
START = date(2026, 1, 5)
SOUND = {
    Kind.EMPLOYMENT: Fact(Kind.EMPLOYMENT, valid_from=START, id=1),
    Kind.IDENTITY: Fact(Kind.IDENTITY, "1990-05-01", id=2),
    Kind.NATIONALITY: Fact(Kind.NATIONALITY, "CHN", id=3),
    Kind.EDUCATION: Fact(Kind.EDUCATION, "junior_middle", id=4),
    Kind.HEALTH: Fact(Kind.HEALTH, "passed", START, id=5),
    Kind.BACKGROUND: Fact(Kind.BACKGROUND, "passed", START, id=6),
    Kind.POLICE_EXAM: Fact(Kind.POLICE_EXAM, "passed", START, id=7),
    Kind.GUARD_CERTIFICATE: Fact(Kind.GUARD_CERTIFICATE, valid_from=START, number="33-1", id=8),
    Kind.TRAINING: Fact(
        Kind.TRAINING, valid_from=START, details={"subjects": ["law", "guard", "skill"], "hours": 40}, id=9
    ),
}
CLAUSES = ("5.1.1", "5.1.2", "5.1.3", "5.1.4")


def person(on: date = ON, **changed: Fact | None) -> PersonKnown:
    told = {kind.value: fact for kind, fact in SOUND.items()} | changed
    facts = [fact for fact in told.values() if fact is not None]
    held = frozenset(fact.id for fact in facts if fact.id is not None and fact.holds_on(on))
    return PersonKnown(1, "001 陈思远", PostKind.WATCH, eligibility(facts, on), held, True)


def verdicts(*people: PersonKnown) -> list[str]:
    return [rules()[clause].judge(list(people)).verdict.value for clause in CLAUSES]


def test_somebody_with_everything_meets_all_four() -> None:
    assert verdicts(person()) == ["met"] * 4


def test_nobody_on_file_is_no_pass() -> None:
    assert verdicts() == ["insufficient"] * 4


@pytest.mark.parametrize(
    ("born", "on", "verdict"),
    [
        ("2008-11-22", date(2026, 11, 21), "not_met"),
        ("2008-11-22", date(2026, 11, 22), "met"),
        ("2008-02-29", date(2026, 2, 28), "not_met"),
        ("2008-02-29", date(2026, 3, 1), "met"),
        ("2010-02-28", date(2028, 2, 28), "met"),
    ],
)
def test_the_day_on_which_he_turns_18(born: str, on: date, verdict: str) -> None:
    assert verdicts(person(on, identity=replace(SOUND[Kind.IDENTITY], value=born)))[0] == verdict


@pytest.mark.parametrize(
    ("until", "on", "verdict"),
    [
        (date(2026, 11, 22), date(2026, 11, 22), "met"),
        (date(2026, 11, 22), date(2026, 11, 23), "not_met"),
        (date(2028, 2, 29), date(2028, 2, 29), "met"),
        (date(2028, 2, 29), date(2028, 3, 1), "not_met"),
    ],
)
def test_a_certificate_counts_on_its_last_day_and_not_on_the_next(until: date, on: date, verdict: str) -> None:
    certificate = replace(SOUND[Kind.GUARD_CERTIFICATE], valid_until=until)
    assert verdicts(person(on, guard_certificate=certificate))[3] == verdict


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"identity": None}, ["insufficient", "met", "met", "met"]),
        ({"education": None}, ["insufficient", "met", "met", "met"]),
        ({"education": Fact(Kind.EDUCATION, "primary", id=4)}, ["not_met", "met", "met", "met"]),
        ({"health": Fact(Kind.HEALTH, "failed", START, id=5)}, ["not_met", "met", "met", "met"]),
        ({"health": Fact(Kind.HEALTH, "passed", START, date(2026, 11, 21), id=5)}, ["insufficient"] + ["met"] * 3),
        ({"bar": Fact(Kind.BAR, "crime", id=10)}, ["not_met", "met", "met", "met"]),
        ({"police_exam": None}, ["met", "insufficient", "met", "met"]),
        ({"police_exam": Fact(Kind.POLICE_EXAM, "failed", START, id=7)}, ["met", "not_met", "met", "met"]),
        ({"training": None}, ["met", "met", "not_met", "met"]),
        ({"guard_certificate": None, "police_review": None}, ["met", "insufficient", "met", "not_met"]),
    ],
)
def test_what_is_against_it_fails_and_what_is_not_on_file_is_not_proved(
    change: dict[str, Fact | None], expected: list[str]
) -> None:
    assert verdicts(person(**change)) == expected


@pytest.mark.parametrize("kind", [kind for kind in SOUND if kind != Kind.EMPLOYMENT])
def test_a_record_of_other_days_is_as_good_as_none(kind: Kind) -> None:
    over = replace(SOUND[kind], valid_from=date(2025, 1, 1), valid_until=date(2025, 12, 31))
    assert verdicts(person(**{kind.value: over})) == verdicts(person(**{kind.value: None}))


def test_the_four_clauses_ask_all_that_eligibility_asks_but_for_employment() -> None:
    asked = [rules()[clause].codes for clause in CLAUSES]
    looked_at = {reason.code for reason in eligibility([], ON).reasons}
    assert len(looked_at) == len(RULES)
    assert sum(map(len, asked)) == len(frozenset().union(*asked))
    assert frozenset().union(*asked) == looked_at - {"employed"}


def test_one_who_is_against_it_is_listed_before_one_who_is_not_proved() -> None:
    unproven, against = person(education=None), person(education=Fact(Kind.EDUCATION, "primary", id=4))
    found = counted([person(), unproven, against], frozenset({"education"}))
    assert (found.people, found.met, found.against, found.unproven) == (3, 1, 1, 1)
    assert found.verdict == Verdict.NOT_MET
    assert [one.sentence for one in found.evidence] == ["学历为%(level)s，要求初中以上。", "没有登记学历。"]


def test_a_private_reason_is_told_to_whoever_reads_the_file_only() -> None:
    barred = replace(person(bar=Fact(Kind.BAR, "crime", id=10)), sees_file=False)
    (told,) = counted([barred], frozenset({"conduct"})).evidence
    assert (told.sentence, told.is_private) == ("另有不便公开的原因，请向经理了解。", True)

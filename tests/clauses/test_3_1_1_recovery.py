"""Clause 3.1.1: a second site that stands, data away from the main room, an exercise that counts for twelve months."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Refused
from lianjing.core.workdays import Workdays
from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.fact_policy import NewCompanyFact
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.companies.recording import record_company_fact, retract_company_fact
from lianjing.domain.companies.standing_items import Asked
from lianjing.domain.compliance.clauses.clause_3_1_1_recovery import Clause311Recovery
from lianjing.domain.compliance.company_known import CompanyFile
from lianjing.domain.compliance.judging import Judgement
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind as Kind
from tests.cast import NOON, Cast
from tests.clauses.test_companies import judged, said, verdicts

ON = date(2026, 11, 22)
RULE = Clause311Recovery()
SINCE = date(2023, 1, 10)
SITE = CompanyKnown(Kind.SECOND_SITE, "other_city", SINCE, details={"place": "杭州市某路 1 号", "distance_km": "60"})
COPY = CompanyKnown(Kind.DATA_COPY, "报警数据库", SINCE, details={"cycle": "real_time", "kept_at": "second_site"})
EXERCISE = CompanyKnown(Kind.FAILOVER_EXERCISE, "passed", date(2026, 5, 20), details={"minutes": 12})
LEVEL = CompanyKnown(Kind.RECOVERY_LEVEL, "4", SINCE, issuer="某测评机构", details={"standard": "GB/T 20988-2007"})
ASKED = CompanyKnown(
    Kind.RECOVERY_LEVEL_ASKED,
    "4",
    SINCE,
    issuer="本单位",
    details={"standard": "GB/T 20988-2007", "note": "合同第 3 条"},
)
SOUND = (SITE, COPY, EXERCISE)


def found(*facts: CompanyKnown, on: date = ON) -> Judgement:
    return RULE.judge(CompanyFile(facts, on, Asked(0, "", Workdays())))


def verdict(*facts: CompanyKnown, on: date = ON) -> str:
    return found(*facts, on=on).verdict.value


def test_what_is_not_recorded_is_not_known_and_what_is_recorded_as_absent_is_not_met() -> None:
    assert verdict() == "insufficient"
    assert verdict(COPY, EXERCISE) == "insufficient"
    assert verdict(replace(SITE, value="none", details={})) == "not_met"
    assert verdict(SITE, EXERCISE) == "insufficient"
    assert verdict(SITE, replace(COPY, details={"kept_at": "main_site"}), EXERCISE) == "insufficient"
    assert verdict(SITE, COPY) == "insufficient"
    assert verdict(*SOUND) == "met"


@pytest.mark.parametrize(
    ("exercised", "on", "wanted"),
    [
        (date(2025, 11, 22), ON, "met"),
        (date(2025, 11, 21), ON, "mostly"),
        (ON, ON, "met"),
        (ON + timedelta(days=1), ON, "insufficient"),
        (date(2024, 2, 29), date(2025, 2, 28), "met"),
        (date(2024, 2, 29), date(2025, 3, 1), "mostly"),
        (date(2023, 2, 28), date(2024, 2, 28), "met"),
        (date(2023, 2, 28), date(2024, 2, 29), "mostly"),
        (SINCE - timedelta(days=1), date(2023, 2, 1), "insufficient"),
    ],
)
def test_an_exercise_counts_for_twelve_months_with_the_same_day(exercised: date, on: date, wanted: str) -> None:
    judgement = found(SITE, COPY, replace(EXERCISE, valid_from=exercised), on=on)
    assert judgement.verdict == wanted
    if exercised <= on:
        assert str(exercised) in "".join(words(one) for one in judgement.sentences)


def test_the_last_exercise_decides_and_a_correction_is_not_a_later_one() -> None:
    failed = replace(EXERCISE, value="failed", valid_from=date(2026, 8, 1), id=9, thread=2)
    assert verdict(*SOUND, failed) == "not_met"
    assert verdict(*SOUND, replace(failed, value="partly")) == "mostly"
    again = replace(EXERCISE, valid_from=failed.valid_from, id=3, thread=3)
    assert verdict(*SOUND, failed, again) == "met"
    assert verdict(SITE, COPY, replace(failed, valid_from=date(2024, 1, 1))) == "not_met"


@pytest.mark.parametrize(
    ("held", "edition", "wanted", "margin"),
    [
        ("3", "GB/T 20988-2007", "not_met", -1),
        ("4", "GB/T 20988-2007", "met", 0),
        ("5", "GB/T 20988-2007", "met", 1),
        ("6", "GB/T 20988-2025", "insufficient", None),
    ],
)
def test_a_level_is_compared_within_its_edition_where_one_is_asked_for(
    held: str, edition: str, wanted: str, margin: int | None
) -> None:
    level = replace(LEVEL, value=held, details={"standard": edition})
    judgement = found(*SOUND, ASKED, level)
    assert (judgement.verdict.value, judgement.figures["margin"]) == (wanted, margin)
    assert "合同第 3 条" in words(judgement.sentences[-1])
    assert verdict(*SOUND, level) == "met"
    assert verdict(*SOUND, ASKED) == "insufficient"


def test_its_figures_and_its_evidence_name_what_decides() -> None:
    judgement = found(replace(SITE, id=1), replace(COPY, id=2), replace(EXERCISE, id=3))
    assert judgement.figures == {
        "second_site": "other_city",
        "distance_km": "60",
        "copies": 1,
        "copies_away": 1,
        "last_exercise": "2026-05-20",
        "exercise_result": "passed",
        "minutes": 12,
        "exercise_due": "2027-05-20",
        "days_left": 179,
        "required": None,
        "level": None,
        "margin": None,
    }
    assert [(one.key, one.id) for one in judgement.evidence] == [
        ("second_site", 1),
        ("data_copy", 2),
        ("failover_exercise", 3),
    ]


# With a database


def new(kind: Kind, value: str, begins: date | None = SINCE, **details: Any) -> NewCompanyFact:
    issuer = "某机构" if kind in (Kind.RECOVERY_LEVEL, Kind.RECOVERY_LEVEL_ASKED) else ""
    return NewCompanyFact(kind, value, begins, issuer=issuer, details=details)


WHOLE = (
    new(Kind.SECOND_SITE, "same_city", place="某路 1 号", distance_km="0.8"),
    new(Kind.DATA_COPY, "报警数据库", cycle="daily", kept_at="elsewhere"),
    new(Kind.FAILOVER_EXERCISE, "passed", date(2026, 5, 20), minutes="12"),
)


def record(cast: Cast, *facts: NewCompanyFact, at: Any = NOON) -> list[CompanyFact]:
    return [record_company_fact(cast.company.pk, fact, by=cast.viewer("mia"), at=at) for fact in facts]


def test_both_times_are_kept(cast: Cast) -> None:
    assert "没有登记第二机房" in said(judged(cast)["3.1.1"])
    *_others, exercise = record(cast, *WHOLE)
    assert verdicts(cast)["3.1.1"] == "met"
    assert verdicts(cast, date(2026, 5, 19))["3.1.1"] == "insufficient"
    assert verdicts(cast, SINCE - timedelta(days=1))["3.1.1"] == "insufficient"
    assert verdicts(cast, known=NOON - timedelta(seconds=1))["3.1.1"] == "insufficient"
    later = NOON + timedelta(hours=1)
    retract_company_fact(exercise.pk, "错", by=cast.viewer("mia"), at=later)
    assert (verdicts(cast)["3.1.1"], verdicts(cast, known=NOON)["3.1.1"]) == ("insufficient", "met")


def test_a_room_that_is_opened_ends_the_record_that_there_was_none(cast: Cast) -> None:
    record(cast, new(Kind.SECOND_SITE, "none"))
    record(cast, new(Kind.SECOND_SITE, "same_city", date(2026, 3, 1), place="某路 1 号"))
    assert [verdicts(cast, day)["3.1.1"] for day in (date(2026, 2, 28), date(2026, 3, 1))] == [
        "not_met",
        "insufficient",
    ]


@pytest.mark.parametrize(
    ("fact", "field", "sentence"),
    [
        (
            new(Kind.RECOVERY_LEVEL, "7", standard="GB/T 20988-2007"),
            "value",
            "等级只有第1级到第6级，没有“7”。",
        ),
        (new(Kind.RECOVERY_LEVEL, "3", standard="GB/T 20988-1999"), "standard", "没有这个选项。"),
        (new(Kind.RECOVERY_LEVEL, "3"), "standard", "请填写。"),
        (new(Kind.RECOVERY_LEVEL_ASKED, "3", standard="GB/T 20988-2007"), "note", "请填写。"),
        (new(Kind.FAILOVER_EXERCISE, "passed", date(2026, 11, 23)), "valid_from", "2026-11-23 还没有到。"),
        (new(Kind.FAILOVER_EXERCISE, "passed", None), "valid_from", "请填写。"),
        (
            new(Kind.FAILOVER_EXERCISE, "passed", minutes="一刻钟"),
            "minutes",
            "用时请写整分钟数，如 15，至多 43200。",
        ),
        (new(Kind.SECOND_SITE, "other_city"), "place", "请写明第二机房的地址。"),
        (
            new(Kind.SECOND_SITE, "none", place="某路 1 号"),
            "place",
            "登记的是“没有第二机房”，这里请留空。",
        ),
        (
            new(Kind.SECOND_SITE, "other_city", place="某路 1 号", distance_km="远"),
            "distance_km",
            "距离请写公里数，如 35 或 0.8。",
        ),
        (new(Kind.DATA_COPY, "报警数据库", cycle="daily"), "kept_at", "请填写。"),
    ],
)
def test_what_cannot_be_is_refused_in_a_clear_sentence(
    cast: Cast, fact: NewCompanyFact, field: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, fact)
    assert (refused.value.field, str(refused.value), CompanyFact.objects.count()) == (field, sentence, 0)

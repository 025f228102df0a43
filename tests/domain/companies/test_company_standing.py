"""What of a company is in order on a day: the rule by itself, without a database."""

from datetime import date, timedelta

import pytest

from lianjing.domain.companies.company_facts import CompanyKnown
from lianjing.domain.companies.company_standing import company_standing, months_later
from lianjing.domain.companies.standing_items import Asked, Item
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import RuleSet, Standing

TODAY = date(2026, 11, 22)
LICENCE = CompanyKnown(
    Kind.GUARD_LICENCE,
    valid_from=date(2024, 1, 10),
    valid_until=date(2029, 1, 9),
    number="浙公保服20240001号",
    issuer="浙江省公安厅",
    details={"scope": ["technical", "patrol"]},
    has_scan=True,
    id=1,
)
BUSINESS = CompanyKnown(
    Kind.BUSINESS_LICENCE, details={"capital": 5_000_000, "registered_on": "2024-03-01"}, has_scan=True, id=2
)
CHECKED = {"checked_on": "2026-01-05", "result": "passed", "years": 8}
HEAD = CompanyKnown(Kind.LEGAL_REPRESENTATIVE, "陈一", date(2024, 1, 10), details=CHECKED, id=3)
MANAGER = CompanyKnown(Kind.MANAGER, "林二", date(2024, 1, 10), details=CHECKED, id=4)
RULES = [
    CompanyKnown(Kind.RULE_SET, rule.value, date(2024, 1, 10), details={"edition": "1"}, has_scan=True, id=10 + place)
    for place, rule in enumerate(RuleSet)
]
INSURANCE = CompanyKnown(Kind.INSURANCE, "雇主责任险", date(2026, 1, 1), date(2027, 12, 31), id=20)
SOUND = [LICENCE, BUSINESS, HEAD, MANAGER, *RULES, INSURANCE]
BRANCH = CompanyKnown(Kind.BRANCH, "绍兴分公司", date(2026, 11, 2), details={"place": "绍兴"}, id=30, thread=30)
SERVICE = CompanyKnown(Kind.CROSS_REGION, "上海门店", date(2026, 11, 23), details={"place": "上海"}, id=40, thread=40)


def changed(fact: CompanyKnown, **values: object) -> CompanyKnown:
    told = {name: getattr(fact, name) for name in fact.__dataclass_fields__}
    return CompanyKnown(**{**told, **values})  # type: ignore[arg-type]


def without(*facts: CompanyKnown) -> list[CompanyKnown]:
    return [fact for fact in SOUND if fact not in facts]


def amiss(facts: list[CompanyKnown], on: date = TODAY, asked: Asked | None = None) -> list[tuple[str, str]]:
    """Code and standing of what is not in order."""
    items = company_standing(facts, on, asked)
    return [(item.code, item.standing.value) for item in items if item.standing != Standing.IN_ORDER]


def only(facts: list[CompanyKnown], code: str, on: date = TODAY) -> Item:
    return next(item for item in company_standing(facts, on) if item.code == code)


def test_a_company_with_everything_is_in_order_and_each_item_names_its_basis() -> None:
    assert amiss(SOUND) == []
    told = {item.code: item.basis for item in company_standing(SOUND, TODAY)}
    assert told == {
        "licence": "4.2",
        "business": "令564 8",
        "capital": "令564 8",
        "bad_record": "令564 8",
        "rule_set": "令564 8",
        "insurance": "令564 20",
    }


def test_a_company_of_which_nothing_is_known_lacks_everything() -> None:
    codes = ["licence", "business", "representative", "manager", "rule_set", "rule_set", "rule_set", "insurance"]
    assert amiss([]) == [(code, "missing") for code in codes]


@pytest.mark.parametrize(
    ("on", "standing", "said"),
    [
        (date(2024, 1, 9), "missing", "保安服务许可证 2024-01-10 起才有效。"),
        (date(2024, 1, 10), "in_order", "保安服务许可证有效，至 2029-01-09。"),
        (date(2028, 10, 10), "in_order", "保安服务许可证有效，至 2029-01-09。"),
        (date(2028, 10, 11), "expiring", "保安服务许可证还有 90 天到期（2029-01-09）。"),
        (date(2029, 1, 9), "expiring", "保安服务许可证今天（2029-01-09）到期。"),
        (date(2029, 1, 10), "expired", "保安服务许可证已于 2029-01-09 到期。"),
    ],
)
def test_the_licence_day_by_day(on: date, standing: str, said: str) -> None:
    item = only(SOUND, "licence", on)
    assert (item.standing.value, words(item)) == (standing, said)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([*without(LICENCE), changed(LICENCE, details={"scope": ["gate"]})], [("licence_scope", "not_met")]),
        ([*without(LICENCE), changed(LICENCE, has_scan=False)], [("licence_scan", "unproven")]),
        (
            [*without(BUSINESS), changed(BUSINESS, details={"capital": 999_999, "registered_on": "2024-03-01"})],
            [("capital", "not_met")],
        ),
        (
            [*without(BUSINESS), changed(BUSINESS, details={"capital": 1_000_000, "registered_on": "2024-07-11"})],
            [("registration", "not_met")],
        ),
        (without(BUSINESS), [("registration", "late")]),
        (without(MANAGER), [("manager", "missing")]),
        (without(RULES[1]), [("rule_set", "missing")]),
        ([*without(HEAD), changed(HEAD, details={"years": 8})], [("bad_record", "unproven")]),
        ([*without(HEAD), changed(HEAD, details={**CHECKED, "result": "failed"})], [("bad_record", "not_met")]),
        ([*without(HEAD), changed(HEAD, details={**CHECKED, "years": 4})], [("experience", "hint")]),
    ],
)
def test_one_thing_that_is_amiss_is_the_only_one_told(
    facts: list[CompanyKnown], expected: list[tuple[str, str]]
) -> None:
    assert amiss(facts) == expected


def test_a_licence_without_registration_is_due_for_six_months_and_then_void() -> None:
    facts = without(BUSINESS)
    assert [(only(facts, "registration", day).standing.value) for day in (date(2024, 7, 10), date(2024, 7, 11))] == [
        "due",
        "late",
    ]
    assert months_later(date(2024, 8, 31), 6) == date(2025, 2, 28)


def test_experience_is_a_hint_with_the_companys_own_figure_and_source() -> None:
    facts = [*without(HEAD), changed(HEAD, details={**CHECKED, "years": 6})]
    assert amiss(facts) == []
    assert amiss(facts, asked=Asked(7, "某省指南")) == [("experience", "hint")]
    assert amiss(facts, asked=Asked(0)) == []


@pytest.mark.parametrize(
    ("approved", "expected"),
    [
        (None, [("approval", "missing")]),
        ("2026-05-01", []),
        ("2026-06-01", []),
        ("2026-06-02", [("approval", "done_late")]),
    ],
)
def test_who_follows_a_legal_representative_is_approved_before(
    approved: str | None, expected: list[tuple[str, str]]
) -> None:
    first = changed(HEAD, valid_until=date(2026, 5, 31))
    details = {**CHECKED, **({"approved_on": approved} if approved else {})}
    follower = changed(HEAD, value="周三", valid_from=date(2026, 6, 1), details=details, id=5)
    assert amiss([*without(HEAD), first, follower]) == expected


@pytest.mark.parametrize(
    ("filed", "on", "standing"),
    [
        (None, date(2026, 11, 23), "due"),
        (None, date(2026, 11, 24), "late"),
        (date(2026, 11, 23), date(2026, 11, 23), "in_order"),
        (date(2026, 11, 24), date(2026, 11, 24), "done_late"),
        (date(2026, 11, 23), date(2026, 11, 20), "due"),
    ],
)
def test_a_branch_is_filed_within_fifteen_workdays(filed: date | None, on: date, standing: str) -> None:
    filing = CompanyKnown(Kind.FILING, valid_from=filed, issuer="绍兴市公安局", has_scan=True, id=31, about=30)
    facts = [*SOUND, BRANCH, *([filing] if filed else [])]
    item = only(facts, "filing", on)
    assert (item.standing.value, item.due_on, item.is_guess) == (standing, date(2026, 11, 23), False)


def test_a_service_elsewhere_is_filed_thirty_workdays_before_and_no_longer_when_it_is_over() -> None:
    due = date(2026, 10, 12)  # the national holiday and its make-up Saturdays lie between
    said = {day: only([*SOUND, SERVICE], "filing", day) for day in (due, due + timedelta(days=1))}
    assert [(item.standing, item.due_on) for item in said.values()] == [(Standing.DUE, due), (Standing.LATE, due)]
    over = changed(SERVICE, valid_until=TODAY - timedelta(days=1))
    assert amiss([*SOUND, over]) == []


def test_a_filing_without_receipt_is_not_proved_and_a_deadline_in_an_untold_year_is_a_guess() -> None:
    filing = CompanyKnown(Kind.FILING, valid_from=date(2026, 11, 20), issuer="绍兴市公安局", id=31, about=30)
    assert amiss([*SOUND, BRANCH, filing]) == [("filing_scan", "unproven")]
    late_branch = changed(BRANCH, valid_from=date(2026, 12, 20))
    assert only([*SOUND, late_branch], "filing", date(2026, 12, 21)).is_guess is True

"""Facts about a company: recorded, corrected, taken back, and read for any day and any state of knowledge."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.scans import Scan, scan_of
from lianjing.core.viewer import Forbidden
from lianjing.domain.companies.company_facts import COLUMNS, SPECS
from lianjing.domain.companies.fact_policy import NewCompanyFact, credit_code
from lianjing.domain.companies.fact_reading import company_fact_by_id, company_facts, fact_scan, standing_of
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.companies.recording import (
    correct_company_fact,
    record_company_fact,
    retract_company_fact,
    set_manager_years,
)
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import CompanyFactKind as Kind
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
PDF = b"%PDF-1.7\nscan\n%%EOF\n"
LICENCE = NewCompanyFact(
    Kind.GUARD_LICENCE,
    valid_from=date(2024, 1, 10),
    valid_until=date(2029, 1, 9),
    number="浙公保服20240001号",
    issuer="浙江省公安厅",
    details={"scope": ["technical"]},
)
BUSINESS = NewCompanyFact(
    Kind.BUSINESS_LICENCE,
    number="91350100M000100Y43",
    details={"capital": "5,000,000", "registered_on": "2024-03-01"},
)
BRANCH = NewCompanyFact(Kind.BRANCH, "绍兴分公司", date(2026, 11, 2), details={"place": "绍兴市"})


def record(cast: Cast, new: NewCompanyFact, hours: int = 0, scan: Scan | None = None) -> CompanyFact:
    at = NOON + timedelta(hours=hours)
    return record_company_fact(cast.company.pk, new, scan, by=cast.viewer("mia"), at=at)


def test_every_kind_has_a_spec_that_takes_what_it_needs() -> None:
    assert set(SPECS) == set(Kind)
    assert all(set(spec.needs) <= set(spec.takes) and spec.basis for spec in SPECS.values())
    assert all(part in spec.takes for spec in SPECS.values() for part in spec.words)
    assert "scope" not in {part.value for part in COLUMNS}


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (replace(LICENCE, valid_until=date(2024, 1, 9)), "valid_until"),
        (replace(LICENCE, valid_from=date(1900, 1, 1)), "valid_from"),
        (replace(LICENCE, number=" "), "number"),
        (replace(LICENCE, number="x" * 65), "number"),
        (replace(LICENCE, issuer="a\0b"), "issuer"),
        (replace(LICENCE, details={"scope": []}), "scope"),
        (replace(LICENCE, details={"scope": ["flying"]}), "scope"),
        (replace(BUSINESS, number="91350100M000100Y44"), "number"),
        (replace(BUSINESS, number="123"), "number"),
        (replace(BUSINESS, details={"capital": "much", "registered_on": "2024-03-01"}), "capital"),
        (replace(BUSINESS, details={"capital": -1, "registered_on": "2024-03-01"}), "capital"),
        (replace(BUSINESS, details={"capital": 1, "registered_on": "2026-11-23"}), "registered_on"),
        (replace(BUSINESS, details={"capital": 1, "registered_on": "soon"}), "registered_on"),
        (replace(BUSINESS, valid_until=date(2020, 1, 1)), "valid_until"),
        (NewCompanyFact(Kind.RULE_SET, "cooking", TODAY, details={"edition": "1"}), "value"),
        (NewCompanyFact(Kind.INSURANCE, "意外险", issuer="某保险公司"), "valid_until"),
        (NewCompanyFact(Kind.MANAGER, "林二", TODAY), "position"),
        (NewCompanyFact(Kind.LEGAL_REPRESENTATIVE, "陈一", TODAY, details={"years": 61}), "years"),
        (NewCompanyFact(Kind.LEGAL_REPRESENTATIVE, "陈一", TODAY, details={"result": "passed"}), "checked_on"),
        (
            NewCompanyFact(Kind.LEGAL_REPRESENTATIVE, "陈一", TODAY, details={"approved_on": "2030-01-01"}),
            "approved_on",
        ),
        (NewCompanyFact(Kind.FILING, issuer="绍兴市公安局", valid_from=TODAY), "about"),
        (NewCompanyFact(Kind.FILING, issuer="绍兴市公安局", valid_from=TODAY + timedelta(days=1)), "valid_from"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_nothing_is_kept(cast: Cast, new: NewCompanyFact, field: str) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, new)
    assert (refused.value.field, CompanyFact.objects.count(), Record.objects.count()) == (field, 0, 0)


@pytest.mark.parametrize("typed", [" 91350100m000100y43 ", "９１350100M000100Y43"])
def test_a_credit_code_is_read_however_it_is_typed(typed: str) -> None:
    assert credit_code(typed) == "91350100M000100Y43"
    assert credit_code("330600000012345") == "330600000012345"


def test_a_renewed_licence_ends_the_earlier_one_and_what_was_believed_before_stays(cast: Cast) -> None:
    record(cast, LICENCE)
    renewed = replace(LICENCE, valid_from=date(2026, 11, 1), valid_until=date(2031, 10, 31), number="浙公保服2号")
    record(cast, renewed, hours=1)
    mia, key = cast.viewer("mia"), cast.company.pk
    assert [fact.number for fact in company_facts(mia, key, TODAY)] == ["浙公保服2号"]
    assert [fact.valid_until for fact in company_facts(mia, key, date(2026, 10, 31))] == [date(2026, 10, 31)]
    assert [fact.number for fact in company_facts(mia, key, TODAY, NOON)] == ["浙公保服20240001号"]
    with pytest.raises(Refused) as in_the_way:
        record(cast, replace(LICENCE, valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 1)))
    assert in_the_way.value.field == "valid_from"


def test_each_of_the_three_rule_sets_has_its_own_editions(cast: Cast) -> None:
    for value in ("service", "guards"):
        record(cast, NewCompanyFact(Kind.RULE_SET, value, date(2025, 1, 1), details={"edition": "一版"}))
    record(cast, NewCompanyFact(Kind.RULE_SET, "service", date(2026, 6, 1), details={"edition": "二版"}))
    held = company_facts(cast.viewer("mia"), cast.company.pk, TODAY)
    assert sorted((fact.value, fact.details["edition"]) for fact in held) == [("guards", "一版"), ("service", "二版")]


def test_correcting_keeps_the_scan_and_every_version_and_needs_a_reason(cast: Cast) -> None:
    fact = record(cast, LICENCE, scan=scan_of(PDF))
    mia, later = cast.viewer("mia"), NOON + timedelta(hours=1)
    right = replace(LICENCE, number="浙公保服20240010号")
    with pytest.raises(Refused):
        correct_company_fact(fact.pk, right, " ", by=mia, at=later)
    put = correct_company_fact(fact.pk, right, "抄错号码", by=mia, at=later)
    assert (put.replaces_id, put.scan_sha256, put.number) == (fact.pk, scan_of(PDF).sha256, "浙公保服20240010号")
    kept = fact_scan(mia, put)
    assert kept is not None
    assert (kept.content, kept.unaltered) == (PDF, True)
    assert [one.number for one in company_facts(mia, cast.company.pk, None, NOON)] == ["浙公保服20240001号"]
    with pytest.raises(Missing):
        correct_company_fact(fact.pk, right, "again", by=mia, at=later)
    told = Record.objects.get(action="company.fact_corrected")
    assert (told.before["number"], told.after["number"], told.after["reason"]) == (
        "浙公保服20240001号",
        "浙公保服20240010号",
        "抄错号码",
    )


def test_a_filing_hangs_on_its_branch_through_corrections_and_goes_first(cast: Cast) -> None:
    branch = record(cast, BRANCH)
    filing = NewCompanyFact(Kind.FILING, issuer="绍兴市公安局", valid_from=date(2026, 11, 20), about=branch.pk)
    with pytest.raises(Refused) as early:
        record(cast, replace(filing, valid_from=date(2026, 11, 1)))
    assert early.value.field == "valid_from"
    filed = record(cast, filing)
    mia, later = cast.viewer("mia"), NOON + timedelta(hours=1)
    renamed = correct_company_fact(branch.pk, replace(BRANCH, value="越城分公司"), "名称", by=mia, at=later)
    items = {item.code: item.standing.value for item in standing_of(mia, cast.company.pk, TODAY)}
    assert items["filing"] == "in_order"
    with pytest.raises(Refused):
        retract_company_fact(renamed.pk, "没有设立", by=mia, at=later)
    retract_company_fact(filed.pk, "没有备案", by=mia, at=later)
    retract_company_fact(renamed.pk, "没有设立", by=mia, at=later)
    assert company_facts(mia, cast.company.pk) == []
    assert len(company_facts(mia, cast.company.pk, None, NOON)) == 2


def test_a_file_is_gone_with_the_fact_that_was_refused_on_the_way(
    cast: Cast, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr("lianjing.domain.companies.recording.write_down", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        record(cast, LICENCE, scan=scan_of(PDF))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_only_the_companys_manager_records_and_nobody_sees_anothers(cast: Cast) -> None:
    fact = record(cast, LICENCE)
    for name in ("leo", "olivia", "polly", "sam"):
        with pytest.raises((Missing, Forbidden)):
            record_company_fact(cast.company.pk, BRANCH, by=cast.viewer(name), at=NOON)
        with pytest.raises((Missing, Forbidden)):
            retract_company_fact(fact.pk, "x", by=cast.viewer(name), at=NOON)
    seen = {name: len(company_facts(cast.viewer(name), cast.company.pk)) for name in ("leo", "polly", "gus", "sam")}
    assert seen == {"leo": 1, "polly": 1, "gus": 0, "sam": 0}
    assert company_fact_by_id(cast.viewer("sam"), fact.pk) is None
    assert standing_of(cast.viewer("sam"), cast.company.pk, TODAY) == []


def test_papers_that_show_identity_numbers_are_for_who_keeps_them(cast: Cast) -> None:
    fact = record(cast, NewCompanyFact(Kind.LEGAL_REPRESENTATIVE, "陈一", date(2024, 1, 10)), scan=scan_of(PDF))
    readers = [name for name in ("mia", "leo", "polly", "sam") if fact_scan(cast.viewer(name), fact)]
    assert readers == ["mia"]


def test_the_experience_that_is_asked_is_the_companys_own_and_recorded(cast: Cast) -> None:
    mia = cast.viewer("mia")
    set_manager_years(cast.company.pk, 3, "某省办事指南", by=mia, at=NOON)
    set_manager_years(cast.company.pk, 3, "某省办事指南", by=mia, at=NOON)
    assert Record.objects.get(action="company.manager_years_set").before["manager_years"] == 5
    with pytest.raises(Refused):
        set_manager_years(cast.company.pk, 61, "", by=mia, at=NOON)
    with pytest.raises(Missing):
        set_manager_years(cast.other.pk, 1, "", by=mia, at=NOON)

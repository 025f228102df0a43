"""Clause 4.1: what 令564 asks of the company and of its people, together."""

from datetime import date, datetime, timedelta

import pytest

from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.people.models import StaffFact
from lianjing.domain.sites.actions.workdays import forget_workday, set_workday
from lianjing.terms.staffing import CompanyFactKind as Kind
from lianjing.terms.staffing import StaffFactKind as Staff
from tests.cast import NOON, Cast
from tests.clauses.test_companies import ON, judged, verdicts
from tests.clauses.whole_company import BEFORE, whole_company

FEW = {"patrol": 1, "watch": 1}


@pytest.mark.parametrize("kind", [Kind.GUARD_LICENCE, Kind.LEGAL_REPRESENTATIVE, Kind.MANAGER])
def test_it_holds_on_the_last_day_of_a_paper_and_not_on_the_next(cast: Cast, kind: Kind) -> None:
    whole_company(cast, FEW)
    CompanyFact.objects.filter(kind=kind.value).update(valid_until=ON)
    assert [verdicts(cast, day)["4.1"] for day in (ON, date(2026, 11, 23))] == ["met", "not_met"]


@pytest.mark.parametrize(
    ("kind", "wanted"), [(Staff.GUARD_CERTIFICATE, ["met", "not_met"]), (Staff.HEALTH, ["met", "insufficient"])]
)
def test_one_person_s_paper_decides_for_the_whole(cast: Cast, kind: Staff, wanted: list[str]) -> None:
    people = whole_company(cast, FEW)
    people[0].facts.filter(kind=kind.value).update(valid_until=ON)
    assert [verdicts(cast, day)["4.1"] for day in (ON, date(2026, 11, 23))] == wanted


def test_nobody_on_file_is_no_pass_and_the_figures_tell_company_and_people_apart(cast: Cast) -> None:
    whole_company(cast, FEW)
    StaffFact.objects.all().delete()
    found = judged(cast)["4.1"]
    assert (found.verdict.value, found.figures["company"]["broken"], found.figures["people"]["people"]) == (
        "insufficient",
        0,
        0,
    )


def test_a_date_that_is_called_a_holiday_later_changes_no_verdict_of_what_was_known_before(cast: Cast) -> None:
    whole_company(cast, FEW)
    branch = {"value": "绍兴分公司", "details": {"place": "绍兴"}, "valid_from": date(2026, 10, 26)}
    CompanyFact.objects.create(
        company=cast.company, kind=Kind.BRANCH.value, recorded_at=BEFORE, recorded_by="Mia", **branch
    )
    # Filed within 15 workdays: by the calendar until the 16th.
    on, then, ada = date(2026, 11, 17), end_of(date(2026, 11, 17), None), cast.viewer("ada")

    def verdict(known: datetime | None) -> str:
        [found] = judged_clauses(cast.viewer("mia"), cast.company.pk, on, known, only=("4.1",))
        return found.judgement.verdict.value

    assert [verdict(None), verdict(then)] == ["not_met", "not_met"]
    set_workday(date(2026, 11, 4), False, "市里通知", by=ada, at=NOON)
    assert [verdict(None), verdict(then), verdict(NOON)] == ["met", "not_met", "met"]
    set_workday(date(2026, 11, 4), True, "", by=ada, at=NOON + timedelta(hours=1))
    assert [verdict(None), verdict(then), verdict(NOON)] == ["not_met", "not_met", "met"]
    forget_workday(date(2026, 11, 4), by=ada, at=NOON + timedelta(hours=2))
    assert [verdict(None), verdict(NOON)] == ["not_met", "met"]

"""A past day: how it was judged when it ended, how it is judged now, and what was entered in between."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.assessments.supervising import retract_entry, set_supervision_limits
from lianjing.domain.companies.actions import set_counted_unit
from lianjing.domain.companies.fact_policy import NewCompanyFact
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.companies.recording import correct_company_fact, record_company_fact
from lianjing.domain.compliance import late_entries
from lianjing.domain.compliance.evidencing import accept_evidence
from lianjing.domain.compliance.late_entries import Late, late_verdicts
from lianjing.domain.compliance.limit_recording import record_limit
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.drills.actions import retract_drill
from lianjing.domain.drills.indicators import scale
from lianjing.domain.drills.running import Mark, evaluate_drill, observe, record_held, score_drill
from lianjing.domain.people.access_reviewing import set_review_months
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import record_fact, retract_fact
from lianjing.domain.people.models import AccessReview
from lianjing.domain.sites.actions.contracts import Beginning, add_contract, change_contract
from lianjing.domain.sites.actions.workdays import set_workday
from lianjing.domain.sites.models import Contract
from lianjing.terms.premises import CustomerUnit
from lianjing.terms.sentences import words
from lianjing.terms.staffing import CompanyFactKind
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.clauses.test_7_equipment import LIMIT
from tests.clauses.whole_company import BEFORE, put_in_post, whole_company
from tests.domain.assessments.assessed import assessed, logged
from tests.domain.companies.test_company_facts import LICENCE
from tests.domain.compliance.evidence import accepted, submitted
from tests.domain.drills.exercise import prepared as drilled
from tests.domain.incidents.test_paper import ENTERED_AT, enter
from tests.domain.incidents.test_paper import TIMES as PAPER_TIMES

ON = date(2026, 11, 15)
"""A week before the noon on which things are entered late."""


@pytest.fixture(autouse=True)
def that_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_entries, "today", lambda: timezone.localdate(NOON))


def late(cast: Cast, on: date = ON, name: str = "mia") -> dict[str, Late]:
    viewer = cast.viewer(name)
    return late_verdicts(viewer, cast.company.pk, on, judged_clauses(viewer, cast.company.pk, on))


def told(found: Late) -> list[tuple[Any, ...]]:
    return [(one.what.name, words(one.what), one.by, one.at, one.is_taken_back) for one in found.entries]


def who(cast: Cast) -> dict[str, Any]:
    return {"by": cast.viewer("mia"), "at": NOON}


def test_what_was_known_in_time_is_not_late(cast: Cast) -> None:
    whole_company(cast)
    assert late(cast) == {}


def test_a_certificate_that_is_entered_late_is_told_with_both_verdicts(cast: Cast) -> None:
    member = put_in_post(cast, "001", "watch")
    member.facts.filter(kind="guard_certificate").delete()
    record_fact(member.pk, NewFact(Kind.GUARD_CERTIFICATE, number="33-1", valid_from=date(2026, 1, 5)), **who(cast))
    found = late(cast)["5.1.4"]
    assert (found.then.verdict.value, found.more) == ("not_met", 0)
    assert told(found) == [("001 员工001", "保安员证（2026-01-05 至 …）", "Mia", NOON, False)]
    assert set(late(cast)) == {"4.1", "5.1.2", "5.1.4", "5.2"}


def test_what_is_taken_back_is_told_and_what_stays_the_same_on_the_day_is_not(cast: Cast) -> None:
    member = put_in_post(cast, "001", "watch")
    fact = member.facts.get(kind="training")
    retract_fact(fact.pk, "不是他", **who(cast))
    record_fact(member.pk, NewFact(Kind.POST_KIND, "patrol", date(2026, 11, 20)), **who(cast))
    found = late(cast)
    assert found["5.1.3"].then.verdict == "met"
    days = f"{fact.valid_from} 至 {fact.valid_until}"
    assert [(what, gone) for _name, what, _by, _at, gone in told(found["5.1.3"])] == [(f"培训（{days}）", True)]


def test_a_contract_entered_late_and_a_shortened_term_are_told(cast: Cast) -> None:
    whole_company(cast, {})
    add_contract(cast.bank.customer_id, {"number": "HT-9"}, Beginning("in_service", date(2026, 11, 1)), **who(cast))
    change_contract(Contract.objects.get(number="1").pk, {"ends_on": date(2026, 11, 10)}, **who(cast))
    change_contract(Contract.objects.get(number="HT-9").pk, {"service_items": "联网报警"}, **who(cast))
    set_counted_unit(cast.company.pk, CustomerUnit.SITE, **who(cast))
    found = late(cast)["5.2"]
    assert (found.then.figures["customers"], found.then.figures["unit"]) == (1, "contract")
    assert {(name, what, gone) for name, what, _by, _at, gone in told(found)} == {
        ("户数计法", "一个场所一户", False),
        ("HT-9", "服务中（2026-11-01 至 …）", False),
        ("1", "服务中（2026-01-01 至 …）", True),
    }


def test_a_corrected_licence_is_told_twice_as_it_was_and_as_it_is(cast: Cast) -> None:
    fact = record_company_fact(cast.company.pk, LICENCE, by=cast.viewer("mia"), at=NOON - timedelta(days=20))
    new = NewCompanyFact(
        CompanyFactKind.GUARD_LICENCE,
        number=LICENCE.number,
        issuer=LICENCE.issuer,
        valid_from=LICENCE.valid_from,
        valid_until=date(2026, 11, 14),
        details=LICENCE.details,
    )
    correct_company_fact(fact.pk, new, "看错了", **who(cast))
    found = late(cast)["4.2"]
    assert found.then.verdict == "met"
    assert [(name, gone) for name, _what, _by, _at, gone in told(found)] == [("保安服务许可证", True)]


def test_a_case_entered_from_paper_is_told_with_who_entered_it(cast: Cast) -> None:
    case = enter(cast, **{name: at - timedelta(days=10) for name, at in PAPER_TIMES.items()})
    found = late(cast)
    assert set(found) == {"8.4.1 b", "8.4.3", "令564-25"}
    entries = [(one.what.kind, one.what.id, one.at, one.is_taken_back) for one in found["令564-25"].entries]
    assert entries == [("case", case.pk, ENTERED_AT, False)]
    assert told(found["8.4.1 b"])[0][1:3] == ("纸质补录，警情时间 2026-11-12 12:00", "Olivia")


def test_a_drill_from_paper_is_told_with_the_day_on_which_it_was_held_and_with_that_of_its_entry(cast: Cast) -> None:
    at = NOON - timedelta(days=12)
    drill = drilled(cast, at)
    record_held(drill.pk, at, at + timedelta(hours=1), **who(cast))
    found = late(cast)
    assert {"8.4.1 b", "8.4.2", "8.4.3"} <= set(found)
    entered = [("D-2026-01 演练1", "2026-11-10 12:00 举行，2026-11-22 12:00 记入", "Mia", NOON, False)]
    assert (told(found["8.4.2"]), told(found["8.4.1 b"])) == (entered, entered)
    assert found["8.4.2"].entries[0].what.id == drill.pk


def test_a_drill_that_is_taken_back_and_an_observation_noted_late_are_told(cast: Cast) -> None:
    at = NOON - timedelta(days=40)
    drill = drilled(cast, at)
    then: dict[str, Any] = {"by": cast.viewer("leo"), "at": at + timedelta(hours=2)}
    record_held(drill.pk, at, at + timedelta(hours=1), **then)
    score_drill(drill.pk, [Mark(one.key, 4) for one in scale(drill.indicators).indicators], **then)
    evaluate_drill(drill.pk, "良好", **then)
    observe(drill.pk, "good", "40 秒受理", seconds=40, **who(cast))
    assert [one[1] for one in told(late(cast)["8.4.2"])] == ["2026-10-13 12:00 的观察，2026-11-22 12:00 记入"]
    retract_drill(drill.pk, "不是演练", **who(cast))
    assert [(one[0], one[4]) for one in told(late(cast)["8.4.2"])] == [("D-2026-01 演练1", True)]


def test_supervision_that_is_written_down_late_or_taken_back_and_another_limit_are_told(cast: Cast) -> None:
    here = assessed(cast, NOON - timedelta(days=60)).departments["管理部"]
    first = logged(cast, here, ON - timedelta(days=5), NOON - timedelta(days=12))
    logged(cast, here, ON - timedelta(days=1))
    found = late(cast)["8.3.1"]
    assert told(found) == [("管理部", "2026-11-14 的日常监督，2026-11-22 12:00 记入", "Leo", NOON, False)]
    retract_entry(first.pk, "不是这个部门", **who(cast))
    set_supervision_limits(cast.company.pk, 10, 12, "制度", **who(cast))
    assert {(name, gone) for name, _what, _by, _at, gone in told(late(cast)["8.3.1"])} == {
        ("管理部", False),
        ("管理部", True),
        ("监督与评价的限值", False),
    }


def test_evidence_that_was_submitted_in_time_and_accepted_late_is_told_by_its_acceptance(cast: Cast) -> None:
    row = submitted(cast, at=NOON - timedelta(days=20))
    accept_evidence(row.pk, by=cast.viewer("mia"), at=NOON)
    accepted(cast, text="other", clauses=("8.3.2",))
    found = late(cast)
    assert (found["8.3.1"].then.verdict, told(found["8.3.1"])) == (
        "insufficient",
        [("2026年考核记录", "接受证据", "Mia", NOON, False)],
    )
    assert [what for _name, what, *_rest in told(found["8.3.2"])] == [
        "符合（2026-01-01 至 2026-12-31）",
        "接受证据",
    ]


def test_a_limit_entered_late_is_told_beside_its_own_clause(cast: Cast) -> None:
    record_limit(cast.company.pk, LIMIT, **who(cast))
    found = late(cast)
    assert {clause: [one.what.key for one in mine.entries] for clause, mine in found.items()} == {"7": ["4.2.3"]}
    assert told(found["7"])[0][2:] == ("Mia", NOON, False)


def test_names_and_private_matters_are_for_whoever_may_see_them(cast: Cast) -> None:
    member = put_in_post(cast, "001", "watch")
    record_fact(member.pk, NewFact(Kind.BAR, "crime", date(2026, 11, 1)), **who(cast))
    seen = {name: told(late(cast, name=name)["5.1.1"])[0][:2] for name in ("mia", "leo", "polly")}
    assert seen == {
        "mia": ("001 员工001", "不得从业情形（2026-11-01 至 …）"),
        "leo": ("001 员工001", "不便公开的记录"),
        "polly": ("未具名人员", "不便公开的记录"),
    }


def test_today_and_days_to_come_cost_nothing(cast: Cast) -> None:
    viewer, now = cast.viewer("mia"), timezone.localdate(NOON)
    judged = judged_clauses(viewer, cast.company.pk, now)
    with CaptureQueriesContext(connection) as asked:
        assert late_verdicts(viewer, cast.company.pk, now, judged) == {}
        assert late_verdicts(viewer, cast.company.pk, now + timedelta(days=1), judged) == {}
    assert len(asked) == 0


def test_many_late_entries_take_the_same_queries_and_a_list_that_ends(cast: Cast) -> None:
    whole_company(cast, {"watch": 1})
    viewer, counted = cast.viewer("mia"), []
    for people in (range(1), range(1, 60)):
        for place in people:
            put_in_post(cast, f"late{place}", "watch", NOON)
        judged = judged_clauses(viewer, cast.company.pk, ON)
        with CaptureQueriesContext(connection) as asked:
            found = late_verdicts(viewer, cast.company.pk, ON, judged)["5.1.4"]
        counted.append((len(asked), len(found.entries), found.more))
    assert counted == [(counted[0][0], 3, 0), (counted[0][0], 50, 130)]


def test_strangers_are_told_nothing(cast: Cast) -> None:
    put_in_post(cast, "001", "watch", NOON)
    assert late(cast, name="sam") == late(cast, name="olivia") == {}


def test_a_date_entered_late_and_another_term_of_review_are_told_beside_what_they_change(cast: Cast) -> None:
    whole_company(cast)
    ada, reviewed = cast.viewer("ada"), NOON - timedelta(days=400)
    branch = {"value": "绍兴分公司", "details": {"place": "绍兴"}, "valid_from": date(2026, 10, 26)}
    CompanyFact.objects.create(company=cast.company, kind="branch", recorded_at=BEFORE, recorded_by="Mia", **branch)
    AccessReview.objects.create(company=cast.company, signed_at=reviewed, signed_by="Mia")
    set_workday(date(2026, 11, 4), False, "市里通知", by=ada, at=NOON)
    set_review_months(cast.company.pk, 24, "本省要求", **who(cast))
    found = late(cast, date(2026, 11, 17))
    assert told(found["4.1"]) == [("工作日历", "2026-11-04 放假", "Ada", NOON, False)]
    assert told(found["令564-26"])[0][:2] == ("权限复核周期", "24 个月")

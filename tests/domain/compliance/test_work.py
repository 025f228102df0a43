"""Who sees to a clause: set by whoever may, written down, apart from the verdict, named to whoever may see people."""

from datetime import date
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.clause_findings import Turn, raise_for_clause
from lianjing.domain.compliance.clause_work import GivenWork, set_work
from lianjing.domain.compliance.models import ClauseWork
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.compliance.work_reading import Work, owners_offered, works
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.models import Record
from lianjing.terms.verdicts import Verdict, WorkStatus
from tests.cast import NOON, SYSTEM, Cast
from tests.domain.findings.found import DUE as FOUND_DUE
from tests.domain.findings.found import moved_to, raised

DUE = date(2026, 12, 1)


def member(cast: Cast, staff_no: str = "001", name: str = "王一", **told: Any) -> StaffMember:
    return StaffMember.objects.create(
        company=told.get("company", cast.company), staff_no=staff_no, name=name, added_at=NOON
    )


def give(cast: Cast, owner: str = "", clause: str = "4.2", name: str = "mia", **told: Any) -> bool:
    return set_work(cast.company.pk, clause, GivenWork(owner, **told), by=cast.viewer(name), at=NOON)


def seen(cast: Cast, name: str = "mia") -> Work:
    return works(cast.viewer(name), cast.company.pk)["4.2"]


@pytest.mark.parametrize("typed", ["001", "001 王一", "王一"])
def test_an_owner_is_found_by_number_or_name_on_the_staff_list(cast: Cast, typed: str) -> None:
    one = member(cast)
    assert give(cast, typed, status=WorkStatus.IN_WORK, due_on=DUE, note=" 办新证 ")
    assert seen(cast) == Work("4.2", "001 王一", f"s{one.pk}", True, WorkStatus.IN_WORK, DUE, "办新证")


@pytest.mark.parametrize("typed", ["leo", "Leo"])
def test_an_owner_may_be_a_user_of_the_company(cast: Cast, typed: str) -> None:
    give(cast, typed)
    assert (seen(cast).owner, seen(cast).key) == ("Leo", f"u{cast.users['leo'].pk}")


@pytest.mark.parametrize("typed", ["sam", "Sam", "009", "李四", "ada", "  x"])
def test_who_is_nobody_of_the_company_is_refused_by_name(cast: Cast, typed: str) -> None:
    member(cast, "009", "李四", company=cast.other)
    with pytest.raises(Refused, match=typed.strip()) as refusal:
        give(cast, typed)
    assert (refusal.value.field, ClauseWork.objects.count()) == ("owner", 0)


def test_two_of_one_name_need_a_number(cast: Cast) -> None:
    member(cast)
    member(cast, "002")
    with pytest.raises(Refused, match="不止一人"):
        give(cast, "王一")
    give(cast, "002")
    assert seen(cast).owner == "002 王一"


def test_what_was_set_is_written_down_once(cast: Cast) -> None:
    one = member(cast)
    assert [give(cast, "001"), give(cast, "001"), give(cast, "001", note="x")] == [True, False, True]
    told = Record.objects.filter(action="clause.work_set").order_by("pk").values_list("before", "after")
    assert list(told) == [
        ({"clause": "4.2", "member": None}, {"clause": "4.2", "member": one.pk}),
        ({"clause": "4.2", "note": ""}, {"clause": "4.2", "note": "x"}),
    ]


def test_work_changes_no_verdict(cast: Cast) -> None:
    before = judged_clauses(cast.viewer("mia"), cast.company.pk, DUE)
    give(cast, "leo", status=WorkStatus.DONE)
    assert judged_clauses(cast.viewer("mia"), cast.company.pk, DUE) == before


def test_who_may_not_see_people_learns_that_there_is_somebody(cast: Cast) -> None:
    member(cast)
    give(cast, "001")
    assert [(seen(cast, name).owner, seen(cast, name).is_named) for name in ("mia", "leo", "polly")] == [
        ("001 王一", True),
        ("001 王一", True),
        ("已指定", False),
    ]
    assert works(cast.viewer("sam"), cast.company.pk) == {}
    assert owners_offered(cast.viewer("mia"), cast.company.pk)[-1] == "001 王一"
    assert owners_offered(cast.viewer("polly"), cast.company.pk) == []
    assert owners_offered(cast.viewer("sam"), cast.company.pk) == []


@pytest.mark.parametrize(("name", "wrong"), [("leo", Forbidden), ("polly", Forbidden), ("sam", Forbidden)])
def test_who_may_not_set_it(cast: Cast, name: str, wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        give(cast, name=name)


@pytest.mark.parametrize("clause", ["4", "9.9", "3.1"])
def test_only_what_is_judged_is_seen_to(cast: Cast, clause: str) -> None:
    with pytest.raises(Missing):
        give(cast, clause=clause)


def test_a_note_has_its_limit(cast: Cast) -> None:
    with pytest.raises(Refused, match="最多 500 个字，现有 501 个"):
        give(cast, note="长" * 501)
    with pytest.raises(Refused, match="不能保存"):
        give(cast, note="a\0b")


def test_late_is_what_is_over_and_not_done(cast: Cast) -> None:
    late = []
    for status in (WorkStatus.PLANNED, WorkStatus.DONE):
        give(cast, status=status, due_on=DUE)
        late += [seen(cast).is_late(DUE), seen(cast).is_late(date(2026, 12, 2))]
    assert late == [False, True, False, False]


def test_an_open_finding_s_owner_state_and_day_are_the_clause_s_until_it_ends(cast: Cast) -> None:
    give(cast, "leo", status=WorkStatus.PLANNED, due_on=DUE, note="办新证")
    finding = raised(cast, clauses=("4.2", "5.2"))
    one = seen(cast)
    assert (one.owner, one.status, one.due_on, one.finding) == ("Leo", WorkStatus.NONE, DUE, finding)
    finding = moved_to(cast, "in_progress", finding)
    told = [works(cast.viewer("mia"), cast.company.pk)[clause] for clause in ("4.2", "5.2")]
    assert {(work.owner, work.status, work.due_on) for work in told} == {("001 陈思远", WorkStatus.IN_WORK, FOUND_DUE)}
    with pytest.raises(Refused, match=finding.number):
        give(cast, "leo", note="x")
    assert seen(cast, "polly").owner == "Leo"
    moved_to(cast, "closed", finding)
    one = seen(cast)
    assert (one.owner, one.status, one.note, one.finding) == ("Leo", WorkStatus.PLANNED, "办新证", None)
    assert give(cast, "leo", note="x")


def test_a_clause_s_own_finding_comes_before_one_that_is_about_others_too(cast: Cast) -> None:
    raised(cast, grade="major", clauses=("4.2", "5.2"))
    own = raise_for_clause(Turn(cast.company.pk, "4.2", None, Verdict.MOSTLY), by=SYSTEM, at=NOON)
    assert seen(cast).finding == own

"""Asking for leave, granting it, and what was planned into it."""

from datetime import date, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.leave import (
    NewLeave,
    ask_leave,
    cancel_leave,
    decide_leave,
    enter_leave,
    withdraw_leave,
)
from lianjing.domain.people.leave_list import leave_requests, leaves_between, own_leave, shifts_in_leave
from lianjing.domain.records.models import Record
from tests.cast import NOON, Cast
from tests.domain.people.roster.staff import TODAY, entry, guard, own_guard

FIRST, LAST = TODAY + timedelta(days=3), TODAY + timedelta(days=5)
NEW = NewLeave("年假", FIRST, LAST, "回老家")


def by(cast: Cast, name: str) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON, "source": "test"}


def test_leave_is_asked_for_granted_and_then_a_fact(cast: Cast) -> None:
    member = own_guard(cast, "陈", "olivia")
    asked = ask_leave(NEW, **by(cast, "olivia"))
    assert leave_requests(cast.viewer("leo"), cast.company.pk) == [asked]
    assert leaves_between(cast.viewer("leo"), cast.company.pk, FIRST, LAST) == []
    decide_leave(asked.pk, True, **by(cast, "leo"))
    (fact,) = leaves_between(cast.viewer("leo"), cast.company.pk, LAST, LAST)
    assert (fact.member, fact.value, fact.valid_from, fact.valid_until) == (member, "年假", FIRST, LAST)
    assert [one.state for one in own_leave(cast.viewer("olivia"), NOON)] == ["granted"]


def test_no_record_says_why_somebody_is_away(cast: Cast) -> None:
    own_guard(cast, "陈", "olivia")
    decide_leave(ask_leave(NEW, **by(cast, "olivia")).pk, True, **by(cast, "leo"))
    told = str(list(Record.objects.values_list("before", "after")))
    assert ("leave.asked" in str(list(Record.objects.values_list("action", flat=True)))) is True
    assert ("年假" in told, "回老家" in told) == (False, False)


def test_refusing_wants_a_reason_and_is_done_once(cast: Cast) -> None:
    own_guard(cast, "陈", "olivia")
    asked = ask_leave(NEW, **by(cast, "olivia"))
    with pytest.raises(Refused, match="请写明原因"):
        decide_leave(asked.pk, False, **by(cast, "leo"))
    decide_leave(asked.pk, False, "人手不足", **by(cast, "leo"))
    with pytest.raises(Refused, match="已经由 Leo 处理"):
        decide_leave(asked.pk, True, **by(cast, "mia"))


@pytest.mark.parametrize(
    ("new", "field", "sentence"),
    [
        (NewLeave("年假", LAST, FIRST), "last_on", "最后一天 2026-11-25 早于第一天 2026-11-27。"),
        (NewLeave("", FIRST, LAST), "kind", "请填写。"),
        (NewLeave("年假", None, LAST), "first_on", "请填写。"),
        (NewLeave("年假", FIRST, FIRST + timedelta(days=400)), "last_on", "一次最多 366 天。"),
        (NewLeave("年假", date(2026, 11, 1), date(2026, 11, 2)), "last_on", "这些天已经过去，请由班长登记。"),
    ],
)
def test_leave_that_cannot_be_is_refused(cast: Cast, new: NewLeave, field: str, sentence: str) -> None:
    own_guard(cast, "陈", "olivia")
    with pytest.raises(Refused) as refused:
        ask_leave(new, **by(cast, "olivia"))
    assert (refused.value.field, str(refused.value)) == (field, sentence)


def test_nobody_is_on_leave_twice(cast: Cast) -> None:
    own_guard(cast, "陈", "olivia")
    asked = ask_leave(NEW, **by(cast, "olivia"))
    with pytest.raises(Refused, match="已经请了假，或已申请"):
        ask_leave(NewLeave("事假", LAST, LAST), **by(cast, "olivia"))
    decide_leave(asked.pk, True, **by(cast, "leo"))
    with pytest.raises(Refused, match="2026-11-25 至 2026-11-27 已经请了假"):
        ask_leave(NewLeave("事假", LAST, LAST), **by(cast, "olivia"))


def test_a_leader_enters_leave_and_takes_it_back(cast: Cast) -> None:
    member = guard(cast.company, "陈")
    fact = enter_leave(member.pk, NEW, **by(cast, "leo"))
    cancel_leave(fact.pk, "不休了", **by(cast, "leo"))
    assert leaves_between(cast.viewer("leo"), cast.company.pk, FIRST, LAST) == []


def test_shifts_in_the_leave_are_found_also_the_night_that_reaches_into_it(cast: Cast) -> None:
    member = guard(cast.company, "陈")
    inside, night = entry(member, LAST), entry(member, FIRST - timedelta(days=1), "23:00", 8)
    entry(member, FIRST - timedelta(days=2))
    entry(member, LAST + timedelta(days=1))
    found = shifts_in_leave(cast.viewer("leo"), [(member.pk, FIRST, LAST)])
    assert found == {(member.pk, FIRST): [night, inside]}


def test_nobody_decides_on_his_own_and_strangers_on_nothing(cast: Cast) -> None:
    own_guard(cast, "雷", "leo")
    own_guard(cast, "陈", "olivia")
    leos, olivias = ask_leave(NEW, **by(cast, "leo")), ask_leave(NEW, **by(cast, "olivia"))
    with pytest.raises(Refused, match="不能批准自己的申请"):
        decide_leave(leos.pk, True, **by(cast, "leo"))
    with pytest.raises(Missing):
        decide_leave(olivias.pk, True, **by(cast, "sam"))
    with pytest.raises(Forbidden):
        decide_leave(olivias.pk, True, **by(cast, "olivia"))
    with pytest.raises(Missing):
        withdraw_leave(olivias.pk, **by(cast, "oscar"))
    with pytest.raises(Missing):
        ask_leave(NEW, **by(cast, "oscar"))
    assert withdraw_leave(olivias.pk, **by(cast, "olivia")).state == "withdrawn"

"""我的班次, swaps and leave through the pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lianjing.domain.people.models import LeaveRequest, RosterEntry, StaffFact, Swap
from tests.cast import Cast
from tests.domain.people.roster.staff import entry, guard, own_guard
from tests.web.conftest import As

TODAY = timezone.localdate()
TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=3)
MINE = "/office/roster/mine/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_swap_from_asking_to_approval(cast: Cast, signed_on: As) -> None:
    chen, li = own_guard(cast, "陈思远", "olivia"), own_guard(cast, "李静", "oscar")
    row, back = entry(chen, TOMORROW), entry(li, LATER, "20:00")
    olivia, oscar, leo = signed_on("olivia"), signed_on("oscar"), signed_on("leo")
    assert f"{TOMORROW:%m-%d}" in text(olivia.get(MINE))
    ask = f"{MINE}swap/{row.pk}/"
    assert "李静" in text(olivia.get(ask))
    assert f"{LATER} 20:00" in text(olivia.get(f"{ask}?to={li.pk}"))
    olivia.post(f"{ask}?to={li.pk}", {"in_return": back.pk, "reason": "家里有事"})
    swap = Swap.objects.get()
    assert "等 李静 答复" in text(olivia.get(MINE))
    page = text(oscar.get(MINE))
    assert ("家里有事" in page, "同意" in page) == (True, True)
    oscar.post(f"{MINE}swaps/{swap.pk}/answer/", {"agree": "1"})
    assert "没有冲突" in text(leo.get("/office/roster/swaps/"))
    leo.post(f"/office/roster/swaps/{swap.pk}/decide/", {"approve": "1", "reason": ""})
    assert [RosterEntry.objects.get(pk=one.pk).member for one in (row, back)] == [li, chen]
    assert ["✓ Leo 已批准" in text(client.get(MINE)) for client in (olivia, oscar)] == [True, True]
    again = leo.post(f"/office/roster/swaps/{swap.pk}/decide/", {"refuse": "1", "reason": "x"})
    assert (again.status_code, "已经由 Leo 处理" in text(again)) == (422, True)


def test_the_leader_sees_what_is_in_the_way_before_he_decides(cast: Cast, signed_on: As) -> None:
    chen, li = own_guard(cast, "陈思远", "olivia"), own_guard(cast, "李静", "oscar", certificate_until=TODAY)
    swap = Swap.objects.create(
        company=cast.company, entry=entry(chen, TOMORROW), giver=chen, to=li, state="agreed", asked_at=timezone.now()
    )
    leo = signed_on("leo")
    page = text(leo.get("/office/roster/swaps/"))
    assert ("保安员证已于" in page, 'name="approve"' in page) == (True, False)
    forced = leo.post(f"/office/roster/swaps/{swap.pk}/decide/", {"approve": "1", "reason": "都同意"})
    assert (forced.status_code, Swap.objects.get().state) == (422, "agreed")


def test_a_guard_has_his_shifts_on_the_phone(cast: Cast, signed_on: As) -> None:
    entry(own_guard(cast, "顾", "gus"), TOMORROW, post_kind="patrol", place="东片区")
    page = text(signed_on("gus").get(MINE))
    assert ('class="patrol"' in page, "东片区" in page, MINE in text(signed_on("gus").get("/patrol/"))) == (
        True,
        True,
        True,
    )


def test_who_is_not_on_file_is_told_so(cast: Cast, signed_on: As) -> None:
    assert "还没有对应的人员档案" in text(signed_on("olivia").get(MINE))


def test_leave_is_asked_for_and_decided_with_the_shifts_in_sight(cast: Cast, signed_on: As) -> None:
    entry(own_guard(cast, "陈思远", "olivia"), LATER)
    told = {"kind": "年假", "first_on": str(TOMORROW), "last_on": str(LATER), "reason": "回老家"}
    olivia, leo = signed_on("olivia"), signed_on("leo")
    wrong = olivia.post(MINE, {**told, "last_on": str(TODAY)})
    assert (wrong.status_code, "回老家" in text(wrong), "早于第一天" in text(wrong)) == (422, True, True)
    olivia.post(MINE, told)
    asked = LeaveRequest.objects.get()
    page = text(leo.get("/office/roster/leave/"))
    assert ("与 1 班冲突" in page, "回老家" in page) == (True, True)
    leo.post(f"/office/roster/leave/{asked.pk}/decide/", {"grant": "1"})
    assert "✓ Leo 已批准" in text(olivia.get(MINE))
    assert "冲突 1 班" in text(leo.get(f"/office/roster/?on={LATER}"))
    fact = StaffFact.objects.get(kind="leave")
    leo.post(f"/office/roster/leave/granted/{fact.pk}/cancel/", {"reason": "不去了"})
    assert "已销假" in text(olivia.get(MINE))


def test_a_leader_enters_leave_for_somebody(cast: Cast, signed_on: As) -> None:
    member = guard(cast.company, "陈思远")
    told = {"person": member.staff_no, "kind": "病假", "first_on": str(TODAY), "last_on": str(TOMORROW)}
    page = text(signed_on("leo").post("/office/roster/leave/", told, follow=True))
    assert ("请假已登记" in page, "病假" in page) == (True, True)


@pytest.mark.parametrize("step", ["answer", "withdraw"])
def test_other_peoples_swaps_are_not_there(cast: Cast, signed_on: As, step: str) -> None:
    chen, li = own_guard(cast, "陈思远", "olivia"), own_guard(cast, "李静", "oscar")
    row = entry(chen, TOMORROW)
    swap = Swap.objects.create(company=cast.company, entry=row, giver=chen, to=li, asked_at=timezone.now())
    for name in ("gus", "sam"):
        assert signed_on(name).post(f"{MINE}swaps/{swap.pk}/{step}/", {"agree": "1"}).status_code == 404
    assert signed_on("oscar").get(f"{MINE}swap/{row.pk}/").status_code == 404
    own = {"answer": "oscar", "withdraw": "olivia"}[step]
    signed_on(own).post(f"{MINE}swaps/{swap.pk}/{step}/", {"agree": "1"})
    assert Swap.objects.get().state == {"answer": "agreed", "withdraw": "withdrawn"}[step]


def test_nobody_is_offered_to_decide_on_his_own_swap_or_leave(cast: Cast, signed_on: As) -> None:
    lei, chen = own_guard(cast, "雷", "leo"), guard(cast.company, "陈")
    now, day = timezone.now(), timezone.localdate() + timedelta(days=3)
    Swap.objects.create(
        company=cast.company, entry=entry(lei, day), giver=lei, to=chen, state="agreed", asked_at=now, answered_at=now
    )
    LeaveRequest.objects.create(
        company=cast.company, member=lei, kind="年假", first_on=day, last_on=day, asked_at=now, asked_by="Leo"
    )
    for page, own in (("swaps", "这是您自己的换班"), ("leave", "这是您自己的申请")):
        seen = {name: text(signed_on(name).get(f"/office/roster/{page}/")) for name in ("leo", "mia")}
        told = {name: (own in one, one.count(">批准</button>")) for name, one in seen.items()}
        assert told == {"leo": (True, 0), "mia": (False, 1)}

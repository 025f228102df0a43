"""Exchanging shifts."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.models import RosterEntry, StaffMember, Swap
from lianjing.domain.people.roster_list import colleagues, own_swaps, swap_by_id, swaps_to_decide
from lianjing.domain.people.swapping import answer_swap, ask_swap, decide_swap, withdraw_swap
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.domain.people.roster.staff import TODAY, entry, own_guard, put_fact

TOMORROW = TODAY + timedelta(days=1)


def by(cast: Cast, name: str) -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON, "source": "test"}


@pytest.fixture
def two(cast: Cast) -> tuple[StaffMember, StaffMember]:
    return own_guard(cast, "陈", "olivia"), own_guard(cast, "李", "oscar")


def asked(cast: Cast, mine: RosterEntry, to: StaffMember, back: RosterEntry | None = None) -> Swap:
    return ask_swap(mine.pk, to.pk, back.pk if back else None, "家里有事", **by(cast, "olivia"))


def agreed(cast: Cast, mine: RosterEntry, to: StaffMember, back: RosterEntry | None = None) -> Swap:
    return answer_swap(asked(cast, mine, to, back).pk, True, **by(cast, "oscar"))


def holders(*rows: RosterEntry) -> list[str]:
    return [RosterEntry.objects.get(pk=row.pk).member.name for row in rows]


Two = tuple[StaffMember, StaffMember]


def test_a_shift_is_given_away_when_the_colleague_agrees_and_a_leader_approves(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    swap = asked(cast, mine, two[1])
    assert (swap.state, swaps_to_decide(cast.viewer("leo"))) == ("asked", [])
    answer_swap(swap.pk, True, **by(cast, "oscar"))
    assert swaps_to_decide(cast.viewer("leo")) == [swap]
    done = decide_swap(swap.pk, True, **by(cast, "leo"))
    assert (done.state, done.decided_by, holders(mine)) == ("approved", "Leo", ["李"])
    for name in ("olivia", "oscar"):
        assert [(one.pk, one.state) for one in own_swaps(cast.viewer(name), NOON)] == [(swap.pk, "approved")]
    actions = Record.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["swap.asked", "swap.answered", "roster.entry_swapped", "swap.decided"]


@pytest.mark.parametrize("clock", ["08:00", "16:00"])
def test_two_shifts_change_hands_also_when_they_begin_together(cast: Cast, two: Two, clock: str) -> None:
    mine, back = entry(two[0], TOMORROW), entry(two[1], TOMORROW, clock, place="2 号席")
    decide_swap(agreed(cast, mine, two[1], back).pk, True, **by(cast, "leo"))
    assert holders(mine, back) == ["李", "陈"]


def test_the_colleague_may_refuse_and_who_asked_may_take_it_back(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    refused = answer_swap(asked(cast, mine, two[1]).pk, False, **by(cast, "oscar"))
    assert refused.state == "refused"
    again = asked(cast, mine, two[1])
    assert withdraw_swap(again.pk, **by(cast, "olivia")).state == "withdrawn"
    with pytest.raises(Refused):
        answer_swap(again.pk, True, **by(cast, "oscar"))
    assert holders(mine) == ["陈"]


def test_a_leader_refuses_with_a_reason_only(cast: Cast, two: Two) -> None:
    swap = agreed(cast, entry(two[0], TOMORROW), two[1])
    with pytest.raises(Refused, match="请写明原因"):
        decide_swap(swap.pk, False, **by(cast, "leo"))
    assert decide_swap(swap.pk, False, "当天有检查", **by(cast, "leo")).decision == "当天有检查"


def test_of_two_who_decide_the_second_is_told_who_was_first(cast: Cast, two: Two) -> None:
    swap = agreed(cast, entry(two[0], TOMORROW), two[1])
    decide_swap(swap.pk, True, **by(cast, "leo"))
    with pytest.raises(Refused, match="已经由 Leo 处理"):
        decide_swap(swap.pk, False, "不行", **by(cast, "mia"))


def test_eligibility_is_looked_at_again_at_the_approval(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    swap = agreed(cast, mine, two[1])
    two[1].facts.filter(kind=Kind.GUARD_CERTIFICATE.value).update(valid_until=TODAY)
    with pytest.raises(Refused, match="李：2026-11-23 不能上岗：保安员证已于 2026-11-22 到期。"):
        decide_swap(swap.pk, True, "都同意", **by(cast, "leo"))
    assert holders(mine) == ["陈"]


def test_leave_that_was_granted_meanwhile_stands_in_the_way(cast: Cast, two: Two) -> None:
    swap = agreed(cast, entry(two[0], TOMORROW), two[1])
    put_fact(two[1], Kind.LEAVE, value="事假", valid_from=TOMORROW, valid_until=TOMORROW)
    with pytest.raises(Refused, match="请假"):
        decide_swap(swap.pk, True, **by(cast, "leo"))


def test_an_overlap_that_arose_meanwhile_stands_in_the_way(cast: Cast, two: Two) -> None:
    swap = agreed(cast, entry(two[0], TOMORROW), two[1])
    entry(two[1], TOMORROW, "12:00", place="东片区")
    with pytest.raises(Refused, match="重叠"):
        decide_swap(swap.pk, True, "都同意", **by(cast, "leo"))


def test_who_would_be_too_tired_takes_it_only_for_a_reason(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    entry(two[1], TOMORROW, "17:00")
    swap = agreed(cast, mine, two[1])
    with pytest.raises(Refused, match="与后一班只隔 1 小时") as refused:
        decide_swap(swap.pk, True, **by(cast, "leo"))
    assert refused.value.field == "reason"
    decide_swap(swap.pk, True, "只此一次", **by(cast, "leo"))
    assert holders(mine) == ["李"]


def test_what_overlaps_cannot_even_be_asked(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    entry(two[1], TOMORROW, "12:00")
    with pytest.raises(Refused, match=r"李：.*重叠") as refused:
        asked(cast, mine, two[1])
    assert refused.value.field == "to"


def test_a_shift_is_asked_for_once_at_a_time_and_never_when_it_has_begun(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    asked(cast, mine, two[1])
    with pytest.raises(Refused, match="已经在申请换班"):
        asked(cast, mine, two[1])
    with pytest.raises(Refused, match="已经开始"):
        asked(cast, entry(two[0], TODAY), two[1])


def test_of_two_swaps_for_one_shift_in_return_the_first_approved_ends_the_other(cast: Cast, two: Two) -> None:
    gus = own_guard(cast, "顾", "gus")
    back = entry(two[1], TOMORROW, "16:00")
    first = agreed(cast, entry(two[0], TOMORROW), two[1], back)
    other = ask_swap(entry(gus, TOMORROW).pk, two[1].pk, back.pk, **by(cast, "gus"))
    decide_swap(first.pk, True, **by(cast, "leo"))
    other.refresh_from_db()
    assert (other.state, other.decision) == ("withdrawn", "班次已换给别人")


def test_nobody_approves_his_own(cast: Cast, two: Two) -> None:
    leo = own_guard(cast, "雷", "leo")
    swap = agreed_by_leo(cast, entry(leo, TOMORROW), two[1])
    with pytest.raises(Refused, match="不能批准自己的换班"):
        decide_swap(swap.pk, True, **by(cast, "leo"))
    assert decide_swap(swap.pk, True, **by(cast, "mia")).state == "approved"


def agreed_by_leo(cast: Cast, mine: RosterEntry, to: StaffMember) -> Swap:
    return answer_swap(ask_swap(mine.pk, to.pk, **by(cast, "leo")).pk, True, **by(cast, "oscar"))


def test_strangers_and_wrong_roles_get_nowhere(cast: Cast, two: Two) -> None:
    mine = entry(two[0], TOMORROW)
    swap = agreed(cast, mine, two[1])
    for name, error in (("sam", Missing), ("olivia", Forbidden), ("polly", Missing)):
        with pytest.raises(error):
            decide_swap(swap.pk, True, **by(cast, name))
    with pytest.raises(Missing):
        ask_swap(mine.pk, two[1].pk, **by(cast, "gus"))
    with pytest.raises(Missing):
        answer_swap(swap.pk, False, **by(cast, "olivia"))
    assert [name for name in ("olivia", "oscar", "leo", "gus", "sam") if swap_by_id(cast.viewer(name), swap.pk)] == [
        "olivia",
        "oscar",
        "leo",
    ]


def test_colleagues_who_are_at_work_then_are_not_offered(cast: Cast, two: Two) -> None:
    gus = own_guard(cast, "顾", "gus")
    mine = entry(two[0], TOMORROW)
    entry(two[1], TOMORROW, "12:00")
    entry(gus, TOMORROW, "17:00")
    assert colleagues(cast.viewer("olivia"), two[0], mine) == [gus]


@pytest.mark.django_db(transaction=True)
def test_of_two_leaders_who_approve_at_the_same_time_one_does() -> None:
    cast = Cast()
    two = own_guard(cast, "陈", "olivia"), own_guard(cast, "李", "oscar")
    mine = entry(two[0], TOMORROW)
    swap = agreed(cast, mine, two[1])
    at_once, told = Barrier(2), []

    def decide(name: str) -> None:
        at_once.wait()
        try:
            decide_swap(swap.pk, True, **by(cast, name))
            told.append("approved")
        except Refused as refused:
            told.append(refused.field)
        finally:
            connection.close()

    threads = [Thread(target=decide, args=(name,)) for name in ("leo", "mia")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["", "approved"]
    assert (holders(mine), Record.objects.filter(action="swap.decided").count()) == (["李"], 1)

"""Planning teams, publishing, single shifts."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.models import RosterEntry, Swap, Team, TeamMember
from lianjing.domain.people.planning import Plan, discard_drafts, draft_of, plan_teams, publish_roster
from lianjing.domain.people.roster_entries import NewEntry, add_entry, cancel_entry, change_entry
from lianjing.domain.people.roster_obstacles import Judged
from lianjing.domain.people.shifts import add_shift_kind, set_shift_kind_active, take_over_pattern
from lianjing.domain.people.teams import add_team, change_team, join_team, leave_team
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import words
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.domain.people.roster.staff import TODAY, at, entry, guard, put_fact

TOMORROW, LAST = TODAY + timedelta(days=1), TODAY + timedelta(days=8)
LEO = {"at": NOON, "source": "test"}


def by(cast: Cast, name: str = "leo") -> dict[str, Any]:
    return {"by": cast.viewer(name), **LEO}


def four_teams(cast: Cast) -> list[Team]:
    values = {"name": "值守", "post_kind": "watch", "place": "1 号席", "first_on": TOMORROW}
    return take_over_pattern(cast.company.pk, "four_three_2", values, **by(cast))


def plan(*teams: Team, last: date = LAST) -> Plan:
    return Plan(tuple(team.pk for team in teams), TOMORROW, last)


def said(judged: Judged) -> list[str]:
    return [words(problem) for problem in judged.problems]


def test_a_pattern_brings_its_teams_each_at_its_day_and_the_kinds_of_shifts(cast: Cast) -> None:
    teams = four_teams(cast)
    assert [(team.name, str(team.anchor_on)) for team in teams] == [
        ("值守甲班", "2026-11-23"),
        ("值守乙班", "2026-11-21"),
        ("值守丙班", "2026-11-19"),
        ("值守丁班", "2026-11-17"),
    ]
    kinds = cast.company.shift_kinds.order_by("code").values_list("code", "begins", "ends")
    assert list(kinds) == [("A", time(7), time(15)), ("B", time(15), time(23)), ("C", time(23), time(7))]


def test_a_team_is_planned_by_its_cycle_as_drafts(cast: Cast) -> None:
    team, *_others = four_teams(cast)
    join_team(team.pk, [guard(cast.company, "陈").pk], (TODAY, None), **by(cast))
    draft = plan_teams(cast.company.pk, plan(team), **by(cast))
    assert (len(draft.free), draft.tiring, draft.barred, draft.already) == (6, (), (), 0)
    rows = RosterEntry.objects.order_by("begins_at").values_list("shift", "day", "state", "place")
    assert [(shift, (day - TOMORROW).days) for shift, day, _state, _place in rows] == [
        ("早班", 0),
        ("早班", 1),
        ("中班", 2),
        ("中班", 3),
        ("夜班", 4),
        ("夜班", 5),
    ]
    assert {row[2:] for row in rows} == {("draft", "1 号席")}
    again = plan_teams(cast.company.pk, plan(team), **by(cast))
    assert (again.free, again.already, RosterEntry.objects.count()) == ((), 6, 6)


def test_what_stands_in_the_way_is_told_before_and_left_out(cast: Cast) -> None:
    team, *_others = four_teams(cast)
    ends = guard(cast.company, "陈", certificate_until=TODAY + timedelta(days=5))
    leaves = guard(cast.company, "李", left_on=TODAY + timedelta(days=3))
    away = guard(cast.company, "王")
    put_fact(away, Kind.LEAVE, value="年假", valid_from=TOMORROW, valid_until=TOMORROW + timedelta(days=2))
    busy = guard(cast.company, "赵")
    entry(busy, TOMORROW, "10:00", place="东片区")
    join_team(team.pk, [ends.pk, leaves.pk, away.pk, busy.pk], (TODAY, None), **by(cast))
    told = draft_of(cast.viewer("leo"), cast.company.pk, plan(team))
    assert {
        (judged.wanted.member.name, (judged.wanted.span.day - TODAY).days, *said(judged)) for judged in told.barred
    } == {
        # The night shift of the fifth day goes on after the certificate has ended.
        ("陈", 5, "2026-11-28 不能上岗：保安员证已于 2026-11-27 到期。"),
        ("陈", 6, "2026-11-28 不能上岗：保安员证已于 2026-11-27 到期。"),
        ("李", 4, "2026-11-26 不能上岗：已于 2026-11-25 离职。"),
        ("李", 5, "2026-11-27 不能上岗：已于 2026-11-25 离职。"),
        ("李", 6, "2026-11-28 不能上岗：已于 2026-11-25 离职。"),
        ("王", 1, "2026-11-23 至 2026-11-25 请假。"),
        ("王", 2, "2026-11-23 至 2026-11-25 请假。"),
        ("王", 3, "2026-11-23 至 2026-11-25 请假。"),
        (
            "赵",
            1,
            "“1 号席”早班 2026-11-23 07:00–15:00与已排的“东片区”白班 2026-11-23 10:00–18:00重叠："
            "一个人不能同时在两处。",
        ),
    }
    assert RosterEntry.objects.filter(state="draft").count() == 0
    done = plan_teams(cast.company.pk, plan(team), **by(cast))
    assert len(done.barred) == len(told.barred)
    assert RosterEntry.objects.filter(state="draft").count() == 24 - len(told.barred)


def tired(cast: Cast) -> tuple[Team, Any]:
    """A team of one, who came from a night shift."""
    team, *_others = four_teams(cast)
    member = guard(cast.company, "陈")
    join_team(team.pk, [member.pk], (TODAY, None), **by(cast))
    entry(member, TODAY, "22:00", 8)
    return team, member


def test_against_a_fatigue_rule_only_for_a_reason_which_is_kept(cast: Cast) -> None:
    team, _member = tired(cast)
    told = draft_of(cast.viewer("leo"), cast.company.pk, plan(team))
    assert [said(judged) for judged in told.tiring] == [
        ["与前一班只隔 1 小时，至少 11 小时。"],
        ["连续上班 7 天，最多 6 天。"],
    ]
    assert len(plan_teams(cast.company.pk, plan(team), **by(cast)).free) == 5
    plan_teams(cast.company.pk, plan(team), "人手不足", **by(cast))
    assert list(RosterEntry.objects.exclude(reason="").values_list("day", "reason")) == [(TOMORROW, "人手不足")]
    last = Record.objects.filter(action="roster.planned").order_by("-pk")[0]
    assert last.after["despite"] == "人手不足"


def test_one_person_in_two_teams_from_earlier_times_is_planned_once_at_a_time(cast: Cast) -> None:
    team, other, *_more = four_teams(cast)
    member = guard(cast.company, "陈")
    for one in (team, other):
        TeamMember.objects.create(team=one, member=member, starts_on=TODAY)
    Team.objects.filter(pk=other.pk).update(anchor_on=team.anchor_on, place="2 号席")
    draft = plan_teams(cast.company.pk, plan(team, other), **by(cast))
    assert (len(draft.free), len(draft.barred)) == (6, 6)


def test_publishing_holds_back_who_may_no_longer(cast: Cast) -> None:
    entry(guard(cast.company, "陈"), TOMORROW, state="draft", published_at=None)
    entry(guard(cast.company, "李", left_on=TODAY), TOMORROW, state="draft", published_at=None)
    done = publish_roster(cast.company.pk, TODAY, LAST, **by(cast))
    assert (done.count, [judged.wanted.member.name for judged in done.held_back]) == (1, ["李"])
    assert dict(RosterEntry.objects.values_list("member__name", "state")) == {"陈": "published", "李": "draft"}
    assert discard_drafts(cast.company.pk, TODAY, LAST, **by(cast)) == 1
    with pytest.raises(Refused, match="没有草稿"):
        publish_roster(cast.company.pk, TODAY, LAST, **by(cast))


@pytest.mark.parametrize(
    ("name", "error"), [("olivia", Forbidden), ("gus", Forbidden), ("polly", Missing), ("sam", Missing)]
)
def test_only_leader_and_manager_of_the_company_plan(cast: Cast, name: str, error: type[Exception]) -> None:
    team, *_others = four_teams(cast)
    mine = entry(guard(cast.company, "陈"), TOMORROW)
    acts = (
        lambda: plan_teams(cast.company.pk, plan(team), **by(cast, name)),
        lambda: publish_roster(cast.company.pk, TODAY, LAST, **by(cast, name)),
        lambda: cancel_entry(mine.pk, "x", **by(cast, name)),
        lambda: join_team(team.pk, [mine.member_id], (TODAY, None), **by(cast, name)),
        lambda: add_entry(cast.company.pk, new(mine.member_id), **by(cast, name)),
    )
    for act in acts:
        with pytest.raises(error):
            act()


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"first": LAST, "last": TOMORROW}, "last", "最后一天 2026-11-23 早于第一天 2026-11-30。"),
        ({"last": TODAY + timedelta(days=70)}, "last", "一次最多排 62 天，现为 70 天。"),
        ({"team_ids": ()}, "teams", "请选择至少一个班组。"),
        ({"team_ids": (999,)}, "teams", "没有这个选项。"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(cast: Cast, wrong: dict[str, Any], field: str, sentence: str) -> None:
    team, *_others = four_teams(cast)
    told = {"team_ids": (team.pk,), "first": TOMORROW, "last": LAST} | wrong
    with pytest.raises(Refused) as refused:
        plan_teams(cast.company.pk, Plan(**told), **by(cast))
    assert (refused.value.field, str(refused.value)) == (field, sentence)


def test_planning_asks_the_database_as_often_for_one_as_for_many(cast: Cast, django_assert_num_queries: Any) -> None:
    team, *_others = four_teams(cast)
    join_team(team.pk, [guard(cast.company, f"人{place}").pk for place in range(12)], (TODAY, None), **by(cast))
    viewer = cast.viewer("leo")
    with django_assert_num_queries(6):
        assert len(draft_of(viewer, cast.company.pk, plan(team)).free) == 72


def new(member_id: int, day: date = TOMORROW, clock: str = "08:00", hours: int = 8, place: str = "1 号席") -> NewEntry:
    begins = at(day, clock)
    return NewEntry(member_id, "watch", place, "白班", begins, begins + timedelta(hours=hours))


def test_one_shift_is_added_changed_and_cancelled_and_all_of_it_recorded(cast: Cast) -> None:
    chen, li = guard(cast.company, "陈"), guard(cast.company, "李")
    row = add_entry(cast.company.pk, new(chen.pk), **by(cast))
    changed = change_entry(row.pk, new(li.pk, place="2 号席"), "陈有事", **by(cast))
    assert (changed.member, changed.place, changed.state, changed.reason) == (li, "2 号席", "published", "陈有事")
    cancel_entry(row.pk, "设备检修", **by(cast))
    row.refresh_from_db()
    assert (row.state, row.reason) == ("cancelled", "设备检修")
    assert list(Record.objects.order_by("pk").values_list("action", flat=True)) == [
        "roster.entry_added",
        "roster.entry_changed",
        "roster.entry_cancelled",
    ]
    with pytest.raises(Refused, match="已取消"):
        cancel_entry(row.pk, "again", **by(cast))


def test_a_person_on_two_rosters_at_once_is_refused_by_a_sentence_that_names_both(cast: Cast) -> None:
    chen = guard(cast.company, "陈思远")
    entry(chen, TOMORROW, "20:00", 12, place="东片区", shift="大夜班")
    with pytest.raises(Refused) as refused:
        add_entry(cast.company.pk, new(chen.pk, TOMORROW + timedelta(days=1), "07:00"), "也要排", **by(cast))
    assert (refused.value.field, str(refused.value)) == (
        "member",
        "陈思远：“1 号席”白班 2026-11-24 07:00–15:00与已排的“东片区”大夜班 2026-11-23 20:00–11-24 08:00重叠："
        "一个人不能同时在两处。",
    )


def test_a_tiring_shift_wants_a_reason(cast: Cast) -> None:
    chen = guard(cast.company, "陈")
    with pytest.raises(Refused) as refused:
        add_entry(cast.company.pk, new(chen.pk, hours=16), **by(cast))
    assert (refused.value.field, str(refused.value)) == (
        "reason",
        "陈：这一班 16 小时，最多 12 小时。仍要这样排，请写明原因。",
    )
    assert add_entry(cast.company.pk, new(chen.pk, hours=16), "台风", **by(cast)).reason == "台风"


def test_a_shift_that_is_over_is_left_as_it_was(cast: Cast) -> None:
    over = entry(guard(cast.company, "陈"), TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="已经结束"):
        cancel_entry(over.pk, "x", **by(cast))
    with pytest.raises(Refused, match="已经过去"):
        add_entry(cast.company.pk, new(over.member_id, TODAY - timedelta(days=2)), **by(cast))


def test_a_shift_that_is_changed_ends_the_swap_that_was_asked_of_it(cast: Cast) -> None:
    chen, li = guard(cast.company, "陈"), guard(cast.company, "李")
    mine = entry(chen, TOMORROW)
    swap = Swap.objects.create(company=cast.company, entry=mine, giver=chen, to=li, asked_at=NOON, asked_by="Chen")
    cancel_entry(mine.pk, "x", **by(cast))
    swap.refresh_from_db()
    assert (swap.state, swap.decision) == ("withdrawn", "班次已改动")


def test_people_of_another_company_cannot_be_planned(cast: Cast) -> None:
    stranger = guard(cast.other, "孙")
    with pytest.raises(Refused) as refused:
        add_entry(cast.company.pk, new(stranger.pk), **by(cast))
    assert refused.value.field == "member"
    team, *_others = four_teams(cast)
    with pytest.raises(Refused):
        join_team(team.pk, [stranger.pk], (TODAY, None), **by(cast))


def test_a_reason_that_is_private_is_not_told_to_the_leader(cast: Cast) -> None:
    chen = guard(cast.company, "陈")
    put_fact(chen, Kind.BAR, value="crime", valid_from=date(2020, 1, 1))
    for name, why in (("leo", "档案中有不得上岗的情形。"), ("mia", "有不得从业的情形。")):
        with pytest.raises(Refused, match=why):
            add_entry(cast.company.pk, new(chen.pk), **by(cast, name))


def test_a_kind_that_a_team_works_by_stays_in_use(cast: Cast) -> None:
    four_teams(cast)
    kind = cast.company.shift_kinds.get(code="A")
    with pytest.raises(Refused, match="还在用这个班次"):
        set_shift_kind_active(kind.pk, False, **by(cast))
    values = {"code": "A", "name": "又一个", "begins": time(8), "ends": time(9)}
    with pytest.raises(Refused, match="班次代码 A 已经有了"):
        add_shift_kind(cast.company.pk, values, **by(cast))


@pytest.mark.parametrize(("cycle", "sentence"), [([""], "至少一天上班"), (["A", "X"], "没有代码为 X 的班次")])
def test_a_cycle_that_leads_nowhere_is_refused(cast: Cast, cycle: list[str], sentence: str) -> None:
    four_teams(cast)
    values = {"name": "新", "post_kind": "watch", "place": "2 号席", "anchor_on": TODAY, "cycle": cycle}
    with pytest.raises(Refused, match=sentence) as refused:
        add_team(cast.company.pk, values, **by(cast))
    assert refused.value.field == "cycle"


def test_nobody_belongs_to_two_teams_at_a_time(cast: Cast) -> None:
    team, other, *_more = four_teams(cast)
    chen = guard(cast.company, "陈")
    (row,) = join_team(team.pk, [chen.pk], (TODAY, None), **by(cast))
    with pytest.raises(Refused) as refused:
        join_team(other.pk, [guard(cast.company, "李").pk, chen.pk], (TOMORROW, None), **by(cast))
    said = f"陈 从 {TODAY} 起已在班组“{team.name}”，一个人同一时间只能在一个班组。"
    assert (refused.value.field, str(refused.value)) == ("members", said)
    leave_team(row.pk, TODAY, **by(cast))
    join_team(other.pk, [chen.pk], (TOMORROW, None), **by(cast))
    assert TeamMember.objects.count() == 2


def test_a_team_out_of_use_binds_nobody_and_is_not_taken_into_use_with_people_of_another(cast: Cast) -> None:
    team, other, *_more = four_teams(cast)
    chen = guard(cast.company, "陈")
    join_team(team.pk, [chen.pk], (TODAY, None), **by(cast))
    change_team(team.pk, {"is_active": False}, **by(cast))
    join_team(other.pk, [chen.pk], (TODAY, None), **by(cast))
    with pytest.raises(Refused, match=f"陈 从 {TODAY} 起已在班组“{other.name}”") as refused:
        change_team(team.pk, {"is_active": True}, **by(cast))
    assert refused.value.field == "is_active"


def test_nobody_joins_a_team_twice_and_who_leaves_is_planned_no_more(cast: Cast) -> None:
    team, *_others = four_teams(cast)
    chen = guard(cast.company, "陈")
    (row,) = join_team(team.pk, [chen.pk], (TODAY, None), **by(cast))
    with pytest.raises(Refused, match="陈 从 2026-11-22 起已在本班组"):
        join_team(team.pk, [chen.pk], (TOMORROW, None), **by(cast))
    leave_team(row.pk, TOMORROW, **by(cast))
    assert len(draft_of(cast.viewer("leo"), cast.company.pk, plan(team)).free) == 1
    assert leave_team(row.pk, TODAY - timedelta(days=1), **by(cast)) is None

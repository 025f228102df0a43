"""Patterns, teams, planning with its preview, kinds of shifts, cover and fatigue rules."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lianjing.domain.people.models import CoverRule, RosterEntry, RosterRules, ShiftKind, Team, TeamMember
from tests.cast import Cast
from tests.domain.people.roster.staff import entry, guard
from tests.web.conftest import As

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
PATTERN = {"pattern": "three_two", "name": "值守", "post_kind": "watch", "place": "1 号席", "first_on": str(TOMORROW)}


def with_pattern(signed_on: As) -> Any:
    leo = signed_on("leo")
    assert leo.post("/office/roster/teams/pattern/", PATTERN).status_code == 302
    return leo


def test_from_a_pattern_to_a_published_roster(cast: Cast, signed_on: As) -> None:
    leo = with_pattern(signed_on)
    chen, li = guard(cast.company, "陈思远"), guard(cast.company, "李静", certificate_until=TOMORROW)
    team = Team.objects.get(name="值守甲班")
    own = f"/office/roster/teams/{team.pk}/"
    joined = leo.post(own, {"people": f"{chen.staff_no}、李静", "starts_on": str(TODAY)}, follow=True).content.decode()
    assert [name in joined for name in ("陈思远", "李静")] == [True, True]
    asked = {"teams": [team.pk], "first": str(TOMORROW), "last": str(TOMORROW + timedelta(days=5)), "reason": ""}
    preview = leo.post("/office/roster/plan/", {**asked, "look": "1"}).content.decode()
    assert ("可排 5 班" in preview, "3 班排不上" in preview) == (True, True)
    assert f"李静 “1 号席”夜班 {TOMORROW + timedelta(days=1)} 20:00" in preview
    assert not RosterEntry.objects.exists()
    done = leo.post("/office/roster/plan/", {**asked, "plan": "1"}, follow=True).content.decode()
    assert "已排 5 班草稿" in done
    leo.post("/office/roster/publish/", {"first": str(TOMORROW), "last": str(TOMORROW + timedelta(days=9))})
    assert RosterEntry.objects.filter(state="published", member=chen).count() == 4
    assert li.roster.count() == 1


def test_a_plan_without_teams_or_with_days_the_wrong_way_round_says_so(cast: Cast, signed_on: As) -> None:
    leo = with_pattern(signed_on)
    team = Team.objects.get(name="值守甲班")
    none = leo.post("/office/roster/plan/", {"first": str(TODAY), "last": str(TODAY), "look": "1"})
    assert (none.status_code, "请选择至少一个班组。" in none.content.decode()) == (422, True)
    told = {"teams": [team.pk], "first": str(TOMORROW), "last": str(TODAY), "plan": "1"}
    wrong = leo.post("/office/roster/plan/", told)
    assert (wrong.status_code, f"最后一天 {TODAY} 早于第一天 {TOMORROW}。" in wrong.content.decode()) == (422, True)


def test_a_team_is_entered_changed_and_left(cast: Cast, signed_on: As) -> None:
    leo = with_pattern(signed_on)
    told = {"name": "日勤", "post_kind": "patrol", "place": "东片区", "cycle": "D D 休 -", "anchor_on": str(TODAY)}
    assert "没有代码为 X 的班次" in leo.post("/office/roster/teams/new/", {**told, "cycle": "X"}).content.decode()
    leo.post("/office/roster/teams/new/", {**told, "is_active": "on"})
    team = Team.objects.get(name="日勤")
    assert team.cycle == ["D", "D", "", ""]
    assert "D D 休 休" in leo.get("/office/roster/teams/").content.decode()
    row = TeamMember.objects.create(team=team, member=guard(cast.company, "陈"), starts_on=TODAY)
    leo.post(f"/office/roster/teams/members/{row.pk}/leave/")
    row.refresh_from_db()
    assert row.ends_on == TODAY
    leo.post(f"/office/roster/teams/{team.pk}/edit/", {**told, "name": "日勤一", "is_active": "on"})
    assert Team.objects.filter(name="日勤一").exists()


def test_taking_somebody_out_of_a_team_or_a_rule_away_is_asked_about_first(cast: Cast, signed_on: As) -> None:
    leo = with_pattern(signed_on)
    team = Team.objects.get(name="值守甲班")
    row = TeamMember.objects.create(team=team, member=guard(cast.company, "陈"), starts_on=TODAY)
    rule = CoverRule.objects.create(
        company=cast.company, post_kind="watch", place="1 号席", weekdays=[1], begins="00:00", ends="00:00", at_least=1
    )
    asks = {
        f"teams/{team.pk}/": (f"teams/members/{row.pk}/leave/", "把 陈 移出班组“值守甲班”？已经排好的班次不变。"),
        "cover/": (f"cover/{rule.pk}/remove/", "删除“1 号席”的这条规定？记录仍在。"),
    }
    for page, (path, question) in asks.items():
        shown = leo.get(f"/office/roster/{page}").content.decode()
        assert f'action="/office/roster/{path}" data-ask="{question}"' in shown


def test_kinds_of_shifts_are_entered_and_taken_out_of_use(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    told = {"code": "M", "name": "中班", "begins": "12:00", "ends": "20:00"}
    leo.post("/office/roster/kinds/", told)
    assert "班次代码 M 已经有了" in leo.post("/office/roster/kinds/", told).content.decode()
    kind = ShiftKind.objects.get()
    leo.post(f"/office/roster/kinds/{kind.pk}/", {**told, "ends": "21:00"})
    leo.post(f"/office/roster/kinds/{kind.pk}/use/")
    kind.refresh_from_db()
    assert (f"{kind.ends:%H:%M}", kind.is_active) == ("21:00", False)


def test_cover_rules_are_kept_and_the_gaps_of_14_days_lead_to_the_form(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    told = {"post_kind": "watch", "place": "1 号席", "weekdays": list(range(1, 8)), "begins": "00:00", "ends": "00:00"}
    wrong = leo.post("/office/roster/cover/", {**told, "at_least": "0"})
    assert (wrong.status_code, "须在 1 至 1000 之间。" in wrong.content.decode()) == (422, True)
    leo.post("/office/roster/cover/", {**told, "at_least": "1"})
    page = leo.get("/office/roster/cover/").content.decode()
    assert ("今后 14 天缺员 1 处" in page, "/office/roster/entries/new/?company=" in page) == (True, True)
    rule = CoverRule.objects.get()
    leo.post(f"/office/roster/cover/{rule.pk}/", {**told, "at_least": "2"})
    rule.refresh_from_db()
    assert rule.at_least == 2
    leo.post(f"/office/roster/cover/{rule.pk}/remove/")
    assert not CoverRule.objects.exists()


def test_our_figures_are_shown_as_ours_until_the_company_has_its_own(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    assert "产品的默认值，不是哪部法规的数字" in leo.get("/office/roster/rules/").content.decode()
    told = {
        "shift_hours_at_most": "24",
        "rest_hours_at_least": "24",
        "week_hours_at_most": "72",
        "days_in_a_row_at_most": "3",
    }
    wrong = leo.post("/office/roster/rules/", {**told, "source": "", "shift_hours_at_most": "99"})
    assert wrong.status_code == 422
    assert leo.post("/office/roster/rules/", {**told, "source": "公司 12 号文"}).status_code == 302
    assert RosterRules.objects.get().week_hours_at_most == 72
    assert "本单位自定，出处：公司 12 号文" in leo.get("/office/roster/rules/").content.decode()


PAGES = (
    "plan/",
    "kinds/",
    "teams/",
    "teams/new/",
    "teams/pattern/",
    "cover/",
    "rules/",
    "leave/",
    "swaps/",
    "entries/new/",
)


@pytest.mark.parametrize("page", PAGES)
def test_setting_up_is_for_leader_and_manager_of_the_company(cast: Cast, signed_on: As, page: str) -> None:
    answers = {
        name: signed_on(name).get(f"/office/roster/{page}").status_code for name in ("leo", "mia", "olivia", "gus")
    }
    assert answers == {"leo": 200, "mia": 200, "olivia": 403, "gus": 403}


def test_a_stranger_finds_nothing(cast: Cast, signed_on: As) -> None:
    with_pattern(signed_on)
    team, kind = Team.objects.all()[0], ShiftKind.objects.all()[0]
    row = TeamMember.objects.create(team=team, member=guard(cast.company, "陈"), starts_on=TODAY)
    sam = signed_on("sam")
    for path in (f"teams/{team.pk}/", f"teams/{team.pk}/edit/", f"kinds/{kind.pk}/"):
        assert sam.get(f"/office/roster/{path}").status_code == 404
    for path in (f"teams/members/{row.pk}/leave/", f"kinds/{kind.pk}/use/"):
        assert sam.post(f"/office/roster/{path}").status_code == 404
    entry(row.member, TOMORROW)
    assert "陈" not in sam.get(f"/office/roster/?on={TOMORROW}").content.decode().split("<main")[1]

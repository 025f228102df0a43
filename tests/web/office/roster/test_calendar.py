"""排班表: who sees what, gaps and conflicts, publishing, one shift."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lianjing.domain.people.models import CoverRule, RosterEntry, StaffMember
from lianjing.web.office.roster import calendar
from lianjing.web.office.roster.periods import period_of
from tests.cast import Cast
from tests.domain.people.roster.staff import TODAY, entry, guard
from tests.web.conftest import As

TOMORROW = timezone.localdate() + timedelta(days=1)


def page_of(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_week_begins_on_monday_and_a_month_has_all_its_days() -> None:
    week, month = period_of("week", TODAY), period_of("month", TODAY)
    assert [str(day) for day in (week.first, week.last, month.first, month.last)] == [
        "2026-11-16",
        "2026-11-22",
        "2026-11-01",
        "2026-11-30",
    ]


def shifts_around(cast: Cast) -> list[RosterEntry]:
    chen, li = guard(cast.company, "陈思远"), guard(cast.company, "李静", certificate_until=TODAY)
    return [
        entry(chen, TODAY),
        entry(li, TODAY - timedelta(days=1), "23:00", 8),
        entry(chen, state="draft", clock="20:00"),
    ]


@pytest.mark.parametrize("by", ["people", "places"])
@pytest.mark.parametrize("view", ["week", "month"])
def test_people_and_places_by_week_and_month(cast: Cast, signed_on: As, by: str, view: str) -> None:
    shifts_around(cast)
    entry(guard(cast.other, "孙"), TODAY)
    page = page_of(signed_on("leo"), f"/office/roster/?by={by}&view={view}&on={TODAY}")
    assert [word in page for word in ("陈思远", "1 号席", "孙")] == [True, True, False]


def test_those_who_do_not_plan_see_neither_drafts_nor_conflicts_nor_buttons(cast: Cast, signed_on: As) -> None:
    _day, troubled, _draft = shifts_around(cast)
    StaffMember.objects.filter(pk=troubled.member_id)[0].facts.filter(kind="guard_certificate").update(
        valid_until=TODAY - timedelta(days=1)
    )
    seen = {name: page_of(signed_on(name), f"/office/roster/?on={TODAY}") for name in ("leo", "olivia", "gus")}
    told = {
        name: [word in page for word in ("20:00–04:00", "不合格的人 1 班", "冲突 2 班", "发布草稿（1）")]
        for name, page in seen.items()
    }
    assert told == {"leo": [True] * 4, "olivia": [False] * 4, "gus": [False] * 4}


@pytest.mark.parametrize("view", ["week", "day"])
@pytest.mark.parametrize("by", ["people", "places"])
def test_the_plan_itself_says_who_may_not_stand_his_shift_and_why(
    cast: Cast, signed_on: As, by: str, view: str
) -> None:
    entry(guard(cast.company, "李静", certificate_until=TODAY - timedelta(days=1)), TODAY)
    leo = signed_on("leo")
    table = page_of(leo, f"/office/roster/?by={by}&view={view}&on={TODAY}").split("<table")[1]
    said = {"people": "<b>✕ 不合格：", "places": ">✕李静（不合格："}
    assert f"{said[by]}保安员证已于 {TODAY - timedelta(days=1)} 到期。" in table
    month = page_of(leo, f"/office/roster/?view=month&by={by}&on={TODAY}")
    assert ("<b>✕</b>" in month, "不合格" in month.split("<tbody>")[1]) == (True, True)


def test_a_gap_is_told_above_and_marked_in_its_cell(cast: Cast, signed_on: As) -> None:
    CoverRule.objects.create(
        company=cast.company,
        post_kind="watch",
        place="1 号席",
        weekdays=[7],
        begins="08:00",
        ends="20:00",
        at_least=2,
    )
    shifts_around(cast)
    page = page_of(signed_on("leo"), f"/office/roster/?by=places&on={TODAY}")
    assert "人工值守 · 1 号席：11-22 08:00 至 16:00 有 1 人，至少 2 人，缺 1 人。" in page
    assert "缺 1 人 <small>08:00–16:00</small>" in page


def test_a_gap_over_several_days_is_marked_on_each_of_them(cast: Cast, signed_on: As) -> None:
    CoverRule.objects.create(
        company=cast.company,
        post_kind="watch",
        place="1 号席",
        weekdays=list(range(1, 8)),
        begins="00:00",
        ends="00:00",
        at_least=1,
    )
    page = page_of(signed_on("leo"), f"/office/roster/?by=places&on={TODAY}")
    assert page.count("缺 1 人 <small>全天</small>") == 7


@pytest.mark.parametrize("path", ["", "?by=places", "?view=month"])
def test_the_calendar_asks_as_often_for_many_as_for_few(
    cast: Cast, signed_on: As, path: str, django_assert_num_queries: Any
) -> None:
    leo = signed_on("leo")
    for place in range(3):
        entry(guard(cast.company, f"人{place}"), timezone.localdate())
    leo.get(f"/office/roster/{path}")
    with django_assert_num_queries(17 if "places" not in path else 18):
        leo.get(f"/office/roster/{path}")
    for place in range(8):
        entry(guard(cast.company, f"更多{place}"), timezone.localdate())
    with django_assert_num_queries(17 if "places" not in path else 18):
        leo.get(f"/office/roster/{path}")


def test_a_crew_too_large_for_its_cell_is_counted_and_the_day_names_everybody(
    cast: Cast, signed_on: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "NAMED_AT_ONCE", 9)
    for place in range(10):
        entry(guard(cast.company, f"班员{place}"), TODAY)
    leo, asked = signed_on("leo"), f"/office/roster/?by=places&on={TODAY}"
    week, month = page_of(leo, f"{asked}&view=week"), page_of(leo, f"{asked}&view=month")
    day_href = f"&amp;view=day&amp;on={TODAY}&amp;place=1%20%E5%8F%B7%E5%B8%AD"
    assert [(page.count(">班员"), page.count(day_href)) for page in (week, month)] == [(8, 1), (0, 1)]
    assert ("等 10 人" in week, ">白10<" in month, "冲突请按人员看" in month) == (True, True, True)
    assert page_of(leo, f"{asked}&view=day&place=1 号席").count(">班员") == 10


def test_the_rest_of_a_crew_hides_nobody_with_a_conflict(cast: Cast, signed_on: As) -> None:
    for place in range(9):
        entry(guard(cast.company, f"班员{place}"), TODAY)
    entry(guard(cast.company, "最后", certificate_until=TODAY - timedelta(days=1)), TODAY)
    page = page_of(signed_on("leo"), f"/office/roster/?by=places&on={TODAY}")
    assert (">✕最后（不合格：" in page, page.count(">班员"), "等 10 人" in page) == (True, 7, True)


def test_places_are_paged(cast: Cast, signed_on: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "PLACES_AT_ONCE", 2)
    for place in ("1 号席", "2 号席", "3 号席"):
        entry(guard(cast.company, "陈"), TODAY, place=place)
    leo, asked = signed_on("leo"), f"/office/roster/?by=places&view=month&on={TODAY}"
    pages = [page_of(leo, asked), page_of(leo, f"{asked}&after=2"), page_of(leo, f"{asked}&after=99")]
    heads = [[f'who-col">{place} 号席' in page for place in (1, 2, 3)] for page in pages]
    assert heads == [[True, True, False], [False, False, True], [True, True, False]]
    assert ("after=2" in pages[0], "下一页" in pages[1]) == (True, False)


def test_what_cannot_be_asked_for_shows_today_and_another_company_is_not_there(cast: Cast, signed_on: As) -> None:
    leo = signed_on("leo")
    for wrong in ("on=tomorrow", "on=9999-12-31", "view=year&by=x", "after=x"):
        assert leo.get(f"/office/roster/?{wrong}").status_code == 200
    assert leo.get(f"/office/roster/?company={cast.other.pk}").status_code == 404
    assert signed_on("polly").get("/office/roster/").status_code == 403


def test_drafts_of_the_days_shown_are_published_or_thrown_away(cast: Cast, signed_on: As) -> None:
    rows = [entry(guard(cast.company, name), TOMORROW, state="draft", published_at=None) for name in ("陈", "李")]
    days = {"first": str(TOMORROW), "last": str(TOMORROW)}
    leo = signed_on("leo")
    leo.post("/office/roster/publish/", days)
    assert {row.state for row in RosterEntry.objects.all()} == {"published"}
    page = leo.post("/office/roster/discard/", days, follow=True).content.decode()
    assert "没有草稿" in page
    assert len(rows) == RosterEntry.objects.count()


def typed(**more: Any) -> dict[str, str]:
    told = {
        "person": "陈思远",
        "post_kind": "watch",
        "place": "1 号席",
        "day": str(TOMORROW),
        "kind": "",
        "begins": "08:00",
        "ends": "16:00",
        "reason": "",
    }
    return {**told, **more}


def test_a_person_on_two_rosters_at_once_is_told_beside_the_field_and_what_was_typed_stays(
    cast: Cast, signed_on: As
) -> None:
    entry(guard(cast.company, "陈思远"), TOMORROW, "12:00", place="东片区")
    answer = signed_on("leo").post("/office/roster/entries/new/", typed(place="2 号席"))
    page = answer.content.decode()
    assert (answer.status_code, RosterEntry.objects.count(), 'value="2 号席"' in page) == (422, 1, True)
    sentence = f"“2 号席”自定 {TOMORROW} 08:00–16:00与已排的“东片区”白班 {TOMORROW} 12:00–20:00重叠"
    assert sentence in page.split('id="f-person_error"')[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"person": "无此人"}, "本单位没有“无此人”这个工号或姓名。"),
        ({"begins": "", "ends": ""}, "请填写，或选一个班次。"),
        ({"ends": "24:00"}, "时间请写成 18:30 的样子。"),
        ({"day": "2020-01-01"}, "这段时间已经过去，不能再排。"),
        ({"place": " "}, "请填写。"),
        ({"ends": "06:00"}, "这一班 22 小时，最多 12 小时。仍要这样排，请写明原因。"),
    ],
)
def test_a_shift_that_cannot_be_is_said_beside_its_field(
    cast: Cast, signed_on: As, wrong: dict[str, str], sentence: str
) -> None:
    guard(cast.company, "陈思远")
    answer = signed_on("leo").post("/office/roster/entries/new/", typed(**wrong))
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not RosterEntry.objects.exists()


def test_of_two_with_one_name_the_number_is_asked_for(cast: Cast, signed_on: As) -> None:
    first, _second = guard(cast.company, "陈思远"), guard(cast.company, "陈思远")
    leo = signed_on("leo")
    assert "请写工号" in leo.post("/office/roster/entries/new/", typed()).content.decode()
    leo.post("/office/roster/entries/new/", typed(person=first.staff_no))
    assert RosterEntry.objects.get().member == first


def test_a_shift_is_shown_changed_and_cancelled(cast: Cast, signed_on: As) -> None:
    row, li = entry(guard(cast.company, "陈思远"), TOMORROW), guard(cast.company, "李静")
    leo, own = signed_on("leo"), f"/office/roster/entries/{row.pk}/"
    assert "取消这一班" in page_of(leo, own)
    assert "取消这一班" not in page_of(signed_on("olivia"), own)
    assert "请写明原因" in leo.post(f"{own}edit/", typed(person=li.staff_no)).content.decode()
    leo.post(f"{own}edit/", typed(person=li.staff_no, reason="陈有事"))
    row.refresh_from_db()
    assert (row.member, row.reason) == (li, "陈有事")
    assert leo.post(f"{own}cancel/", {"reason": ""}).status_code == 422
    leo.post(f"{own}cancel/", {"reason": "检修"})
    row.refresh_from_db()
    assert row.state == "cancelled"
    for step in ("", "edit/", "cancel/"):
        sam = signed_on("sam")
        assert (sam.get if step != "cancel/" else sam.post)(f"{own}{step}").status_code == 404

"""The schedule of a site in the office: what is shown, what is typed and kept, and the centre's workdays."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.domain.sites.actions.schedules import set_schedule
from lianjing.domain.sites.models import ScheduleMoment, WorkdayOverride
from lianjing.domain.sites.schedule_changes import fingerprint
from lianjing.domain.sites.schedule_text import FIELDS, parse_moment
from tests.cast import NOON, Cast
from tests.web.console.conftest import As

CLOSE = parse_moment("must_close", "daily", "22:00", "06:00", "15")


def typed(*rows: tuple[str, ...], **more: str) -> dict[str, str]:
    """What a browser sends of these rows."""
    cells = {f"{name}-{n}": text for n, row in enumerate(rows) for name, text in zip(FIELDS, row, strict=False)}
    return {"rows": str(len(rows)), "save": "1", **cells, **more}


def put(cast: Cast, *moments: Any) -> None:
    set_schedule(cast.shop.pk, moments, by=cast.viewer("mia"), at=NOON)


def path(cast: Cast, part: str = "") -> str:
    return f"/office/sites/{cast.shop.pk}/schedule/{part}"


def send(client: Client, cast: Cast, *rows: tuple[str, ...], **more: str) -> Any:
    return client.post(path(cast, "set/"), typed(*rows, **more))


def test_the_page_shows_what_is_due_the_days_that_come_and_the_rows(cast: Cast, signed_on: As) -> None:
    put(cast, CLOSE)
    page = signed_on("mia").get(path(cast)).content.decode()
    for words in ("前须布防", "应布防 22:00–次日 06:00", 'value="22:00"', "保存时间表", "某一天推迟布防"):
        assert words in page
    assert page.count('<li class="day') == 14


@pytest.mark.parametrize(("name", "puts_off"), [("olivia", True), ("polly", False)])
def test_the_desk_may_put_off_a_closing_and_who_only_sees_gets_no_form(
    cast: Cast, signed_on: As, name: str, puts_off: bool
) -> None:
    put(cast, CLOSE)
    page = signed_on(name).get(path(cast)).content.decode()
    assert ("应布防" in page, "保存时间表" in page, "某一天推迟布防" in page) == (True, False, puts_off)


def test_an_empty_schedule_says_so_and_offers_rows(cast: Cast, signed_on: As) -> None:
    page = signed_on("leo").get(path(cast)).content.decode()
    assert "没有时间表：撤布防只记录，不判断早晚" in page
    assert 'name="kind-1"' in page


def test_rows_are_saved_blank_ones_and_removed_ones_are_not(cast: Cast, signed_on: As) -> None:
    rows = [
        ("must_close", "每天", "22：00", "6:00", "15"),
        ("", "", "", "", "15", "", ""),
        ("may_open", "1-5", "8:00", "18:00"),
    ]
    answer = send(signed_on("mia"), cast, *rows, **{"remove-2": "on"})
    assert (answer.status_code, answer["Location"]) == (302, path(cast))
    kept = [(row.kind, row.days, str(row.begins), str(row.ends), row.tolerance) for row in ScheduleMoment.objects.all()]
    assert kept == [("must_close", "daily", "22:00:00", "06:00:00", 15)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("must_close", "someday", "22:00", "06:00"), "看不懂“someday”"),
        (("", "daily", "22:00", "06:00"), "类型须为以下之一"),
        (("must_close", "daily", "25:00", "06:00"), "不是时间"),
        (("must_close", "daily", "22:00", "22:00"), "全天请填 00:00 至 24:00"),
        (("must_close", "daily", "22:00", "06:00", "x"), "容差须为整数分钟"),
        (("temp_open", "daily", "20:00", "21:00", "0", ""), "须写明用户号"),
        (("may_open", "daily", "08:00", "18:00", "0", "<b>"), "不是编号"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_typed_with_a_sentence(
    cast: Cast, signed_on: As, row: tuple[str, ...], said: str
) -> None:
    put(cast, CLOSE)
    answer = send(signed_on("mia"), cast, row)
    page = answer.content.decode()
    assert (answer.status_code, said in page, 'aria-invalid="true"' in page) == (422, True, True)
    assert f'value="{row[1]}"' in page
    assert ScheduleMoment.objects.get().days == "daily"


def test_two_moments_that_contradict_each_other_are_marked(cast: Cast, signed_on: As) -> None:
    answer = send(
        signed_on("mia"), cast, ("must_open", "1-5", "08:00", "09:00"), ("must_close", "daily", "00:00", "24:00")
    )
    assert answer.status_code == 422
    assert "不能同时应撤防又不许撤防" in answer.content.decode()


def test_more_rows_keep_what_was_typed_and_save_nothing(cast: Cast, signed_on: As) -> None:
    answer = send(signed_on("mia"), cast, ("must_close", "not yet", "22:00", ""), more="1")
    page = answer.content.decode()
    assert (answer.status_code, 'value="not yet"' in page, 'name="kind-3"' in page) == (200, True, True)
    assert ScheduleMoment.objects.count() == 0


def test_who_wrote_on_an_older_schedule_is_told_and_may_save_again(cast: Cast, signed_on: As) -> None:
    put(cast, CLOSE)
    row = ("may_open", "daily", "08:00", "18:00")
    answer = send(signed_on("mia"), cast, row, seen=fingerprint([]))
    assert (answer.status_code, "别人刚刚改过" in answer.content.decode()) == (422, True)
    assert answer.context["seen"] == fingerprint([CLOSE])
    assert send(signed_on("mia"), cast, row, seen=answer.context["seen"]).status_code == 302


@pytest.mark.parametrize("rows", ["", "x", "-1", "99999999999"])
def test_a_broken_number_of_rows_breaks_nothing(cast: Cast, signed_on: As, rows: str) -> None:
    put(cast, CLOSE)
    answer = signed_on("mia").post(path(cast, "set/"), {"rows": rows, "seen": "x"})
    assert (answer.status_code, ScheduleMoment.objects.count()) == (422, 1)


def test_a_late_closing_is_entered_in_one_line(cast: Cast, signed_on: As) -> None:
    put(cast, CLOSE)
    today = timezone.localdate()
    given = {"day": today.isoformat(), "until": "23:30", "asked_by": "Wang", "reason": ""}
    answer = signed_on("leo").post(path(cast, "late/"), given)
    assert (answer.status_code, ScheduleMoment.objects.filter(days=today.isoformat()).count()) == (302, 1)
    assert "23:30" in signed_on("leo").get(path(cast)).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"until": "21:00", "asked_by": "Wang"}, "22:00 才须布防"),
        ({"until": "late", "asked_by": "Wang"}, "时间请写成 23:00 的样子"),
        ({"until": "23:00", "asked_by": ""}, "请填写"),
    ],
)
def test_a_late_closing_that_is_not_possible_keeps_what_was_typed(
    cast: Cast, signed_on: As, given: dict[str, str], said: str
) -> None:
    put(cast, CLOSE)
    answer = signed_on("leo").post(path(cast, "late/"), {"day": "2026-11-22", **given})
    page = answer.content.decode()
    assert (answer.status_code, said in page, f'value="{given["until"]}"' in page) == (422, True, True)
    assert ScheduleMoment.objects.count() == 1


@pytest.mark.parametrize("part", ["", "set/", "late/"])
def test_a_stranger_finds_no_schedule_and_who_only_sees_cannot_change_it(cast: Cast, signed_on: As, part: str) -> None:
    method = "GET" if not part else "POST"
    assert signed_on("sam").generic(method, path(cast, part)).status_code == 404
    if part:
        assert signed_on("polly").generic(method, path(cast, part)).status_code == 403
        assert signed_on("mia").get(path(cast, part)).status_code == 405
    assert signed_on("gus").generic(method, path(cast, part)).status_code == 403


def test_several_areas_have_a_picture_each(cast: Cast, signed_on: As) -> None:
    put(cast, CLOSE, parse_moment("may_open", "daily", "08:00", "18:00", area="2"))
    page = signed_on("olivia").get(path(cast)).content.decode()
    assert ("<h3>分区 2</h3>" in page, "<h3>其余分区</h3>" in page) == (True, True)


# Workdays


def test_the_administrator_enters_a_day_and_takes_it_back(cast: Cast, signed_on: As) -> None:
    ada, day = signed_on("ada"), timezone.localdate() + timedelta(days=3)
    ada.post("/office/workdays/set/", {"on": day.isoformat(), "is_workday": "0", "reason": "市里通知"})
    assert WorkdayOverride.objects.get().is_workday is False
    assert "放假：市里通知" in signed_on("olivia").get("/office/workdays/").content.decode()
    assert ada.post("/office/workdays/forget/", {"on": day.isoformat()}).status_code == 302
    assert WorkdayOverride.objects.count() == 0


def test_a_broken_day_is_told(cast: Cast, signed_on: As) -> None:
    ada = signed_on("ada")
    answer = ada.post("/office/workdays/set/", {"on": "2026-02-30", "is_workday": "0", "reason": "x"})
    assert (answer.status_code, "日期请写成" in answer.content.decode()) == (422, True)
    assert ada.post("/office/workdays/forget/", {"on": "x"}).status_code == 404
    assert ada.post("/office/workdays/forget/", {"on": "2026-01-01"}).status_code == 404


def test_managers_see_the_calendar_and_cannot_change_it(cast: Cast, signed_on: As) -> None:
    page = signed_on("mia").get("/office/workdays/").content.decode()
    assert ("由系统管理员登记" in page, "/office/workdays/set/" in page) == (True, False)
    assert signed_on("mia").post("/office/workdays/set/").status_code == 403

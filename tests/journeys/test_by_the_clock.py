"""What the clock alone reveals: a shop that is not closed in time, and panels whose test is late. By keyboard only."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.utils import timezone

from lianjing.project.demo_premises import PASS_WORD
from tests.journeys.conftest import Desk
from tests.program import Program, until

pytestmark = pytest.mark.journey
Sit = Callable[..., Desk]
SHOP = "1004"
SCHEDULE = """
    INSERT INTO sites_schedulemoment (site_id, area, kind, days, begins, ends, tolerance, users)
    SELECT site_id, '', 'must_close', 'daily', {0}, {0}, 0, '' FROM sites_panel WHERE account = '1004'
"""
EXPECTS_TESTS = "UPDATE sites_panel SET test_interval = 1440"
IS_LATE = "UPDATE signals_panelwatch SET test_due_at = {0} WHERE test_due_at IS NOT NULL"
TESTED = ("1004", "1005", "1010", "1011")


def change(program: Program, statement: str, *values: str | datetime) -> None:
    """What no page would take: a test does not want to wait for minutes."""
    if program.database_url:
        with psycopg.connect(program.database_url) as connection:
            connection.execute(statement.format("%s"), values[:1] * statement.count("{0}"))
        return
    with closing(sqlite3.connect(program.data / "lianjing.db", timeout=20)) as connection, connection:
        texts = [v.replace(tzinfo=None).isoformat(" ") if isinstance(v, datetime) else v for v in values]
        connection.execute(statement.format("?"), texts[:1] * statement.count("{0}"))


def test_a_shop_that_is_not_closed_in_time_is_called_and_its_closing_ends_the_matter(
    program: Program, sit: Sit
) -> None:
    desk, token = sit("operator"), program.token("operator")
    program.send("Nri1/OP001", SHOP)
    until(lambda: program.get("accounting", token)["waiting"] == 0)
    closing_time = timezone.localtime() - timedelta(minutes=5)
    change(program, SCHEDULE, f"{closing_time:%H:%M:00}")
    program.stop("work")
    program.start("work")  # it looks into the schedules when it starts, and half an hour back

    desk.sees("#rows .row", "鲁迅中路烟酒行")
    desk.press("Space")
    desk.due("核对时间表")
    assert f"{closing_time:%H:%M} 前布防" in desk.page.inner_text("#case .why")
    desk.press("d", "1")
    desk.due("致电有权布撤防的人")
    desk.press("d", "1")
    desk.due("核对口令")
    desk.press("d")
    desk.page.keyboard.type(PASS_WORD)
    desk.press("Enter")
    desk.due("判断是否正常")
    desk.opens_form("d", "step")
    desk.press("1")
    desk.sees("#do-dispose.go")

    program.send("Nri1/CL001", SHOP)
    desk.opens_form("e", "dispose")
    desk.press("3", "1")
    desk.write("店主盘点，晚走十分钟")
    desk.reads_in_time_line("处置：人为误报")
    desk.closes()
    assert desk.complaints == []


def test_a_leader_looks_at_late_tests_and_closes_them_together(program: Program, sit: Sit) -> None:
    desk, token = sit("leader"), program.token("leader")
    change(program, EXPECTS_TESTS)
    for account in TESTED:
        program.send("Nri1/RP00", account)
    until(lambda: program.get("accounting", token)["waiting"] == 0)
    change(program, IS_LATE, datetime.now(UTC))
    program.send("Nri1/YT00", "1015")
    until(lambda: desk.page.locator("#rows .row").count() == len(TESTED) + 1)

    desk.walk_to(".tabs a[href='/incidents/']")
    desk.press("Enter")
    desk.walk_to("a[href='/mass-close/']")
    desk.press("Enter")
    desk.walk_to("[name=event_class]")
    while desk.page.locator("[name=event_class]").input_value() != "fault":
        desk.press("ArrowDown")
    desk.walk_to("[name=code]")
    desk.page.keyboard.type("TL")
    desk.press("Enter")
    desk.sees("h2", f"将结案 {len(TESTED)} 件")
    shown = desk.page.locator(".mass table").first.inner_text()
    assert ("定期测试未到" in shown, "电池" in shown) == (True, False)

    desk.walk_to("[name=result]")
    desk.press("Space")
    desk.walk_to("[name=cause]")
    desk.page.keyboard.type("运营商夜间割接，测试信号没有送达")
    desk.walk_to("[name=reason]")
    desk.page.keyboard.type("同一原因，逐件看过")
    desk.press("Enter")
    desk.sees(".panel-state", f"已结案 {len(TESTED)} 件")
    assert desk.complaints == []

    closed = program.get("incidents?state=closed", token)["items"]
    assert [(case["class"], case["disposition"]) for case in closed] == [("fault", "device_false")] * len(TESTED)
    assert [case["class"] for case in program.get("incidents?state=active", token)["items"]] == ["fault"]

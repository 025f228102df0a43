"""A manager writes a course and assigns it; the guard fails, repeats and passes on his phone; his file has it."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lianjing.domain.signals.days import today
from tests.program import PASSWORD, Program

pytestmark = pytest.mark.journey

ON_FILE = """
import django
django.setup()
from django.utils import timezone
from lianjing.core.viewer import System
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import User
from lianjing.domain.people.staff import NewMember, add_member, link_account
from lianjing.terms.staffing import StaffFactKind
who = {"by": System("test"), "at": timezone.now()}
user = User.objects.get(username="guard")
member = getattr(user, "staff_member", None)
if member is None:
    company = user.memberships.get().company_id
    new = NewMember({"staff_no": "P001", "name": user.display_name}, "", [NewFact(StaffFactKind.EMPLOYMENT)])
    member = add_member(company, new, **who)
    link_account(member.pk, "guard", **who)
print(member.staff_no)
"""
FACTS = """
import django, json
django.setup()
from lianjing.domain.people.models import StaffFact
rows = StaffFact.objects.filter(kind="training", member__user__username="guard", value="保安服务管理条例")
print(json.dumps([[str(row.valid_from), row.details, row.recorded_by] for row in rows]))
"""


def told(program: Program, script: str) -> str:
    """What a few lines print that run beside the program, on its database."""
    environment = program.environment | {"DJANGO_SETTINGS_MODULE": "lianjing.project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


class Reader:
    """Somebody signed on in a browser of that width, who complains of nothing."""

    def __init__(self, browser: Browser, program: Program, user: str, width: int) -> None:
        context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN")
        context.set_default_timeout(15000)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.goto(f"{program.url}/accounts/login/")
        self.page.fill("input[name=login]", user)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def too_wide(self) -> int:
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def sees(self, words: str) -> None:
        self.page.wait_for_selector(f"text={words}", timeout=15000)


@pytest.fixture
def staff_no(program: Program) -> str:
    return told(program, ON_FILE)


@pytest.fixture
def mia(browser: Browser, program: Program) -> Reader:
    return Reader(browser, program, "manager", 1440)


@pytest.fixture
def guard(browser: Browser, program: Program) -> Reader:
    return Reader(browser, program, "guard", 390)


def write_course(program: Program, page: Page) -> None:
    page.goto(f"{program.url}/office/training/courses/new/")
    for name, value in (("code", "L1"), ("title", "保安服务管理条例"), ("hours", "4"), ("pass_mark", "60")):
        page.fill(f"[name={name}]", value)
    page.check("label:has-text('法律') input")
    page.fill("[name=content]", "# 禁止行为\n\n- 搜查他人身体\n- 扣押他人证件")
    page.click("button.go")
    page.wait_for_selector("h3:has-text('禁止行为')")
    page.click("text=添加考题")
    write_question(page, "谁发给保安员证？", {"公安机关": True, "本单位": False})
    page.click("text=保存，再写一题")
    page.wait_for_selector("text=考题已添加")
    write_question(page, "保安员不得做什么？", {"搜查他人身体": True, "巡逻": False, "扣押他人证件": True})
    page.click("button.go")
    page.wait_for_selector("button:has-text('开放')")
    page.click("button:has-text('开放')")
    page.wait_for_selector("text=课程已开放")


def write_question(page: Page, text: str, options: dict[str, bool]) -> None:
    page.fill("[name=text]", text)
    for place, (option, right) in enumerate(options.items()):
        page.fill(f"[name=option_{place}]", option)
        if right:
            page.check(f"[name=right_{place}]")


def answer(page: Page, *options: str) -> None:
    """Each is kept as soon as it is chosen."""
    for option in options:
        with page.expect_response(lambda response: response.url.endswith("/keep/")):
            page.check(f"label:has-text('{option}') input")
    page.wait_for_selector("#kept:has-text('已保存')")


def test_a_guard_is_assigned_a_course_fails_and_passes_on_his_phone(
    program: Program, staff_no: str, mia: Reader, guard: Reader
) -> None:
    write_course(program, mia.page)
    mia.page.click("text=布置…")
    mia.page.fill("[name=due_on]", str(today() + timedelta(days=7)))
    mia.page.fill("[name=people]", staff_no)
    mia.page.click("button.go")
    mia.sees("布置给 1 人。")

    phone = guard.page
    phone.goto(f"{program.url}/patrol/")
    phone.click("a.learning:has-text('培训 2')")
    phone.click(".task-row:has-text('保安服务管理条例')")
    guard.sees("禁止行为")
    assert guard.too_wide() <= 0
    phone.click("button:has-text('开始答题')")
    answer(phone, "本单位", "巡逻")
    phone.goto(f"{program.url}/learn/")
    phone.click(".task-row")
    phone.click("button:has-text('接着答题')")
    assert phone.is_checked("label:has-text('本单位') input")
    assert guard.too_wide() <= 0
    phone.click("button:has-text('交卷')")
    guard.sees("0 分，不合格")
    assert phone.locator("text=✓ 正确").count() == 0

    phone.click("button:has-text('再考一次')")
    phone.wait_for_selector("[data-paper]")
    answer(phone, "公安机关", "搜查他人身体", "扣押他人证件")
    phone.keyboard.press("Control+Enter")
    guard.sees("100 分，合格")
    guard.sees("已记入培训档案：法律，4 学时。")
    assert guard.too_wide() <= 0
    phone.goto(f"{program.url}/patrol/")
    # The demo's own course is still owed.
    phone.wait_for_selector("a.learning:has-text('培训 1')")

    facts: list[list[Any]] = json.loads(told(program, FACTS))
    assert [(details["hours"], details["subjects"], details["result"]) for _day, details, _by in facts] == [
        (4.0, ["law"], "passed")
    ]
    mia.page.goto(f"{program.url}/office/training/progress/?standing=passed")
    mia.page.click(".cards a:has-text('已通过')")
    assert mia.page.locator("td:has-text('分，')").all_inner_texts() == ["✓ 100 分，合格", "✕ 0 分，不合格"]
    assert (mia.complaints, guard.complaints) == ([], [])

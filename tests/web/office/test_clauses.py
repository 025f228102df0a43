"""The specification on a page: its text, the verdict beside it, filters, days, and who gets in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import escape

from lianjing.domain.compliance.catalogue import catalogue
from tests.cast import NOON, Cast, alarm
from tests.clauses.whole_company import put_in_post, whole_company
from tests.domain.people.roster.staff import entry, guard
from tests.web.conftest import As

URL = "/office/clauses/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def verdicts(page: str) -> dict[str, str]:
    """Sign and word beside each judged clause that has no heading of its own."""
    found = re.findall(r'<b class="number">([^<]+)</b>.*?<strong class="[^"]+">([^<]+)</strong>', page, re.S)
    return dict(found)


def test_the_page_reads_as_the_specification_does(cast: Cast, signed_on: As) -> None:
    page = text(signed_on("mia").get(URL))
    lines = [line for clause in catalogue().clauses.values() for line in clause.lines]
    assert [line for line in lines if escape(line) not in page] == []
    assert page.index("从业单位应取得《保安服务许可证》") < page.index("应年满18周岁") < page.index("安全保密</h2>")


def test_each_verdict_stands_beside_its_clause_by_sign_and_word(cast: Cast, signed_on: As) -> None:
    whole_company(cast)
    found = verdicts(text(signed_on("mia").get(URL + "?on=2026-11-22")))
    assert (found["4.2"], found["6.1"], found["3.1.1"]) == ("✓ 符合", "✓ 符合", "? 证据不足")


def test_table_1_has_its_row_marked_and_a_bar_with_the_margin(cast: Cast, signed_on: As) -> None:
    whole_company(cast, {"patrol": 12, "watch": 9, "design_install": 20})
    page = text(signed_on("mia").get(URL + "?on=2026-11-22"))
    bars = re.findall(r'<span class="bar-words (\w+)">(.*?) <b>(.*?)</b>', page)
    assert bars == [("ok", "12 人，应 ≥10", "+2"), ("bad", "9 人，应 ≥10", "−1"), ("ok", "20 人，应 ≥20", "0")]
    assert re.findall(r'<tr class="is-row"><th scope="row">(\S+)', page) == ["≤100"]
    assert re.findall(r'class="fill" width="(\d+)"', page) == ["72", "54", "60"]


def test_5_2_says_which_coming_shifts_are_planned_for_people_who_may_not_stand_them(cast: Cast, signed_on: As) -> None:
    today = timezone.localdate()
    entry(guard(cast.company, "陈思远"), today)
    entry(guard(cast.company, "李静", certificate_until=today), today + timedelta(days=3))
    asked = f"{URL}detail/?clause=5.2"
    told = text(signed_on("mia").get(asked))
    told = told.split("<h2>排班</h2>")[1].split("<h2>")[0]
    words = ("今后 14 天有 1 班排给了不合格的人（1 人）", "李静", "陈思远")
    assert [word in told for word in words] == [True, True, False]
    assert "排给了不合格的人" not in text(signed_on("polly").get(asked))


def test_the_nineteen_standards_say_how_they_stand(cast: Cast, signed_on: As) -> None:
    page = text(signed_on("mia").get(URL + "?on=2026-11-22"))
    assert "引用文件 19 项" in page
    listed = page.split("引用文件 19 项")[1].split("</details>")[0]
    assert "已由 GB/T 20988-2025 替代（2026-01-01 起）；注日期的引用仍按本版" in listed
    assert "GB/T 30168</b>" in listed
    assert "GB/T 31068-2014</b>" in listed
    assert listed.count("<li>") == 19


@pytest.mark.parametrize(("verdict", "shown"), [("not_met", {"4.1", "4.2"}), ("met", set())])
def test_only_clauses_of_one_verdict_are_shown(cast: Cast, signed_on: As, verdict: str, shown: set[str]) -> None:
    page = text(signed_on("mia").get(f"{URL}?verdict={verdict}"))
    found = verdicts(page)
    assert {number for number in ("4.1", "4.2", "6.1") if number in found} == shown
    assert ("没有这样判定的条款。" in page) is (verdict == "met")


def test_the_filter_keeps_company_and_day(cast: Cast, signed_on: As) -> None:
    page = text(signed_on("mia").get(f"{URL}?on=2026-03-31&known=2026-06-30"))
    told = f"company={cast.company.pk}&amp;on=2026-03-31&amp;known=2026-06-30&amp;verdict=not_met"
    assert f'href="?{told}"' in page


def test_a_day_before_anything_was_known(cast: Cast, signed_on: As) -> None:
    whole_company(cast, {})
    mia, yesterday = signed_on("mia"), timezone.localdate() - timedelta(days=400)
    assert verdicts(text(mia.get(f"{URL}?on=2026-11-22")))["4.2"] == "✓ 符合"
    assert verdicts(text(mia.get(f"{URL}?on=2026-11-22&known={yesterday}")))["4.2"] == "✕ 不符合"


@pytest.mark.parametrize("query", ["on=0001-06-01", "on=0001-01-01&known=0001-01-01", "on=9999-12-31&known=9999-12-31"])
def test_the_first_and_the_last_days_of_the_calendar_can_be_looked_at(cast: Cast, signed_on: As, query: str) -> None:
    alarm()
    found = signed_on("mia").get(f"{URL}?{query}")
    assert (found.status_code, "规则出错" in text(found)) == (200, False)


def test_evidence_leads_to_the_record(cast: Cast, signed_on: As) -> None:
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="guard_certificate").delete()
    page = text(signed_on("mia").get(f"{URL}?clause=5.1.4"))
    href = f"/office/people/{member.pk}/?on={timezone.localdate()}"
    link = f'<a href="{href}">X1 员工X1 <span aria-hidden="true">▸</span></a>'
    assert f'{link} <span class="soft">没有保安员证。</span>' in page
    register = f"/police/companies/{cast.company.pk}/people/?person={member.pk}&amp;on={timezone.localdate()}"
    assert link.replace(href, register) in text(signed_on("polly").get(f"{URL}?clause=5.1.4"))


def test_who_gets_in(cast: Cast, signed_on: As) -> None:
    names = ("mia", "leo", "polly", "ada", "olivia", "gus")
    assert [signed_on(name).get(URL).status_code for name in names] == [200, 200, 200, 200, 403, 403]
    assert signed_on("sam").get(f"{URL}?company={cast.company.pk}").status_code == 404
    assert "Harbour" not in text(signed_on("sam").get(URL))
    assert signed_on("mia").post(URL).status_code == 405


@pytest.mark.parametrize("query", ["verdict=splendid", "on=soon", "on=9999-12-31", "known=never"])
def test_what_cannot_be_read_is_left_aside(cast: Cast, signed_on: As, query: str) -> None:
    assert signed_on("mia").get(f"{URL}?{query}").status_code == 200


def test_a_past_day_shows_both_verdicts_and_the_entries_in_between(cast: Cast, signed_on: As) -> None:
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="guard_certificate").update(recorded_at=NOON)
    page = text(signed_on("mia").get(URL + "?on=2026-11-15"))
    assert page.count('class="clause-late"') == 4
    told = re.sub(r"<[^>]+>|\s", "", page[page.rindex('<div class="clause-late"') :].split("</ul>")[0])
    assert told.startswith("当日所知：✕不符合；现在所知：✕不符合。当日所知：在服务客户0户")
    assert "补录1项X1员工X1保安员证（" in told
    assert told.endswith("由Mia于2026-11-2212:00登记")
    assert "clause-late" not in text(signed_on("mia").get(URL + "?on=2026-11-15&known=2026-11-23"))


def test_of_many_late_entries_five_stand_in_the_text_and_all_beside_it(cast: Cast, signed_on: As) -> None:
    for place in range(3):
        put_in_post(cast, f"X{place}", "watch", NOON)
    page = text(signed_on("mia").get(URL + "?on=2026-11-15&clause=5.1.4"))
    inside, beside = page.split('<aside class="beside"')
    told = inside[inside.index('id="c514"') :].split("</section>")[0]
    assert (told.count("登记</span>"), "补录 9 项" in told, "另有 4 项补录" in told) == (5, True, True)
    assert (beside.count("登记</span>"), "补录 9 项" in beside) == (9, True)

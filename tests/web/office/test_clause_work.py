"""Beside the specification: since when, who sees to it, what stands beside the page, the year, and who may set what."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lianjing.core.outbox.stamp import stamp
from lianjing.domain.companies.models import CompanyFact
from lianjing.domain.compliance.clause_work import GivenWork, set_work
from lianjing.domain.compliance.models import ClauseWork, VerdictCount
from lianjing.domain.compliance.verdict_keeping import judge_all
from lianjing.domain.compliance.woken import note_wakes
from lianjing.domain.findings.models import Finding
from lianjing.domain.people.models import StaffMember
from lianjing.terms.verdicts import WorkStatus
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.test_local_standards import add
from tests.clauses.whole_company import whole_company
from tests.domain.findings.found import moved_to, raised
from tests.domain.findings.found import owner as finding_owner
from tests.web.conftest import As

URL, WORK = "/office/clauses/", "/office/clauses/owner/"
DAY = timedelta(days=1)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def numbers(page: str) -> list[str]:
    """Judged clauses that are shown."""
    return re.findall(r'<section class="clause is-judged[^"]*"[^>]*data-clause="([^"]+)"', page)


def since(page: str, number: str) -> str:
    section = page.split(f'data-clause="{number}"')[1].split("</section>")[0]
    found = re.search(r'class="since">([^<]*)<', section)
    return found.group(1) if found else ""


def judge(cast: Cast, at: datetime) -> None:
    while stamp():
        pass
    note_wakes(by=SYSTEM, at=at)
    judge_all(cast.company.pk, by=SYSTEM, at=at)


def own(cast: Cast, clause: str, owner: str, **told: Any) -> None:
    set_work(cast.company.pk, clause, GivenWork(owner, **told), by=cast.viewer("mia"), at=NOON)


def send(client: Client, query: str = "clause=4.2", **told: str) -> Any:
    return client.post(f"{WORK}?{query}", {"owner": "", "status": "none", "due_on": "", "note": "", **told})


def test_a_verdict_says_since_when_it_stands(cast: Cast, signed_on: As) -> None:
    whole_company(cast)
    now = timezone.now()
    today = timezone.localdate(now)
    judge(cast, now - 3 * DAY)
    CompanyFact.objects.filter(kind="guard_licence").update(valid_until=today - 2 * DAY)
    judge(cast, now)
    page = text(signed_on("mia").get(URL))
    began, first = today - DAY, today - 3 * DAY
    assert since(page, "4.2") == f"自 {began:%m-%d} 起 · 2 天"
    assert since(page, "5.1.1").startswith("至少自")
    assert f"{first:%m-%d}" in since(page, "5.1.1")
    assert "判定于" in page
    assert since(text(signed_on("mia").get(f"{URL}?on={today - DAY}")), "4.2") == ""


def test_without_anything_kept_the_page_judges_by_itself(cast: Cast, signed_on: As) -> None:
    page = text(signed_on("mia").get(URL))
    assert ("刚刚按记录判定" in page, 'class="since"' in page, "还没有记录：" in page) == (True, False, True)


def test_what_is_looked_at_first_is_the_first_that_is_not_met(cast: Cast, signed_on: As) -> None:
    whole_company(cast)
    mia = signed_on("mia")
    assert '<section class="clause-detail" id="clause-detail" tabindex="-1" data-clause="4.1"' not in text(mia.get(URL))
    CompanyFact.objects.all().delete()
    assert 'tabindex="-1" data-clause="4.1"' in text(mia.get(URL))
    assert 'tabindex="-1" data-clause="5.2"' in text(mia.get(f"{URL}?clause=5.2"))


def test_beside_the_page_stands_what_decides_and_on_what_it_rests(cast: Cast, signed_on: As) -> None:
    whole_company(cast)
    page = text(signed_on("mia").get(f"{URL}detail/?clause=5.2"))
    assert page.lstrip().startswith("<section")
    assert ("5.2 的证据" in page, "本产品的读法：" in page, "在服务的合同" in page) == (True, True, True)
    listed = f"/office/contracts/?company={cast.company.pk}&amp;state=in_service&amp;on={timezone.localdate()}"
    assert f'href="{listed}"' in page
    definition = text(signed_on("mia").get(f"{URL}detail/?clause=3.1.2"))
    assert ("3.1.2 的依据" in definition, "办理" in definition) == (True, False)
    assert signed_on("mia").get(f"{URL}detail/?clause=9.9").status_code == 404


def test_an_owner_is_set_shown_and_filtered_by(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    answer = send(mia, "clause=4.2&on=2026-11-22", owner="leo", status="in_work", due_on="2026-11-20", note="办新证")
    assert (answer.status_code, answer.url) == (302, f"{URL}?clause=4.2&on=2026-11-22#clause-detail")
    row = ClauseWork.objects.get()
    assert (row.user, row.status, row.due_on, row.note) == (cast.users["leo"], "in_work", date(2026, 11, 20), "办新证")
    page = text(mia.get(answer.url))
    assert "4.2 的办理已保存。" in page
    work = page.split('data-clause="4.2"')[1].split('class="clause-work small">')[1].split("</p>")[0]
    assert re.sub("<[^>]+>", "", work) == "责任人 Leo 期限 11-20 已逾期"
    assert numbers(text(mia.get(f"{URL}?owner=u{cast.users['leo'].pk}"))) == ["4.2"]
    everything, nobody = numbers(text(mia.get(URL))), numbers(text(mia.get(f"{URL}?owner=none")))
    assert [number for number in everything if number != "4.2"] == nobody
    assert numbers(text(mia.get(f"{URL}?owner=u{cast.users['leo'].pk}&verdict=met"))) == []


def test_what_is_refused_stands_in_the_form_with_what_was_typed(cast: Cast, signed_on: As) -> None:
    mia = signed_on("mia")
    answer = send(mia, owner="张三", note="问人事")
    page = text(answer)
    assert (answer.status_code, ClauseWork.objects.count()) == (422, 0)
    assert ("本单位没有“张三”" in page, 'value="张三"' in page, "问人事" in page) == (True, True, True)
    assert "日期请写成 2026-11-22 的样子。" in text(send(mia, due_on="soon"))
    assert "没有这个选项。" in text(send(mia, status="splendid"))
    assert send(mia, "clause=9.9").status_code == 404


def test_who_may_set_it(cast: Cast, signed_on: As) -> None:
    mine = f"company={cast.company.pk}&clause=4.2"
    answers = [send(signed_on(name), mine).status_code for name in ("mia", "ada", "leo", "polly", "olivia", "sam")]
    assert answers == [302, 302, 403, 403, 403, 403]
    assert signed_on("mia").get(WORK).status_code == 405
    assert send(signed_on("mia"), f"company={cast.other.pk}&clause=4.2").status_code == 404
    assert "work-form" not in text(signed_on("leo").get(f"{URL}?clause=4.2"))
    assert "work-form" not in text(signed_on("mia").get(f"{URL}?clause=4.2&on=2026-11-01"))


def test_the_police_see_that_somebody_sees_to_it_and_not_who(cast: Cast, signed_on: As) -> None:
    StaffMember.objects.create(company=cast.company, staff_no="X1", name="王一", added_at=NOON)
    own(cast, "4.2", "X1", status=WorkStatus.PLANNED)
    for name, sees in (("leo", True), ("polly", False)):
        page = text(signed_on(name).get(f"{URL}?clause=4.2"))
        assert ("王一" in page, "已指定" in page) == (sees, not sees)


@pytest.mark.parametrize(("typed", "shown"), [("5.1", ["5.1.1", "5.1.2", "5.1.3", "5.1.4"]), ("许可证", ["4.2"])])
def test_a_number_or_a_piece_of_the_text_finds_clauses(cast: Cast, signed_on: As, typed: str, shown: list[str]) -> None:
    assert numbers(text(signed_on("mia").get(URL, {"q": typed}))) == shown


def test_the_year_s_line_counts_local_standards_as_the_page_does(cast: Cast, signed_on: As) -> None:
    add()
    judge(cast, timezone.now())
    mia = signed_on("mia")
    page = text(mia.get(URL))
    kept = VerdictCount.objects.get(company=cast.company, in_retrospect=False)
    assert len(numbers(page)) == kept.met + kept.mostly + kept.not_met + kept.insufficient + kept.not_applicable
    assert sum("示例" in number for number in numbers(page)) == 4


def test_an_open_finding_s_owner_is_the_clause_s(cast: Cast, signed_on: As) -> None:
    own(cast, "4.2", "leo")
    finding, mia = raised(cast, clauses=("4.2",)), signed_on("mia")
    page = text(mia.get(f"{URL}?clause=4.2"))
    assert ("随整改办理：" in page, "work-form" in page, "<b>Leo</b>" in page) == (True, False, True)
    moved_to(cast, "assigned", finding)
    one = finding_owner(cast)
    assert numbers(text(mia.get(f"{URL}?owner=s{one.pk}"))) == ["4.2"]
    assert numbers(text(mia.get(f"{URL}?owner=u{cast.users['leo'].pk}"))) == numbers(page)
    refused = send(mia, owner="leo")
    assert (refused.status_code, "责任人和期限在整改里定" in text(refused)) == (422, True)
    moved_to(cast, "closed", Finding.objects.get())
    assert numbers(text(mia.get(f"{URL}?owner=u{cast.users['leo'].pk}"))) == ["4.2"]


def test_the_year_is_a_line_and_a_table(cast: Cast, signed_on: As) -> None:
    today = timezone.localdate()
    told = {"company": cast.company, "judged_at": NOON}
    for days, met in ((400, 99), (300, 2), (299, 3), (0, 9)):
        VerdictCount.objects.create(on=today - days * DAY, met=met, not_met=9 - min(met, 9), **told)
    page = text(signed_on("mia").get(URL))
    line = re.search(r'<polyline class="ok" points="([^"]+)"', page)
    assert line is not None
    assert [point.split(",")[0] for point in line.group(1).split()] == ["37.3", "37.9", "212"]
    rows = re.findall(r'<th scope="row">([\d-]+)</th><td class="num">(\d+)</td>', page.split("trend-table")[1])
    assert rows[0] == (str(today), "9")
    assert ("99" not in {met for _, met in rows}, rows[-1][1] in ("2", "3")) == (True, True)
    assert "Hill" not in text(signed_on("mia").get(URL))


def test_the_home_says_how_many_are_not_met_and_what_has_turned(cast: Cast, signed_on: As) -> None:
    whole_company(cast)
    now = timezone.now()
    mia = signed_on("mia")
    assert "规范与整改" in text(mia.get("/office/"))
    assert 'verdict=not_met">' not in text(mia.get("/office/"))
    judge(cast, now - DAY)
    CompanyFact.objects.filter(kind="guard_licence").update(valid_until=timezone.localdate(now) - DAY)
    judge(cast, now)
    page = text(mia.get("/office/"))
    assert "不符合 2 条 · 7 天内转变 2 条" in page
    assert f'href="/office/clauses/?company={cast.company.pk}&amp;verdict=not_met"' in page


def test_the_page_asks_for_what_will_change_when_it_is_there(cast: Cast, signed_on: As) -> None:
    whole_company(cast)
    mia, few = signed_on("mia"), f"{URL}ahead/few/?company={cast.company.pk}"
    assert f'hx-get="{few}"' in text(mia.get(URL))
    assert "hx-get" not in text(mia.get(f"{URL}?on=2026-01-01")).split('class="beside"')[1].split("<section")[0]
    assert text(mia.get(few)).lstrip().startswith('<section class="ahead-few"')
    assert signed_on("sam").get(few).status_code == 404


def test_what_was_typed_before_midnight_and_refused_after_it_is_still_there(cast: Cast, signed_on: As) -> None:
    yesterday = timezone.localdate() - DAY
    answer = send(signed_on("mia"), f"clause=4.2&on={yesterday}", owner="无此人", note="办到一半")
    page = text(answer)
    assert (answer.status_code, "无此人" in page, "办到一半" in page) == (422, True, True)

"""The pages of people: who may stand duty and why not, and the file of one person."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.core.outbox.models import Message
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.staff import HIRED, number_for, put_on_file
from tests.web.conftest import As

NUMBER = number_for(date(1988, 3, 2), 7)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<td><a class="strong" href="[^"]+">([^<]+)</a>', page)


# The list


def test_the_list_tells_who_may_stand_duty_and_why_not_and_what_ends_next(cast: Cast, signed_on: As) -> None:
    soon = NewFact(Kind.GUARD_CERTIFICATE, number="1", valid_from=HIRED, valid_until=timezone.localdate())
    put_on_file(cast, "001", "陈思远", without=(Kind.GUARD_CERTIFICATE,), more=(soon,))
    put_on_file(cast, "002", "林国华", without=(Kind.EDUCATION, Kind.POLICE_EXAM))
    page = text(signed_on("mia").get("/office/people/"))
    assert names(page) == ["陈思远", "林国华"]
    for told in ("✓ 可以上岗", "✕ 今天到期", "✕ 不能上岗", "没有登记学历。 另有 1 条", "人工值守"):
        assert told in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["陈思远", "林国华"]),
        ("q=csy", ["陈思远"]),
        ("q=林", ["林国华"]),
        ("q=002", ["林国华"]),
        ("eligible=yes", ["陈思远"]),
        ("eligible=no", ["林国华"]),
        ("kind=watch", ["陈思远", "林国华"]),
        ("kind=patrol", []),
        ("employment=left", []),
        ("employment=nonsense&kind=nonsense&eligible=x&after=x&q=%00", ["陈思远", "林国华"]),
    ],
)
def test_one_box_and_a_few_choices_find_people(cast: Cast, signed_on: As, asked: str, found: list[str]) -> None:
    put_on_file(cast, "001", "陈思远")
    put_on_file(cast, "002", "林国华", without=(Kind.EDUCATION,))
    assert names(text(signed_on("mia").get(f"/office/people/?{asked}"))) == found


def test_people_are_listed_as_they_stood_on_the_chosen_day(cast: Cast, signed_on: As) -> None:
    ended = NewFact(Kind.GUARD_CERTIFICATE, number="1", valid_from=HIRED, valid_until=date(2026, 3, 31))
    member = put_on_file(cast, without=(Kind.GUARD_CERTIFICATE,), more=(ended,))
    mia = signed_on("mia")
    told = {day: text(mia.get(f"/office/people/?kind=watch&on={day}")) for day in ("2026-03-31", "2026-04-01", "")}
    assert ["✓ 可以上岗</span></td>" in page for page in told.values()] == [True, False, False]
    assert ["的情况列出。" in page for page in told.values()] == [True, True, False]
    assert f'href="/office/people/{member.pk}/?on=2026-03-31"' in told["2026-03-31"]
    assert '<input type="hidden" name="on" value="2026-03-31">' in told["2026-03-31"]
    assert "日期请写成 2026-11-22 的样子。" in text(mia.get("/office/people/?on=soon"))


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [("people/", 7), ("people/?eligible=yes", 9), ("worklist/", 31)])
def test_a_list_takes_the_same_queries_for_one_person_and_for_three(
    cast: Cast, signed_on: As, url: str, queries: int, people: int
) -> None:
    for place in range(people):
        put_on_file(cast, f"00{place}")
    browser = signed_on("mia")
    browser.get(f"/office/{url}")
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(f"/office/{url}").status_code == 200
    assert len(asked) == queries


def test_a_page_goes_on_behind_the_person_shown_last(cast: Cast, signed_on: As) -> None:
    StaffMember.objects.bulk_create(
        StaffMember(company=cast.company, staff_no=f"{n:04d}", name=f"P{n:04d}", added_at=NOON) for n in range(120)
    )
    for chosen in ("", "&eligible=no"):
        seen: list[str] = []
        url = f"/office/people/?employment=all{chosen}"
        while url:
            page = text(signed_on("mia").get(url))
            seen += names(page)
            following = re.search(r'href="([^"]+)">下一页', page)
            url = following.group(1).replace("&amp;", "&") if following else ""
        assert seen == [f"P{n:04d}" for n in range(120)]


def test_an_empty_list_says_so_and_a_narrow_one_too(cast: Cast, signed_on: As) -> None:
    assert "还没有登记人员。" in text(signed_on("mia").get("/office/people/"))
    assert "没有符合条件的人员。" in text(signed_on("mia").get("/office/people/?q=nobody"))


# The file of one


def test_the_page_tells_every_reason_with_its_clause_and_leads_to_the_fact(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    certificate = member.facts.get(kind="guard_certificate")
    page = text(signed_on("mia").get(f"/office/people/{member.pk}/?on=2026-11-22"))
    assert "✓ 2026-11-22 可以上岗" in page
    assert f'<a class="quiet" href="#fact-{certificate.pk}">保安员证有效。</a>' in page
    assert f'id="fact-{certificate.pk}"' in page
    assert "规范 5.1.4" in page
    assert "令564第17条" in page
    later = text(signed_on("mia").get(f"/office/people/{member.pk}/?on=2028-01-01"))
    assert "✕ 2028-01-01 不能上岗，6 条原因" in later
    assert "保安员证已于 2027-12-31 到期。" in later
    assert "日期请写成" in text(signed_on("mia").get(f"/office/people/{member.pk}/?on=2028-13-01"))


def test_the_number_is_masked_and_shown_whole_once_for_a_recorded_reason(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    mia, url = signed_on("mia"), f"/office/people/{member.pk}/"
    mia.post(f"{url}identity/set/", {"identity": NUMBER})
    page = text(mia.get(url))
    assert (f"{'*' * 14}{NUMBER[-4:]}" in page, NUMBER in page, "没有人看过。" in page) == (True, False, True)
    refused = mia.post(f"{url}identity/", {"reason": " "})
    assert (refused.status_code, "请写明原因。" in text(refused), NUMBER in text(refused)) == (422, True, False)
    shown = mia.post(f"{url}identity/", {"reason": "办理保安员证"})
    assert (shown.status_code, NUMBER in text(shown), shown["Cache-Control"]) == (200, True, "no-store")
    page = text(mia.get(url))
    assert (NUMBER in page, "办理保安员证" in page, "查看完整身份号码" in page) == (False, True, True)
    assert mia.get(f"{url}identity/").status_code == 405
    assert not [row for row in Record.objects.all() if NUMBER in f"{row.before}{row.after}"]
    assert not [row for row in Message.objects.all() if NUMBER in str(row.payload)]


def test_a_number_that_another_key_sealed_is_said_to_be_lost_and_no_reveal_is_recorded(
    cast: Cast, signed_on: As
) -> None:
    member = put_on_file(cast)
    StaffMember.objects.update(identity_sealed="v1:" + "A" * 60)
    refused = signed_on("mia").post(f"/office/people/{member.pk}/identity/", {"reason": "x"})
    assert (refused.status_code, "用另一把数据密钥加密" in text(refused)) == (422, True)
    assert not Record.objects.filter(action="staff.identity_revealed").exists()


@pytest.mark.parametrize(("name", "status"), [("leo", 403), ("sam", 403), ("ada", 403), ("olivia", 403)])
def test_only_the_manager_sees_a_number_whole(cast: Cast, signed_on: As, name: str, status: int) -> None:
    member = put_on_file(cast)
    answer = signed_on(name).post(f"/office/people/{member.pk}/identity/", {"reason": "x"})
    assert answer.status_code == status


def test_leaders_see_eligibility_and_neither_file_nor_private_reasons(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast, more=(NewFact(Kind.BAR, "crime"),))
    page = text(signed_on("leo").get(f"/office/people/{member.pk}/"))
    assert ("另有不便公开的原因" in page, "保安员证有效。" in page) == (True, True)
    for hidden in ("犯罪", "不得从业", "33-1", "意外伤害保险", member.identity_tail, "更正", "fact-"):
        assert hidden not in page, hidden


def test_a_stranger_finds_nothing_at_any_door(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    fact = member.facts.filter(kind="health").get()
    cast.users["sam"].memberships.update(role="manager")
    sam = signed_on("sam")
    assert names(text(sam.get("/office/people/?employment=all"))) == []
    here = f"/office/people/{member.pk}/"
    gets = ["", "edit/", "identity/set/", "account/", "leave/", "photo/", "facts/new/", "facts/new/?kind=health"]
    assert {sam.get(here + path).status_code for path in gets} == {404}
    posts = ["edit/", "identity/", "identity/set/", "account/", "leave/", "photo/keep/", "facts/new/?kind=health"]
    assert {sam.post(here + path, {"reason": "x"}).status_code for path in posts} == {404}
    for path in ("correct/", "retract/", "scan/"):
        assert sam.get(f"/office/people/facts/{fact.pk}/{path}").status_code == 404
    assert sam.get(f"/office/worklist/{cast.company.pk}/settings/").status_code == 404


def test_who_keeps_no_files_gets_into_none_of_the_forms(cast: Cast, signed_on: As) -> None:
    member = put_on_file(cast)
    fact = member.facts.filter(kind="health").get()
    paths = [f"{member.pk}/{path}" for path in ("edit/", "identity/set/", "account/", "leave/", "photo/", "facts/new/")]
    paths += [f"facts/{fact.pk}/{path}" for path in ("correct/", "retract/", "scan/")] + ["new/"]
    assert {signed_on("leo").get(f"/office/people/{path}").status_code for path in paths} == {403}

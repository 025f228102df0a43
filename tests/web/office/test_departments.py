"""Departments and posts in the office: the tree for any day, pages, forms, appointments, and who gets in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lianjing.domain.companies.models import Department, DutyText, Post
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.models import Appointment, Membership
from lianjing.domain.people.staff import NewMember, add_member
from lianjing.terms.staffing import StaffFactKind
from tests.cast import NOON, Cast
from tests.web.conftest import As

TREE = "/office/departments/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<a (?:class="strong" )?href="/office/(?:departments|posts)/\d+/">([^<]+)</a>', page)


@pytest.fixture
def mia(signed_on: As) -> Client:
    return signed_on("mia")


def department(mia: Client, cast: Cast, name: str = "技术部", kind: str = "technical", parent: Any = "") -> int:
    typed = {"name": name, "kind": kind, "parent": parent, "since": "2026-01-01"}
    assert mia.post(f"{TREE}{cast.company.pk}/new/", typed).status_code == 302
    return Department.objects.latest("pk").pk


def post(mia: Client, department_id: int, **typed: Any) -> int:
    told = {"title": "值班长", "post_kind": "watch", "places": 1, "since": "2026-01-01", **typed}
    assert mia.post(f"{TREE}{department_id}/posts/new/", told).status_code == 302
    return Post.objects.latest("pk").pk


def member(cast: Cast, staff_no: str = "001") -> None:
    job = NewFact(StaffFactKind.EMPLOYMENT, valid_from=timezone.localdate() - timedelta(days=300))
    new = NewMember({"staff_no": staff_no, "name": f"员工{staff_no}"}, "", [job])
    add_member(cast.company.pk, new, by=cast.viewer("mia"), at=NOON)


def test_an_empty_tree_tells_which_departments_are_lacking(cast: Cast, mia: Client) -> None:
    page = text(mia.get(TREE))
    wanted = ("这一天没有部门。", "没有设置管理部门。", "没有设置技术部门。", "没有设置运行维护部门。", "4 处缺口")
    assert [words for words in wanted if words not in page] == []


def test_a_tree_grows_is_renamed_and_shown_for_any_day(cast: Cast, mia: Client) -> None:
    top = department(mia, cast, "总部", "management")
    own = department(mia, cast, parent=top)
    typed = {"name": "技术中心", "kind": "technical", "parent": top, "since": "2026-07-01"}
    assert "技术中心" in text(mia.post(f"{TREE}{own}/edit/", typed, follow=True))
    post(mia, own, is_key="on")
    assert names(text(mia.get(TREE))) == ["总部", "技术中心", "值班长"]
    assert names(text(mia.get(f"{TREE}?on=2026-06-30"))) == ["总部", "技术部", "值班长"]
    assert names(text(mia.get(f"{TREE}?on=2025-06-30"))) == []


def test_a_circle_is_told_beside_the_field_with_the_names(cast: Cast, mia: Client) -> None:
    top = department(mia, cast, "总部", "management")
    below = department(mia, cast, parent=top)
    answer = mia.post(f"{TREE}{top}/edit/", {"name": "总部", "kind": "management", "parent": below, "since": ""})
    assert answer.status_code == 422
    again = {"name": "总部", "kind": "management", "parent": below, "since": "2026-01-01"}
    page = text(mia.post(f"{TREE}{top}/edit/", again))
    assert 'id="f-parent_error" role="alert">这样会成一个圈：总部 → 技术部 → 总部。</p>' in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "请填写。"),
        ({"kind": "secret"}, "没有这个选项。"),
        ({"parent": "999"}, "没有这个选项。"),
        ({"since": "1900-01-01"}, "日期 1900-01-01 不可能。"),
        ({"since": "soon"}, "日期请写成 2026-11-22 的样子。"),
    ],
)
def test_a_department_that_cannot_be(cast: Cast, mia: Client, change: dict[str, str], said: str) -> None:
    typed = {"name": "技术部", "kind": "technical", "parent": "", "since": "2026-01-01", **change}
    answer = mia.post(f"{TREE}{cast.company.pk}/new/", typed)
    assert (answer.status_code, said in text(answer), Department.objects.count()) == (422, True, 0)


def test_duties_have_versions_and_one_taken_back_gives_way_to_the_one_before(cast: Cast, mia: Client) -> None:
    post_id = post(mia, department(mia, cast))
    url = f"/office/posts/{post_id}/"
    for words, since in (("看屏", "2026-01-01"), ("看屏并复核", "2026-07-01")):
        assert mia.post(f"{url}duties/", {"text": words, "since": since}).status_code == 302
    page = text(mia.get(url))
    assert '<p class="duty-text">看屏并复核</p>' in page
    assert '<p class="duty-text soft">看屏</p>' in page
    last = DutyText.objects.latest("version")
    assert mia.post(f"/office/duties/{last.pk}/retract/", {"reason": ""}).status_code == 422
    after = text(mia.post(f"/office/duties/{last.pk}/retract/", {"reason": "没有批准"}, follow=True))
    assert ('<p class="duty-text">看屏</p>' in after, "已收回：没有批准" in after) == (True, True)
    assert mia.post(f"{url}duties/", {"text": "", "since": "2026-01-01"}).status_code == 422


def test_somebody_is_appointed_stands_in_and_leaves_the_post(cast: Cast, mia: Client) -> None:
    post_id = post(mia, department(mia, cast), is_key="on")
    member(cast, "001")
    member(cast, "002")
    url, today = f"/office/posts/{post_id}/", timezone.localdate()
    assert "关键岗位 值班长 空缺。" in text(mia.get(TREE))
    wrong = text(mia.post(f"{url}appoint/", {"staff_no": "999", "valid_from": today}))
    assert "本单位没有工号 999。" in wrong
    mia.post(f"{url}appoint/", {"staff_no": "001", "valid_from": today - timedelta(days=2)})
    mia.post(f"{url}appoint/", {"staff_no": "002", "valid_from": today, "is_deputy": "on"})
    tree = text(mia.get(TREE))
    assert ("空缺" in tree, "没有代理人" in tree, "员工001" in tree, "1/1" in tree) == (False, False, True, True)
    held = Appointment.objects.get(is_deputy=False)
    assert "免职：员工001（值班长）" in text(mia.get(f"/office/appointments/{held.pk}/end/"))
    early = {"valid_until": today - timedelta(days=3)}
    assert mia.post(f"/office/appointments/{held.pk}/end/", early).status_code == 422
    mia.post(f"/office/appointments/{held.pk}/end/", {"valid_until": today - timedelta(days=1)})
    assert "关键岗位 值班长 空缺。" in text(mia.get(TREE))
    deputy = Appointment.objects.get(is_deputy=True)
    mia.post(f"/office/appointments/{deputy.pk}/retract/", {"reason": "录错"})
    assert "员工002" not in text(mia.get(url))


def test_a_post_changes_closes_and_is_taken_back(cast: Cast, mia: Client) -> None:
    own = department(mia, cast)
    post_id = post(mia, own)
    url = f"/office/posts/{post_id}/"
    typed = {"title": "班长", "department": own, "post_kind": "watch", "places": "x", "since": "2026-07-01"}
    assert mia.post(f"{url}edit/", typed).status_code == 422
    assert "班长" in text(mia.post(f"{url}edit/", {**typed, "places": 2}, follow=True))
    assert "2026-06-30 以后还有：班长。" in text(mia.post(f"{TREE}{own}/close/", {"valid_until": "2026-06-30"}))
    assert "班长" in text(mia.post(f"{TREE}{own}/retract/", {"reason": "x"}))
    mia.post(f"{url}close/", {"valid_until": "2026-08-31"})
    assert (names(text(mia.get(TREE))), names(text(mia.get(f"{TREE}?on=2026-08-31")))) == (
        ["技术部"],
        ["技术部", "班长"],
    )
    assert mia.post(f"{url}retract/", {"reason": "录错"}).status_code == 302
    assert mia.post(f"{TREE}{own}/retract/", {"reason": "录错"}).status_code == 302
    assert [mia.get(where).status_code for where in (url, f"{TREE}{own}/")] == [404, 404]


def test_the_police_read_without_names_and_nobody_else_keeps(cast: Cast, mia: Client, signed_on: As) -> None:
    own = department(mia, cast)
    post_id = post(mia, own)
    member(cast)
    mia.post(f"/office/posts/{post_id}/appoint/", {"staff_no": "001", "valid_from": timezone.localdate()})
    held = Appointment.objects.get()
    polly, leo = signed_on("polly"), signed_on("leo")
    for url in (TREE, f"/office/posts/{post_id}/"):
        assert ("员工001" in text(polly.get(url)), "员工001" in text(leo.get(url))) == (False, True)
    forms = [
        f"{TREE}{cast.company.pk}/new/",
        *(f"{TREE}{own}/{what}/" for what in ("edit", "close", "retract", "duties", "posts/new")),
        *(f"/office/posts/{post_id}/{what}/" for what in ("edit", "close", "retract", "duties", "appoint")),
        *(f"/office/appointments/{held.pk}/{what}/" for what in ("end", "retract")),
    ]
    for browser in (polly, leo, signed_on("olivia")):
        assert {browser.get(url).status_code for url in forms} == {403}
    Membership.objects.create(user=cast.users["sam"], company=cast.other, role="manager")
    sam = signed_on("sam")
    reading = [f"{TREE}{own}/", f"/office/posts/{post_id}/", f"{TREE}?company={cast.company.pk}"]
    assert {sam.get(url).status_code for url in (*forms, *reading)} == {404}
    assert names(text(sam.get(TREE))) == []
    assert signed_on("gus").get(TREE).status_code == 403


@pytest.mark.parametrize("count", [1, 10])
def test_the_tree_takes_the_same_queries_however_large(cast: Cast, mia: Client, count: int) -> None:
    for number in range(count):
        row = {"recorded_at": NOON, "recorded_by": "Mia", "company": cast.company}
        own = Department.objects.create(name=f"部{number}", kind="other", **row)
        Post.objects.create(department=own, title=f"岗{number}", **row)
    mia.get(TREE)
    with CaptureQueriesContext(connection) as asked:
        page = text(mia.get(TREE))
    assert (len(names(page)), len(asked)) == (2 * count, 9)


def test_of_very_many_gaps_the_first_are_listed_and_all_are_counted(cast: Cast, mia: Client) -> None:
    row = {"recorded_at": NOON, "recorded_by": "Mia", "company": cast.company, "kind": "other"}
    Department.objects.bulk_create([Department(name=f"部{number}", **row) for number in range(60)])
    page = text(mia.get(TREE))
    assert (page.count("没有书面职责。"), "64 处缺口" in page, "只列出前 50 个。" in page) == (46, True, True)


def test_a_past_state_of_knowledge_is_shown_as_it_was_and_nothing_can_be_changed_there(cast: Cast, mia: Client) -> None:
    own = department(mia, cast)
    Department.objects.update(recorded_at=timezone.now() - timedelta(days=5))
    typed = {"name": "技术中心", "kind": "technical", "parent": "", "since": "2026-01-01"}
    mia.post(f"{TREE}{own}/edit/", typed)
    before = text(mia.get(f"{TREE}?known={timezone.localdate() - timedelta(days=2)}"))
    assert (names(before), "设立部门</a>" in before) == (["技术部"], False)
    assert names(text(mia.get(TREE))) == ["技术中心"]

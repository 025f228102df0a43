"""Training for whoever takes it: his list, the course, the paper, the result, and who gets in."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.people.assigning import withdraw_assignment
from lianjing.domain.people.models import Attempt, StaffFact
from lianjing.web.markdown import rendered
from tests.cast import NOON, Cast
from tests.web.conftest import As
from tests.web.training import RIGHT, WRONG, School, make_school


@pytest.fixture
def school(cast: Cast) -> School:
    return make_school(cast)


@pytest.fixture
def gus(school: School, signed_on: As) -> Client:
    return signed_on("gus")


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(("days", "told"), [(3, "还有 3 天"), (0, "今天截止"), (-2, "逾期 2 天"), (30, "还有 30 天")])
def test_what_is_owed_says_in_words_by_when(school: School, gus: Client, days: int, told: str) -> None:
    school.assigned(days=days)
    page = text(gus.get("/learn/"))
    assert ("保安服务管理条例" in page, told in page) == (True, True)


def test_the_other_rooms_show_a_quiet_link_only_while_something_is_owed(school: School, gus: Client) -> None:
    assert text(gus.get("/learn/due/")).strip() == ""
    school.assigned(days=-1)
    assert '培训 <b>1</b> <span class="bad">逾期 1</span>' in text(gus.get("/learn/due/"))


@pytest.mark.parametrize(("name", "path"), [("gus", "/patrol/"), ("olivia", "/"), ("mia", "/office/customers/")])
def test_every_room_asks_for_that_link(cast: Cast, signed_on: As, name: str, path: str) -> None:
    assert 'hx-get="/learn/due/"' in text(signed_on(name).get(path))


def test_the_administrator_is_not_asked_since_he_takes_no_training(cast: Cast, signed_on: As) -> None:
    assert 'hx-get="/learn/due/"' not in text(signed_on("ada").get("/office/customers/"))


def test_without_a_file_behind_the_account_the_page_says_what_to_do(cast: Cast, signed_on: As) -> None:
    assert "您的账号还没有对应的人员档案" in text(signed_on("olivia").get("/learn/"))


def test_the_content_is_read_as_it_was_written(school: School, gus: Client) -> None:
    page = text(gus.get(f"/learn/{school.assigned().pk}/"))
    assert "<h3>第一章</h3>" in page
    assert "<strong>不得</strong>" in page
    assert "法律 · 4.5 学时 · 合格线 60 分 · 12 个月内有效" in page


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](https://elsewhere.example/x.png)",
        '[x](<https://e.example/" onclick=alert(1) ">)',
        '<https://e.example/"onclick=alert(1)>',
    ],
)
def test_written_text_can_do_no_harm(harm: str) -> None:
    html = str(rendered(harm))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert '" onclick' not in html


def test_a_link_tells_nobody_where_it_was_followed() -> None:
    assert rendered("[law](https://e.example/)") == (
        '<p><a href="https://e.example/" rel="noopener noreferrer">law</a></p>\n'
    )


def test_the_paper_never_tells_what_is_right(school: School, gus: Client) -> None:
    begun = gus.post(f"/learn/{school.assigned().pk}/start/")
    attempt = Attempt.objects.get()
    assert begun.url == f"/learn/papers/{attempt.pk}/"
    page = text(gus.get(begun.url))
    assert (page.count('type="radio"'), page.count('type="checkbox"')) == (2, 3)
    assert "正确</span>" not in page
    assert "checked" not in page
    assert "right" not in page.split("<main", 1)[1]


def test_answers_are_kept_while_they_are_given_and_stand_there_again(school: School, gus: Client) -> None:
    attempt = school.begun()
    kept = gus.post(f"/learn/papers/{attempt.pk}/keep/", {"q1": ["2"]}, HTTP_HX_REQUEST="true")
    assert "已答 1 / 2 · ✓" in text(kept)
    page = text(gus.get(f"/learn/papers/{attempt.pk}/"))
    assert '<input type="checkbox" name="q1" value="2" checked>' in page
    assert gus.post(f"/learn/papers/{attempt.pk}/keep/", {"q1": ["2"]}).url == "/learn/"


def test_a_blank_question_is_pointed_at_and_the_rest_stays(school: School, gus: Client) -> None:
    attempt = school.begun()
    answer = gus.post(f"/learn/papers/{attempt.pk}/submit/", {"q0": "0"})
    page = text(answer)
    assert (answer.status_code, page.count("这一题还没有答。"), page.count(" checked>")) == (422, 1, 1)
    assert "还有 1 题没有答：第 2 题。" in page
    assert Attempt.objects.get().answers == [[0], []]


def test_a_failed_try_tells_what_was_wrong_but_not_what_is_right(school: School, gus: Client) -> None:
    attempt = school.begun()
    page = text(gus.post(f"/learn/papers/{attempt.pk}/submit/", WRONG, follow=True))
    assert "✕ 0 分，不合格" in page
    assert (page.count("✕ 答错"), page.count("✓ 正确"), "再考一次" in page) == (2, 0, True)


def test_a_pass_shows_the_right_answers_and_what_is_on_the_file(school: School, gus: Client) -> None:
    attempt = school.begun()
    page = text(gus.post(f"/learn/papers/{attempt.pk}/submit/", RIGHT, follow=True))
    fact = StaffFact.objects.get(kind="training")
    assert "✓ 100 分，合格" in page
    assert (page.count("✓ 答对"), page.count("✓ 正确"), "再考一次" in page) == (2, 3, False)
    assert f"已记入培训档案：法律，4.5 学时。 有效至 {fact.valid_until}。" in page
    home = text(gus.get("/learn/"))
    assert ("没有要完成的培训。" in home, "✓ 100 分" in home) == (True, True)


@pytest.mark.parametrize("told", [{"q0": "x", "q1": "-1"}, {"q0": "99", "q7": "0"}, {"q0": "٣", "q1": "²"}, {}])
def test_nonsense_is_no_answer(school: School, gus: Client, told: dict[str, str]) -> None:
    assert gus.post(f"/learn/papers/{school.begun().pk}/submit/", told).status_code == 422
    assert Attempt.objects.get().answers == [[], []]


def test_what_was_withdrawn_meanwhile_is_no_longer_there(school: School, gus: Client) -> None:
    attempt = school.begun()
    withdraw_assignment(attempt.assignment_id, "病假", by=school.cast.viewer("mia"), at=NOON)
    answer = gus.post(f"/learn/papers/{attempt.pk}/submit/", RIGHT, follow=True)
    assert "这项培训已经撤回，不用再做。" in text(answer)
    assert gus.get(f"/learn/papers/{attempt.pk}/").status_code == 404
    assert gus.get(f"/learn/{attempt.assignment_id}/").status_code == 404


def test_nobody_else_sees_or_takes_his_training(school: School, signed_on: As) -> None:
    attempt = school.begun()
    reads = (f"/learn/{attempt.assignment_id}/", f"/learn/papers/{attempt.pk}/")
    writes = (f"{reads[0]}start/", f"{reads[1]}keep/", f"{reads[1]}submit/")
    for name, status in (("olivia", 404), ("mia", 404), ("sam", 404), ("polly", 403), ("ada", 403)):
        browser = signed_on(name)
        assert {browser.get(path).status_code for path in reads} == {status}, name
        assert {browser.post(path, RIGHT).status_code for path in writes} == {status}, name
    assert Attempt.objects.get().answers == [[], []]


@pytest.mark.parametrize("trainings", [1, 2])
def test_the_list_asks_the_same_number_of_questions_for_one_and_two(
    school: School, gus: Client, django_assert_num_queries: DjangoAssertNumQueries, trainings: int
) -> None:
    for number in range(trainings):
        school.assigned(school.another_course(f"X{number}"))
        owed = school.assigned(school.another_course(f"Y{number}"))
        gus.post(f"/learn/{owed.pk}/start/")
        gus.post(f"/learn/papers/{Attempt.objects.latest('pk').pk}/submit/", RIGHT)
    with django_assert_num_queries(8):
        page = text(gus.get("/learn/"))
    assert page.count('class="task-row') == 2 * trainings

"""Training in the manager's office: courses, questions, assigning, progress, groups, and who gets in."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lianjing.domain.people.models import Assignment, Attempt, Course, Question, TrainingGroup
from lianjing.domain.records.models import Record
from tests.cast import Cast
from tests.web.conftest import As
from tests.web.training import RIGHT, WRONG, School, make_school, on_file

FORM = {
    "code": "G1",
    "title": "岗位技能",
    "subjects": ["guard", "skill"],
    "hours": "8",
    "pass_mark": "80",
    "valid_months": "",
    "content": "读一读。",
}
ASKED = {"text": "先做什么？", "option_0": "复核", "option_1": "", "option_2": "睡觉", "right_0": "on"}


@pytest.fixture
def school(cast: Cast) -> School:
    return make_school(cast)


@pytest.fixture
def mia(school: School, signed_on: As) -> Client:
    return signed_on("mia")


def text(answer: Any) -> str:
    return str(answer.content.decode())


# Courses


def test_a_course_is_written_opened_and_closed(mia: Client) -> None:
    made = mia.post("/office/training/courses/new/", FORM)
    course = Course.objects.get(code="G1")
    assert (made.url, course.state, str(course.hours)) == (f"/office/training/courses/{course.pk}/", "draft", "8.0")
    assert "课程还没有考题，不能开放。" in text(mia.post(f"{made.url}open/", follow=True))
    mia.post(f"{made.url}questions/new/", ASKED)
    question = Question.objects.get(course=course)
    assert (question.options, question.right) == (["复核", "睡觉"], [0])
    assert "✓ 开放" in text(mia.post(f"{made.url}open/", follow=True))
    mia.post(f"{made.url}edit/", {**FORM, "pass_mark": "90"})
    page = text(mia.get(made.url))
    assert ("90 分" in page, "保安专业知识、保安技能" in page, "长期有效" in page) == (True, True, True)
    assert "课程已停用，撤回了 0 项没有完成的布置。" in text(mia.post(f"{made.url}close/", follow=True))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "", "请填写。"),
        ("code", "L1", "课程编号 L1 已经有了。"),
        ("subjects", [], "请选择一项。"),
        ("subjects", ["cooking"], "没有这个选项。"),
        ("hours", "many", "学时请写数字。"),
        ("hours", "-1", "学时应大于 0，最多 2000。"),
        ("hours", "1.25", "学时最多一位小数。"),
        ("hours", "NaN", "学时请写数字。"),
        ("pass_mark", "101", "应为 1 到 100。"),
        ("pass_mark", "8x", "请填整数。"),
        ("valid_months", "0", "应为 1 到 600。"),
        ("content", "x" * 50_001, "最多 50000 个字，现有 50001 个。"),
        ("content", "a\0b", "含有不能保存的字符。"),
    ],
)
def test_a_course_that_cannot_be_says_so_beside_the_field_and_keeps_what_was_typed(
    mia: Client, field: str, value: Any, said: str
) -> None:
    answer = mia.post("/office/training/courses/new/", {**FORM, field: value})
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert "岗位技能" in text(answer)
    assert Course.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": ""}, "请填写。"),
        ({"option_2": ""}, "一道题要有 2 到 10 个选项，现有 1 个。"),
        ({"right_0": ""}, "请标出正确的选项。"),
        ({"right_1": "on"}, "标为正确的选项是空的。"),
        ({"option_2": "复核"}, "第 2 个选项与前面的重复。"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_and_kept(
    school: School, mia: Client, changed: dict[str, str], said: str
) -> None:
    path = f"/office/training/courses/{school.course.pk}/questions/new/"
    answer = mia.post(path, {name: value for name, value in (ASKED | changed).items() if value})
    assert (answer.status_code, said in text(answer), "复核" in text(answer)) == (422, True, True)
    assert Question.objects.count() == 2


def test_questions_are_changed_moved_and_removed(school: School, mia: Client) -> None:
    first, second = Question.objects.order_by("place")
    assert 'value="公安机关"' in text(mia.get(f"/office/training/questions/{first.pk}/"))
    mia.post(f"/office/training/questions/{first.pk}/", ASKED)
    mia.post(f"/office/training/questions/{second.pk}/up/")
    assert [question.text for question in Question.objects.order_by("place")] == [second.text, "先做什么？"]
    mia.post(f"/office/training/questions/{second.pk}/remove/")
    answer = mia.post(f"/office/training/questions/{first.pk}/remove/", follow=True)
    assert "开放的课程至少要有一道题。" in text(answer)
    page = text(mia.get(f"/office/training/courses/{school.course.pk}/"))
    assert all(words in page for words in ("修改考题", "调整考题顺序", "删除考题"))


# Assigning


def test_a_course_is_assigned_by_number_by_name_and_by_group(school: School, mia: Client) -> None:
    on_file(school.cast, "002", "安"), on_file(school.cast, "003", "博")
    mia.post("/office/training/groups/new/", {"name": "新人", "people": "003"})
    group = TrainingGroup.objects.get()
    told = {"due_on": str(school.today), "people": "001，安", "group": group.pk, "post_kind": ""}
    answer = mia.post(f"/office/training/courses/{school.course.pk}/assign/", told, follow=True)
    assert "布置给 3 人。" in text(answer)
    again = mia.post(f"/office/training/courses/{school.course.pk}/assign/", told, follow=True)
    assert "布置给 0 人。 3 人已有未完成的布置。" in text(again)
    assert Assignment.objects.filter(group=group).count() == 3


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"people": "001 鬼 妖"}, "没有这些人：鬼、妖。请写工号或全名。"),
        ({"people": "x " * 5001}, "一次最多 5000 人。"),
        ({"people": "李雷"}, "不止一个人叫 李雷，请改写工号。"),
        ({"due_on": ""}, "请填写。"),
        ({"due_on": "soon"}, "日期请写成 2026-11-22 的样子。"),
        ({"due_on": "2020-01-01"}, "截止日期 2020-01-01 已经过去。"),
        ({}, "没有选出任何人。"),
        ({"group": "999"}, "没有这个选项。"),
        ({"post_kind": "cook"}, "没有这个选项。"),
    ],
)
def test_an_assignment_that_cannot_be_says_why_and_assigns_nothing(
    school: School, mia: Client, told: dict[str, str], said: str
) -> None:
    on_file(school.cast, "002", "李雷"), on_file(school.cast, "003", "李雷")
    form = {"due_on": str(school.today)} | told
    answer = mia.post(f"/office/training/courses/{school.course.pk}/assign/", form)
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert Assignment.objects.count() == 0


def test_a_withdrawal_needs_a_reason_and_is_told(school: School, mia: Client) -> None:
    path = f"/office/training/assignments/{school.assigned().pk}/"
    refused = mia.post(f"{path}withdraw/", {"reason": ""})
    assert (refused.status_code, "请填写。" in text(refused)) == (422, True)
    page = text(mia.post(f"{path}withdraw/", {"reason": "病假"}, follow=True))
    assert ("– 已撤回" in page, "病假" in page, "撤回布置</button>" in page) == (True, True, False)


def test_a_group_is_changed_and_removed(school: School, mia: Client) -> None:
    mia.post("/office/training/groups/new/", {"name": "新人", "people": "001"})
    group = TrainingGroup.objects.get()
    path = f"/office/training/groups/{group.pk}/"
    assert ">001</textarea>" in text(mia.get(path)).replace("\r\n", "").replace("\n", "")
    assert mia.post(path, {"name": "", "people": "鬼"}).status_code == 422
    mia.post(path, {"name": "老人", "people": ""})
    assert (TrainingGroup.objects.get().name, group.members.count()) == ("老人", 0)
    assert "分组已删除" in text(mia.post(f"{path}remove/", follow=True))


# Progress and results


def test_progress_shows_the_longest_overdue_first_and_a_paper_as_evidence(
    school: School, mia: Client, signed_on: As
) -> None:
    gus = signed_on("gus")
    late = school.assigned(days=-4)
    gus.post(f"/learn/{late.pk}/start/")
    attempt = Attempt.objects.get()
    gus.post(f"/learn/papers/{attempt.pk}/submit/", WRONG)
    school.assigned(school.another_course("L2"), days=2)
    page = text(mia.get("/office/training/progress/"))
    assert page.index("✕ 逾期 4 天") < page.index("◐ 还有 2 天")
    assert "✕ 0 分，不合格" in text(mia.get(f"/office/training/assignments/{late.pk}/"))
    paper = text(mia.get(f"/office/training/papers/{attempt.pk}/"))
    assert (paper.count("✕ 答错"), paper.count("✓ 正确")) == (2, 3)
    assert "保安服务管理条例" in text(mia.get(f"/office/training/people/{school.gus.pk}/"))
    assert "✕ 逾期 4 天" not in text(mia.get("/office/training/progress/?standing=passed"))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("?standing=", 1),
        ("?standing=passed", 0),
        ("?standing=nonsense", 1),
        ("?q=001", 1),
        ("?q=wdy", 1),
        ("?q=吴", 1),
        ("?q=x", 0),
        ("?course=9999", 1),
        ("?after=x", 1),
    ],
)
def test_progress_is_narrowed_and_nonsense_counts_as_not_asked(
    school: School, mia: Client, query: str, count: int
) -> None:
    school.assigned()
    assert text(mia.get(f"/office/training/progress/{query}")).count("◐ 还有 3 天") == count


def test_the_file_for_a_spreadsheet_has_the_same_rows_and_no_formula(
    school: School, mia: Client, signed_on: As
) -> None:
    Course.objects.update(title="=1+1")
    owed = school.assigned()
    gus = signed_on("gus")
    gus.post(f"/learn/{owed.pk}/start/")
    gus.post(f"/learn/papers/{Attempt.objects.get().pk}/submit/", RIGHT)
    answer = mia.get("/office/training/progress/csv/?standing=passed")
    lines = list(csv.reader(io.StringIO(text(answer).lstrip("\ufeff"))))
    taken = Record.objects.get(action="register.exported")
    assert taken.after == {"register": "training", "lines": len(lines) - 1}
    due = str(school.today + timedelta(days=3))
    assert lines[1][:-1] == ["001", "吴大勇", "L1", "'=1+1", "法律", "4.5", "", due, "已通过", "1", "100"]
    assert (len(lines), lines[0][0], answer["Cache-Control"]) == (2, "工号", "no-store")


def test_lists_go_on_page_by_page(school: School, mia: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianjing.web.office.training_progress.PAGE", 1)
    monkeypatch.setattr("lianjing.web.office.training.PAGE", 1)
    first, second = school.assigned(), school.assigned(school.another_course("L2"), days=4)
    page = text(mia.get("/office/training/progress/"))
    assert (f"after={first.pk}" in page, "还有 4 天" in page) == (True, False)
    assert "还有 4 天" in text(mia.get(f"/office/training/progress/?after={first.pk}"))
    assert "没有未完成的布置。" in text(mia.get(f"/office/training/progress/?after={second.pk}"))
    assert f"after={school.course.pk}" in text(mia.get("/office/training/"))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/office/training/", 8), ("/office/training/progress/", 10), ("/office/training/groups/", 7)],
)
def test_lists_ask_the_same_number_of_questions_for_one_row_and_three(
    school: School, mia: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int, rows: int
) -> None:
    for number in range(rows):
        school.assigned(school.another_course(f"X{number}"))
        TrainingGroup.objects.create(company=school.cast.company, name=str(number)).members.add(school.gus)
    with django_assert_num_queries(queries):
        mia.get(path)


# Who gets in


def test_other_roles_and_strangers_do_not_get_in(school: School, signed_on: As, cast: Cast) -> None:
    attempt = school.begun()
    question, group = Question.objects.first(), TrainingGroup.objects.create(company=cast.company, name="新人")
    assert question is not None
    base = "/office/training"
    reads = [f"{base}/courses/{school.course.pk}/", f"{base}/courses/{school.course.pk}/edit/"]
    reads += [f"{base}/questions/{question.pk}/", f"{base}/groups/{group.pk}/", f"{base}/papers/{attempt.pk}/"]
    reads += [f"{base}/assignments/{attempt.assignment_id}/", f"{base}/people/{school.gus.pk}/"]
    reads += [f"{base}/courses/{school.course.pk}/{name}/" for name in ("assign", "questions/new")]
    writes = [f"{base}/courses/{school.course.pk}/{name}/" for name in ("open", "close", "edit", "assign")]
    writes += [f"{base}/questions/{question.pk}/{name}/" for name in ("up", "down", "remove")]
    writes += [f"{base}/groups/{group.pk}/remove/", f"{base}/assignments/{attempt.assignment_id}/withdraw/"]
    stranger = signed_on("sam")
    cast.users["sam"].memberships.update(role="manager")
    assert {stranger.get(path).status_code for path in reads} == {404}
    assert {stranger.post(path, {"reason": "x"}).status_code for path in writes} == {404}
    assert {
        "保安服务管理条例" in text(stranger.get(f"{base}/{name}")) for name in ("", "progress/", "progress/csv/")
    } == {False}
    for name in ("olivia", "leo", "gus", "polly"):
        browser = signed_on(name)
        assert {browser.get(path).status_code for path in (f"{base}/", *reads)} == {403}
        assert {browser.post(path).status_code for path in writes} == {403}
    school.course.refresh_from_db()
    assert (school.course.state, Question.objects.count(), Assignment.objects.get().withdrawn_at) == ("open", 2, None)

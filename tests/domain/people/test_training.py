"""Training: what a course is, and to whom it is assigned."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.assigning import Assigned, To, assign_course, withdraw_assignment
from lianjing.domain.people.course_policy import (
    NewQuestion,
    last_day,
    score_of,
    sound_answers,
    sound_course,
    sound_question,
    unanswered,
)
from lianjing.domain.people.courses import (
    add_course,
    add_question,
    change_course,
    change_question,
    close_course,
    move_question,
    open_course,
    remove_question,
)
from lianjing.domain.people.models import Assignment, Course, Question, StaffMember
from lianjing.domain.people.taking import start_attempt, submit_attempt
from lianjing.domain.people.training_groups import add_group, change_group, remove_group
from lianjing.domain.people.training_list import training_owing
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import PostKind
from tests.cast import NOON, Cast
from tests.domain.people.school import COURSE, TODAY, WHO, School, made_school, on_file


@pytest.fixture
def school(cast: Cast) -> School:
    return made_school(cast)


# Rules


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (NewQuestion(" ", ["a", "b"], [0]), "text"),
        (NewQuestion("x" * 501, ["a", "b"], [0]), "text"),
        (NewQuestion("a\0b", ["a", "b"], [0]), "text"),
        (NewQuestion("q", ["a"], [0]), "options"),
        (NewQuestion("q", ["a", " "], [0]), "options"),
        (NewQuestion("q", ["a", " a"], [0]), "options"),
        (NewQuestion("q", ["a", "b" * 201], [0]), "options"),
        (NewQuestion("q", [str(n) for n in range(11)], [0]), "options"),
        (NewQuestion("q", ["a", "b"], []), "right"),
        (NewQuestion("q", ["a", "b"], [2]), "right"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_by_its_part(question: NewQuestion, field: str) -> None:
    with pytest.raises(Refused) as refused:
        sound_question(question)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subjects", []),
        ("subjects", ["cooking"]),
        ("hours", Decimal(0)),
        ("hours", Decimal("1.25")),
        ("hours", Decimal(2001)),
        ("pass_mark", 0),
        ("pass_mark", 101),
        ("valid_months", 0),
        ("content", "x" * 50_001),
        ("content", "\0"),
    ],
)
def test_an_impossible_course_is_refused_by_its_field(field: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        sound_course({**COURSE, field: value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("begins", "months", "ends"),
    [
        (date(2026, 11, 22), None, None),
        (date(2026, 11, 22), 12, date(2027, 11, 21)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 1, 1), 24, date(2028, 12, 31)),
    ],
)
def test_a_pass_counts_for_whole_months(begins: date, months: int | None, ends: date | None) -> None:
    assert last_day(begins, months) == ends


def test_only_a_question_with_all_its_right_options_and_no_other_scores() -> None:
    right = [[0], [0, 2], [1]]
    assert [score_of(right, given) for given in ([[0], [2, 0], [1]], [[0], [0], [1]], [[0], [0, 1, 2], [0]])] == [
        100,
        66,
        33,
    ]


def test_what_is_no_option_was_not_chosen() -> None:
    answers = sound_answers([2, 3], {0: [1, 1, 5, -1], 7: [0]})
    assert (answers, unanswered(answers)) == ([[1], []], [2])


# Courses


def test_a_course_opens_with_content_and_questions_and_closing_takes_back_what_is_owed(school: School) -> None:
    draft = add_course(school.cast.company.pk, {**COURSE, "code": "L2", "content": ""}, **school.mia())
    with pytest.raises(Refused):
        open_course(draft.pk, **school.mia())
    change_course(draft.pk, {**COURSE, "code": "L2"}, **school.mia())
    with pytest.raises(Refused):
        open_course(draft.pk, **school.mia())
    assert Course.objects.get(pk=draft.pk).state == "draft"
    with pytest.raises(Refused):
        close_course(draft.pk, **school.mia())
    owed = school.assigned()
    assert close_course(school.course.pk, **school.mia()) == 1
    assert training_owing([school.gus.pk], TODAY + timedelta(days=1)) == {}
    with pytest.raises(Refused):
        start_attempt(owed.pk, **school.guard())
    assert open_course(school.course.pk, **school.mia()).state == "open"


def test_an_open_course_keeps_content_and_a_question(school: School) -> None:
    with pytest.raises(Refused):
        change_course(school.course.pk, {**COURSE, "content": " "}, **school.mia())
    first, second = school.course.questions.order_by("place")
    remove_question(first.pk, **school.mia())
    with pytest.raises(Refused):
        remove_question(second.pk, **school.mia())
    assert school.course.questions.count() == 1


def test_questions_change_places_and_a_new_one_comes_last(school: School) -> None:
    first, second = school.course.questions.order_by("place")
    move_question(second.pk, up=True, **school.mia())
    move_question(second.pk, up=True, **school.mia())
    third = add_question(school.course.pk, WHO, **school.mia())
    assert list(school.course.questions.order_by("place")) == [second, first, third]
    move_question(second.pk, up=False, **school.mia())
    assert list(school.course.questions.order_by("place")) == [first, second, third]


def test_every_change_of_a_course_is_recorded_with_what_was_before(school: School) -> None:
    change_course(school.course.pk, {**COURSE, "pass_mark": 90}, **school.mia())
    change_course(school.course.pk, {**COURSE, "pass_mark": 90}, **school.mia())
    change_question(school.course.questions.get(place=1).pk, NewQuestion("谁？", ["a", "b"], [1]), **school.mia())
    told = list(Record.objects.filter(subject_type="course").order_by("pk").values_list("action", "before"))
    assert told == [
        ("course.added", None),
        ("course.question_added", None),
        ("course.question_added", None),
        ("course.opened", None),
        ("course.changed", {"pass_mark": 60}),
        ("course.question_changed", {"text": WHO.text, "options": ["公安机关", "本单位"], "right": ["公安机关"]}),
    ]


def test_a_number_is_taken_once_a_company(school: School) -> None:
    with pytest.raises(Refused) as twice:
        add_course(school.cast.company.pk, COURSE, **school.mia())
    assert twice.value.field == "code"


def test_strangers_find_nothing_and_other_roles_may_not(school: School) -> None:
    question = school.course.questions.get(place=1)
    owed = school.assigned()
    for name, answer in (("sam", Missing), ("leo", Missing), ("gus", Missing)):
        who: dict[str, Any] = {"by": school.cast.viewer(name), "at": NOON}
        tries = (
            lambda who=who: add_course(school.cast.company.pk, COURSE, **who),
            lambda who=who: change_course(school.course.pk, COURSE, **who),
            lambda who=who: close_course(school.course.pk, **who),
            lambda who=who: change_question(question.pk, WHO, **who),
            lambda who=who: remove_question(question.pk, **who),
            lambda who=who: assign_course(school.course.pk, To([school.gus.pk]), TODAY, **who),
            lambda who=who: withdraw_assignment(owed.pk, "x", **who),
            lambda who=who: add_group(school.cast.company.pk, "x", [], **who),
        )
        for act in tries:
            with pytest.raises((answer, Forbidden)):
                act()
    assert Question.objects.count() == 2


# Assigning


def test_a_course_goes_to_persons_groups_and_post_kinds_once_each(school: School) -> None:
    cast = school.cast
    ann, bob = on_file(cast, "002", "安"), on_file(cast, "003", "博", PostKind.WATCH)
    gone = on_file(cast, "004", "走", valid_until=date(2026, 11, 21))
    group = add_group(cast.company.pk, "新人", [bob.pk, gone.pk], **school.mia())
    owed = school.assigned()
    to = To([ann.pk], group.pk, PostKind.PATROL)
    assert assign_course(school.course.pk, to, TODAY, **school.mia()) == Assigned(made=2, owing=1, passed=0, gone=1)
    assert assign_course(school.course.pk, to, TODAY, **school.mia()) == Assigned(made=0, owing=3, passed=0, gone=1)
    assert set(Assignment.objects.values_list("member__name", "group__name")) == {
        ("吴大勇", None),
        ("安", "新人"),
        ("博", "新人"),
    }
    record = Record.objects.filter(action="course.assigned").latest("pk")
    assert record.after == {
        "due_on": "2026-11-22",
        "people": 2,
        "group": "新人",
        "member_ids": [ann.pk, bob.pk],
    }
    assert owed.due_on == TODAY


def test_who_passed_is_assigned_again_only_when_asked_for_or_the_pass_is_over(school: School) -> None:
    submit_attempt(school.begun().pk, {0: [0], 1: [0, 2]}, **school.guard())
    to, tomorrow = To([school.gus.pk]), TODAY + timedelta(days=1)
    assert assign_course(school.course.pk, to, tomorrow, **school.mia()).passed == 1
    assert assign_course(school.course.pk, To([school.gus.pk], again=True), tomorrow, **school.mia()).made == 1
    withdraw_assignment(Assignment.objects.latest("pk").pk, "重复", **school.mia())
    in_a_year = NOON + timedelta(days=365)
    assert assign_course(school.course.pk, to, date(2027, 12, 1), **school.mia(at=in_a_year)).made == 1


@pytest.mark.parametrize(
    ("to", "due_on", "field"),
    [
        (To([1]), date(2026, 11, 21), "due_on"),
        (To([1]), date(2926, 11, 21), "due_on"),
        (To(), TODAY, "people"),
        (To(post_kind=PostKind.DESIGN_INSTALL), TODAY, "people"),
    ],
)
def test_an_assignment_to_nobody_or_for_an_impossible_day_is_refused(
    school: School, to: To, due_on: date, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        assign_course(school.course.pk, to, due_on, **school.mia())
    assert refused.value.field == field


def test_people_and_groups_of_another_company_are_not_there(school: School) -> None:
    stranger = StaffMember.objects.create(company=school.cast.other, staff_no="1", name="x", added_at=NOON)
    for to in (To([stranger.pk]), To(group_id=10**6)):
        with pytest.raises(Missing):
            assign_course(school.course.pk, to, TODAY, **school.mia())
    with pytest.raises(Missing):
        add_group(school.cast.company.pk, "x", [stranger.pk], **school.mia())


def test_a_withdrawn_assignment_is_no_longer_owed_and_says_why(school: School) -> None:
    owed = school.assigned()
    with pytest.raises(Refused) as refused:
        withdraw_assignment(owed.pk, " ", **school.mia())
    assert refused.value.field == "reason"
    withdraw_assignment(owed.pk, "病假", **school.mia())
    with pytest.raises(Refused):
        withdraw_assignment(owed.pk, "病假", **school.mia())
    assert training_owing([school.gus.pk], TODAY + timedelta(days=1)) == {}
    assert Record.objects.get(action="assignment.withdrawn").after == {"reason": "病假"}


def test_what_is_owed_is_overdue_from_the_day_after_and_known_by_one_query(
    school: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owed = school.assigned()
    assert training_owing([school.gus.pk], TODAY) == {}
    with django_assert_num_queries(1):
        told = training_owing([school.gus.pk, 999], TODAY + timedelta(days=1))
        assert {pk: [row.course.title for row in rows] for pk, rows in told.items()} == {
            school.gus.pk: ["保安服务管理条例"]
        }
    submit_attempt(start_attempt(owed.pk, **school.guard()).pk, {0: [0], 1: [0, 2]}, **school.guard())
    assert training_owing([school.gus.pk], TODAY + timedelta(days=1)) == {}


def test_a_group_keeps_what_was_assigned_when_it_changes_or_goes(school: School) -> None:
    group = add_group(school.cast.company.pk, "新人", [school.gus.pk], **school.mia())
    assign_course(school.course.pk, To(group_id=group.pk), TODAY, **school.mia())
    change_group(group.pk, "老人", [], **school.mia())
    with pytest.raises(Refused) as refused:
        add_group(school.cast.company.pk, "老人", [], **school.mia())
    assert refused.value.field == "name"
    remove_group(group.pk, **school.mia())
    assert [(row.member, row.group) for row in Assignment.objects.select_related("group")] == [(school.gus, None)]

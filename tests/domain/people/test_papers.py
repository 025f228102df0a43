"""Papers of a course are taken, and what is owed is listed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.core.outbox.models import Message
from lianjing.core.refusals import Missing, Refused
from lianjing.domain.people.assigning import To, assign_course, withdraw_assignment
from lianjing.domain.people.course_policy import NewQuestion
from lianjing.domain.people.courses import add_course, change_course, change_question, remove_question
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import record_fact
from lianjing.domain.people.models import Assignment, Attempt, StaffFact
from lianjing.domain.people.staff_facts import eligible_members
from lianjing.domain.people.taking import keep_answers, start_attempt, submit_attempt
from lianjing.domain.people.training_list import (
    AssignmentsWanted,
    CoursesWanted,
    Progress,
    assignments,
    courses,
    due_counts,
    my_open_training,
    people_named,
    progress_of,
)
from lianjing.domain.records.models import Record
from lianjing.terms.staffing import StaffFactKind as Kind
from tests.cast import NOON, Cast
from tests.domain.people.school import COURSE, TODAY, School, made_school, on_file


@pytest.fixture
def school(cast: Cast) -> School:
    return made_school(cast)


# Taking


def test_a_pass_is_on_the_file_with_its_evidence(school: School) -> None:
    attempt = submit_attempt(school.begun().pk, {0: [0], 1: [2, 0]}, **school.guard(source="10.0.0.7"))
    fact = StaffFact.objects.get(kind="training")
    assert (attempt.score, attempt.passed, attempt.evidence, attempt.assignment.passed_at) == (100, True, fact, NOON)
    assert (fact.value, fact.valid_from, fact.valid_until, fact.issuer, fact.recorded_by) == (
        "保安服务管理条例",
        TODAY,
        date(2027, 11, 21),
        "Harbour Alarm",
        "Gus",
    )
    assert fact.details == {
        "hours": 4.5,
        "subjects": ["law"],
        "content": f"L1 保安服务管理条例，在线考试 100 分（合格线 60 分），答卷 {attempt.pk}",
        "result": "passed",
    }
    reason = next(
        one
        for one in eligible_members(school.cast.viewer("mia"), [school.gus], TODAY)[school.gus.pk].reasons
        if one.code == "training"
    )
    assert (reason.met, reason.fact_id) == (False, fact.pk)
    record = Record.objects.get(action="training.submitted")
    assert (record.after["score"], record.after["fact"], record.source) == (100, fact.pk, "10.0.0.7")
    assert Message.objects.latest("pk").topic == "staff.changed"


def test_a_failed_try_records_no_training_and_may_be_repeated(school: School) -> None:
    first = submit_attempt(school.begun().pk, {0: [1], 1: [0, 2]}, **school.guard())
    assert (first.score, first.passed, first.evidence) == (50, False, None)
    assert StaffFact.objects.filter(kind="training").count() == 0
    second = start_attempt(first.assignment_id, **school.guard())
    assert second.pk != first.pk
    assert submit_attempt(second.pk, {0: [0], 1: [0, 2]}, **school.guard()).passed


def test_a_paper_handed_in_twice_counts_once(school: School) -> None:
    paper = school.begun()
    for answers in ({0: [0], 1: [0, 2]}, {0: [1], 1: [1]}):
        submitted = submit_attempt(paper.pk, answers, **school.guard())
    assert (submitted.score, StaffFact.objects.filter(kind="training").count()) == (100, 1)
    assert Record.objects.filter(action="training.submitted").count() == 1
    keep_answers(paper.pk, {0: [1]}, **school.guard())
    assert Attempt.objects.get().answers == [[0], [0, 2]]
    with pytest.raises(Refused):
        start_attempt(paper.assignment_id, **school.guard())


def test_leaving_keeps_the_answers_and_coming_back_goes_on_with_the_same_paper(school: School) -> None:
    paper = school.begun()
    keep_answers(paper.pk, {1: [2]}, **school.guard())
    again = start_attempt(paper.assignment_id, **school.guard())
    assert (again.pk, again.answers) == (paper.pk, [[], [2]])


def test_a_paper_with_a_blank_question_is_not_taken_and_stays_to_be_filled_in(school: School) -> None:
    paper = school.begun()
    with pytest.raises(Refused) as refused:
        submit_attempt(paper.pk, {0: [0]}, **school.guard())
    assert str(refused.value) == "还有 1 题没有答：第 2 题。"
    assert Attempt.objects.get().submitted_at is None


def test_a_change_of_the_course_counts_for_later_papers_only(school: School) -> None:
    paper = school.begun()
    change_course(school.course.pk, {**COURSE, "pass_mark": 100, "hours": Decimal(9)}, **school.mia())
    change_question(school.course.questions.get(place=1).pk, NewQuestion("谁？", ["甲", "乙"], [1]), **school.mia())
    remove_question(school.course.questions.get(place=2).pk, **school.mia())
    done = submit_attempt(paper.pk, {0: [0], 1: [0, 2]}, **school.guard())
    assert (done.score, StaffFact.objects.get(kind="training").details["hours"]) == (100, 4.5)
    assign_course(school.course.pk, To([school.gus.pk], again=True), TODAY, **school.mia())
    later = start_attempt(Assignment.objects.latest("pk").pk, **school.guard())
    assert (later.paper["pass_mark"], [one["text"] for one in later.paper["questions"]]) == (100, ["谁？"])


def test_nobody_takes_a_paper_for_another(school: School) -> None:
    paper = school.begun()
    for name in ("olivia", "mia", "sam", "ada"):
        who: dict[str, Any] = {"by": school.cast.viewer(name), "at": NOON}
        with pytest.raises(Missing):
            start_attempt(paper.assignment_id, **who)
        with pytest.raises(Missing):
            keep_answers(paper.pk, {0: [0]}, **who)
        with pytest.raises(Missing):
            submit_attempt(paper.pk, {0: [0], 1: [0, 2]}, **who)


def test_a_paper_of_what_was_withdrawn_meanwhile_is_not_taken(school: School) -> None:
    paper = school.begun()
    withdraw_assignment(paper.assignment_id, "病假", **school.mia())
    with pytest.raises(Refused):
        submit_attempt(paper.pk, {0: [0], 1: [0, 2]}, **school.guard())


# Lists


def test_what_is_owed_comes_with_the_longest_overdue_first(school: School) -> None:
    mia, days = school.cast.viewer("mia"), (3, 1, 2)
    for number, day in enumerate(days, 2):
        member = on_file(school.cast, f"{number:03}", f"人{day}")
        assign_course(school.course.pk, To([member.pk]), TODAY + timedelta(days=day), **school.mia())
    on = TODAY + timedelta(days=3)
    told = assignments(mia, AssignmentsWanted(standing="open"), on, None, 2)
    assert [(line.assignment.member.name, line.standing, line.days_left) for line in told] == [
        ("人1", "overdue", -2),
        ("人2", "overdue", -1),
    ]
    rest = assignments(mia, AssignmentsWanted(standing="open"), on, told[-1].assignment.pk, 2)
    assert [(line.assignment.member.name, line.standing) for line in rest] == [("人3", "open")]
    overdue = assignments(mia, AssignmentsWanted(standing="overdue"), on, None, 9)
    assert [line.assignment.member.name for line in overdue] == ["人1", "人2"]
    assert assignments(school.cast.viewer("sam"), AssignmentsWanted(), on, None, 9) == []
    assert progress_of(mia, [school.course.pk], on) == {school.course.pk: Progress(open=3, overdue=2)}


def test_lists_ask_as_many_questions_for_many_as_for_one(
    school: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mia = school.cast.viewer("mia")
    for round_of in (1, 2):
        add_course(school.cast.company.pk, {**COURSE, "code": f"X{round_of}"}, **school.mia())
        member = on_file(school.cast, f"00{round_of + 1}", "人")
        assign_course(school.course.pk, To([member.pk]), TODAY, **school.mia())
        with django_assert_num_queries(2):
            assert len(courses(mia, CoursesWanted(), TODAY, None, 50)) == round_of + 1
        with django_assert_num_queries(2):
            assert len(assignments(mia, AssignmentsWanted(), TODAY, None, 50)) == round_of


def test_a_learner_sees_his_own_and_how_much_is_overdue(school: School) -> None:
    school.assigned()
    gus, later = school.cast.viewer("gus"), TODAY + timedelta(days=1)
    assert [line.assignment.course.code for line in my_open_training(gus, later)] == ["L1"]
    assert (due_counts(gus, TODAY), due_counts(gus, later)) == ((1, 0), (1, 1))
    assert due_counts(school.cast.viewer("olivia"), later) == (0, 0)


def test_people_are_named_by_number_or_by_a_name_that_only_one_has(school: School) -> None:
    cast = school.cast
    on_file(cast, "002", "李雷")
    on_file(cast, "003", "李雷")
    named = people_named(cast.viewer("mia"), cast.company.pk, ["001", "吴大勇", "李雷", "谁"])
    assert (named.found, named.unknown, named.several) == ([school.gus.pk], ["谁"], ["李雷"])


def test_training_on_file_is_not_undone_by_a_later_try(school: School) -> None:
    """What was recorded by hand stays beside it: both count."""
    by_hand = NewFact(Kind.TRAINING, "岗前", TODAY, details={"hours": 8, "subjects": ["guard", "skill"]})
    record_fact(school.gus.pk, by_hand, **school.mia())
    submit_attempt(school.begun().pk, {0: [0], 1: [0, 2]}, **school.guard())
    answer = eligible_members(school.cast.viewer("mia"), [school.gus], TODAY)[school.gus.pk]
    assert next(reason.met for reason in answer.reasons if reason.code == "training")

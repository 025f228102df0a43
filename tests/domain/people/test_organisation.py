"""Departments, posts, duties and who holds what: on any day, as it was known at any time, and what is lacking."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.companies.departments import (
    add_department,
    add_post,
    change_department,
    change_post,
    close_department,
    retract_department,
    retract_duties,
    write_duties,
)
from lianjing.domain.companies.models import Department, DutyText, Post
from lianjing.domain.companies.versions import Span
from lianjing.domain.people.appointments import (
    Appointed,
    appoint,
    close_post,
    end_appointment,
    retract_appointment,
    retract_post,
)
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import retract_fact
from lianjing.domain.people.models import Appointment, StaffMember
from lianjing.domain.people.organisation import Organisation, organisation
from lianjing.domain.people.organisation_policy import DepartmentThatDay, PostThatDay, gaps_of
from lianjing.domain.people.staff import NewMember, add_member
from lianjing.domain.people.subject_pages import appointments_of, department_choices, post_choices
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import words
from lianjing.terms.staffing import DepartmentKind, StaffFactKind
from tests.cast import NOON, Cast

TODAY = date(2026, 11, 22)
YEAR = Span(date(2026, 1, 1))
LATER = NOON + timedelta(hours=1)


class Keeper:
    """Mia, who keeps all of it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.who: dict[str, Any] = {"by": cast.viewer("mia"), "at": NOON}

    def department(self, name: str = "技术部", kind: str = "technical", parent: int | None = None) -> Department:
        told = {"name": name, "kind": kind, "parent": parent}
        return add_department(self.cast.company.pk, told, YEAR, **self.who)

    def post(self, department: Department, title: str = "值班长", **values: Any) -> Post:
        return add_post(department.pk, {"title": title, **values}, YEAR, **self.who)

    def member(self, staff_no: str = "001", until: date | None = None) -> StaffMember:
        job = NewFact(StaffFactKind.EMPLOYMENT, valid_from=date(2026, 1, 1), valid_until=until)
        new = NewMember({"staff_no": staff_no, "name": f"员工{staff_no}"}, "", [job])
        return add_member(self.cast.company.pk, new, **self.who)

    def appoint(self, post: Post, staff_no: str = "001", span: Span = YEAR, is_deputy: bool = False) -> Appointment:
        return appoint(post.pk, Appointed(staff_no, span, is_deputy), **self.who)

    def tree(self, on: date = TODAY, name: str = "mia", known: Any = None) -> Organisation:
        return organisation(self.cast.viewer(name), self.cast.company.pk, on, known)


@pytest.fixture
def keeper(cast: Cast) -> Keeper:
    return Keeper(cast)


def shape(tree: Organisation) -> list[tuple[str, int]]:
    return [(line.row.name, line.depth) for line in tree.departments]


# Pure


def test_an_empty_organisation_lacks_the_three_departments_and_key_posts() -> None:
    assert [words(gap) for gap in gaps_of([])] == [
        "没有设置管理部门。",
        "没有设置技术部门。",
        "没有设置运行维护部门。",
        "没有设置关键岗位。",
    ]


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        (PostThatDay(1, "值班长", True, 1, True, 1, 1), []),
        (PostThatDay(1, "值班长", True, 1, True, 0, 1), ["关键岗位 值班长 空缺。"]),
        (PostThatDay(1, "值班长", True, 1, True, 1, 0), ["关键岗位 值班长 没有代理人。"]),
        (PostThatDay(1, "值班长", True, 3, True, 2, 1), ["岗位 值班长 定员 3 人，在任 2 人。"]),
        (PostThatDay(1, "值班长", True, 1, False, 1, 1), ["岗位 值班长 没有书面职责。"]),
        (
            PostThatDay(1, "值班长", True, 1, True, 0, 1, 1),
            ["岗位 值班长 有 1 名任职人员已不在职。", "关键岗位 值班长 空缺。"],
        ),
        (PostThatDay(1, "文员", False, 1, True, 0, 0), ["没有设置关键岗位。", "岗位 文员 定员 1 人，在任 0 人。"]),
    ],
)
def test_what_is_lacking_at_a_post(post: PostThatDay, expected: list[str]) -> None:
    kinds = (DepartmentKind.MANAGEMENT, DepartmentKind.TECHNICAL)
    others = [DepartmentThatDay(9 + place, str(kind), kind, True, False) for place, kind in enumerate(kinds)]
    own = DepartmentThatDay(1, "运维部", DepartmentKind.OPERATION, True, False, (post,))
    assert [words(gap) for gap in gaps_of([*others, own])] == expected


# Departments


def test_a_tree_stands_in_the_order_of_kinds_and_names(keeper: Keeper) -> None:
    top = keeper.department("总部", "management")
    keeper.department("运维部", "operation", top.pk)
    technical = keeper.department("技术部", "technical", top.pk)
    keeper.department("开发组", "other", technical.pk)
    assert shape(keeper.tree()) == [("总部", 0), ("技术部", 1), ("开发组", 2), ("运维部", 1)]
    assert shape(keeper.tree(date(2025, 12, 31))) == []


def test_a_circular_tree_is_refused_with_the_names_and_nothing_is_kept(keeper: Keeper) -> None:
    top = keeper.department("总部", "management")
    below = keeper.department("技术部", "technical", top.pk)
    told, records = {"name": "总部", "kind": "management", "parent": below.pk}, Record.objects.count()
    with pytest.raises(Refused) as ring:
        change_department(top.pk, told, date(2026, 6, 1), **keeper.who)
    assert (ring.value.field, str(ring.value)) == ("parent", "这样会成一个圈：总部 → 技术部 → 总部。")
    assert (Department.objects.count(), Record.objects.count()) == (2, records)


def test_a_department_renamed_and_moved_from_a_day_on_keeps_its_posts_and_its_past(keeper: Keeper) -> None:
    top = keeper.department("总部", "management")
    own = keeper.department("技术部")
    keeper.post(own)
    told = {"name": "技术中心", "kind": "technical", "parent": top.pk}
    change_department(own.pk, told, date(2026, 7, 1), **{**keeper.who, "at": LATER})
    assert shape(keeper.tree(date(2026, 6, 30))) == [("总部", 0), ("技术部", 0)]
    assert shape(keeper.tree()) == [("总部", 0), ("技术中心", 1)]
    assert shape(keeper.tree(known=NOON)) == [("总部", 0), ("技术部", 0)]
    assert [post.row.title for post in keeper.tree().departments[1].posts] == ["值班长"]
    change_department(own.pk, {**told, "name": "技术本部"}, date(2026, 7, 1), **{**keeper.who, "at": LATER})
    assert shape(keeper.tree()) == [("总部", 0), ("技术本部", 1)]
    with pytest.raises(Refused):
        change_department(own.pk, told, date(2025, 1, 1), **keeper.who)


def test_what_always_was_and_is_called_otherwise_since_a_day_is_offered_by_its_latest_name(keeper: Keeper) -> None:
    department = add_department(keeper.cast.company.pk, {"name": "技术部", "kind": "technical"}, Span(), **keeper.who)
    post = add_post(department.pk, {"title": "值班长"}, Span(), **keeper.who)
    change_department(department.pk, {"name": "运维部"}, TODAY, **keeper.who)
    change_post(post.pk, {"title": "值守组长"}, TODAY, **keeper.who)
    viewer, company_id = keeper.cast.viewer("mia"), keeper.cast.company.pk
    assert department_choices(viewer, company_id) == [(department.pk, "运维部")]
    assert post_choices(viewer, company_id) == [(post.pk, "值守组长")]


def test_a_department_closes_only_when_nothing_is_left_in_it(keeper: Keeper) -> None:
    own = keeper.department()
    post = keeper.post(own)
    with pytest.raises(Refused) as used:
        close_department(own.pk, date(2026, 6, 30), **keeper.who)
    assert (used.value.field, "值班长" in str(used.value)) == ("valid_until", True)
    with pytest.raises(Refused):
        retract_department(own.pk, "x", **keeper.who)
    close_post(post.pk, date(2026, 6, 30), **keeper.who)
    close_department(own.pk, date(2026, 6, 30), **keeper.who)
    assert (shape(keeper.tree(date(2026, 6, 30))), shape(keeper.tree())) == ([("技术部", 0)], [])


def test_what_never_was_is_taken_back_from_below(keeper: Keeper) -> None:
    own = keeper.department()
    post = keeper.post(own)
    retract_post(post.pk, "录错", **keeper.who)
    retract_department(own.pk, "录错", **keeper.who)
    assert (shape(keeper.tree(date(2026, 6, 30))), Department.objects.count()) == ([], 1)
    for again in (
        lambda: retract_post(post.pk, "x", **keeper.who),
        lambda: retract_department(own.pk, "x", **keeper.who),
    ):
        with pytest.raises(Refused):
            again()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "", "kind": "technical"}, "name"),
        ({"name": "字" * 51, "kind": "technical"}, "name"),
        ({"name": "技术部", "kind": "secret"}, "kind"),
        ({"name": "技术部", "kind": "technical", "parent": 999}, "parent"),
    ],
)
def test_a_department_that_cannot_be(keeper: Keeper, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        add_department(keeper.cast.company.pk, values, YEAR, **keeper.who)
    assert (refused.value.field, Department.objects.count()) == (field, 0)


# Posts and duties


def test_a_post_moves_and_grows_from_a_day_on(keeper: Keeper) -> None:
    own, other = keeper.department(), keeper.department("运维部", "operation")
    post = keeper.post(own, places=1)
    told = {"title": "班长", "places": 2, "is_key": True, "department": other.pk}
    change_post(post.pk, told, date(2026, 7, 1), **keeper.who)
    before, now = keeper.tree(date(2026, 6, 30)), keeper.tree()
    assert [[(p.row.title, p.row.places) for p in d.posts] for d in before.departments] == [[("值班长", 1)], []]
    assert [[(p.row.title, p.row.places) for p in d.posts] for d in now.departments] == [[], [("班长", 2)]]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "班长", "places": 0}, "places"),
        ({"title": "班长", "post_kind": "boss"}, "post_kind"),
    ],
)
def test_a_post_that_cannot_be(keeper: Keeper, values: dict[str, Any], field: str) -> None:
    own = keeper.department()
    with pytest.raises(Refused) as refused:
        add_post(own.pk, values, YEAR, **keeper.who)
    assert refused.value.field == field
    with pytest.raises(Refused):
        add_post(own.pk, {"title": "班长"}, Span(date(2025, 1, 1)), **keeper.who)


def test_every_version_of_the_duties_is_kept_and_shown_by_date(keeper: Keeper) -> None:
    own = keeper.department()
    post = keeper.post(own)
    write_duties(own, "管技术", date(2026, 1, 1), **keeper.who)
    write_duties(post, "看屏", date(2026, 1, 1), **keeper.who)
    second = write_duties(post, "看屏并复核", date(2026, 7, 1), **keeper.who)

    def told(on: date) -> list[str]:
        (line,) = keeper.tree(on).departments
        return [text.text for text in (line.duties, line.posts[0].duties) if text]

    assert told(date(2026, 6, 30)) == ["管技术", "看屏"]
    assert (told(TODAY), second.version) == (["管技术", "看屏并复核"], 2)
    retract_duties(second.pk, "没有批准", **keeper.who)
    assert (told(TODAY), DutyText.objects.count()) == (["管技术", "看屏"], 3)
    assert write_duties(post, "再写", date(2026, 8, 1), **keeper.who).version == 3
    for text in (" ", "字" * 5001, "a\0b"):
        with pytest.raises(Refused):
            write_duties(post, text, TODAY, **keeper.who)


# Appointments


def test_a_holder_and_a_deputy_fill_a_key_post_until_the_holder_leaves(keeper: Keeper) -> None:
    post = keeper.post(keeper.department(), is_key=True)
    member = keeper.member("001")
    keeper.member("002")
    keeper.appoint(post, "001")
    keeper.appoint(post, "002", is_deputy=True)
    codes = {gap.code for gap in keeper.tree().gaps if gap.post_id}
    assert codes == {"post_duties"}
    retract_fact(member.facts.get().pk, "没来", by=keeper.cast.viewer("mia"), at=LATER)
    assert {gap.code for gap in keeper.tree().gaps if gap.post_id} == {"post_duties", "left", "vacant"}
    assert {gap.code for gap in keeper.tree(known=NOON).gaps if gap.post_id} == {"post_duties"}


def test_no_more_holders_than_places_on_any_day(keeper: Keeper) -> None:
    post = keeper.post(keeper.department())
    for number in ("001", "002", "003"):
        keeper.member(number)
    keeper.appoint(post, "001", Span(date(2026, 3, 1), date(2026, 6, 30)))
    with pytest.raises(Refused) as full:
        keeper.appoint(post, "002", Span(date(2026, 2, 1), date(2026, 3, 1)))
    assert str(full.value) == "2026-03-01 定员 1 人，已任满。"
    keeper.appoint(post, "002", Span(date(2026, 7, 1)))
    keeper.appoint(post, "003", Span(date(2026, 1, 1)), is_deputy=True)
    with pytest.raises(Refused) as twice:
        keeper.appoint(post, "003", Span(date(2026, 5, 1)))
    assert twice.value.field == "staff_no"


@pytest.mark.parametrize(
    ("staff_no", "span", "field"),
    [
        ("999", YEAR, "staff_no"),
        ("001\0", Span(date(2025, 1, 1)), "valid_from"),
        ("001", Span(None), "valid_from"),
        ("001", Span(date(2026, 2, 1), date(2026, 1, 31)), "valid_until"),
        ("002", Span(date(2026, 3, 1)), "staff_no"),
    ],
)
def test_an_appointment_that_cannot_be(keeper: Keeper, staff_no: str, span: Span, field: str) -> None:
    post = keeper.post(keeper.department())
    keeper.member("001")
    keeper.member("002", until=date(2026, 2, 28))
    with pytest.raises(Refused) as refused:
        keeper.appoint(post, staff_no, span)
    assert (refused.value.field, Appointment.objects.count()) == (field, 0)


def test_an_appointment_ends_or_never_was_and_both_stay_on_file(keeper: Keeper) -> None:
    post = keeper.post(keeper.department())
    keeper.member()
    made = keeper.appoint(post)
    with pytest.raises(Refused) as held:
        close_post(post.pk, TODAY, **keeper.who)
    assert "员工001" in str(held.value)
    with pytest.raises(Refused):
        end_appointment(made.pk, date(2025, 12, 31), **keeper.who)
    ended = end_appointment(made.pk, date(2026, 6, 30), by=keeper.cast.viewer("mia"), at=LATER)
    with pytest.raises(Refused):
        end_appointment(ended.pk, date(2026, 7, 30), **keeper.who)
    (line,) = keeper.tree().departments
    assert (line.posts[0].holders, Appointment.objects.count()) == ([], 2)
    assert keeper.tree(known=NOON).departments[0].posts[0].filled == 1
    with pytest.raises(Refused):
        retract_post(post.pk, "x", **keeper.who)
    retract_appointment(ended.pk, "录错人", **keeper.who)
    assert appointments_of(keeper.cast.viewer("mia"), post.pk, TODAY) == []


# Who


def test_only_the_companys_manager_keeps_it_and_names_are_for_who_may_see_people(keeper: Keeper) -> None:
    cast, own = keeper.cast, keeper.department()
    post = keeper.post(own)
    keeper.member()
    made = keeper.appoint(post)
    for name in ("leo", "polly", "olivia", "sam"):
        who = {"by": cast.viewer(name), "at": NOON}
        attempts: list[Any] = [
            lambda who=who: add_department(cast.company.pk, {"name": "x", "kind": "other"}, YEAR, **who),
            lambda who=who: change_post(post.pk, {"title": "x"}, YEAR.begins, **who),
            lambda who=who: write_duties(own, "x", TODAY, **who),
            lambda who=who: appoint(post.pk, Appointed("001", YEAR), **who),
            lambda who=who: end_appointment(made.pk, TODAY, **who),
        ]
        for attempt in attempts:
            with pytest.raises((Missing, Forbidden)):
                attempt()
    named = {
        name: [h.name for line in keeper.tree(name=name).departments for h in line.posts[0].holders]
        for name in ("mia", "leo", "polly", "sam", "olivia")
    }
    assert named == {"mia": ["员工001"], "leo": ["员工001"], "polly": [""], "sam": [], "olivia": []}
    assert appointments_of(cast.viewer("polly"), post.pk, TODAY) == []


def test_a_department_of_another_company_is_no_parent_and_its_people_hold_no_post(keeper: Keeper) -> None:
    strange = Department.objects.create(company=keeper.cast.other, kind="other", name="外", recorded_at=NOON)
    with pytest.raises(Refused):
        keeper.department(parent=strange.pk)
    StaffMember.objects.create(company=keeper.cast.other, staff_no="777", name="外人", added_at=NOON)
    with pytest.raises(Refused):
        keeper.appoint(keeper.post(keeper.department()), "777")


@pytest.mark.parametrize("count", [1, 12])
def test_the_tree_takes_five_queries_however_large(keeper: Keeper, count: int) -> None:
    for number in range(count):
        post = keeper.post(keeper.department(f"部门{number}"), f"岗位{number}")
        keeper.member(f"{number:03d}")
        keeper.appoint(post, f"{number:03d}")
    viewer = keeper.cast.viewer("mia")
    with CaptureQueriesContext(connection) as asked:
        tree = organisation(viewer, keeper.cast.company.pk, TODAY)
    assert (len(tree.departments), len(asked)) == (count, 5)

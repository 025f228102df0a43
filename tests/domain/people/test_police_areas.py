"""Somebody of the police reads the companies of his area: those that lie in it, from the day they do, and no others."""

import pytest
from pytest_django import DjangoAssertNumQueries

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.companies.area import set_area
from lianjing.domain.companies.area_policy import area_begins, division
from lianjing.domain.companies.fact_reading import seen_companies
from lianjing.domain.people.actions import NewUser, add_user
from lianjing.domain.people.models import User
from lianjing.domain.people.police_areas import set_areas
from lianjing.domain.people.queries import areas_of
from lianjing.domain.records.models import Record
from lianjing.terms.divisions import area_words
from lianjing.terms.roles import Role
from tests.cast import NOON, PASSWORD, SYSTEM, Cast, make_company

HOW = {"by": SYSTEM, "at": NOON, "source": "test"}


def officer(area: str) -> User:
    return add_user(NewUser("shen", "沈警官", Role.POLICE, None, area), PASSWORD, **HOW)


def read_by(user: User) -> list[str]:
    return [company.code for company in seen_companies(User.objects.get(pk=user.pk).as_viewer())]


@pytest.mark.parametrize(
    ("typed", "begins", "words"),
    [
        ("31", "31", "上海市"),
        ("310000", "31", "上海市"),
        ("3101", "3101", "上海市"),
        ("310104", "310104", "上海市徐汇区"),
        ("330600", "3306", "浙江省绍兴市"),
        (" 3306 ", "3306", "浙江省绍兴市"),
        ("3", "", ""),
        ("00", "", ""),
        ("000000", "", ""),
        ("310199", "", ""),
        ("31010", "", ""),
        ("３１", "", ""),
        ("上海", "", ""),
        ("", "", ""),
    ],
)
def test_an_area_is_what_its_codes_begin_with(typed: str, begins: str, words: str) -> None:
    assert area_begins(typed) == begins
    assert area_words(begins).startswith(words) is True
    assert bool(area_words(begins)) is bool(words)


def test_a_company_lies_in_a_division_of_six_digits() -> None:
    assert [division(code) for code in ("330602", "330600", "3306", "999999", "33060２")] == [
        "330602",
        "330600",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(("area", "read"), [("33", 3), ("3306", 2), ("330602", 1), ("3307", 0), ("31", 0)])
def test_he_reads_what_lies_in_his_area_and_nothing_else(cast: Cast, area: str, read: int) -> None:
    codes = {"harbour": "330602", "hill": "330603", "far": "330106", "": "310104"}
    make_company("far", "Far Alarm")
    make_company("sea", "Sea Alarm")
    for company in seen_companies(SYSTEM):
        company.area = codes.get(company.code, "310104" if area != "31" else "")
        company.save()
    assert len(read_by(officer(area))) == read


def test_a_company_that_joins_the_area_later_is_read_and_one_that_leaves_is_not(cast: Cast) -> None:
    shen = officer("3306")
    assert read_by(shen) == []
    set_area(cast.other.pk, "330603", **HOW)
    assert read_by(shen) == ["hill"]
    set_area(cast.other.pk, "330106", **HOW)
    assert read_by(shen) == []


def test_an_area_gives_the_police_role_only_and_a_membership_stays(cast: Cast) -> None:
    set_area(cast.company.pk, "330602", **HOW)
    polly = cast.users["polly"]
    set_areas(polly, ["33", "330602"], **HOW)
    set_area(cast.other.pk, "330603", **HOW)
    roles = dict(polly.as_viewer().roles)
    assert roles == {one: frozenset({Role.POLICE}) for one in (None, cast.company.pk, cast.other.pk)}
    assert not polly.as_viewer().is_admin
    assert polly.as_viewer().scope("people.see").companies == frozenset()


def test_who_somebody_is_costs_one_query_whatever_he_holds(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shen = officer("3306")
    for user in (shen, cast.users["mia"], cast.users["polly"]):
        with django_assert_num_queries(1):
            user.as_viewer()


def test_setting_an_area_is_a_recorded_act_of_who_may(cast: Cast) -> None:
    set_area(cast.company.pk, "330602", by=cast.viewer("mia"), at=NOON)
    set_area(cast.company.pk, "330602", by=cast.viewer("mia"), at=NOON)
    acts = Record.objects.filter(action="company.area_set").values_list("actor_name", "before", "after")
    assert list(acts) == [("Mia", {"area": ""}, {"area": "330602"})]
    with pytest.raises(Forbidden):
        set_area(cast.company.pk, "330602", by=cast.viewer("polly"), at=NOON)
    with pytest.raises(Refused, match="“3306”不是行政区划代码"):
        set_area(cast.company.pk, "3306", by=cast.viewer("mia"), at=NOON)


def test_areas_are_given_and_taken_by_the_installation_and_recorded(cast: Cast) -> None:
    polly = cast.users["polly"]
    assert set_areas(polly, ["310104", "31", "330000"], **HOW) == ["31", "310104", "33"]
    assert areas_of(polly.as_viewer(), polly.pk) == ["31", "310104", "33"]
    assert set_areas(polly, [], **HOW) == []
    acts = Record.objects.filter(action="user.areas_set").order_by("id").values_list("after", flat=True)
    assert [act["areas"] for act in acts] == [["31", "310104", "33"], []]
    with pytest.raises(Refused, match="不是行政区划"):
        set_areas(polly, ["99"], **HOW)
    with pytest.raises(Forbidden):
        set_areas(polly, ["31"], by=cast.viewer("mia"), at=NOON)
    with pytest.raises(Forbidden):
        areas_of(cast.viewer("mia"), polly.pk)

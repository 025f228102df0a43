"""What a file of people with anything wrong in it is told, with place and value; it leaves alone what is there."""

from datetime import date
from typing import Any

import pytest

from lianjing.domain.people.models import StaffMember
from tests.cast import Cast
from tests.domain.people.importing.sheets import people, person, sheet, tables, take
from tests.domain.people.test_staff import number_for
from tests.domain.sites.importing.books import errors, sentences

pytestmark = pytest.mark.django_db


def test_200_rows_with_three_bad_ones_name_place_and_value_and_save_nothing(cast: Cast) -> None:
    rows = [person(place) for place in range(1, 201)]
    rows[39] = person(40, education="doctor")
    rows[99] = person(100, certificate_from="2030-01-01", certificate_until="2029-01-01")
    number = number_for(date(1990, 5, 1))
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    rows[149] = person(150, identity_no=wrong)
    before = tables()
    outcome = take(cast.company, people(*rows))
    assert errors(outcome) == [
        ("people", 41, "education"),
        ("people", 101, "certificate_until"),
        ("people", 151, "identity_no"),
    ]
    schooling, dates, identity = sentences(outcome)
    assert schooling.startswith("“doctor”不是可选的值。可填：小学 primary、")
    assert dates == "到期日期 2029-01-01 早于起始日期 2030-01-01。"
    assert identity == f"身份号码的校验位不对，请核对每一位。（这一格：{'*' * 14}{wrong[-4:]}）"
    assert (outcome.applied, tables()) == (False, before)


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"hired_on": "2026-02-30"}, "hired_on", "“2026-02-30”不是存在的日期。"),
        (
            {"hired_on": "2026-02-02", "left_on": "2026-02-01"},
            "left_on",
            "到期日期 2026-02-01 早于起始日期 2026-02-02。",
        ),
        ({"post_kind": "厨师"}, "post_kind", "“厨师”不是可选的值。"),
        ({"training_hours": 0}, "training_hours", "“0”不是学时：须大于 0。"),
        ({"training_on": "2026-01-01"}, "training_hours", "填写了培训的其他列，还须填写这一列。"),
        ({"certificate_until": "2026-01-01"}, "certificate_no", "填写了保安员证的其他列，还须填写这一列。"),
        ({"contract_until": "2027-01-01"}, "contract_from", "填写了劳动合同的其他列，还须填写这一列。"),
        ({"training_hours": 8, "training_subjects": "法律,烹饪"}, "training_subjects", "“烹饪”不是可选的值。"),
        ({"username": "sam"}, "username", "本单位没有账号 sam。"),
        ({"nationality": "Chin"}, "nationality", "“Chin”不是国籍代码"),
        ({"health_until": "2150-01-01"}, "health_until", "日期 2150-01-01 不可能。"),
        ({"identity_no": 330000199005010011}, "identity_no", "身份号码是数字格式"),
        ({"identity_no": "12345"}, "identity_no", "身份号码应为 18 位：17 位数字加一位数字或 X。（这一格：*****）"),
        ({"identity_no": number_for(date(2027, 1, 1))}, "identity_no", "身份号码里的出生日期还没有到"),
        (
            {"phone": number_for(date(1990, 5, 1))},
            "phone",
            f"这里不能写身份号码（{'*' * 14}{number_for(date(1990, 5, 1))[-4:]}）",
        ),
        ({"notes": "见 " + number_for(date(1990, 5, 1))}, "notes", "这里不能写身份号码"),
    ],
)
def test_a_bad_cell_is_named_with_its_value(cast: Cast, cells: dict[str, Any], column: str, said: str) -> None:
    outcome = take(cast.company, sheet(staff_no="001", name="陈思远", **cells))
    assert errors(outcome) == [("people", 2, column)]
    assert sentences(outcome)[0].startswith(said)
    assert StaffMember.objects.count() == 0


def test_an_identity_number_is_no_staff_number(cast: Cast) -> None:
    number = number_for(date(1990, 5, 1))
    outcome = take(cast.company, sheet(staff_no=number, name="陈思远"))
    assert errors(outcome) == [("people", 2, "staff_no")]
    assert number not in str(sentences(outcome))


def test_a_new_person_needs_a_name(cast: Cast) -> None:
    assert errors(take(cast.company, sheet(staff_no="001", name=None))) == [("people", 2, "name")]
    missing = take(cast.company, people(["001"], ["002"], head=["staff_no"]))
    assert (errors(missing), sentences(missing)) == (
        [("people", 2, "name")],
        ["缺少列“姓名 name”：新登记的 2 行须填写它。"],
    )


def test_the_same_number_twice_in_a_file_names_both_rows(cast: Cast) -> None:
    same = person(1)[2]
    outcome = take(cast.company, people(person(1), person(2, identity_no=same), person(1)))
    assert errors(outcome) == [("people", 3, "identity_no"), ("people", 4, "staff_no")]
    assert sentences(outcome) == [
        f"身份号码 {'*' * 14}{same[-4:]} 与第 2 行相同。",
        "工号 001 与第 2 行重复。",
    ]


def test_an_identity_number_that_a_colleague_has_names_him(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    outcome = take(cast.company, people(person(2, identity_no=person(1)[2])))
    assert errors(outcome) == [("people", 2, "identity_no")]
    assert sentences(outcome) == [f"身份号码 {'*' * 14}{person(1)[2][-4:]} 已登记在工号 001（陈思1）名下。"]
    assert sentences(take(cast.other, people(person(1)))) == []


def test_a_staff_number_is_not_given_to_another_person(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    other = person(2, staff_no="001")
    outcome = take(cast.company, people(other))
    assert errors(outcome) == [("people", 2, "staff_no")]
    assert "现为陈思1" in sentences(outcome)[0]


def test_post_kinds_that_overlap_are_refused(cast: Cast) -> None:
    take(cast.company, people(person(1)))
    outcome = take(cast.company, sheet(staff_no="001", post_kind="patrol", post_kind_from="2023-07-01"))
    assert errors(outcome) == [("people", 2, "post_kind_from")]
    assert sentences(outcome)[0].startswith("从 2023-07-01 起的岗位类别与已有的（2024-03-01 至 …）重叠")

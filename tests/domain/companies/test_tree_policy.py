"""Whether departments can stand in a tree, without a database."""

from datetime import date

import pytest

from lianjing.core.refusals import Refused
from lianjing.domain.companies.tree_policy import Node, check_days, check_tree

YEAR = date(2026, 1, 1)
TOP, TECH, GROUP = Node(1, "总部", None, YEAR), Node(2, "技术部", 1, YEAR), Node(3, "维护组", 2, YEAR)


def test_a_circle_is_refused_naming_the_departments_in_it() -> None:
    with pytest.raises(Refused) as ring:
        check_tree(Node(1, "总部", 3, YEAR), [TECH, GROUP])
    assert (ring.value.field, str(ring.value)) == ("parent", "这样会成一个圈：总部 → 维护组 → 技术部 → 总部。")


def test_a_department_is_not_its_own_parent() -> None:
    with pytest.raises(Refused) as itself:
        check_tree(Node(1, "总部", 1, YEAR), [])
    assert str(itself.value) == "总部 不能是自己的上级。"


def test_what_was_a_circle_only_if_both_held_at_once_is_none() -> None:
    was = Node(2, "技术部", 1, YEAR, date(2026, 6, 30))
    now = Node(2, "技术部", None, date(2026, 7, 1))
    check_tree(Node(1, "总部", 2, date(2026, 7, 1)), [was, now])
    with pytest.raises(Refused):
        check_tree(Node(1, "总部", 2, date(2026, 6, 30)), [was, now])


def test_a_circle_that_closes_only_later_is_refused_too() -> None:
    later = Node(2, "技术部", 1, date(2027, 1, 1))
    with pytest.raises(Refused):
        check_tree(Node(1, "总部", 2, YEAR), [Node(2, "技术部", None, YEAR, date(2026, 12, 31)), later])


@pytest.mark.parametrize("begins", [date(2025, 12, 31), None])
def test_a_parent_must_be_there_from_the_beginning(begins: date | None) -> None:
    with pytest.raises(Refused) as absent:
        check_tree(Node(4, "技术部", 1, begins), [TOP])
    assert absent.value.field == "parent"


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [
        (date(2026, 2, 1), date(2026, 1, 31), "valid_until"),
        (date(1900, 1, 1), None, "valid_from"),
        (None, date(2200, 1, 1), "valid_until"),
    ],
)
def test_days_that_cannot_be(begins: date | None, ends: date | None, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_days(begins, ends)
    assert refused.value.field == field

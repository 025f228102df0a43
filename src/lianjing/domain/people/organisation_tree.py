"""From rows to a company's tree of departments and posts on a day, and what is lacking. Steps of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lianjing.domain.companies.models import Department, DutyText, Post
from lianjing.domain.people.holders import Holder
from lianjing.domain.people.organisation_policy import DepartmentThatDay, Gap, PostThatDay, gaps_of
from lianjing.terms.staffing import DepartmentKind


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post on the day. `id`: of the post through all its times."""

    id: int
    row: Post
    duties: DutyText | None
    holders: list[Holder]

    @property
    def filled(self) -> int:
        return sum(holder.at_work and not holder.is_deputy for holder in self.holders)


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """A department on the day, with how deep it stands in the tree."""

    id: int
    row: Department
    depth: int
    duties: DutyText | None
    posts: list[PostLine]
    is_adrift: bool


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company's departments in the order of the tree, and what is lacking."""

    departments: list[DepartmentLine]
    gaps: list[Gap]


def organisation_of(
    departments: list[Department],
    posts: list[Post],
    duties: dict[tuple[str, int], DutyText],
    holders: dict[int, list[Holder]],
) -> Organisation:
    """The tree of what holds on one day."""
    lines: dict[int, list[PostLine]] = defaultdict(list)
    for post in sorted(posts, key=lambda row: (not row.is_key, row.title, row.pk)):
        key = post.first_id or post.pk
        lines[post.department_id].append(PostLine(key, post, duties.get(("post", key)), holders.get(key, [])))
    tree = [
        DepartmentLine(key, row, depth, duties.get(("department", key)), lines.get(key, []), adrift)
        for key, row, depth, adrift in _in_order(departments)
    ]
    return Organisation(tree, gaps_of([_that_day(line) for line in tree]))


def duties_in_force(rows: Iterable[DutyText]) -> dict[tuple[str, int], DutyText]:
    """The version in force of each text, of those that hold on a day: the one that begins last."""
    found: dict[tuple[str, int], DutyText] = {}
    for row in sorted(rows, key=lambda one: (one.valid_from or date.min, one.version)):
        key = ("post", row.post_id) if row.post_id else ("department", row.department_id or 0)
        found[key] = row
    return found


def _in_order(rows: Iterable[Department]) -> list[tuple[int, Department, int, bool]]:
    """Each below the one it belongs to, by kind and name; one whose parent is not there stands at the top."""
    held = {row.first_id or row.pk: row for row in rows}
    below: dict[int | None, list[int]] = defaultdict(list)
    kinds = list(DepartmentKind)
    for key, row in sorted(held.items(), key=lambda one: (kinds.index(DepartmentKind(one[1].kind)), one[1].name)):
        below[row.parent_id if row.parent_id in held else None].append(key)
    found: list[tuple[int, Department, int, bool]] = []
    waiting = [(key, 0) for key in reversed(below[None])]
    while waiting:
        key, depth = waiting.pop()
        row = held[key]
        found.append((key, row, depth, row.parent_id is not None and row.parent_id not in held))
        waiting += [(child, depth + 1) for child in reversed(below[key])]
    return found


def _that_day(line: DepartmentLine) -> DepartmentThatDay:
    posts = tuple(_post_that_day(post) for post in line.posts)
    kind = DepartmentKind(line.row.kind)
    return DepartmentThatDay(line.id, line.row.name, kind, line.duties is not None, line.is_adrift, posts)


def _post_that_day(line: PostLine) -> PostThatDay:
    deputies = sum(holder.at_work and holder.is_deputy for holder in line.holders)
    left = sum(not holder.at_work for holder in line.holders)
    row, duties = line.row, line.duties is not None
    return PostThatDay(line.id, row.title, row.is_key, row.places, duties, line.filled, deputies, left)

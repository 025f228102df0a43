"""What is lacking in departments and posts on a day (clauses 8.1.1, 8.1.2). No Django, no clock."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from lianjing.terms.sentences import Figure, Figures, Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import DepartmentKind

MANDATORY = (DepartmentKind.MANAGEMENT, DepartmentKind.TECHNICAL, DepartmentKind.OPERATION)


@dataclass(frozen=True, slots=True)
class PostThatDay:
    """A post as it is on the day. `holders`, `deputies`: those at work; `left`: appointed and no longer employed."""

    id: int
    title: str
    is_key: bool
    places: int
    has_duties: bool
    holders: int
    deputies: int
    left: int = 0


@dataclass(frozen=True, slots=True)
class DepartmentThatDay:
    """A department as it is on the day, with its posts."""

    id: int
    name: str
    kind: DepartmentKind
    has_duties: bool
    is_adrift: bool
    """The department above it is not there on that day."""
    posts: tuple[PostThatDay, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is lacking; `words(gap)` is its sentence. `is_advice`: no clause asks for it in so many words."""

    code: str
    clause: str
    sentence: str
    figures: Figures = field(default_factory=dict)
    department_id: int | None = None
    post_id: int | None = None
    is_advice: bool = False


def gaps_of(departments: Collection[DepartmentThatDay]) -> list[Gap]:
    """Everything that is lacking in an organisation as it is on a day."""
    found = list(_whole(departments))
    for department in departments:
        found += _of_department(department)
        for post in department.posts:
            found += _of_post(post)
    return found


def _whole(departments: Collection[DepartmentThatDay]) -> Iterator[Gap]:
    kinds = {department.kind for department in departments}
    for kind in MANDATORY:
        if kind not in kinds:
            yield Gap("department", "8.1.1", _("没有设置%(kind)s。"), {"kind": Phrase(kind.zh)})
    if not any(post.is_key for department in departments for post in department.posts):
        yield Gap("key_posts", "8.1.1", _("没有设置关键岗位。"))


def _of_department(department: DepartmentThatDay) -> Iterator[Gap]:
    told: dict[str, Figure] = {"name": department.name}
    if department.is_adrift:
        yield Gap("adrift", "8.1.1", _("%(name)s的上级部门当天不存在。"), told, department.id)
    if not department.has_duties:
        yield Gap("department_duties", "8.1.2", _("%(name)s没有书面职责。"), told, department.id)


def _of_post(post: PostThatDay) -> Iterator[Gap]:
    told: dict[str, Figure] = {"name": post.title}
    if not post.has_duties:
        yield Gap("post_duties", "8.1.2", _("岗位 %(name)s 没有书面职责。"), told, post_id=post.id)
    if post.left:
        said = _("岗位 %(name)s 有 %(count)d 名任职人员已不在职。")
        yield Gap("left", "8.1.1", said, {**told, "count": post.left}, post_id=post.id)
    if post.is_key and not post.holders:
        yield Gap("vacant", "8.1.1", _("关键岗位 %(name)s 空缺。"), told, post_id=post.id)
    elif post.holders < post.places:
        said = _("岗位 %(name)s 定员 %(places)d 人，在任 %(count)d 人。")
        figures = {**told, "places": post.places, "count": post.holders}
        yield Gap("short", "8.1.1", said, figures, post_id=post.id, is_advice=not post.is_key)
    if post.is_key and not post.deputies:
        yield Gap("deputy", "8.1.1", _("关键岗位 %(name)s 没有代理人。"), told, post_id=post.id, is_advice=True)

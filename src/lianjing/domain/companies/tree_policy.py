"""Whether departments can stand in such a tree, and such days. No Django, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from lianjing.core.refusals import Refused
from lianjing.terms.sentences import marked as _

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Node:
    """A department as it is from a day to a day. `id` and `parent` name departments, not their rows."""

    id: int
    name: str
    parent: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


def check_days(begins: date | None, ends: date | None) -> None:
    """Raises Refused for days that cannot be."""
    for field, day in (("valid_from", begins), ("valid_until", ends)):
        if day and not EARLIEST <= day <= LATEST:
            raise Refused(field, _("日期 %(day)s 不可能。"), day=str(day))
    if begins and ends and ends < begins:
        said = _("最后一天 %(until)s 早于起始日 %(begins)s。")
        raise Refused("valid_until", said, until=str(ends), begins=str(begins))


def check_tree(new: Node, others: Collection[Node]) -> None:
    """Whether a department may stand below that parent. `others`: all the rest, in all their times. Raises Refused."""
    if new.parent is None:
        return
    if new.parent == new.id:
        raise Refused("parent", _("%(name)s 不能是自己的上级。"), name=new.name)
    nodes = [*others, new]
    for day in sorted(_turns(new, nodes)):
        ring = _ring(new, nodes, day)
        if ring:
            raise Refused("parent", _("这样会成一个圈：%(names)s。"), names=" → ".join(ring))
    begins = new.valid_from
    parents = [node for node in others if node.id == new.parent]
    if not any(node.holds_on(begins) if begins else node.valid_from is None for node in parents):
        name = parents[-1].name if parents else ""
        raise Refused("parent", _("上级部门 %(name)s 在 %(day)s 不存在。"), name=name, day=str(begins or "…"))


def _turns(new: Node, nodes: Collection[Node]) -> set[date]:
    """The days on which something in the tree changes while the new one holds."""
    days = {node.valid_from or EARLIEST for node in nodes}
    days |= {node.valid_until + timedelta(days=1) for node in nodes if node.valid_until}
    return {day for day in days if new.holds_on(day)}


def _ring(new: Node, nodes: Collection[Node], day: date) -> list[str]:
    """Names from the department up to itself again; [] when the way up ends."""
    held = {node.id: node for node in nodes if node.holds_on(day)}
    names, at = [new.name], held.get(new.parent or 0)
    seen = {new.id}
    while at is not None:
        names.append(at.name)
        if at.id == new.id:
            return names
        if at.id in seen:
            return []
        seen.add(at.id)
        at = held.get(at.parent or 0)
    return []

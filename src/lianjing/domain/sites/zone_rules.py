"""What may stand in a table of zones, areas and users, and what makes it protect less. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lianjing.domain.sites.equipment_entries import (
    AreaEntry,
    Problem,
    UserEntry,
    ZoneEntry,
    name_problem,
    number_problem,
    problem,
    twice,
)
from lianjing.domain.sites.policy import normal_account, normal_number
from lianjing.terms.codes import LIFE_CLASSES
from lianjing.terms.premises import Principle, ZoneKind
from lianjing.terms.sentences import marked as _

NAME_LIMIT = 50
"""Letters of the name of who disabled a zone."""

MOST_ZONES = 1000
MOST_NEIGHBOURS = 50
WEAKER = {"hold_up": 0, "fire": 0, "medical": 0, "intrusion": 1, "environment": 2}
"""Kinds by how much they are heeded."""

Reference = tuple[str, str]
"""A zone of a site: account of its panel, and number."""


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """What the rows of a panel's zones are judged against."""

    account: str
    areas: Collection[str]
    elsewhere: Collection[Reference]
    """Zones of the site that are not among the rows."""
    disabled: Collection[int] = ()
    """Ids of rows that are disabled."""
    removed: Collection[Reference] = ()
    """What is removed with the same table: a row that still names one as its neighbour is not wrong."""


def zone_problems(entries: Sequence[ZoneEntry], table: ZoneTable) -> list[Problem]:
    """What is wrong with normalised rows, by row; empty when all can be saved together."""
    found = [told for row, entry in enumerate(entries) for told in _of_one(row, entry, table)]
    numbers = [entry.number for entry in entries]
    for row, first in twice(numbers).items():
        if numbers[row]:
            sentence = _("防区 %(number)s 与第 %(first)d 行重复。")
            found.append(problem(row, "number", sentence, number=numbers[row], first=first + 1))
    own = {number for account, number in table.elsewhere if account == table.account}
    for row, entry in enumerate(entries):
        if entry.number in own:
            found.append(problem(row, "number", _("此设备已有防区 %(number)s。"), number=entry.number))
    found += _of_neighbours(entries, table)
    if len(entries) + len(own) > MOST_ZONES:
        found.append(problem(len(entries) - 1, "number", _("一台设备最多 1000 个防区。")))
    return sorted(found, key=lambda one: one.row)


def _of_one(row: int, entry: ZoneEntry, table: ZoneTable) -> Iterator[Problem]:
    told = [number_problem(row, entry.number), name_problem(row, entry.name)]
    told += [name_problem(row, entry.detector, "detector", 40), name_problem(row, entry.camera, "camera", 200)]
    yield from (one for one in told if one)
    kind = ZoneKind.of(entry.kind)
    if kind is None:
        yield problem(row, "kind", _("请选择一种防区。"))
    if entry.principle and Principle.of(entry.principle) is None:
        yield problem(row, "principle", _("没有这种探测原理。"))
    if kind in LIFE_CLASSES and not entry.always_on:
        sentence = _("防区 %(number)s 是%(kind)s防区，必须为 24 小时防区。")
        yield problem(row, "always_on", sentence, number=entry.number, kind=kind.zh if kind else "")
    if kind in LIFE_CLASSES and entry.id in table.disabled:
        sentence = _("防区 %(number)s 已停用，不能改为%(kind)s防区：请先启用。")
        yield problem(row, "kind", sentence, number=entry.number, kind=kind.zh if kind else "")
    if entry.area and entry.area not in table.areas:
        yield problem(row, "area", _("此设备没有分区 %(area)s：请先登记分区。"), area=entry.area)


def _of_neighbours(entries: Sequence[ZoneEntry], table: ZoneTable) -> Iterator[Problem]:
    known = {(table.account, entry.number) for entry in entries} | {*table.elsewhere, *table.removed}
    for row, entry in enumerate(entries):
        references = [reference(text, table.account) for text in entry.neighbours or ()]
        if len(references) > MOST_NEIGHBOURS:
            yield problem(row, "neighbours", _("一个防区最多 50 个相邻防区。"))
        for text, one in zip(entry.neighbours or (), references, strict=True):
            if one == (table.account, entry.number):
                yield problem(row, "neighbours", _("防区 %(number)s 不能与自己相邻。"), number=entry.number)
            elif one not in known:
                sentence = _("相邻防区“%(text)s”不在本场所：只能填同一场所已登记的防区。")
                yield problem(row, "neighbours", sentence, text=text[:40])


def reference(text: str, account: str) -> Reference:
    """The zone that `text` means beside a panel with `account`: "4", or "1002/4" for another panel of the site."""
    before, slash, number = text.rpartition("/")
    return (normal_account(before) if slash else account, normal_number(number))


def reference_text(one: Reference, account: str) -> str:
    """As `reference` reads it."""
    return one[1] if one[0] == account else f"{one[0]}/{one[1]}"


def area_problems(entries: Sequence[AreaEntry], used: Mapping[str, int]) -> list[Problem]:
    """`used`: how many zones stand in each area now."""
    found = _plain_problems(entries, _("分区 %(number)s 与第 %(first)d 行重复。"))
    kept = {entry.number for entry in entries}
    for number, count in used.items():
        if number and number not in kept:
            sentence = _("分区 %(number)s 还有 %(count)d 个防区，不能移除。")
            found.append(problem(max(0, len(entries) - 1), "number", sentence, number=number, count=count))
    return found


def user_problems(entries: Sequence[UserEntry]) -> list[Problem]:
    return _plain_problems(entries, _("用户 %(number)s 与第 %(first)d 行重复。"))


def _plain_problems(entries: Sequence[AreaEntry] | Sequence[UserEntry], repeated: str) -> list[Problem]:
    told = [one for row, entry in enumerate(entries) for one in _plain(row, entry) if one]
    numbers = [entry.number for entry in entries]
    told += [
        problem(row, "number", repeated, number=numbers[row], first=first + 1)
        for row, first in twice(numbers).items()
        if numbers[row]
    ]
    return told


def _plain(row: int, entry: AreaEntry | UserEntry) -> tuple[Problem | None, ...]:
    return number_problem(row, entry.number), name_problem(row, entry.name)


def zone_name(number: str, name: str) -> str:
    """As the sentences of records name a zone."""
    return f"防区 {number}（{name}）" if name else f"防区 {number}"


def zone_weakens(had: ZoneEntry, has: ZoneEntry) -> list[str]:
    """Sentences, each about one way in which the zone is heeded less than before."""
    name = zone_name(has.number, has.name)
    told = []
    if WEAKER.get(has.kind, 1) > WEAKER.get(had.kind, 1):
        kinds = ZoneKind(had.kind).zh, ZoneKind(has.kind).zh
        told.append(f"{name}由{kinds[0]}改为{kinds[1]}")
    if had.always_on and not has.always_on:
        told.append(f"{name}不再是 24 小时防区")
    return told

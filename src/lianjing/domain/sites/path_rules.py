"""Transmission paths: intervals by category, what cannot be told apart, what protects less. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lianjing.domain.sites.equipment_entries import PathEntry, Problem, problem
from lianjing.domain.sites.panel_rules import duration_zh
from lianjing.terms.premises import Listener, PathCategory, PathKind
from lianjing.terms.sentences import marked as _

REPORTING_S = {
    "SP1": 32 * 86_400,
    "SP2": 25 * 3600,
    "SP3": 1800,
    "SP4": 180,
    "SP5": 90,
    "SP6": 20,
    "DP1": 25 * 3600,
    "DP2": 1800,
    "DP3": 180,
    "DP4": 90,
}
"""Seconds until the loss of a path must be known, by category, in the style of EN 50136-1: what interval and misses
make together."""

DEFAULT_MISSES = 3
LEAST_S, LONGEST_S = 5, 32 * 86_400
MOST_MISSES = 20
MOST_PATHS = 6
TRANSPORTS = ("", "tcp", "udp")


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that works and is probably not meant so."""

    sentence: str
    figures: dict[str, Any]


def settled(entry: PathEntry) -> PathEntry:
    """With interval and misses where none were given: such that the loss is known within the time of its category."""
    within, interval, misses = REPORTING_S.get(entry.category), entry.interval_s, entry.misses
    if interval is None and within is not None:
        interval = within // max(1, misses or 1)
    if misses is None:
        fitting = within // interval if within and interval else DEFAULT_MISSES
        misses = max(1, min(DEFAULT_MISSES, fitting))
    return replace(entry, interval_s=interval, misses=misses)


def path_problems(entries: Sequence[PathEntry], listener: str) -> list[Problem]:
    """What is wrong with settled paths of a panel on `listener`, by row."""
    found = [told for row, entry in enumerate(entries) for told in _of_one(row, entry, listener)]
    if len(entries) > MOST_PATHS:
        found.append(problem(MOST_PATHS, "kind", _("一台设备最多 6 条路径。")))
    return found + _doubles(entries)


def _doubles(entries: Sequence[PathEntry]) -> list[Problem]:
    first = {entry: row for row, entry in reversed(list(enumerate(entries)))}
    told = _("第 %(place)d 条与第 %(first)d 条路径完全相同：同一条路径只填一次。")
    return [
        problem(row, "kind", told, place=row + 1, first=first[entry] + 1)
        for row, entry in enumerate(entries)
        if first[entry] != row
    ]


def _of_one(row: int, entry: PathEntry, listener: str) -> Iterator[Problem]:
    if PathKind.of(entry.kind) is None:
        yield problem(row, "kind", _("请选择一种路径。"))
    if entry.transport not in TRANSPORTS:
        yield problem(row, "transport", _("没有这个选项。"))
    if entry.transport == "udp" and listener != Listener.DC09:
        yield problem(row, "transport", _("经接警机转来的报文只走 TCP。"))
    if entry.category and PathCategory.of(entry.category) is None:
        yield problem(row, "category", _("没有这个选项。"))
    if entry.interval_s is not None and not LEAST_S <= entry.interval_s <= LONGEST_S:
        yield problem(row, "interval_s", _("监督间隔须在 5 秒到 32 天之间；不监督就留空，也不选等级。"))
    if not 1 <= (entry.misses or 0) <= MOST_MISSES:
        yield problem(row, "misses", _("容许漏报次数须在 1 到 20 之间。"))


def path_hints(paths: Sequence[PathEntry]) -> list[Hint]:
    """About settled paths: those that cannot be told apart, and those that miss the time of their category."""
    supervised = [(place, path) for place, path in enumerate(paths, 1) if path.interval_s is not None]
    hints = []
    for index, (place, path) in enumerate(supervised):
        for other_place, other in supervised[index + 1 :]:
            if not path.transport or not other.transport or path.transport == other.transport:
                figures = {"one": place, "other": other_place}
                hints.append(
                    Hint(
                        _(
                            "第 %(one)d 条与第 %(other)d 条路径分不开：按传输方式（TCP、UDP）区分，"
                            "请各选一种，否则一条断了，另一条的报文会被当作它的。"
                        ),
                        figures,
                    )
                )
    return hints + [hint for place, path in supervised for hint in _too_slow(place, path)]


def _too_slow(place: int, path: PathEntry) -> Iterator[Hint]:
    wanted = REPORTING_S.get(path.category)
    found_after = loss_after(path)
    if wanted is not None and found_after is not None and found_after > wanted:
        figures = {
            "place": place,
            "category": path.category,
            "wanted": duration_zh(wanted),
            "found": duration_zh(found_after),
        }
        yield Hint(
            _("第 %(place)d 条路径：%(category)s 要求 %(wanted)s 内发现失联，现在要 %(found)s（间隔 × 漏报次数）。"),
            figures,
        )


def loss_after(path: PathEntry) -> int | None:
    """Seconds of silence after which the path counts as lost; None: it is not supervised."""
    return None if path.interval_s is None else path.interval_s * (path.misses or DEFAULT_MISSES)


def matched(had: Sequence[PathEntry], has: Sequence[PathEntry]) -> list[int | None]:
    """For each new path the index of the former one that it still is, None for another path.

    The same kind and transport first, then the same kind: whether a path lives is kept with it when it moves.
    """
    free = dict(enumerate(had))
    found: list[int | None] = [None] * len(has)
    for same in (lambda a, b: (a.kind, a.transport) == (b.kind, b.transport), lambda a, b: a.kind == b.kind):
        for place, entry in enumerate(has):
            if found[place] is None:
                found[place] = next((index for index, former in free.items() if same(former, entry)), None)
                free.pop(found[place], None)  # type: ignore[arg-type]
    return found


def paths_weaken(had: Sequence[PathEntry], has: Sequence[PathEntry]) -> list[str]:
    """Sentences, each about one way in which the paths are watched less than before."""
    places = matched(had, has)
    told = [f"移除路径 {_name(path)}" for index, path in enumerate(had) if index not in places]
    for index, path in zip(places, has, strict=True):
        if index is not None:
            told += _weaker(had[index], path)
    return told


def _weaker(had: PathEntry, has: PathEntry) -> Iterator[str]:
    name = _name(has)
    if had.interval_s is None:
        return
    if has.interval_s is None:
        yield f"路径 {name} 不再监督"
        return
    if has.interval_s > had.interval_s:
        yield f"路径 {name} 的监督间隔由 {duration_zh(had.interval_s)} 改为 {duration_zh(has.interval_s)}"
    if (has.misses or 0) > (had.misses or 0):
        yield f"路径 {name} 容许漏报由 {had.misses} 次改为 {has.misses} 次"


def path_words(path: PathEntry) -> str:
    """A settled path as records tell it."""
    supervised = f"每 {duration_zh(path.interval_s)}，漏 {path.misses} 次" if path.interval_s else "不监督"
    return "，".join(part for part in (_name(path), path.category, supervised) if part)


def _name(path: PathEntry) -> str:
    kind = PathKind.of(path.kind)
    return f"{kind.zh if kind else path.kind}{f'（{path.transport.upper()}）' if path.transport else ''}"

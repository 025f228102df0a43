"""统计 as tables: what the page shows and what CSV and Excel hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.domain.reports.counts import Ratio
from lianjing.domain.reports.overview import Overview
from lianjing.domain.reports.policy import COUNTS, GAMING, STANDING, TIMES, Kpi, Rung, Spread
from lianjing.domain.reports.responses import Group
from lianjing.terms.premises import SiteKind
from lianjing.web.tags import day_clock, grouped
from lianjing.web.words import GRADES, label

AXIS_WORDS = {
    "grade": later("级别"),
    "hour": later("时段"),
    "weekday": later("星期"),
    "operator": later("值守员"),
    "site_kind": later("场所类型"),
}
WEEKDAYS = (later("周一"), later("周二"), later("周三"), later("周四"), later("周五"), later("周六"), later("周日"))
LIMIT_GROUPS = {"danger": later("紧急、火警"), "other": later("其他")}
PERCENTS = frozenset({"false_dispatch", "busy_slots", "test_supervision", "contacts_verified", "panel_availability"})
RANKS = ("n", "P50", "P80", "P95", "P98.5")

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Seconds:
    """A length of time: exact in files, as a clock would say it on the page."""

    ms: int | None

    @property
    def plain(self) -> float | None:
        return None if self.ms is None else self.ms / 1000

    def __str__(self) -> str:
        if self.ms is None:
            return "—"
        if self.ms < 100_000:
            return f"{self.ms / 1000:.1f}"
        minutes, seconds = divmod(round(self.ms / 1000), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@dataclass(frozen=True, slots=True)
class Percent:
    ratio: float | None

    @property
    def plain(self) -> float | None:
        return None if self.ratio is None else round(self.ratio, 6)

    def __str__(self) -> str:
        # Cut off, not rounded: 99.96 % on time is not 100 %.
        return "—" if self.ratio is None else f"{int(self.ratio * 1000) / 10:.1f} %"


@dataclass(frozen=True, slots=True)
class Decimal:
    number: float | None

    @property
    def plain(self) -> float | None:
        return None if self.number is None else round(self.number, 4)

    def __str__(self) -> str:
        return "—" if self.number is None else f"{self.number:.2f}"


Shown = str | int | Seconds | Percent | Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """`told` explains the row; the words of its first cells are no numbers."""

    words: tuple[str, ...]
    cells: tuple[Shown, ...]
    told: str = ""

    @property
    def shown(self) -> list[str]:
        return [grouped(cell) if isinstance(cell, int) else str(cell) for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    headings: tuple[str, ...]
    rows: list[Row]
    told: str = ""
    words: int = 1
    """So many columns in front hold words."""


def tables(seen: Overview, shown: Kpi) -> list[Table]:
    """Every table of the page; the groups are those of one figure, `shown`."""
    found = [_times(seen), _limits(seen)]
    if seen.by:
        found.insert(1, _groups(seen, shown))
    found += [_counts(seen), _levels(seen), _gaming(seen)]
    if seen.whole:
        found += [_standing(seen), _false_sites(seen)]
    return found


def _spread(told: Spread) -> tuple[Shown, ...]:
    ranks = (told.p50, told.p80, told.p95, told.p98_5, told.max)
    return (told.n, *(Seconds(ms) for ms in ranks))


def _ranks() -> tuple[str, ...]:
    return (*RANKS, _("最大"))


def _times(seen: Overview) -> Table:
    told = seen.responses.times
    rows = [Row((_(kpi.name),), _spread(told[kpi.key]), _(kpi.formula)) for kpi in TIMES]
    words = _("秒，满 100 秒写成 分:秒。百分位取最近秩：至少有这么多比例的案件不超过它。没有数据的写 n=0，不填数字。")
    return Table("times", _("响应时间"), (_("指标"), *_ranks()), rows, words)


def axis_words(axis: str, group: Group) -> str:
    value = group.values[axis]
    if axis == "grade":
        return str(GRADES[value])
    if axis == "hour":
        return f"{value:02d}:00"
    if axis == "weekday":
        return str(WEEKDAYS[value])
    if axis == "operator":
        return group.words["operator"] or _("无人受理")
    return label(SiteKind, value) or _("不属于场所")


def _groups(seen: Overview, shown: Kpi) -> Table:
    rows = [
        Row(tuple(axis_words(axis, group) for axis in seen.by), (group.cases, *_spread(group.times[shown.key])))
        for group in seen.responses.groups
    ]
    left = seen.responses.groups_left_out
    told = _("另有 %(count)d 组没有列出，请缩小范围。") % {"count": left} if left else ""
    headings = (*(str(AXIS_WORDS[axis]) for axis in seen.by), _("案件"), *_ranks())
    return Table("groups", _("分组：%(name)s") % {"name": _(shown.name)}, headings, rows, told, len(seen.by))


def _limits(seen: Overview) -> Table:
    told = _("公司自定的时限。") if seen.responses.limits_are_own else _("默认值，来源未核实[mem]。")
    rule = _("从接收机收到（t0）到第一个处置动作（t4）；超过时限仍没有动作的算未达到，挂起不算动作。")
    return Table(
        "limits",
        _("处警时限"),
        (_("类别"), _("时限（秒）"), _("应达到"), "n", _("达到"), _("比例"), _("结论")),
        [_rung(rung) for rung in seen.responses.rungs],
        rule + told,
    )


def _rung(rung: Rung) -> Row:
    verdict = {None: "—", True: _("✓ 达到"), False: _("✕ 未达到")}[rung.kept]
    share = Percent(rung.within / rung.n if rung.n else None)
    cells = (rung.seconds, Percent(rung.wanted / 1000), rung.n, rung.within, share, verdict)
    return Row((str(LIMIT_GROUPS[rung.group]),), cells)


def _counts(seen: Overview) -> Table:
    whole = {"cases": seen.responses.cases, "on_paper": seen.responses.paper}
    rows = []
    for kpi in COUNTS:
        if kpi.key in whole:
            rows.append(Row((_(kpi.name),), (whole[kpi.key], "", ""), _(kpi.formula)))
        elif kpi.key in seen.ratios:
            rows.append(Row((_(kpi.name),), _ratio(kpi.key, seen.ratios[kpi.key]), _(kpi.formula)))
    return Table("counts", _("数量与质量"), (_("指标"), _("值"), _("分子"), _("分母")), rows)


def _ratio(key: str, ratio: Ratio) -> tuple[Shown, ...]:
    value = Percent(ratio.value) if key in PERCENTS else Decimal(ratio.value)
    return value, _whole(ratio.part), _whole(ratio.of)


def _whole(number: float) -> int:
    return round(number)


def _levels(seen: Overview) -> Table:
    total = sum(seen.counts.levels.values())
    rows = [
        Row((_("%(level)d 级") % {"level": level},), (n, Percent(n / total if total else None)))
        for level, n in seen.counts.levels.items()
    ]
    return Table("levels", _("核实等级"), (_("等级"), _("案件"), _("比例")), rows)


def _gaming(seen: Overview) -> Table:
    told = _("为好看的数字而做的动作。数字高是要问的问题，不是结论。")
    rows = [Row((_(kpi.name),), (seen.responses.gaming[kpi.key],), _(kpi.formula)) for kpi in GAMING]
    return Table("gaming", _("异常操作"), (_("指标"), _("次数")), rows, told)


def _standing(seen: Overview) -> Table:
    rows = [
        Row((_(kpi.name),), (seen.standing[kpi.key].n, _since(seen.standing[kpi.key].since)), _(kpi.formula))
        for kpi in STANDING
    ]
    return Table("standing", _("现在"), (_("指标"), _("数量"), _("最早")), rows)


def _since(at: datetime | None) -> str:
    return day_clock(at) if at else "—"


def _false_sites(seen: Overview) -> Table:
    rows = [Row((site.name,), (site.n,)) for site in seen.counts.false_sites]
    told = _("截至期末的 12 个月内，派出或转发后处置为误报的次数，最多的 10 个场所。")
    return Table("false_sites", _("误报最多的场所"), (_("场所"), _("次数")), rows, told)


def plain_rows(table: Table) -> Iterator[list[Cell]]:
    """A table as files hold it: numbers as numbers, its explanations in a column of their own."""
    explained = any(row.told for row in table.rows)
    yield [*table.headings, *([_("算法")] if explained else [])]
    for row in table.rows:
        yield [*row.words, *(_plain(cell) for cell in row.cells), *([row.told] if explained else [])]


def _plain(cell: Shown) -> Cell:
    if isinstance(cell, str | int):
        return None if cell == "—" else cell
    return cell.plain


CHARTED = 100
"""Groups in a chart; the table below has every one."""


def all_groups(seen: Overview) -> list[Table]:
    """The groups of every figure of times, for files."""
    return [_groups(seen, kpi) for kpi in TIMES] if seen.by else []


def chart(seen: Overview, shown: Kpi) -> dict[str, object]:
    """The groups of one figure as series: by two axes the second one's P95 beside each other, else their ranks."""
    if len(seen.by) == 2:
        return _two_axes(seen, shown)
    groups = seen.responses.groups[:CHARTED]
    names = [" · ".join(axis_words(axis, group) for axis in seen.by) for group in groups]
    spreads = [group.times[shown.key] for group in groups]
    ranks = (("P50", [told.p50 for told in spreads]), ("P95", [told.p95 for told in spreads]))
    return {
        "names": names,
        "title": _("%(name)s（秒）") % {"name": _(shown.name)},
        "series": [{"name": name, "values": _in_seconds(values)} for name, values in ranks],
        "counts": [group.cases for group in groups],
        "counted": _("案件数"),
    }


def _two_axes(seen: Overview, shown: Kpi) -> dict[str, object]:
    first, second = seen.by
    groups = seen.responses.groups
    names = list(dict.fromkeys(axis_words(first, group) for group in groups))
    others = list(dict.fromkeys(axis_words(second, group) for group in groups))
    p95 = {(axis_words(first, g), axis_words(second, g)): g.times[shown.key].p95 for g in groups}
    cases: dict[str, int] = dict.fromkeys(names, 0)
    for group in groups:
        cases[axis_words(first, group)] += group.cases
    series = [{"name": other, "values": _in_seconds([p95.get((name, other)) for name in names])} for other in others]
    return {
        "names": names,
        "title": _("%(name)s（秒）") % {"name": f"{_(shown.name)} P95"},
        "series": series,
        "counts": list(cases.values()),
        "counted": _("案件数"),
    }


def _in_seconds(values: Sequence[int | None]) -> list[float | None]:
    return [None if ms is None else round(ms / 1000, 1) for ms in values]

"""The figures that a company may set for the treatment of its signals: what each does, and how far it goes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Figure:
    """One of them, by the name of its column. `weaker`: +1 when more protects less, -1 when less does, 0 neither."""

    name: str
    label: str
    unit: str
    low: int
    high: int
    weaker: int
    does: str


FIGURES = (
    Figure(
        "mains_delay_min",
        _("主电断电等待"),
        _("分钟"),
        0,
        240,
        +1,
        _("断电后等这么久再交给值守人员；其间恢复的自动了结并记录。0 为立即。"),
    ),
    Figure(
        "mains_overdue_h",
        _("主电恢复期限"),
        _("小时"),
        1,
        168,
        +1,
        _("断电超过这么久没有恢复信号，报“主电未恢复”。"),
    ),
    Figure(
        "alarm_overdue_min",
        _("报警恢复期限"),
        _("分钟"),
        5,
        1440,
        +1,
        _("报警超过这么久没有恢复信号，报“报警未恢复”。"),
    ),
    Figure(
        "runaway_count",
        _("频繁上报：次数"),
        _("次"),
        3,
        100,
        -1,
        _(
            "同一设备、防区和类别在下面的时间窗里超过这么多次，其余的只记录、不再弹出，并开一件故障。紧急求助、火警、医疗从不受限。"
        ),
    ),
    Figure("runaway_window_s", _("频繁上报：时间窗"), _("秒"), 60, 3600, +1, _("上面的次数在这么多秒之内计算。")),
    Figure(
        "runaway_burst",
        _("频繁上报：余量"),
        _("次"),
        5,
        200,
        -1,
        _("另有一只令牌桶，对付时间窗抓不到的缓慢刷屏：桶里最多这么多次。"),
    ),
    Figure("runaway_per_hour", _("频繁上报：每小时补回"), _("次"), 1, 600, -1, _("用掉的余量每小时补回这么多次。")),
    Figure(
        "confirm_min",
        _("确认警情时限"),
        _("分钟"),
        5,
        60,
        -1,
        _("相邻两个防区，或同一分区内两种探测原理，在这么久之内先后报警，即为确认警情。"),
    ),
    Figure(
        "skew_s", _("设备时钟误差"), _("秒"), 20, 3600, +1, _("设备时间与收到时间相差超过这么多，列入时钟待校清单。")
    ),
    Figure(
        "sweep_days",
        _("新设备追溯"),
        _("天"),
        0,
        90,
        0,
        _("登记一台设备时，把它的账号在这么多天里发来、当时无人认领的信号归入它的历史。"),
    ),
)
BY_NAME = {figure.name: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A figure that goes too far."""

    figure: Figure
    sentence: str = _("须在 %(low)d 至 %(high)d %(unit)s之间。")


def out_of_range(given: Mapping[str, int]) -> list[OutOfRange]:
    """What cannot be set; names that are no figures are not looked at."""
    return [OutOfRange(f) for f in FIGURES if f.name in given and not f.low <= given[f.name] <= f.high]


def weakenings(had: Mapping[str, int], has: Mapping[str, int]) -> list[str]:
    """Sentences in Chinese, for the record."""
    return [
        f"{figure.label}由 {had[figure.name]} 改为 {has[figure.name]} {figure.unit}"
        for figure in FIGURES
        if figure.name in has and (has[figure.name] - had[figure.name]) * figure.weaker > 0
    ]

"""How figures are defined: the percentile rule, the figures with their formulas, limits. No Django, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lianjing.terms.codes import EventClass
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Spread:
    """How values are spread: how many, and the values of these ranks. Without any value all but `n` are None."""

    n: int
    p50: int | None
    p80: int | None
    p95: int | None
    p98_5: int | None
    max: int | None


def nearest_rank(ordered: Sequence[int], per_mille: int) -> int:
    """The smallest value that at least so many thousandths of all values do not exceed; `ordered` ascends, not empty.

    The one percentile rule of the product: a value that really occurred, and never one between two.
    """
    rank = -(-per_mille * len(ordered) // 1000)
    return ordered[max(rank, 1) - 1]


def spread(values: Iterable[int | None]) -> Spread:
    """Missing values count for nothing: a case that has not come so far yet has no time for it."""
    ordered = [value for value in values if value is not None]
    ordered.sort()
    if not ordered:
        return Spread(0, None, None, None, None, None)
    p50, p80, p95, p98_5 = (nearest_rank(ordered, rank) for rank in (500, 800, 950, 985))
    return Spread(len(ordered), p50, p80, p95, p98_5, ordered[-1])


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure: its key outside, its name, and how it is counted, in words."""

    key: str
    name: str
    formula: str
    column: str = ""
    """Of times: the column in milliseconds (`incidents.milestones.LAPSES`)."""


TIMES = (
    Kpi("intake", _("接入时延"), _("t1−t0：从接收机收到到进入队列"), "intake_ms"),
    Kpi("acknowledge", _("受理时间"), _("t3−t1：从进入队列到首次受理"), "acknowledge_ms"),
    Kpi(
        "first_action",
        _("首次处置动作"),
        _("t4−t1：从进入队列到受理后的第一个处置动作；挂起、退回、转交不算"),
        "act_ms",
    ),
    Kpi("action_after_view", _("受理后首次动作"), _("t4−t3：从首次受理到第一个处置动作"), "act_after_ms"),
    Kpi("first_contact", _("首次联系"), _("t5−t1：从进入队列到第一次通话尝试"), "contact_ms"),
    Kpi("verify", _("复核时间"), _("t6−t1：从进入队列到首次复核"), "verify_ms"),
    Kpi("dispatch", _("派遣时间"), _("t7−t1：从进入队列到首次派出巡逻"), "dispatch_ms"),
    Kpi("police", _("报警转发时间"), _("从进入队列到首次转发 110、119 或 120"), "police_ms"),
    Kpi("acceptance", _("巡逻接单时间"), _("t8−t7：从派出到巡逻员接受"), "accept_ms"),
    Kpi("police_acceptance", _("公安接警时间"), _("从转发到公安接受"), "police_accept_ms"),
    Kpi("travel", _("到场路程时间"), _("t10−t8：从接受到到达"), "travel_ms"),
    Kpi("on_scene", _("现场处置时间"), _("t11−t10：从到达到离开"), "on_scene_ms"),
    Kpi("total", _("总时长"), _("t12−t1：从进入队列到结案"), "total_ms"),
)

COUNTS = (
    Kpi("cases", _("案件数"), _("期间内进入队列的案件，含纸质补录")),
    Kpi("on_paper", _("纸质补录"), _("事后补录的案件：计入案件数，不计入各项时间")),
    Kpi("signals_per_case", _("信号案件比"), _("案件中的信号数 ÷ 案件数")),
    Kpi("cases_per_dispatch", _("案件派遣比"), _("案件数 ÷ 派出或转发过的案件数")),
    Kpi("false_dispatch", _("误派率"), _("处置结果为误报的派遣 ÷ 已有处置结果的派遣")),
    Kpi("false_dispatch_site_year", _("每场所每年误派"), _("误报的派遣 ÷ 在用设备的场所数，折算为 365 天")),
    Kpi("alarms_per_hour", _("每人每小时警情"), _("受理的案件 ÷ 有受理的人时（以 10 分钟为一段，有受理的段计入）")),
    Kpi("busy_slots", _("超负荷时段"), _("一人 10 分钟内受理超过 10 件的时段 ÷ 有受理的时段")),
    Kpi("test_supervision", _("按时测试"), _("现在：按时收到测试的设备 ÷ 应当测试的设备")),
    Kpi("contacts_verified", _("联系人核实"), _("现在：有联系人且全部在 180 天内核实过的场所 ÷ 全部场所")),
    Kpi("panel_availability", _("设备线路可用率"), _("激活后的设备小时中，没有全部路径失联的部分")),
)

GAMING = (
    Kpi("quick_holds", _("受理即挂起"), _("受理后 5 秒内挂起的次数")),
    Kpi("quick_closes", _("速结"), _("首次受理后 10 秒内结案的案件")),
    Kpi("same_text", _("雷同处置说明"), _("同一人在期间内写同一段说明 3 次及以上的案件；没有写的不算")),
    Kpi("bulk_clears", _("集中结案"), _("同一人在一分钟内结案 10 件及以上的案件")),
)
"""What people do to look quick. A high figure is a question to ask, and no proof."""

STANDING = (
    Kpi("open", _("未结案"), _("现在未结案的案件，及其中最早一件的时间")),
    Kpi("stale", _("久未处理"), _("现在未结案、进入队列超过 30 分钟仍没有处置动作的案件")),
    Kpi("held", _("挂起"), _("现在挂起的案件，及其中最早一件进入队列的时间")),
    Kpi("on_test", _("测试中"), _("现在在测试中的场所，及其中最早一个的开始时间")),
    Kpi("unrestored", _("未恢复"), _("现在没有恢复的故障与报警，及其中最早一个的时间")),
)

QUICK_CLOSE_MS = 10_000
SAME_TEXT_LEAST = 3
BULK_LEAST = 10
BUSY_SLOT = 10
"""More cases than so many in ten minutes are more than a person can look at."""
SLOTS_AN_HOUR = 6
VERIFIED_DAYS = 180
STALE_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds from the receiver to the first act: 80 % within the first, 98.5 % within the last."""

    danger_first_s: int
    danger_last_s: int
    other_first_s: int
    other_last_s: int


DEFAULT_LIMITS = Limits(30, 60, 90, 180)
"""默认值，来源未核实[mem]: in the style of EN 50518:2019; nobody here has the text of the standard."""

FIRST_SHARE, LAST_SHARE = 800, 985
"""Per mille that must lie within the first and the last limit."""
DANGER = frozenset({EventClass.HOLD_UP, EventClass.FIRE})
LIMIT_RANGE = (5, 3600)


@dataclass(frozen=True, slots=True)
class Rung:
    """One limit of one group of classes: what share it wants, and what share kept to it."""

    group: str
    """`danger` (hold-up and fire) or `other`."""
    seconds: int
    wanted: int
    n: int
    within: int

    @property
    def share(self) -> int | None:
        """Per mille, rounded down: what is not reached is not reached."""
        return self.within * 1000 // self.n if self.n else None

    @property
    def kept(self) -> bool | None:
        return None if self.n == 0 else self.within * 1000 >= self.wanted * self.n


def rungs(group: str, waits: Sequence[int], missed: int, limits: Limits) -> list[Rung]:
    """`waits`: milliseconds from receipt to first act. `missed`: cases without one, older than the last limit."""
    first, last = _limits_of(group, limits)
    steps = ((first, FIRST_SHARE), (last, LAST_SHARE))
    return [
        Rung(group, seconds, wanted, len(waits) + missed, sum(wait <= seconds * 1000 for wait in waits))
        for seconds, wanted in steps
    ]


def _limits_of(group: str, limits: Limits) -> tuple[int, int]:
    if group == "danger":
        return limits.danger_first_s, limits.danger_last_s
    return limits.other_first_s, limits.other_last_s


def wrong_limits(limits: Limits) -> str | None:
    """Why these limits make no sense, as a sentence; None when they do."""
    low, high = LIMIT_RANGE
    pairs = ((limits.danger_first_s, limits.danger_last_s), (limits.other_first_s, limits.other_last_s))
    if any(not low <= seconds <= high for pair in pairs for seconds in pair):
        return _("时限应在 5 至 3600 秒之间。")
    if any(first > last for first, last in pairs):
        return _("80 %% 的时限不能长于 98.5 %% 的时限。")
    return None


AXES = ("grade", "hour", "weekday", "operator", "site_kind")
"""What figures may be grouped by, two at once at most."""
AXES_AT_ONCE = 4

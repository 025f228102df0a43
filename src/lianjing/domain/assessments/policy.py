"""How departments are supervised and assessed: what may be entered, how scores are reckoned, how a cycle may move.

No Django, no clock. The figures that are ours (gap of the log, how long an evaluation counts, shares) are defaults that
a company sets for itself: clause 8.3 names none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from lianjing.core.refusals import Refused
from lianjing.domain.companies.company_standing import months_later
from lianjing.terms.assessments import CyclePeriod, CycleState, ScoredBy, SheetKind
from lianjing.terms.sentences import marked as _

SEE, LOG, EDIT, SCORE = "assessments.see", "assessments.log", "assessments.edit", "assessments.score"
LOG_CHANGED = "supervision.changed"
"""Topic: an entry of the supervision log was written or taken back, or its limits were set."""
CHANGED = "assessment.changed"
"""Topic: an assessment or one of its sheets has moved."""

GAP_DAYS, EVALUATION_MONTHS = 3, 12
"""Ours: workdays that a department may be without an entry, and months for which an evaluation counts."""
GAP_AT_MOST, MONTHS_AT_MOST = 31, 36
SHARES = {SheetKind.SELF: 20, SheetKind.MUTUAL: 30, SheetKind.ASSESSOR: 50}
"""Ours: how much each kind of sheet counts for what is scored by hand."""
WHOLE = 100
CRITERIA_AT_MOST, DEPARTMENTS_AT_MOST = 30, 60
SCALE_AT_MOST = 1000
LONGEST_PERIOD = timedelta(days=366)
PERIOD_DAYS = {CyclePeriod.MONTH: 31, CyclePeriod.QUARTER: 92, CyclePeriod.HALF_YEAR: 184, CyclePeriod.YEAR: 366}
"""The longest of each kind by the calendar."""
GRACE = timedelta(days=31)
"""Ours: so long after the end of its next period an assessment may be scored and is still in its rhythm."""
LOG_BACK = timedelta(days=31)
"""So far back a day can be entered; the entry says when it was written."""
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class NewCriterion:
    """One line of a set. `full_at` and `zero_at`: the figure at which it has all of its points, and none."""

    name: str
    weight: int
    scale: int = WHOLE
    scored_by: str = ScoredBy.HAND.value
    figure: str = ""
    full_at: Decimal | None = None
    zero_at: Decimal | None = None
    looks_at: str = ""
    """What is looked at, and where its evidence lies."""


def check_criteria(wanted: Sequence[NewCriterion]) -> None:
    """Raises Refused for a set by which nobody could be scored: the field is "criteria", or a column with the place of
    its line, from 0 ("weight-2")."""
    if not wanted:
        raise Refused("criteria", _("至少要有一项指标。"))
    if len(wanted) > CRITERIA_AT_MOST:
        raise Refused(
            "criteria", _("最多 %(limit)d 项，现有 %(count)d 项。"), limit=CRITERIA_AT_MOST, count=len(wanted)
        )
    names = [one.name.strip() for one in wanted]
    for place, one in enumerate(wanted):
        _check_criterion(place, one)
        if names[place] in names[:place]:
            raise Refused(f"name-{place}", _("指标“%(name)s”写了两次。"), name=names[place][:60])
    total = sum(one.weight for one in wanted)
    if total != WHOLE:
        raise Refused("criteria", _("权重合计 %(total)d%%，应为 100%%。"), total=total)


def _check_criterion(place: int, one: NewCriterion) -> None:
    name = one.name.strip()[:60]
    if not name:
        raise Refused(f"name-{place}", _("这一项指标没有名称。"))
    _check_weight(place, name, one.weight)
    _check_scale(place, name, one.scale)
    if one.scored_by == ScoredBy.HAND:
        return
    if not one.figure:
        raise Refused(f"figure-{place}", _("“%(name)s”按运行数据评分，请选数据。"), name=name)
    _check_border(f"full_at-{place}", name, one.full_at, _("“%(name)s”按运行数据评分，请填满分值。"))
    _check_border(f"zero_at-{place}", name, one.zero_at, _("“%(name)s”按运行数据评分，请填零分值。"))
    if one.full_at == one.zero_at:
        raise Refused(f"zero_at-{place}", _("“%(name)s”的满分值和零分值相同，分不出高低。"), name=name)


def _check_weight(place: int, name: str, weight: int) -> None:
    field, told = f"weight-{place}", {"name": name, "weight": weight}
    if weight < 0:
        raise Refused(field, _("“%(name)s”的权重 %(weight)d 是负数，应为 1 至 100。"), **told)
    if weight == 0:
        raise Refused(field, _("“%(name)s”没有权重，请填 1 至 100。"), **told)
    if weight > WHOLE:
        raise Refused(field, _("“%(name)s”的权重 %(weight)d 超过 100。"), **told)


def _check_scale(place: int, name: str, scale: int) -> None:
    field, told = f"scale-{place}", {"name": name, "scale": scale, "limit": SCALE_AT_MOST}
    if scale < 1:
        raise Refused(field, _("“%(name)s”的满分 %(scale)d 不是正数，应为 1 至 %(limit)d。"), **told)
    if scale > SCALE_AT_MOST:
        raise Refused(field, _("“%(name)s”的满分 %(scale)d 超过 %(limit)d。"), **told)


def _check_border(field: str, name: str, value: Decimal | None, lacking: str) -> None:
    """No figure of operations is below nothing."""
    if value is None:
        raise Refused(field, lacking, name=name)
    if value < 0:
        sentence = _("“%(name)s”的运行数据没有负数，%(value)s 不能作界限。")
        raise Refused(field, sentence, name=name, value=format(value.normalize(), "f"))


def points_of(value: Decimal, full_at: Decimal, zero_at: Decimal, scale: int) -> Decimal:
    """All points at `full_at` or better, none at `zero_at` or worse, in between in proportion; to a tenth."""
    share = (value - zero_at) / (full_at - zero_at)
    return rounded(min(max(share, Decimal(0)), Decimal(1)) * scale)


def rounded(points: Decimal) -> Decimal:
    return points.quantize(TENTH, ROUND_HALF_UP)


def check_score(name: str, score: Decimal, scale: int) -> Decimal:
    """Raises Refused for points outside the scale of their criterion, or finer than a tenth."""
    told = {"name": name, "score": format(score.normalize(), "f") if score.is_finite() else str(score), "scale": scale}
    if not score.is_finite():
        raise Refused("score", _("“%(name)s”的得分应为数字。"), **told)
    if score < 0:
        raise Refused("score", _("“%(name)s”的得分 %(score)s 是负数，最低 0 分。"), **told)
    if score > scale:
        raise Refused("score", _("“%(name)s”的得分 %(score)s 超过满分 %(scale)d。"), **told)
    if score != rounded(score):
        raise Refused("score", _("“%(name)s”的得分 %(score)s 最多写一位小数。"), **told)
    return score


@dataclass(frozen=True, slots=True)
class NewCycle:
    """An assessment to be: of which period, which departments (ids), by which set, who answers for it (staff number),
    until when sheets are due and the analysis."""

    name: str
    period: str
    first_on: date | None
    last_on: date | None
    criteria_id: int
    departments: tuple[int, ...]
    responsible_no: str
    sheets_due_on: date | None
    analysis_due_on: date | None
    shares: Mapping[SheetKind, int]


def check_cycle(new: NewCycle) -> tuple[date, date, date, date]:
    """Its first and last day, and by when sheets and analysis are due. Raises Refused for days and shares that do not
    fit each other."""
    if new.first_on is None or new.last_on is None:
        raise Refused("last_on" if new.first_on else "first_on", _("请填写。"))
    told = {"first": str(new.first_on), "last": str(new.last_on)}
    if new.last_on < new.first_on:
        raise Refused("last_on", _("考核期的末日 %(last)s 早于首日 %(first)s。"), **told)
    if new.last_on - new.first_on >= LONGEST_PERIOD:
        raise Refused("last_on", _("考核期 %(first)s 至 %(last)s 超过一年，请核对年份。"), **told)
    _check_length(new.period, new.first_on, new.last_on)
    if new.sheets_due_on is None or new.sheets_due_on < new.first_on:
        raise Refused("sheets_due_on", _("评分期限应在考核期首日 %(first)s 以后。"), **told)
    if new.analysis_due_on is None or new.analysis_due_on < new.sheets_due_on:
        raise Refused("analysis_due_on", _("分析期限应不早于评分期限 %(due)s。"), due=str(new.sheets_due_on))
    _check_departments(new.departments)
    total = sum(new.shares.get(kind, 0) for kind in SheetKind)
    if total != WHOLE or any(new.shares.get(kind, 0) < 0 for kind in SheetKind):
        raise Refused("shares", _("自评、互评、考核三项占比合计 %(total)d%%，应为 100%%。"), total=total)
    return new.first_on, new.last_on, new.sheets_due_on, new.analysis_due_on


def _check_length(period: str, first: date, last: date) -> None:
    """An assessment is about one period of its kind, by which the next one is reckoned (8.3.1); one that began in the
    middle of it is shorter, and none is longer."""
    kind = CyclePeriod.of(period)
    if kind is None:
        raise Refused("period", _("没有这个周期。"))
    days, limit = (last - first).days + 1, PERIOD_DAYS[kind]
    if days > limit:
        sentence = _("考核期有 %(days)d 天，所选周期最多 %(limit)d 天，请改末日或周期。")
        raise Refused("last_on", sentence, days=days, limit=limit)


def _check_departments(departments: Sequence[int]) -> None:
    if len(set(departments)) < 2:
        raise Refused("departments", _("至少选两个部门：一个部门没有相互评价的对象。"))
    if len(set(departments)) > DEPARTMENTS_AT_MOST:
        limit, count = DEPARTMENTS_AT_MOST, len(set(departments))
        raise Refused("departments", _("最多 %(limit)d 个部门，现有 %(count)d 个。"), limit=limit, count=count)


def round_robin(departments: Sequence[int], turn: int) -> list[tuple[int, int]]:
    """(who is evaluated, by whom): each once, each evaluates once, nobody himself; another neighbour every turn."""
    step = 1 + turn % (len(departments) - 1)
    return [(one, departments[(place + step) % len(departments)]) for place, one in enumerate(departments)]


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table of an assessment. `elsewhere`: what is said in any other state."""

    states: frozenset[CycleState]
    to: CycleState
    elsewhere: str


S = CycleState
MOVES = {
    "open": Move(frozenset({S.DRAFT}), S.OPEN, _("只有草稿才能开始评分。")),
    "score": Move(frozenset({S.OPEN}), S.SCORED, _("评分中的考核才能确定得分。")),
    "analyse": Move(frozenset({S.SCORED}), S.ANALYSED, _("确定得分之后才写分析。")),
    "close": Move(frozenset({S.ANALYSED}), S.CLOSED, _("还没有写分析和措施，不能关闭。")),
    "cancel": Move(frozenset({S.DRAFT, S.OPEN}), S.CANCELLED, _("确定得分以后不能作废。")),
}
NEXT_MOVES = {S.DRAFT: "open", S.OPEN: "score", S.SCORED: "analyse", S.ANALYSED: "close"}
"""The one next step of each state."""
_ENDED = {S.CLOSED: _("这次考核已经关闭。"), S.CANCELLED: _("这次考核已经作废。")}


def check_move(name: str, state: str) -> str:
    """The next state. Raises Refused where the table has no such move."""
    move, now = MOVES[name], CycleState(state)
    if now not in move.states:
        raise Refused("", _ENDED.get(now) or move.elsewhere)
    return move.to.value


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion as it is reckoned with: its weight and scale, whether a figure of operations fills it."""

    id: int
    weight: int
    scale: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a hundred. None: nothing of that kind was scored."""

    total: Decimal | None
    by_kind: Mapping[SheetKind, Decimal | None]
    figures: Decimal | None

    @property
    def deviation(self) -> Decimal | None:
        """How much better a department has scored itself than the others did."""
        own, others = self.by_kind[SheetKind.SELF], self.by_kind[SheetKind.MUTUAL]
        return None if own is None or others is None else own - others


def totals(
    lines: Iterable[Line],
    fixed: Mapping[int, Decimal],
    scores: Mapping[SheetKind, Mapping[int, Decimal]],
    shares: Mapping[SheetKind, int],
) -> Totals:
    """What a department comes to. `fixed`: points by criterion that do not rest on sheets; of every other criterion
    what the three kinds gave, by their shares. `by_kind` compares what all three have scored."""
    wanted = list(lines)
    by_hand = [one for one in wanted if one.id not in fixed]
    parts = [(one, fixed.get(one.id)) for one in wanted if one.id in fixed]
    parts += [(one, _mixed(one.id, scores, shares)) for one in by_hand]
    whole = None if any(points is None for _one, points in parts) else _of_hundred(parts)
    kinds = {kind: _of_hundred([(one, scores.get(kind, {}).get(one.id)) for one in by_hand]) for kind in SheetKind}
    return Totals(whole, kinds, _of_hundred([(one, fixed[one.id]) for one in wanted if one.id in fixed]))


def _mixed(
    criterion: int, scores: Mapping[SheetKind, Mapping[int, Decimal]], shares: Mapping[SheetKind, int]
) -> Decimal | None:
    found = Decimal(0)
    for kind, share in shares.items():
        points = scores.get(kind, {}).get(criterion)
        if share and points is None:
            return None
        found += (points or Decimal(0)) * share / WHOLE
    return found


def _of_hundred(parts: Sequence[tuple[Line, Decimal | None]]) -> Decimal | None:
    """The weighted mean of those that have points."""
    held = [(one, points) for one, points in parts if points is not None]
    weight = sum(one.weight for one, _points in held)
    if not weight:
        return None
    return rounded(sum((points / one.scale * one.weight for one, points in held), Decimal(0)) * WHOLE / weight)


def check_limits(gap_days: int, evaluation_months: int) -> None:
    """Raises Refused for what is no limit."""
    if not 1 <= gap_days <= GAP_AT_MOST:
        raise Refused("gap_days", _("应为 1 至 %(limit)d 个工作日。"), limit=GAP_AT_MOST)
    if not 1 <= evaluation_months <= MONTHS_AT_MOST:
        raise Refused("evaluation_months", _("应为 1 至 %(limit)d 个月。"), limit=MONTHS_AT_MOST)


def check_log_day(day: date | None, today: date) -> date:
    """The day that was looked at: today, or lately. Raises Refused."""
    if day is None:
        raise Refused("day", _("请填写。"))
    if day > today:
        raise Refused("day", _("日期 %(day)s 还没有到（今天 %(today)s）。"), day=str(day), today=str(today))
    if day < today - LOG_BACK:
        raise Refused("day", _("日期 %(day)s 已超过 31 天，不能补记日常监督。"), day=str(day))
    return day


def next_scored_by(last_on: date, period: str) -> date:
    """The last day on which the company is in the rhythm that an assessment of a period has set."""
    return months_later(last_on, CyclePeriod(period).months) + GRACE


def period_of(period: str, today: date) -> tuple[date, date]:
    """The last whole period of that kind that is over: what a form offers."""
    months = CyclePeriod(period).months
    begins = date(today.year, (today.month - 1) // months * months + 1, 1)
    last = begins - timedelta(days=1)
    return date(last.year, (last.month - 1) // months * months + 1, 1), last

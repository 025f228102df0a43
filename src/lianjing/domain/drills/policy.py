"""How a drill may move, what it needs before it does, and how long there is for what. No Django, no clock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.terms.drills import DrillKind, DrillRole, DrillState
from lianjing.terms.sentences import Phrase, listed
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

SEE, EDIT, APPROVE, OBSERVE, REVIEW = "drills.see", "drills.edit", "drills.approve", "drills.observe", "drills.review"
CHANGED, REVIEWED = "drill.changed", "drill.reviewed"
"""Topics: something about drills or their programme changed; something was looked back on."""

A_YEAR_AT_LEAST = 2
"""8.4.1 b: 每年演练不少于2次."""
REVIEW_DAYS = 14
"""Within so many days what happened is looked back on, as long as the company has set nothing. Ours."""
REVIEW_DAYS_AT_MOST = 90
OWED = ("real", "undetermined")
"""Dispositions of cases of the two highest grades that must be looked back on (docs/decisions/0031)."""
OWED_GRADES = (1, 2)
INJECTS_AT_MOST, PARTICIPANTS_AT_MOST, PLANS_AT_MOST, LINES_AT_MOST = 60, 100, 20, 60
MINUTES_AT_MOST = 24 * 60
SHORTEST = timedelta(minutes=1)
"""As by hand, where a time has no seconds: one that ends in the minute in which it began was not held."""
LONGEST = timedelta(hours=24)
"""A drill that goes on for longer has not been ended, or its day is wrong."""
TEXT_LIMIT = 1000

S = DrillState


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the transition table: from which states, to which."""

    states: frozenset[str]
    to: str
    elsewhere: str
    """What to say in another state."""
    not_from_paper: str = ""
    """What to say of a drill that is entered from paper; "": it is moved as any other."""
    not_by_recorder: str = ""
    """What to say to whoever recorded it as held; "": he may as well as others."""


MOVES: Mapping[str, Move] = {
    "edit": Move(frozenset({S.PLANNED}), S.PLANNED, _("只有还没准备好的演练能修改；已准备好的请先退回修改。")),
    "prepare": Move(frozenset({S.PLANNED}), S.PREPARED, _("这次演练已经准备好了。")),
    "unprepare": Move(frozenset({S.PREPARED}), S.PLANNED, _("只有已准备、还没开始的演练能退回修改。")),
    "begin": Move(
        frozenset({S.PREPARED}),
        S.UNDER_WAY,
        _("准备好、还没开始的演练才能开始。"),
        _("这次演练按纸质记录补录，不能现在开始，请补记起止时间。"),
    ),
    "observe": Move(frozenset({S.UNDER_WAY, S.HELD}), "", _("演练开始之后、复盘之前才能记观察。")),
    "end": Move(frozenset({S.UNDER_WAY}), S.HELD, _("只有进行中的演练能结束。")),
    "hold": Move(frozenset({S.PREPARED}), S.HELD, _("准备好、还没开始的演练才能补记。")),
    "evaluate": Move(frozenset({S.HELD}), S.HELD, _("演练结束之后、复盘之前才能评分。")),
    "review": Move(frozenset({S.HELD}), S.REVIEWED, _("演练结束之后才能复盘，且只复盘一次。")),
    "attach": Move(
        frozenset({S.PLANNED, S.PREPARED, S.UNDER_WAY, S.HELD, S.REVIEWED}), "", _("演练已经归档或取消，不再加附件。")
    ),
    "archive": Move(frozenset({S.REVIEWED}), S.ARCHIVED, _("还没有复盘，不能归档。")),
    "cancel": Move(
        frozenset({S.PLANNED, S.PREPARED, S.UNDER_WAY}),
        S.CANCELLED,
        _("演练已经举行，不能取消；记错的，由记入人以外的人在复盘之前收回。"),
    ),
    "retract": Move(
        frozenset({S.HELD}),
        S.CANCELLED,
        _("只有已举行、还没有复盘的演练能收回。"),
        not_by_recorder=_("这次演练由您记为已举行，不能自己收回，请由另一人收回。"),
    ),
}
"""The one transition table of drills: what is not in here cannot be done."""


_BY_OTHERS = {"observe": OBSERVE, "evaluate": OBSERVE, "begin": OBSERVE, "end": OBSERVE, "review": REVIEW}


def permission_of(move: str) -> str:
    """Who may make a move."""
    return _BY_OTHERS.get(move, EDIT)


def check_move(name: str, state: str, *, from_paper: bool = False, is_recorder: bool = False) -> str:
    """The state that it moves to. Raises Refused."""
    move = MOVES[name]
    if state == S.CANCELLED:
        raise Refused("", _("演练已经取消。"))
    if state not in move.states:
        raise Refused("", move.elsewhere)
    if from_paper and move.not_from_paper:
        raise Refused("", move.not_from_paper)
    if is_recorder and move.not_by_recorder:
        raise Refused("", move.not_by_recorder)
    return move.to or state


@dataclass(frozen=True, slots=True)
class Inject:
    """A line of the script: how many minutes after the beginning, what is told or done, what is expected then."""

    minute: int
    text: str
    expected: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"minute": self.minute, "text": self.text, "expected": self.expected}


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a drill is to be. Dates, texts and the injects in their order."""

    planned_on: date
    aim: str = ""
    scenario: str = ""
    place: str = ""
    safety: str = ""
    stop_word: str = ""
    script: tuple[Inject, ...] = ()


def checked_script(script: Sequence[Inject]) -> list[dict[str, Any]]:
    """As the column holds it, in the order of time. Raises Refused."""
    if len(script) > INJECTS_AT_MOST:
        raise Refused("script", _("最多 %(limit)d 条，现有 %(count)d 条。"), limit=INJECTS_AT_MOST, count=len(script))
    for place, one in enumerate(script, 1):
        if not one.text.strip():
            raise Refused("script", _("脚本第 %(place)d 条没有写内容。"), place=place)
        if not storable(one.text + one.expected):
            raise Refused("script", _("脚本第 %(place)d 条含有不能保存的字符。"), place=place)
        if not 0 <= one.minute <= MINUTES_AT_MOST:
            raise Refused(
                "script",
                _("脚本第 %(place)d 条的时间应在 0 到 %(limit)d 分钟之间。"),
                place=place,
                limit=MINUTES_AT_MOST,
            )
        if len(one.text) > 300 or len(one.expected) > 300:
            raise Refused("script", _("脚本第 %(place)d 条太长，最多 %(limit)d 个字。"), place=place, limit=300)
    return [one.as_json() for one in sorted(script, key=lambda one: one.minute)]


def check_planned_day(planned_on: date, year: int) -> None:
    """Raises Refused for a day in another year than that of the programme."""
    if planned_on.year != year:
        raise Refused("planned_on", _("日期 %(day)s 不在 %(year)d 年计划之内。"), day=str(planned_on), year=year)


def check_ahead(planned_on: date, today: date) -> None:
    """Raises Refused for the day of a plan that is over."""
    if planned_on < today:
        sentence = _("日期 %(day)s 已经过去（今天 %(today)s）；那天已经举行的，请按纸质记录补录。")
        raise Refused("planned_on", sentence, day=str(planned_on), today=str(today))


def check_over(held_on: date, today: date) -> None:
    """Raises Refused for the day of a drill from paper that is still to come."""
    if held_on > today:
        sentence = _("日期 %(day)s 还没有到（今天 %(today)s），不能补录。")
        raise Refused("planned_on", sentence, day=str(held_on), today=str(today))


def check_held_on(began_on: date, told_on: date) -> None:
    """Raises Refused for a drill from paper that began on another day than that for which its people were cast."""
    if began_on != told_on:
        sentence = _("开始的日期 %(began)s 与补录的演练日期 %(told)s 不一致。")
        raise Refused("began_at", sentence, began=str(began_on), told=str(told_on))


def check_kind(kind: str, planned: str) -> None:
    """Raises Refused for a kind that the programme does not plan."""
    chosen = DrillKind.of(kind)
    if chosen is None:
        raise Refused("kind", _("没有这个种类。"))
    if chosen != planned:
        sentence = _("计划里这一项是%(planned)s，不能改为%(kind)s；请先修订年度计划。")
        raise Refused("kind", sentence, planned=Phrase(DrillKind(planned).zh), kind=Phrase(chosen.zh))


@dataclass(frozen=True, slots=True)
class Ready:
    """A drill as `check_ready` sees it."""

    kind: str
    told: Mapping[str, str]
    """Aim, scenario, safety and stop_word."""
    injects: int
    roles: Collection[str]
    plans: int
    absent: Sequence[str]
    """Names of participants who are not at work on the day."""


def check_ready(one: Ready) -> None:
    """Raises Refused for the first thing that is missing before it may be held."""
    kind = DrillKind(one.kind)
    needed = ["aim", "scenario", *(("safety", "stop_word") if kind.is_on_site else ())]
    for name in needed:
        if not one.told[name].strip():
            raise Refused(name, _MISSING[name])
    if not one.injects:
        raise Refused("script", _("脚本还是空的，至少写一条投入。"))
    roles = [DrillRole.DIRECTOR, DrillRole.PLAYER, *((DrillRole.EVALUATOR,) if kind.counts else ())]
    missing = [role.zh for role in roles if role not in one.roles]
    if missing:
        raise Refused("participants", _("还没有%(role)s。"), role=listed(missing))
    if one.absent:
        raise Refused("participants", _("演练当天不在职：%(names)s。"), names="、".join(one.absent[:10]))
    if kind.counts and not one.plans:
        raise Refused("plans", _("还没有选这次演练的预案。"))


_MISSING = {
    "aim": _("还没有写目的。"),
    "scenario": _("还没有写情景。"),
    "safety": _("功能演练和实战演练须写明安全措施。"),
    "stop_word": _("功能演练和实战演练须约定叫停词。"),
}


def check_times(began_at: datetime | None, ended_at: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """When it was held. Raises Refused."""
    if began_at is None:
        raise Refused("began_at", _("请填写。"))
    if ended_at is None:
        raise Refused("ended_at", _("请填写。"))
    if ended_at <= began_at:
        raise Refused("ended_at", _("结束须晚于开始，请核对。"))
    if ended_at - began_at < SHORTEST:
        raise Refused("ended_at", _("从开始到结束不到 1 分钟，不能记为已举行；请在演练真正结束时再记结束。"))
    if ended_at > now:
        raise Refused("ended_at", _("结束时间还没有到，不能记为已举行。"))
    if ended_at - began_at > LONGEST:
        raise Refused("ended_at", _("演练持续超过 %(hours)d 小时，请核对日期。"), hours=24)
    return began_at, ended_at


def seen_at(began_at: datetime, ended_at: datetime | None, seconds: int | None, now: datetime) -> datetime:
    """When something was seen: now, or so many seconds after the beginning. Raises Refused."""
    last = ended_at or now
    if seconds is None:
        if ended_at is not None:
            raise Refused("offset", _("演练已经结束，请填观察的时间。"))
        return now
    if seconds < 0 or began_at + timedelta(seconds=seconds) > last:
        raise Refused("offset", _("时间须在演练开始与结束之间。"))
    return began_at + timedelta(seconds=seconds)


def review_due(happened_on: date, days: int) -> date:
    """The last day of the term."""
    return date.max if (date.max - happened_on).days < days else happened_on + timedelta(days=days)


def number_of(year: int, count: int) -> str:
    return f"D-{year}-{count:02d}"

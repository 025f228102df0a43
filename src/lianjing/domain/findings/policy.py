"""How a finding may move, who may move it, and by when its next act is expected. No Django, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lianjing.core.refusals import Refused
from lianjing.terms.findings import FindingGrade, FindingSource, FindingState
from lianjing.terms.sentences import marked as _

SEE, EDIT, VERIFY = "findings.see", "findings.edit", "findings.verify"
CHANGED = "finding.changed"
"""Topic: a finding was raised or moved, or its source turned."""

CONFIRM_DAYS = {"major": 3, "minor": 7, "observation": 30, "opportunity": 30}
"""So many days after it was raised somebody ought to have taken it up. Ours; it only orders the list."""
VERIFY_DAYS = 7
"""So many days after it was done it ought to have been verified. Ours as well."""
LONGEST_DUE = timedelta(days=3 * 366)

LOOKED_BACK = frozenset({FindingSource.DRILL.value, FindingSource.INCIDENT.value})
"""Sources of reviews: their findings revise a plan that is tried again."""

S = FindingState
OPEN = frozenset(state.value for state in S if state.is_open)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is impossible, as a sentence with its figures."""

    sentence: str
    figures: dict[str, object]


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding as the table below sees it, for one person who wants to move it."""

    state: str
    is_owner: bool = False
    reported_done: bool = False
    """This person is who reported it as done."""
    has_measure: bool = False
    source_bad: str = ""
    """The source that is still not good, in words; "" when it is good again, or says nothing by itself."""
    check_open: bool = False
    """A look at whether the measure has worked is planned and has not been taken."""
    other_open: str = ""
    """The number of another open finding about the same source."""
    lacking: Refusal | None = None
    """The first that is missing of what has to be so before it is verified and closed (`conditions.py`)."""


Check = Callable[[Standing], Refusal | None]


def _not_who_did_it(one: Standing) -> Refusal | None:
    if one.is_owner:
        return Refusal(_("您是责任人，不能复核自己的整改，请由他人复核。"), {})
    if one.reported_done:
        return Refusal(_("整改由您报告完成，不能自己复核，请由他人复核。"), {})
    return None


def _not_owner(one: Standing) -> Refusal | None:
    return Refusal(_("您是责任人，不能自行作废，请由他人决定。"), {}) if one.is_owner else None


def _measured(one: Standing) -> Refusal | None:
    return None if one.has_measure else Refusal(_("还没有写明根因和措施，不能报告完成。"), {})


def _source_good(one: Standing) -> Refusal | None:
    if not one.source_bad:
        return None
    return Refusal(_("“%(source)s”还没有恢复符合，不能关闭；恢复后自动关闭。"), {"source": one.source_bad})


def _conditions_met(one: Standing) -> Refusal | None:
    return one.lacking


def _check_planned(one: Standing) -> Refusal | None:
    return None if one.check_open else Refusal(_("没有待做的有效性检查。"), {})


def _only_one(one: Standing) -> Refusal | None:
    if not one.other_open:
        return None
    return Refusal(_("同一来源已另有未关闭的整改 %(number)s，请在那一件里继续。"), {"number": one.other_open})


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table."""

    permission: str
    states: frozenset[str]
    to: dict[str, str]
    """New state by present state; a state that is not named stays."""
    checks: tuple[Check, ...] = ()
    by_owner: bool = False
    """The owner may, too, whatever else he may."""
    elsewhere: str = ""
    """What to say in an open state that `states` does not list."""


def _to(state: str, *from_states: str) -> dict[str, str]:
    return dict.fromkeys(from_states, state)


_WORKING = frozenset({S.ASSIGNED.value, S.IN_PROGRESS.value})
_BEFORE_VERIFIED = frozenset(OPEN - {S.VERIFIED.value})

MOVES: dict[str, Move] = {
    "confirm": Move(
        EDIT, frozenset({S.IDENTIFIED}), _to(S.CONFIRMED, S.IDENTIFIED), elsewhere=_("这件整改已经确认过。")
    ),
    "regrade": Move(EDIT, _BEFORE_VERIFIED, {}, elsewhere=_("整改已经复核，不再改级别。")),
    "assign": Move(
        EDIT,
        frozenset({S.CONFIRMED, *_WORKING}),
        _to(S.ASSIGNED, S.CONFIRMED),
        elsewhere=_("确认之后、报告完成之前才能派责任人。"),
    ),
    "plan": Move(
        EDIT,
        _WORKING,
        _to(S.IN_PROGRESS, S.ASSIGNED),
        by_owner=True,
        elsewhere=_("派了责任人、报告完成之前才能写措施。"),
    ),
    "note": Move(EDIT, OPEN, {}, by_owner=True),
    "finish": Move(
        EDIT,
        _WORKING,
        _to(S.DONE, S.IN_PROGRESS),
        (_measured,),
        by_owner=True,
        elsewhere=_("正在整改的才能报告完成。"),
    ),
    "verify": Move(
        VERIFY,
        frozenset({S.DONE}),
        _to(S.VERIFIED, S.DONE),
        (_not_who_did_it, _conditions_met),
        elsewhere=_("报告完成之后才能复核。"),
    ),
    "return": Move(
        VERIFY,
        frozenset({S.DONE, S.VERIFIED}),
        _to(S.IN_PROGRESS, S.DONE, S.VERIFIED),
        (_not_who_did_it,),
        elsewhere=_("报告完成之后才能退回。"),
    ),
    "close": Move(
        VERIFY,
        frozenset({S.VERIFIED}),
        _to(S.CLOSED, S.VERIFIED),
        (_source_good, _conditions_met),
        elsewhere=_("措施还没有经他人复核，不能关闭。"),
    ),
    "dismiss": Move(
        VERIFY,
        _BEFORE_VERIFIED,
        dict.fromkeys(_BEFORE_VERIFIED, S.DISMISSED),
        (_not_owner,),
        elsewhere=_("整改已经复核，不能作废。"),
    ),
    "effective": Move(
        VERIFY,
        frozenset({S.VERIFIED, S.CLOSED}),
        {},
        (_check_planned, _not_who_did_it),
        elsewhere=_("复核之后才检查有效性。"),
    ),
    "ineffective": Move(
        VERIFY,
        frozenset({S.VERIFIED, S.CLOSED}),
        _to(S.ASSIGNED, S.VERIFIED, S.CLOSED),
        (_check_planned, _not_who_did_it, _only_one),
        elsewhere=_("复核之后才检查有效性。"),
    ),
    "reopen": Move(
        VERIFY,
        frozenset({S.CLOSED, S.DISMISSED}),
        {S.CLOSED: S.ASSIGNED, S.DISMISSED: S.IDENTIFIED},
        (_only_one,),
        elsewhere=_("只有已关闭或已作废的才能重新打开。"),
    ),
}
"""The one transition table: what is not in here cannot be done."""

_ENDED = {
    S.CLOSED.value: _("这件整改已经关闭。"),
    S.DISMISSED.value: _("这件整改已经作废。"),
}


def refusal(move_name: str, one: Standing) -> Refusal | None:
    """Why `move_name` is impossible for this person now; None when it is possible."""
    move = MOVES[move_name]
    if one.state not in move.states:
        return Refusal(_ENDED.get(one.state) or move.elsewhere, {})
    for check in move.checks:
        if (refused := check(one)) is not None:
            return refused
    return None


def next_state(move_name: str, state: str) -> str:
    return str(MOVES[move_name].to.get(state, state))


NEXT_MOVES = {
    S.IDENTIFIED.value: "confirm",
    S.CONFIRMED.value: "assign",
    S.ASSIGNED.value: "plan",
    S.IN_PROGRESS.value: "finish",
    S.DONE.value: "verify",
    S.VERIFIED.value: "close",
    S.CLOSED.value: "effective",
}
"""The one next step of each state, where it is possible."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a finding that its order in the list follows from."""

    raised_on: date
    due_on: date | None = None
    done_on: date | None = None
    verified_on: date | None = None
    check_on: date | None = None
    """Only while the check has not been done."""


def next_day(state: str, grade: str, days: Days) -> date:
    """By when the next act is expected: that somebody takes it up, does it, verifies it, looks whether it worked."""
    if state in _WORKING and days.due_on is not None:
        return days.due_on
    if state == S.DONE and days.done_on is not None:
        return days.done_on + timedelta(days=VERIFY_DAYS)
    if days.verified_on is not None and state in (S.VERIFIED, S.CLOSED):
        return days.check_on or days.verified_on + timedelta(days=VERIFY_DAYS)
    return days.raised_on + timedelta(days=CONFIRM_DAYS[grade])


def is_overdue(state: str, due_on: date | None, on: date) -> bool:
    """Its day is over and the work is not reported as done."""
    return state in _WORKING and due_on is not None and due_on < on


def is_bad(watch_key: str, good_since: datetime | None) -> bool:
    """Whether its source says that it is still not good. Of a source that says nothing by itself: no."""
    return bool(watch_key) and good_since is None


def check_due(due_on: date | None, today: date) -> date:
    """Raises Refused for a day by which nothing can be done."""
    if due_on is None:
        raise Refused("due_on", _("请填写。"))
    if due_on < today:
        sentence = _("期限 %(day)s 早于今天（%(today)s），请填今天或以后的日期。")
        raise Refused("due_on", sentence, day=str(due_on), today=str(today))
    if due_on > today + LONGEST_DUE:
        raise Refused("due_on", _("期限 %(day)s 超过三年，请核对年份。"), day=str(due_on))
    return due_on


def check_effect_day(check_on: date | None, today: date) -> date | None:
    """The day of the look whether it worked: none, or one to come. Raises Refused."""
    if check_on is not None and check_on <= today:
        sentence = _("有效性检查日期 %(day)s 应晚于今天（%(today)s）：措施要先运行一段时间。")
        raise Refused("check_on", sentence, day=str(check_on), today=str(today))
    if check_on is not None and check_on > today + LONGEST_DUE:
        raise Refused("check_on", _("检查日期 %(day)s 超过三年，请核对年份。"), day=str(check_on))
    return check_on


def check_retest(retested_on: date | None, done_on: date, today: date) -> date:
    """The day on which it was tried again: after it was done, and not to come. Raises Refused."""
    if retested_on is None:
        raise Refused("retested_on", _("这件整改须复测，请填复测的日期。"))
    if not done_on <= retested_on <= today:
        sentence = _("复测日期 %(day)s 应在报告完成（%(done)s）之后，且不晚于今天（%(today)s）。")
        raise Refused("retested_on", sentence, day=str(retested_on), done=str(done_on), today=str(today))
    return retested_on


def keeps_what_it_revises(source_kind: str, needs_retest: bool) -> bool:
    """What a review asked for, the plan to revise and its re-test, is not for whoever puts it right to waive."""
    return needs_retest and source_kind in LOOKED_BACK


def worse(grade: str, than: str) -> bool:
    return FindingGrade(grade).rank < FindingGrade(than).rank


def number_of(year: int, count: int) -> str:
    return f"R-{year}-{count:03d}"


CLAUSES_AT_MOST, NUMBER_LIMIT = 10, 40
"""So many of so many signs, each with a bar behind it, go into the column."""


def joined_clauses(numbers: tuple[str, ...]) -> str:
    """As the column holds them. Raises Refused for what is no number of a clause."""
    kept = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    bad = next((number for number in kept if "|" in number or len(number) > NUMBER_LIMIT), None)
    if bad is not None:
        raise Refused("clauses", _("“%(number)s”不是条款号。"), number=bad[:NUMBER_LIMIT])
    if len(kept) > CLAUSES_AT_MOST:
        raise Refused("clauses", _("最多 %(limit)d 条，现有 %(count)d 条。"), limit=CLAUSES_AT_MOST, count=len(kept))
    return f"|{'|'.join(kept)}|" if kept else ""


def split_clauses(joined: str) -> tuple[str, ...]:
    return tuple(filter(None, joined.split("|")))

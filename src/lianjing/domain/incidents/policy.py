"""How a case may move, when a signal joins it, and how long it may wait. No Django, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from lianjing.terms.codes import ALARM_CLASSES, LIFE_CLASSES, EventClass, Grade
from lianjing.terms.sentences import marked as _

JOIN_WINDOW = timedelta(minutes=30)
"""A signal joins its site's case of its class while the last signal of the case is not older than this."""

STORM_CASES = 20
STORM_WINDOW = timedelta(seconds=60)
"""When so many sites of a company report one fault within the window, the rest share one case."""

_STORMY = frozenset({EventClass.FAULT, EventClass.SYSTEM})


def is_stormy(event_class: str, grade: int) -> bool:
    """Whether many at once have one cause outside: never an alarm, each of which is somebody in danger.

    Of openings and closings only what a panel itself reports as not done in time. An opening that the schedule objects
    to may be a stolen code, however many open at that moment.
    """
    return event_class in _STORMY or (event_class == EventClass.OPEN_CLOSE and grade < Grade.FOURTH)


HOWS = ("call", "video", "patrol", "platform")
SEEN_THERE = ("video", "patrol")
"""Ways of verifying by which somebody has seen the premises; by the others he has heard at most."""
OUTCOMES = ("real", "false", "unclear", "no_answer", "duress")
TARGETS = ("patrol", "110", "119", "120")
DISPOSITIONS = ("real", "device_false", "human_false", "test", "undetermined")


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as the table below sees it, for one person who wants to move it."""

    state: str
    holder: str | None
    """Name of who has it locked, None when it is free."""
    mine: bool
    unseen: int
    may_break: bool = False
    open_required: tuple[str, ...] = ()
    """Titles of the plan's required steps that are open."""
    unread_notices: int = 0
    """Notices of the site that must be read, and nobody has read in this case."""
    on_hold: bool = False
    offered_to: str | None = None
    """Name of who is asked to take it over."""
    offered_to_me: bool = False
    reserved_for: str | None = None
    """Name of who handles another open case of the same site; None when nobody does, or he himself."""
    overdue: bool = False
    """A hold-up or fire that gets no reaction: anybody may take it, whoever it belongs to."""
    joined_into: int | None = None
    """The case that it was joined into."""
    duties: tuple[str, ...] = ()
    """Why it must be reported, a sentence each, as long as it neither was nor is waived."""
    receipt_owed: bool = False
    tasks_out: int = 0
    life: bool = False
    """A life may hang on it: a class of life, or somebody spoke under threat."""
    calls_open: tuple[str, ...] = ()
    """Titles of the plan's required steps that call 110, 119 or 120, and are open."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move is impossible, as a sentence with its figures."""

    sentence: str
    figures: dict[str, object]


Check = Callable[[Standing], Refusal | None]


def _held_by_me(case: Standing) -> Refusal | None:
    if case.mine:
        return None
    if case.holder is None:
        return Refusal(_("请先受理此警情。"), {})
    return Refusal(_("%(holder)s 正在处理此警情，只有受理人能继续。"), {"holder": case.holder})


def _free(case: Standing) -> Refusal | None:
    if case.mine:
        return Refusal(_("您已受理此警情。"), {})
    if case.overdue:
        return None
    if case.holder is None and case.reserved_for is None:
        return None
    if case.holder is None:
        return Refusal(_("本场所另有警情由 %(holder)s 处理，同一场所的警情归一人。"), {"holder": case.reserved_for})
    return Refusal(_("%(holder)s 正在处理此警情；需要接手时由班长解除锁定。"), {"holder": case.holder})


def _held_by_another(case: Standing) -> Refusal | None:
    if not case.may_break:
        return Refusal(_("只有班长能解除他人的锁定。"), {})
    if case.holder is None or case.mine:
        return Refusal(_("此警情没有被他人锁定。"), {})
    return None


def _all_seen(case: Standing) -> Refusal | None:
    if case.unseen == 0:
        return None
    return Refusal(_("还有 %(unseen)d 条新报警未看，请先确认已看。"), {"unseen": case.unseen})


def _not_on_hold(case: Standing) -> Refusal | None:
    return Refusal(_("此警情已挂起。"), {}) if case.on_hold else None


def _on_hold(case: Standing) -> Refusal | None:
    return None if case.on_hold else Refusal(_("此警情没有挂起。"), {})


def _not_offered(case: Standing) -> Refusal | None:
    if case.offered_to is None:
        return None
    return Refusal(_("已请 %(name)s 接手，等待答复。"), {"name": case.offered_to})


def _offered(case: Standing) -> Refusal | None:
    return Refusal(_("没有请别人接手此警情。"), {}) if case.offered_to is None else None


def _offered_to_me(case: Standing) -> Refusal | None:
    return None if case.offered_to_me else Refusal(_("没有请您接手此警情。"), {})


def _something_unseen(case: Standing) -> Refusal | None:
    return None if case.unseen else Refusal(_("没有未看的新报警。"), {})


def _not_joined(case: Standing) -> Refusal | None:
    if case.joined_into is None:
        return None
    return Refusal(_("此警情已并入 #%(into)d，请到那一件里处理。"), {"into": case.joined_into})


def _notices_read(case: Standing) -> Refusal | None:
    if case.unread_notices == 0:
        return None
    return Refusal(_("该场所有 %(count)d 条须确认的提示，请先确认已读。"), {"count": case.unread_notices})


def _some_notice_unread(case: Standing) -> Refusal | None:
    return None if case.unread_notices else Refusal(_("没有未读的提示。"), {})


def _required_steps_done(case: Standing) -> Refusal | None:
    if not case.open_required:
        return None
    return Refusal(
        _("必做步骤%(steps)s还没有完成（差 %(count)d 步）。"),
        {"steps": " ".join(f"“{title}”" for title in case.open_required), "count": len(case.open_required)},
    )


def _reported(case: Standing) -> Refusal | None:
    if not case.duties:
        return None
    return Refusal(_("%(why)s尚未报告，也没有写明不报告的理由。"), {"why": " ".join(case.duties)})


def _receipt_known(case: Standing) -> Refusal | None:
    if not case.receipt_owed:
        return None
    return Refusal(_("紧急报警已转 110，请先确认警方收悉（GB 55029—2022 第 6.0.4 条）。"), {})


def _nobody_out(case: Standing) -> Refusal | None:
    if not case.tasks_out:
        return None
    return Refusal(_("还有 %(count)d 个现场任务没有结果，请等其回报，或先撤回任务。"), {"count": case.tasks_out})


def _help_called(case: Standing) -> Refusal | None:
    """Nothing that a life may hang on is put off before help was called, or somebody has said why not."""
    if not case.life:
        return None
    if case.duties:
        return Refusal(_("%(why)s报告或写明不报告的理由之前不能挂起。"), {"why": case.duties[0]})
    if case.calls_open:
        return Refusal(_("危及人身的警情不能挂起：必做步骤“%(step)s”还没有完成。"), {"step": case.calls_open[0]})
    if case.state == "taken":
        return Refusal(_("危及人身的警情还没有复核或转发，不能挂起。"), {})
    return None


OPEN_STATES = frozenset({"open", "taken", "verified", "forwarded", "disposed"})
WORKING = frozenset({"taken", "verified", "forwarded"})
"""States in which somebody handles a case along its plan."""
_HELD_IN = WORKING | {"disposed"}
_OUT = dict.fromkeys(WORKING, "forwarded")

_NOT_THERE: dict[str, str] = {
    "open": _("请先受理此警情。"),
    "taken": _("尚未复核或转发，不能处置。"),
    "closed": _("此警情已结案。"),
    "disposed": _("此警情已填写处置结果。"),
}
_CLOSE_FIRST = _("尚未填写处置结果，不能结案。")
_NOT_CLOSED = _("只有已结案的警情才能重新打开。")


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the transition table."""

    permission: str
    states: frozenset[str]
    to: dict[str, str]
    """New state by present state; a state that is not named stays."""
    checks: tuple[Check, ...] = ()
    elsewhere: str = ""
    """What to say in a state that `states` does not list, when `_NOT_THERE` has no better sentence."""


MOVES: dict[str, Move] = {
    "take": Move("incidents.take", OPEN_STATES, {"open": "taken"}, (_free,)),
    "break_lock": Move("incidents.break_lock", OPEN_STATES, {"open": "taken"}, (_held_by_another,)),
    "release": Move("incidents.release", OPEN_STATES, {"taken": "open"}, (_held_by_me,)),
    "hold": Move("incidents.hold", _HELD_IN, {}, (_held_by_me, _not_on_hold, _all_seen, _help_called)),
    "wake": Move("incidents.hold", _HELD_IN, {}, (_held_by_me, _on_hold)),
    "offer": Move("incidents.offer", _HELD_IN, {}, (_held_by_me, _not_offered)),
    "withdraw": Move("incidents.offer", _HELD_IN, {}, (_held_by_me, _offered)),
    "accept": Move("incidents.take", _HELD_IN, {}, (_offered_to_me,)),
    "decline": Move("incidents.take", _HELD_IN, {}, (_offered_to_me,)),
    "note": Move("incidents.note", OPEN_STATES, {}, (_held_by_me,)),
    "acknowledge": Move("incidents.acknowledge", OPEN_STATES, {}, (_held_by_me, _something_unseen)),
    "verify": Move("incidents.verify", WORKING, {"taken": "verified"}, (_held_by_me, _notices_read)),
    "forward": Move("incidents.forward", WORKING, dict.fromkeys(WORKING, "forwarded"), (_held_by_me,)),
    "dispose": Move(
        "incidents.dispose",
        frozenset({"verified", "forwarded"}),
        {"verified": "disposed", "forwarded": "disposed"},
        (_held_by_me, _notices_read, _reported, _required_steps_done),
    ),
    "close": Move(
        "incidents.close",
        frozenset({"disposed"}),
        {"disposed": "closed"},
        (_held_by_me, _all_seen, _reported, _required_steps_done, _receipt_known, _nobody_out),
        _CLOSE_FIRST,
    ),
    "call": Move("incidents.call", OPEN_STATES, {}, (_held_by_me,)),
    "ask_customer": Move("incidents.ask_customer", OPEN_STATES, {}, (_held_by_me,)),
    "tell": Move("incidents.tell", OPEN_STATES, {}, (_held_by_me,)),
    "step": Move("incidents.step", WORKING, {}, (_held_by_me, _notices_read)),
    "reopen_step": Move("incidents.step", WORKING, {}, (_held_by_me,)),
    "read_notices": Move("incidents.acknowledge", OPEN_STATES, {}, (_held_by_me, _some_notice_unread)),
    "reopen": Move("incidents.reopen", frozenset({"closed"}), {"closed": "open"}, (_not_joined,), _NOT_CLOSED),
    "join": Move("incidents.join", WORKING, {}, (_held_by_me,)),
    "split": Move("incidents.split", WORKING, {}, (_held_by_me,)),
    "send_task": Move("tasks.send", WORKING, {}, (_held_by_me,)),
    "cancel_task": Move("tasks.send", _HELD_IN, {}, (_held_by_me,)),
    "police": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
    "police_sent": Move("incidents.forward", _HELD_IN, _OUT, (_held_by_me,)),
    "police_accepted": Move("incidents.forward", _HELD_IN, _OUT, (_held_by_me,)),
    "police_received": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
    "police_rejected": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
    "police_dispatched": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
    "police_arrived": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
    "police_closed": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
    "waive_police": Move("incidents.forward", _HELD_IN, {}, (_held_by_me,)),
}
"""The one transition table: what is not in here cannot be done."""


def refusal(move_name: str, case: Standing) -> Refusal | None:
    """The first reason why `move_name` is impossible for this person now; None when it is possible."""
    return next(iter(refusals(move_name, case)), None)


def refusals(move_name: str, case: Standing) -> list[Refusal]:
    """Every reason why `move_name` is impossible, so that nobody mends one only to be told the next.

    Whose case it is comes first in each row, and whoever does not have it is told nothing else.
    """
    move = MOVES[move_name]
    if case.state not in move.states:
        return [Refusal(_elsewhere(move, case.state), {})]
    found = [refused for check in move.checks if (refused := check(case)) is not None]
    return found[:1] if found and move.checks[0](case) is not None else found


def _elsewhere(move: Move, state: str) -> str:
    if state == "closed" or not move.elsewhere:
        return _NOT_THERE.get(state, move.elsewhere)
    return move.elsewhere


def next_state(move_name: str, state: str) -> str:
    return MOVES[move_name].to.get(state, state)


def is_joinable(last_signal_at: datetime, signal_at: datetime) -> bool:
    return signal_at - last_signal_at <= JOIN_WINDOW


class Level(NamedTuple):
    """A verification level of 0 to 4 in the style of ANSI/TMA AVS-01, and why."""

    level: int
    sentence: str


def level_of(event_class: str, *, confirmed: bool, outcome: str, disposition: str = "") -> Level:
    """How far the facts bear out that help is needed; `outcome` is the person's verification, "" when there is none.

    0 nobody need come · 1 an alarm and nothing more · 2 a person is there, or very likely · 3 property is in danger ·
    4 a life is in danger.
    """
    if event_class not in ALARM_CLASSES:
        return Level(0, _("核实等级 0：不是警情。"))
    if outcome == "false" or disposition in {"device_false", "human_false", "test"}:
        return Level(0, _("核实等级 0：已核实为误报或测试。"))
    if outcome == "duress":
        return Level(4, _("核实等级 4：人身有危险。"))
    if outcome == "real":
        if event_class in LIFE_CLASSES:
            return Level(4, _("核实等级 4：人工复核属实，人身有危险。"))
        return Level(3, _("核实等级 3：人工复核属实，财产有危险。"))
    if confirmed:
        return Level(2, _("核实等级 2：两处探测相互印证，很可能有人。"))
    if event_class in {EventClass.HOLD_UP, EventClass.MEDICAL}:
        return Level(2, _("核实等级 2：由人按下，现场有人，原因未核实。"))
    return Level(1, _("核实等级 1：只有一处报警，别无信息。"))


URGENCY = (
    EventClass.HOLD_UP,
    EventClass.FIRE,
    EventClass.MEDICAL,
    EventClass.INTRUSION,
    EventClass.TAMPER,
    EventClass.FAULT,
    EventClass.SYSTEM,
    EventClass.OPEN_CLOSE,
    EventClass.BYPASS,
    EventClass.TEST,
)
"""Classes by danger to life, for two alarms of one grade."""


def more_urgent(grade: int, event_class: str, than_grade: int, than_class: str) -> bool:
    """Whether an alarm must give its class, grade and words to the case that it joins."""
    order = [c.value for c in URGENCY]
    return (grade, order.index(event_class)) < (than_grade, order.index(than_class))

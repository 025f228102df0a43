"""How a task moves, and how long it may wait. No Django, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.terms.codes import EventClass
from lianjing.terms.sentences import marked as _

ACCEPT_AMBER, ACCEPT_RED = 15, 30
"""Seconds within which a guard accepts. Our own targets; Patriot and its like pass a task on after as much."""
OUTLINE_AFTER = timedelta(hours=12)
"""After leaving, the guard sees the task's premises for so long; then only the outline."""
CALLBACK_LIMIT = 32

OPEN_TASK = frozenset({"assigned", "accepted", "on_the_way", "arrived", "done"})
"""Not over: the guard has something to do yet."""
FAILED = frozenset({"refused", "cancelled"})
"""Nobody went."""
OUT = frozenset({"assigned", "accepted", "on_the_way", "arrived"})
"""Without a result: the case has to wait."""


@dataclass(frozen=True, slots=True)
class TaskMove:
    """One row of the table: from which states, to which, and the word of the case's topic."""

    states: frozenset[str]
    to: str
    topic: str

    @property
    def instant(self) -> str:
        """The column that holds when."""
        return f"{self.to}_at"


TASK_MOVES = {
    "accept": TaskMove(frozenset({"assigned"}), "accepted", "incident.task_accepted"),
    "depart": TaskMove(frozenset({"accepted"}), "on_the_way", "incident.task_on_the_way"),
    "arrive": TaskMove(frozenset({"accepted", "on_the_way"}), "arrived", "incident.task_arrived"),
    "report": TaskMove(frozenset({"arrived"}), "done", "incident.task_done"),
    "leave": TaskMove(frozenset({"done"}), "left", "incident.task_left"),
    "refuse": TaskMove(frozenset({"assigned", "accepted", "on_the_way"}), "refused", "incident.task_refused"),
    "cancel": TaskMove(OUT, "cancelled", "incident.task_cancelled"),
}
"""The one table of a task: what is not in here cannot be done."""

NEXT = {"assigned": "accept", "accepted": "depart", "on_the_way": "arrive", "arrived": "report", "done": "leave"}
"""The one next button of a state."""

_REFUSALS = {
    "left": _("此任务已结束。"),
    "refused": _("此任务已拒绝。"),
    "cancelled": _("此任务已被撤回。"),
}


def allows(move_name: str, state: str) -> bool:
    return state in TASK_MOVES[move_name].states


def refusal(move_name: str, state: str) -> str | None:
    """Why a move is impossible now; None when it is possible."""
    if allows(move_name, state):
        return None
    return _REFUSALS.get(state, _("任务现在不能这样做，请刷新后再看。"))


AT_ONCE = frozenset({EventClass.HOLD_UP.value, EventClass.FIRE.value, EventClass.MEDICAL.value})


def goes_at_once(event_class: str, grade: int) -> bool:
    """Whether nobody may be held up by paperwork: lives, and whatever is of the first grade."""
    return event_class in AT_ONCE or grade == 1


def shows_premises(state: str, left_at: datetime | None, at: datetime) -> bool:
    """Whether its guard needs the premises still: while it is open, and for OUTLINE_AFTER once he has left."""
    if state == "left":
        return left_at is not None and at - left_at <= OUTLINE_AFTER
    return state in OPEN_TASK

"""How a hand-over to 110, 119 or 120 moves, and how long it may wait for an answer. No Django, no clock."""

from dataclasses import dataclass

ACCEPT_AMBER, ACCEPT_RED = 60, 120
"""Seconds after which a hand-over that nobody has accepted turns amber, and red. Our own targets."""
MESSAGE_LIMIT = 2000
NUMBER_LIMIT = 60
REJECTIONS = ("address", "not_theirs", "too_old", "other")
"""Why they do not take it: the address is wrong, it is not their kind, it is too old, something else."""
WAIVERS = ("verified_false", "police_there", "customer_reports", "drill", "other")
"""Why it is not reported though it should be; `other` is written out."""

PROGRESS = ("prepared", "sent", "accepted", "dispatched", "arrived")
OPEN_NOTICE = frozenset(PROGRESS)
TOLD = frozenset({"sent", "accepted", "dispatched", "arrived", "closed"})
"""They have been told, and have not refused."""
RECEIVED = TOLD - {"sent"}
"""They have let us know that they have it."""


@dataclass(frozen=True, slots=True)
class NoticeMove:
    """One row of the table: from which states, to which; "" stays."""

    states: frozenset[str]
    to: str
    instant: str
    """The column that holds when."""


NOTICE_MOVES = {
    "police_sent": NoticeMove(frozenset({"prepared"}), "sent", "sent_at"),
    "police_accepted": NoticeMove(frozenset({"prepared", "sent"}), "accepted", "accepted_at"),
    "police_received": NoticeMove(TOLD, "", "received_confirmed_at"),
    "police_rejected": NoticeMove(frozenset({"prepared", "sent", "accepted"}), "rejected", "rejected_at"),
    "police_dispatched": NoticeMove(frozenset({"sent", "accepted"}), "dispatched", "dispatched_at"),
    "police_arrived": NoticeMove(frozenset({"sent", "accepted", "dispatched"}), "arrived", "arrived_at"),
    "police_closed": NoticeMove(frozenset({"accepted", "dispatched", "arrived"}), "closed", "closed_at"),
}
NEXT = {
    "prepared": "police_sent",
    "sent": "police_accepted",
    "accepted": "police_dispatched",
    "dispatched": "police_arrived",
    "arrived": "police_closed",
}
"""The usual next move of a state: what one key does."""


def notice_allows(move_name: str, state: str) -> bool:
    return state in NOTICE_MOVES[move_name].states

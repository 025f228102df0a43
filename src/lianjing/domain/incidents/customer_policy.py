"""Calling, asking and telling customers: which words there are, and when a link still counts. No Django, no clock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lianjing.domain.incidents.policy import SEEN_THERE
from lianjing.terms.codes import EventClass
from lianjing.terms.sentences import marked as _

CALL_OUTCOMES = (
    "reached",
    "busy",
    "no_answer",
    "wrong_person",
    "pass_word_right",
    "pass_word_wrong",
    "refused",
    "unreachable",
    "voicemail",
)
"""In the order of the keys 1 to 9."""
SPOKEN = frozenset({"reached", "pass_word_right", "pass_word_wrong", "refused"})
"""Outcomes after which somebody who matters was on the line."""
DIRECTIONS = ("out", "in")
LONGEST_CALL = timedelta(hours=4)
CALLS_BEFORE = {"in": timedelta(minutes=10), "out": timedelta(minutes=1)}
"""How long before the first signal of its case a call may have begun. Somebody may ring because he has set it off, or
sees it, before the panel is through; nobody rings out about what has not come, but times are written down by minutes.
Older talk is of another matter, and would found what was verified in this one."""
CLOCK_SLACK = timedelta(seconds=5)
"""A program's clock may be ahead of ours by so much."""

LINK_LASTS = timedelta(minutes=30)
PHONE = "phone"
"""Told by word of mouth; the other ways are channels of deliveries."""
ASKING_CHANNELS = ("sms", "wechat", "email")
TELLING_CHANNELS = (PHONE, "sms", "wechat", "email")


class Answer(StrEnum):
    """What somebody says by his link."""

    REAL = "real"
    FALSE = "false"
    HELP = "help"


ANSWERS = frozenset(a.value for a in Answer)

SILENT = frozenset({EventClass.HOLD_UP.value})
"""Whoever is there may be under threat: nothing may ring, light up or ask him there."""
NEVER_ENDED_BY_LINK = frozenset({EventClass.HOLD_UP.value, EventClass.FIRE.value})
"""误报 from a phone is not even suggested as the outcome of these."""


def is_threatened(event_class: str, outcome: str) -> bool:
    """Whether somebody there may stand under threat: what is sent might be read by the wrong eyes."""
    return event_class in SILENT or outcome == "duress"


def is_silent(event_class: str, how: str, outcome: str) -> bool:
    """Whether nobody may ring, write or ask at the premises: a hold-up, until somebody has seen what is there, and a
    duress word. `how` and `outcome` are the latest verification's."""
    seen = how in SEEN_THERE and outcome in ("real", "false")
    return outcome == "duress" or (event_class in SILENT and not seen)


REACHED = "reached"


def list_outcome(latest: str, tried: Collection[int | None], on_file: Collection[int]) -> str:
    """What came of a list of calls: "reached" by the latest one, "no_answer" when everybody on file was tried, "" yet.

    `tried` and `on_file` are contacts by id.
    """
    if latest in SPOKEN:
        return REACHED
    return "no_answer" if on_file and set(on_file) <= set(tried) else ""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link as the rules below see it."""

    expires_at: datetime
    revoked: bool
    answer: str
    case_closed: bool


def link_standing(link: LinkFacts, at: datetime) -> str:
    """open, answered (求助 can still follow), ended (the case is closed; 求助 can still follow), expired or revoked."""
    if link.revoked:
        return "revoked"
    if at >= link.expires_at:
        return "expired"
    if link.case_closed:
        return "ended"
    return "answered" if link.answer else "open"


def answer_refusal(link: LinkFacts, answer: str, at: datetime) -> str:
    """Why the link cannot say this now, as a sentence; "" when it can.

    Somebody who has answered, even 误报 under threat, can still call for help until the link expires, and nobody twice.
    """
    standing = link_standing(link, at)
    if standing in ("revoked", "expired"):
        return _("链接已失效。")
    if answer == Answer.HELP:
        return _("您已求助，值守人员正在处理。") if link.answer == Answer.HELP else ""
    if standing == "ended":
        return _("这件警情已处理完毕。")
    return _("您已答复过了。") if link.answer else ""


def call_time_problem(
    started_at: datetime, ended_at: datetime, at: datetime, *, first_signal_at: datetime, direction: str
) -> str:
    """What is wrong with the times of a call, as a sentence; "" when nothing is."""
    if started_at.tzinfo is None or ended_at.tzinfo is None:
        return _("时刻要带时区。")
    if ended_at > at + CLOCK_SLACK:
        return _("通话不能在将来结束。")
    if started_at > ended_at:
        return _("通话不能先结束后开始。")
    if ended_at - started_at > LONGEST_CALL:
        return _("通话不能长于 4 小时。")
    if started_at < first_signal_at - CALLS_BEFORE[direction]:
        return _("通话早于这件警情：打入的最多早 10 分钟，打出的最多早 1 分钟。")
    return ""


def suggested_outcome(event_class: str, answer: str) -> str:
    """The outcome of verification that an answer suggests to the operator; "" for none."""
    if answer == Answer.FALSE and event_class in NEVER_ENDED_BY_LINK:
        return ""
    return {"real": "real", "false": "false", "help": "real"}.get(answer, "")

"""Calling, asking and telling customers: which words there are, and when a link still counts. No Django, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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
DIRECTIONS = ("out", "in")
LONGEST_CALL = timedelta(hours=4)
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


def call_time_problem(started_at: datetime, ended_at: datetime, at: datetime) -> str:
    """What is wrong with the times of a call, as a sentence; "" when nothing is."""
    if started_at.tzinfo is None or ended_at.tzinfo is None:
        return _("时刻要带时区。")
    if ended_at > at + CLOCK_SLACK:
        return _("通话不能在将来结束。")
    if started_at > ended_at:
        return _("通话不能先结束后开始。")
    if ended_at - started_at > LONGEST_CALL:
        return _("通话不能长于 4 小时。")
    return ""


def suggested_outcome(event_class: str, answer: str) -> str:
    """The outcome of verification that an answer suggests to the operator; "" for none."""
    if answer == Answer.FALSE and event_class in NEVER_ENDED_BY_LINK:
        return ""
    return {"real": "real", "false": "false", "help": "real"}.get(answer, "")

"""When one case may be joined into another, what it hands on, and what may be split off. No Django, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianjing.domain.incidents.policy import Refusal, Standing
from lianjing.terms.sentences import marked as _

_PROGRESS = ("open", "taken", "verified", "forwarded")
"""How far a case has come; one that is disposed of has its own end and is not joined any more."""

SPLIT_AT_MOST = 200
"""Signals of one split: as many as the case page lists."""


def further(state: str, other: str) -> str:
    """Of two cases that become one, how far the further one has come."""
    return max(state, other, key=_PROGRESS.index)


GRAVITY = ("", "false", "no_answer", "unclear", "real", "duress")
"""Outcomes of a verification, the most serious last."""
SCENE_GRAVITY = ("", "nothing", "false_cause", "no_access", "trace", "person", "ill", "crime", "fire")
"""What somebody found there, the most serious last."""


def graver(outcome: str, other: str, gravity: Sequence[str]) -> bool:
    """Whether the first says something more serious than the other: of two cases that become one that one holds."""
    return gravity.index(outcome) > gravity.index(other)


def joining_refusal(
    ending: Standing, *, same_case: bool, same_company: bool, same_place: bool, life: bool
) -> Refusal | None:
    """Why this case may not end in another one, which the person holds; None when it may.

    `life`: a life may hang on either of them, so that help will be sent to the address of the one that stays.
    """
    if same_case:
        return Refusal(_("不能并入它自己。"), {})
    if not same_company:
        return Refusal(_("两件警情不属于同一单位，不能并案。"), {})
    if ending.joined_into is not None:
        return Refusal(_("那一件已并入 #%(into)d。"), {"into": ending.joined_into})
    if ending.state not in _PROGRESS:
        return Refusal(_("那一件已有处置结果或已结案，不能并案。"), {})
    if ending.holder is not None and not ending.mine:
        return Refusal(
            _("%(holder)s 正在处理那一件，须由其退回或由班长解除锁定后才能并案。"), {"holder": ending.holder}
        )
    if life and not same_place:
        return Refusal(_("劫持、火警、急救只能并入同一场所的警情：110、119、120 按本案的地址出动。"), {})
    return None


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be split off: how many signals were asked for, how many of them are in the case, and its alarms."""

    asked: int
    found: int
    alarms: int
    alarms_in_all: int


def splitting_refusal(chosen: Choice) -> Refusal | None:
    """Why these signals may not become a case of their own; None when they may."""
    if not chosen.asked:
        return Refusal(_("请选择要拆出的信号。"), {})
    if chosen.asked > SPLIT_AT_MOST:
        return Refusal(_("一次最多拆出 %(limit)d 条信号。"), {"limit": SPLIT_AT_MOST})
    if chosen.found < chosen.asked:
        return Refusal(_("所选信号有 %(count)d 条不在此警情里。"), {"count": chosen.asked - chosen.found})
    if not chosen.alarms:
        return Refusal(_("所选信号里没有报警，不能单独成案。"), {})
    if chosen.alarms == chosen.alarms_in_all:
        return Refusal(_("至少要留下一条报警在此警情里。"), {})
    return None

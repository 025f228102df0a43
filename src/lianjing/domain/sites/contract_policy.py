"""What a contract may do, and how long it is kept; no Django, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lianjing.core.refusals import Refused
from lianjing.terms.premises import ContractStanding as Standing
from lianjing.terms.sentences import marked as _

NEXT: dict[Standing, tuple[Standing, ...]] = {
    Standing.DRAFT: (Standing.SIGNED,),
    Standing.SIGNED: (Standing.IN_SERVICE, Standing.ENDED),
    Standing.IN_SERVICE: (Standing.SUSPENDED, Standing.ENDED),
    Standing.SUSPENDED: (Standing.IN_SERVICE, Standing.ENDED),
    Standing.ENDED: (),
}
"""What a contract may become next. An ended one stays ended: who comes back signs a new one."""

KEPT_YEARS = 2
"""So long a contract is kept after its end, at least (the specification; 档案保存)."""

REASON_LIMIT = 200
"""Characters of the reason for a change of state."""

DUE_SOON = (30, 60, 90)
"""Days before the end of a term at which a contract is listed as ending."""


@dataclass(frozen=True, slots=True)
class Span:
    """A state and the days on which it held; `ends_on` is None for the present one."""

    state: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Turn:
    """How the spans change: the present one is replaced, or ends on that day, and a new one begins."""

    ends_present_on: date | None
    starts_on: date


def turn_to(wanted: str, since: date, present: Span, today: date) -> Turn:
    """What a change of state does to the spans, by a form or by an import. Raises Refused.

    Several steps may be taken on one day, so whatever lies ahead can be reached at once; nothing that lies behind.
    """
    state = Standing(wanted)
    if state not in ahead_of(Standing(present.state)):
        raise Refused("state", _("不能从“%(old)s”变为“%(new)s”。"), old=Standing(present.state).zh, new=state.zh)
    if since > today:
        raise Refused("since", _("日期不能晚于今天。"))
    if since < present.starts_on:
        raise Refused("since", _("现在的状态从 %(day)s 开始，不能早于这一天。"), day=present.starts_on.isoformat())
    return Turn(None if since == present.starts_on else since - timedelta(days=1), since)


def ahead_of(state: Standing) -> set[Standing]:
    """What a contract in that state can still become, by however many steps."""
    found: set[Standing] = set()
    waiting = list(NEXT[state])
    while waiting:
        coming = waiting.pop()
        if coming not in found:
            found.add(coming)
            waiting += NEXT[coming]
    return found


def first_day(since: date | None, starts_on: date | None, today: date) -> date:
    """When the first state of a contract begins: as told, or else with its term. Raises Refused for the future.

    A term that is still to come begins no state in the future; who counts asks for the term, too.
    """
    if since is not None and since > today:
        raise Refused("since", _("日期不能晚于今天。"))
    return since or min(starts_on or today, today)


def weakening(state: str) -> list[str]:
    """In which way the premises are protected less from now on."""
    if state == Standing.SUSPENDED:
        return [_("服务暂停：入侵等警情不再建立警情，只有紧急求助、火灾和医疗仍建立")]
    if state == Standing.ENDED:
        return [_("服务终止：所保场所的信号不再建立警情")]
    return []


def shortening(had: date | None, has: date | None) -> list[str]:
    """In which way a changed end of the term protects less."""
    if has is not None and (had is None or has < had):
        return [_("服务期限缩短：到期后入侵等警情不再建立警情")]
    return []


def recovering(state: str, had: Iterable[str], has: Iterable[str]) -> list[str]:
    """In which way a contract that covers other sites protects less; by their codes.

    A site that no contract covers is served as usual; one that comes under a stopped contract is so no longer.
    """
    gone, come = sorted(set(had) - set(has)), sorted(set(has) - set(had))
    told = [f"合同不再包括场所 {'、'.join(gone)}"] if gone else []
    if come and state in (Standing.SUSPENDED, Standing.ENDED):
        told.append(f"{Standing(state).zh}的合同新包括场所 {'、'.join(come)}")
    return told


@dataclass(frozen=True, slots=True)
class Term:
    """The days for which a contract was agreed; a missing end is open."""

    starts_on: date | None = None
    ends_on: date | None = None


WITHOUT_TERM = Term()


def known_since(state: str, since: date, term: Term) -> date | None:
    """Since when it is suspended or ended; None when nobody knows.

    An imported state begins with its contract, and no contract was ended on the day on which it began.
    """
    stopped = state in (Standing.SUSPENDED, Standing.ENDED)
    return None if stopped and term.starts_on is not None and since <= term.starts_on else since


def removal_refusal(
    spans: Sequence[Span], signed_on: date | None, today: date, term: Term = WITHOUT_TERM
) -> Refused | None:
    """Why a contract may not be removed today; None when it may."""
    if signed_on is None and all(span.state == Standing.DRAFT for span in spans):
        return None
    end = next((span for span in spans if span.state == Standing.ENDED), None)
    if end is None:
        return Refused("", _("签订过的合同不能删除：先终止，终止后至少保存 %(years)d 年。"), years=KEPT_YEARS)
    ended = known_since(end.state, end.starts_on, term) or term.ends_on
    if ended is None:
        return Refused("", _("不知道合同是哪天终止的：先填写到期日，终止后至少保存 %(years)d 年。"), years=KEPT_YEARS)
    until = years_later(ended, KEPT_YEARS)
    if today < until:
        return Refused(
            "", _("合同终止后至少保存 %(years)d 年：%(day)s 起才可删除。"), years=KEPT_YEARS, day=until.isoformat()
        )
    return None


def years_later(day: date, years: int) -> date:
    """The same day of a later year; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def check_term(values: dict[str, Any]) -> None:
    """Raises Refused when a term ends before it begins, or the fee is negative."""
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts is not None and ends is not None and ends < starts:
        raise Refused("ends_on", _("合同到期日早于起始日。"))
    fee = values.get("fee")
    if fee is not None and fee < 0:
        raise Refused("fee", _("费用不能是负数。"))

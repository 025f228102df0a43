"""When a hand-over may be drawn up anew, signed and added to. No Django, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.domain.incidents.policy import Refusal
from lianjing.terms.sentences import marked as _

STALE_AFTER = timedelta(minutes=30)
"""What was drawn up longer ago is not what one hands over now."""
LISTED_AT_MOST = 200
"""Lines of one list; its count is of all."""
REMARKS_LIMIT = 2000
ADDED_LIMIT = 500
ADDED_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Signing:
    """A hand-over as the rules below see it, for one person."""

    drawn_up_at: datetime
    is_outgoing: bool
    outgoing_signed: bool
    incoming_signed: bool
    added: int = 0


def redrawing_refusal(one: Signing) -> Refusal | None:
    """Why it cannot be drawn up anew by this person."""
    if one.outgoing_signed:
        return Refusal(_("交班人已签字，内容不能再改；需要说明请写备注。"), {})
    if not one.is_outgoing:
        return Refusal(_("只有交班人能修改未签字的交接班。"), {})
    return None


def signing_refusal(one: Signing, at: datetime) -> Refusal | None:
    """Why this person cannot sign now: the outgoing one first, then somebody else."""
    if one.outgoing_signed and one.incoming_signed:
        return Refusal(_("双方均已签字。"), {})
    if not one.outgoing_signed:
        return _outgoing_refusal(one, at)
    return Refusal(_("您是交班人，须由接班人签字。"), {}) if one.is_outgoing else None


def _outgoing_refusal(one: Signing, at: datetime) -> Refusal | None:
    if not one.is_outgoing:
        return Refusal(_("交班人尚未签字。"), {})
    if at - one.drawn_up_at > STALE_AFTER:
        minutes = int((at - one.drawn_up_at).total_seconds() // 60)
        return Refusal(_("内容汇总于 %(minutes)d 分钟前，请重新汇总后再签字。"), {"minutes": minutes})
    return None


def adding_refusal(one: Signing) -> Refusal | None:
    """Why no remark can be added now."""
    if not one.outgoing_signed:
        return Refusal(_("交班人签字前请直接修改说明。"), {})
    if one.added >= ADDED_AT_MOST:
        return Refusal(_("备注已有 %(count)d 条，不能再加。"), {"count": one.added})
    return None

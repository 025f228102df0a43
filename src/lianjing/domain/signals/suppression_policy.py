"""What a suppression rule may hide, and for how long; no Django, no clock.

Nothing ever hides a hold-up or a fire: such a rule is refused when it is made, and `Suppression.fits` (suppressions.py)
passes them on besides, whatever has changed since (a code's class, a zone's kind).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.core.refusals import Refused
from lianjing.terms.codes import LIFE_CLASSES, EventClass
from lianjing.terms.sentences import marked as _

HIDEABLE = tuple(name for name in EventClass if name not in LIFE_CLASSES)
"""Classes that a rule may hide. The others mean that a person is in danger."""

LONGEST = timedelta(days=30)
REASON_LIMIT = 200
CODE_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule before it is made, with what the decision needs to know of its place and code."""

    place: str
    """`site`, `panel`, `zone`; empty: none was named."""
    event_class: str
    code: str
    code_classes: frozenset[str]
    """What the code means in any table, and by the company's own reading; empty: nobody knows it."""
    zone_kind: str
    reason: str
    starts_at: datetime
    expires_at: datetime | None


def suppression_refusal(wanted: Wanted) -> Refused | None:
    """Why this rule must not be made; None when it may."""
    return _place_refusal(wanted) or _what_refusal(wanted) or _paper_refusal(wanted)


def _place_refusal(wanted: Wanted) -> Refused | None:
    if not wanted.place:
        return Refused("place", _("请指明场所、设备或防区：规则不能管到整个单位。"))
    if wanted.zone_kind in LIFE_CLASSES:
        return Refused("zone", _("这是紧急求助、火灾或医疗防区，它的信号任何时候都不能抑制。"))
    return None


def _what_refusal(wanted: Wanted) -> Refused | None:
    if wanted.event_class in LIFE_CLASSES:
        return Refused("event_class", _("紧急、火警和医疗信号任何时候都不能抑制。"))
    if wanted.event_class and wanted.event_class not in HIDEABLE:
        return Refused("event_class", _("没有这个类别。"))
    if wanted.place != "zone" and not wanted.event_class:
        return Refused("event_class", _("整个场所或整台设备的规则必须选定一个类别，否则会连紧急和火警一起藏起来。"))
    return _code_refusal(wanted) if wanted.code else None


def _code_refusal(wanted: Wanted) -> Refused | None:
    if wanted.code_classes & LIFE_CLASSES:
        return Refused("code", _("代码 %(code)s 表示紧急、火警或医疗，任何时候都不能抑制。"), code=wanted.code)
    if not wanted.code_classes:
        return Refused(
            "code", _("代码 %(code)s 不在任何代码表中。没有人认识的代码要由人看，不能抑制。"), code=wanted.code
        )
    if wanted.event_class and wanted.event_class not in wanted.code_classes:
        return Refused("code", _("代码 %(code)s 不属于所选的类别，这条规则什么也不会管到。"), code=wanted.code)
    return None


def _paper_refusal(wanted: Wanted) -> Refused | None:
    if not wanted.reason:
        return Refused("reason", _("请写明理由。"))
    if len(wanted.reason) > REASON_LIMIT:
        return Refused("reason", _("理由最多 %(limit)d 个字。"), limit=REASON_LIMIT)
    if wanted.expires_at is None:
        return Refused("expires_at", _("请填写到期时间：没有到期的规则会被忘记。"))
    if wanted.expires_at <= wanted.starts_at:
        return Refused("expires_at", _("到期时间已经过去。"))
    if wanted.expires_at > wanted.starts_at + LONGEST:
        return Refused("expires_at", _("最长 %(days)d 天；到期后若仍有理由，可以再设。"), days=LONGEST.days)
    return None

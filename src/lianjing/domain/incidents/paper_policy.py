"""What may be entered from paper. No Django, no clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.domain.incidents.policy import DISPOSITIONS, TARGETS
from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

WHAT_LIMIT, WHO_LIMIT, CAUSE_LIMIT = 200, 100, 500
OLDEST = timedelta(days=366)
"""Older paper belongs into the archive, not into this year's cases."""


@dataclass(frozen=True, slots=True)
class PaperCase:
    """A case as it stands on paper. `key` is the form's own: sent twice, it is entered once."""

    key: str
    site_id: int
    event_class: str
    grade: int
    what: str
    handled_by: str
    received_at: datetime
    closed_at: datetime
    result: str
    cause: str
    verified_at: datetime | None = None
    forwarded_at: datetime | None = None
    forwarded_to: str = ""
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and with which field."""

    field: str
    sentence: str


STEPS = ("received_at", "verified_at", "forwarded_at", "arrived_at", "closed_at")
"""As they stand on the form; those that are missing did not happen. A fire or a hold-up is forwarded before it is
verified, and a patrol verifies when it is there: so only the first and the last have their place."""


def problem_with(case: PaperCase, now: datetime) -> Problem | None:
    """The first thing that is wrong; None when it may be entered."""
    return _words(case) or _order(case, now) or _forwarding(case)


def _words(case: PaperCase) -> Problem | None:
    for field, limit in (("what", WHAT_LIMIT), ("handled_by", WHO_LIMIT), ("cause", CAUSE_LIMIT)):
        text = getattr(case, field)
        if not text.strip():
            return Problem(field, _("请填写内容。"))
        if len(text) > limit or not storable(text):
            return Problem(field, _("太长，或含有不能保存的字符。"))
    if case.event_class not in set(EventClass):
        return Problem("event_class", _("请选择一项。"))
    if case.grade not in set(Grade):
        return Problem("grade", _("请选择一项。"))
    return None if case.result in DISPOSITIONS else Problem("result", _("请选择一项。"))


def _order(case: PaperCase, now: datetime) -> Problem | None:
    told = [(name, at) for name in STEPS if (at := getattr(case, name)) is not None]
    for name, at in told:
        if at > now:
            return Problem(name, _("这个时间还没有到。"))
    for name, at in told:
        if at < case.received_at:
            return Problem(name, _("这个时间早于收到的时间。"))
    if any(at > case.closed_at for _name, at in told):
        return Problem("closed_at", _("结案早于其他步骤的时间。"))
    if case.forwarded_at is not None and case.arrived_at is not None and case.arrived_at < case.forwarded_at:
        return Problem("arrived_at", _("到场早于转发的时间。"))
    return Problem("received_at", _("超过一年的纸质记录不再补录。")) if now - case.received_at > OLDEST else None


def _forwarding(case: PaperCase) -> Problem | None:
    """Who was told and when belong together, and nobody arrives who was not sent."""
    if case.forwarded_at is not None and case.forwarded_to not in TARGETS:
        return Problem("forwarded_to", _("请选择转发给谁。"))
    if case.forwarded_at is None and case.forwarded_to:
        return Problem("forwarded_at", _("请填写转发的时间。"))
    if case.forwarded_at is None and case.arrived_at is not None:
        return Problem("forwarded_at", _("有人到场，请填写转发给谁和时间。"))
    return None

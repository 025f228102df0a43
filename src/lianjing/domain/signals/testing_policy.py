"""Who may put what on test, and for how long; no Django, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.core.refusals import Refused
from lianjing.terms.codes import LIFE_CLASSES
from lianjing.terms.roles import Role
from lianjing.terms.sentences import marked as _

LIMITS = {
    Role.OPERATOR: timedelta(hours=4),
    Role.LEADER: timedelta(hours=24),
    Role.MANAGER: timedelta(hours=72),
    Role.ADMIN: timedelta(hours=72),
}
"""From its start to its end, extensions included, a test lasts no longer than this, by who starts or extends it."""

ANSWER_FOR_IT = frozenset({Role.LEADER, Role.MANAGER, Role.ADMIN})
"""Roles that may start a test that nobody asked for with a pass-word."""

SHORTEST = timedelta(minutes=1)
WARN_BEFORE = timedelta(minutes=10)
WORD_TRIES = 5
WORD_WINDOW = timedelta(minutes=15)
"""After so many wrong words in so long no word of the site is checked: nobody finds one by trying."""
REASON_LIMIT = 200
NAME_LIMIT = 50


def longest_test(roles: Iterable[Role]) -> timedelta:
    """The limit of somebody with these roles; zero when he may start none."""
    return max((LIMITS[role] for role in roles if role in LIMITS), default=timedelta(0))


def needs_no_word(roles: Iterable[Role]) -> bool:
    """Whether he may answer for a test himself."""
    return not ANSWER_FOR_IT.isdisjoint(roles)


def endangers(classes: Iterable[str], zone_kinds: Iterable[str]) -> bool:
    """Whether hold-up, fire or medical alarms would open no case meanwhile. `zone_kinds`: of the zones in question.

    A class is reported for a zone of any kind (a button behind an ordinary zone): without zones named, classes decide.
    """
    named, kinds = frozenset(classes), frozenset(zone_kinds)
    if named:
        return not LIFE_CLASSES.isdisjoint(named)
    return not kinds or not LIFE_CLASSES.isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class WantedTest:
    """A test before it begins. `word_given`: somebody said a pass-word, and it was right."""

    reason: str
    asked_by: str
    word_given: bool
    roles: frozenset[Role]
    starts_at: datetime
    ends_at: datetime | None
    danger: bool
    danger_told: bool


def start_refusal(wanted: WantedTest) -> Refused | None:
    """Why this test must not begin; None when it may."""
    if not wanted.word_given and not needs_no_word(wanted.roles):
        return Refused("word", _("请核对口令。没有口令时，只有班长或经理可以开始测试。"))
    if not wanted.asked_by:
        return Refused("asked_by", _("请写明是谁要求的测试。"))
    if len(wanted.asked_by) > NAME_LIMIT:
        return Refused("asked_by", _("姓名最多 %(limit)d 个字。"), limit=NAME_LIMIT)
    if not wanted.reason:
        return Refused("reason", _("请写明理由。"))
    if len(wanted.reason) > REASON_LIMIT:
        return Refused("reason", _("理由最多 %(limit)d 个字。"), limit=REASON_LIMIT)
    refused = end_refusal(wanted.roles, wanted.starts_at, wanted.ends_at, wanted.starts_at)
    if refused is None and wanted.danger and not wanted.danger_told:
        return Refused("danger_told", _("测试期间紧急、火警和医疗报警也只记录、不出警：请先告知对方，再勾选确认。"))
    return refused


def end_refusal(roles: Iterable[Role], starts_at: datetime, ends_at: datetime | None, now: datetime) -> Refused | None:
    """Why a test that began at `starts_at` may not last until `ends_at`."""
    limit = longest_test(roles)
    if ends_at is None:
        return Refused("ends_at", _("请填写结束时间。"))
    if ends_at < now + SHORTEST:
        return Refused("ends_at", _("结束时间已经过去，或离现在不到一分钟。"))
    if ends_at > starts_at + limit:
        hours = int(limit.total_seconds() // 3600)
        return Refused(
            "ends_at", _("以您的角色，一次测试从开始算起最长 %(hours)d 小时，更长请班长或经理。"), hours=hours
        )
    return None


def warns(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a warning before the end says anything new: of a short test everybody knows that it ends soon."""
    return ends_at - starts_at > WARN_BEFORE

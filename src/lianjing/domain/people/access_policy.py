"""What an access review must say, and how long it counts. No Django, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lianjing.core.refusals import Refused
from lianjing.terms.roles import Role
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import AccessDecision

MONTHS = 12
"""By default. The law names no rhythm: 个人信息保护法 art. 51 asks for access rights that are managed. A year is the
product's own reading, since people come, go and change their posts within it."""
MONTHS_AT_MOST = 36
NOTE_AT_MOST = 200
NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Decided:
    """What was chosen for one role of an account, as it was typed."""

    decision: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """A role that somebody holds now. `id`: of the membership."""

    id: int
    user_id: int
    name: str
    role: Role


def checked(accounts: Iterable[Account], told: Mapping[int, Decided], signer_id: int | None) -> None:
    """Whether that can be signed: every account decided, and nothing else. Raises Refused."""
    there = {one.id: one for one in accounts}
    if not there:
        raise Refused("", _("这个单位还没有账号，没有可复核的。"))
    if told.keys() - there.keys():
        raise Refused("", _("名单在此期间有变，请重新看一遍再签署。"))
    open_ones = [one.name for one in there.values() if one.id not in told or not told[one.id].decision]
    if open_ones:
        names = "、".join(open_ones[:NAMED_AT_MOST])
        raise Refused("", _("还有 %(count)d 个账号没有选：%(names)s。"), count=len(open_ones), names=names)
    for one in there.values():
        _check_one(one, told[one.id], signer_id)


def _check_one(one: Account, decided: Decided, signer_id: int | None) -> None:
    note = decided.note.strip()
    if AccessDecision.of(decided.decision) is None:
        raise Refused(f"note-{one.id}", _("没有这个选项。"))
    if "\0" in note or len(note) > NOTE_AT_MOST:
        raise Refused(
            f"note-{one.id}", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=NOTE_AT_MOST, count=len(note)
        )
    if decided.decision != AccessDecision.WITHDRAW:
        return
    if not note:
        raise Refused(f"note-{one.id}", _("%(name)s：撤销须写明原因。"), name=one.name)
    if one.user_id == signer_id:
        raise Refused(f"note-{one.id}", _("不能撤销自己的角色：请由另一名经理复核。"))

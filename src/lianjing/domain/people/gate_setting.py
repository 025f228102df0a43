"""What a company asks of whoever signs on for duty: its manager sets it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.people.models import GateSetting
from lianjing.domain.people.passing import PASS
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.sentences import marked as _

SET = "duty.gate_set"
MINUTES_AT_MOST = 240
"""So early, or so late, may one sign on at most: more is no shift's beginning or end any more."""


@dataclass(frozen=True, slots=True)
class GateAsks:
    """What a company asks at its gate, as a manager sets it."""

    asks_eligibility: bool = True
    asks_training: bool = True
    asks_roster: bool = True
    early_minutes: int = 30
    late_minutes: int = 60


_WEAKER: Mapping[str, str] = {
    "asks_eligibility": _("签到时不再核对上岗资格"),
    "asks_training": _("签到时不再核对逾期培训"),
    "asks_roster": _("签到时不再核对排班"),
}


@transaction.atomic
def set_gate(company_id: int, given: GateAsks, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets what the gate asks from now on; what weakens it is named in the record. False: nothing changed.

    Raises Missing, Forbidden, or Refused naming the field.
    """
    require(by, PASS, company_id)
    locked(Company.objects.all(), company_id, by, see=PASS, company="id")
    for name in ("early_minutes", "late_minutes"):
        if not 0 <= getattr(given, name) <= MINUTES_AT_MOST:
            raise Refused(name, _("须在 0 至 %(limit)d 分钟之间。"), limit=MINUTES_AT_MOST)
    row = GateSetting.objects.filter(company_id=company_id).first()
    if row is None:
        raise Refused("", _("还没有人员档案：登记第一个人时门禁自动启用。"))
    had, wanted = _asks_of(row), asdict(given)
    changed = {name: value for name, value in wanted.items() if had[name] != value}
    if not changed:
        return False
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    before = {name: had[name] for name in changed}
    actor, weakens = Actor(by, at, source), _weakened(had, wanted)
    write_down(SET, row, company_id, actor, before=before, after=changed, weakens=weakens, topic=SET)
    return True


def _weakened(had: Mapping[str, int], wanted: Mapping[str, int]) -> list[str]:
    """A sentence for each way in which less is asked than before. Pure."""
    said = [sentence for name, sentence in _WEAKER.items() if had[name] and not wanted[name]]
    if wanted["early_minutes"] > had["early_minutes"]:
        said.append(_("可以更早签到"))
    if wanted["late_minutes"] > had["late_minutes"]:
        said.append(_("下班后可以更晚签到"))
    return said


def _asks_of(row: GateSetting) -> dict[str, int]:
    return {name: getattr(row, name) for name in GateAsks.__dataclass_fields__}

"""Saying what "next" gives somebody: classes, regions, how many at once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import DeskProfile, Membership
from lianjing.domain.people.policy import DUTY_ROLES, LOAD_LIMITS, REGION
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.codes import EventClass

EDIT = "desk.profiles"


class BadProfile(Exception):
    """`field` names what is wrong; the text is a sentence for the person."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Profile:
    """What may be set. Empty lists mean everything, no limit means the company's."""

    skills: Sequence[str] = ()
    regions: Sequence[str] = ()
    load_limit: int | None = None


@transaction.atomic
def set_profile(user_id: int, company_id: int, given: Profile, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets what "next" gives an operator or leader of the company. False: nothing changed.

    Raises Forbidden, and BadProfile for who does not stand duty for it or for what cannot be set so.
    """
    require(by, EDIT, company_id)
    _check(given)
    stands = Membership.objects.filter(user_id=user_id, company_id=company_id, role__in=DUTY_ROLES)
    if not stands.select_for_update(of=("self",), no_key=True).exists():
        raise BadProfile("", _("此人不是本单位的值守员或班长。"))
    row, _made = DeskProfile.objects.get_or_create(user_id=user_id, company_id=company_id)
    before = asdict(Profile(row.skills, row.regions, row.load_limit))
    after = asdict(Profile(sorted(set(given.skills)), sorted(set(given.regions)), given.load_limit))
    if before == after:
        return False
    row.skills, row.regions, row.load_limit = after["skills"], after["regions"], after["load_limit"]
    row.save()
    write_records([Deed("profile.set", "user", user_id, company_id, after, before)], by=by, at=at, source=source)
    return True


def _check(given: Profile) -> None:
    known = {each.value for each in EventClass}
    if not set(given.skills) <= known:
        raise BadProfile("skills", _("没有这个类别。"))
    for region in given.regions:
        if not REGION.fullmatch(region):
            raise BadProfile("regions", _("行政区划代码写 2 至 6 位数字，如 31 或 310101：%(text)s") % {"text": region})
    if given.load_limit is not None and given.load_limit not in LOAD_LIMITS:
        raise BadProfile("load_limit", _("须在 1 至 50 之间。"))

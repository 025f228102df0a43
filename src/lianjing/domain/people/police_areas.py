"""Which areas somebody of the police is in charge of (decision 0028)."""

from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.area_policy import area_begins
from lianjing.domain.people.models import PoliceArea, User
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.sentences import marked as _


@transaction.atomic
def set_areas(user: User, codes: list[str], *, by: Viewer, at: datetime, source: str = "") -> list[str]:
    """Puts `user` in charge of these areas and no others ("33", "3306" or "330602"; none: of none), from his next
    request on. Returns what their codes begin with. Raises Forbidden, or Refused for what is no division."""
    require(by, "installation.manage", None)
    wanted = sorted({_begins(code) for code in codes})
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = sorted(PoliceArea.objects.filter(user=user).values_list("begins", flat=True))
    if wanted == before:
        return wanted
    PoliceArea.objects.filter(user=user).exclude(begins__in=wanted).delete()
    PoliceArea.objects.bulk_create(PoliceArea(user=user, begins=one) for one in wanted if one not in before)
    deed = Deed("user.areas_set", "user", user.pk, None, {"user": user.username, "areas": wanted}, {"areas": before})
    write_records([deed], by=by, at=at, source=source)
    return wanted


def _begins(code: str) -> str:
    begins = area_begins(code)
    if not begins:
        raise Refused(
            "area", _("“%(code)s”不是行政区划：请写 2、4 或 6 位代码，如 33、3306、330602。"), code=code.strip()[:20]
        )
    return begins

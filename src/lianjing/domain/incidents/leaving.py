"""签退: who leaves the desk leaves no case behind."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.desk_duty import held_by
from lianjing.domain.incidents.moving import Actor, Refused
from lianjing.domain.people.duties import DutyRefused, sign_off_duty
from lianjing.domain.people.models import Duty

NAMED = 10


@transaction.atomic
def leave_desk(*, by: Viewer, at: datetime, source: str = "") -> Duty:
    """Signs the person off. Raises Refused while he has cases, naming them: they are handed over or released first."""
    try:
        duty = sign_off_duty(by=by, at=at, source=source)
    except DutyRefused as refused:
        raise Refused(str(refused)) from refused
    # Asked once his row is locked: none can come to him meanwhile.
    cases = list(held_by(Actor(by, at, source)).order_by("queue_level", "pk").values_list("pk", flat=True)[: NAMED + 1])
    if cases:
        numbers = "、".join(f"#{pk}" for pk in cases[:NAMED]) + (_(" 等") if len(cases) > NAMED else "")
        raise Refused(_("您名下还有警情 %(numbers)s：请先移交他人或退回队列，再签退。") % {"numbers": numbers})
    return duty

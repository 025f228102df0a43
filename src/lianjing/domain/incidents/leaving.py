"""签退: who leaves the desk leaves no case behind."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.models import Incident, State
from lianjing.domain.incidents.moving import Refused
from lianjing.domain.people.duties import DutyRefused, relieve_duty, sign_off_duty
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
    if numbers := _cases_of(duty):
        raise Refused(_("您名下还有警情 %(numbers)s：请先移交他人或退回队列，再签退。") % {"numbers": numbers})
    return duty


@transaction.atomic
def relieve(duty_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Duty:
    """换下: a leader or manager ends somebody's duty, for a reason. Raises what `relieve_duty` does, and Refused while
    he has cases: nobody loses one in the middle, they are handed over or released first."""
    duty = relieve_duty(duty_id, reason, by=by, at=at, source=source)
    if numbers := _cases_of(duty):
        said = _("%(name)s 名下还有警情 %(numbers)s：请他先移交或退回队列，或由班长解除锁定。")
        raise Refused(said % {"name": duty.user.shown_name, "numbers": numbers})
    return duty


def _cases_of(duty: Duty) -> str:
    """The numbers of his open cases, ten at most."""
    rows = Incident.objects.filter(holder_id=duty.user_id).exclude(state=State.CLOSED)
    cases = list(rows.order_by("queue_level", "pk").values_list("pk", flat=True)[: NAMED + 1])
    return "、".join(f"#{pk}" for pk in cases[:NAMED]) + (_(" 等") if len(cases) > NAMED else "")

"""巡逻签到与签退: a guard stands duty too, behind the same gate as the desks."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lianjing.core.viewer import Forbidden, Viewer
from lianjing.domain.dispatch.models import Task
from lianjing.domain.dispatch.policy import OPEN_TASK
from lianjing.domain.incidents.moving import Refused
from lianjing.domain.people.duties import DutyRefused, sign_off_duty, sign_on_duty
from lianjing.domain.people.models import Duty
from lianjing.domain.people.refusing import tells_refusals
from lianjing.terms.staffing import PostKind

PATROL = "duty.patrol"


@tells_refusals
@transaction.atomic
def start_patrol(company_id: int, *, by: Viewer, at: datetime, place: str = "", source: str = "") -> Duty:
    """The guard is on duty from now on, for a district that he may name. Raises Forbidden and DutyRefused."""
    if not by.scope(PATROL).holds(company_id):
        raise Forbidden(_("您的角色不能执行此操作。"))
    return sign_on_duty(company_id, by=by, at=at, desk=place, post_kind=PostKind.PATROL, source=source)


@transaction.atomic
def end_patrol(*, by: Viewer, at: datetime, source: str = "") -> Duty:
    """The guard signs off. Raises Refused when he is not on duty, or has tasks that are not over."""
    try:
        duty = sign_off_duty(by=by, at=at, source=source)
    except DutyRefused as refused:
        raise Refused(str(refused)) from refused
    count = Task.objects.filter(guard_id=duty.user_id, state__in=OPEN_TASK).count()
    if count:
        raise Refused(_("您还有 %(count)d 件任务没有结束，请先办完再签退。") % {"count": count})
    return duty

"""Under which mail address a user can be reached."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from lianjing.core.changes import CHANGED
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, person_id, require
from lianjing.domain.people.models import User
from lianjing.domain.records.actions import Deed, write_records
from lianjing.terms.sentences import marked as _


@transaction.atomic
def set_email(user: User, address: str, *, by: Viewer, at: datetime, source: str = "") -> bool:
    """Sets a user's mail address; "" takes it away; False when it is that already. Everybody may set his own.

    The record says that it changed, not to what. Raises Forbidden for another's without the right, and Refused.
    """
    if person_id(by) != user.pk:
        require(by, "installation.manage", None)
    wanted = address.strip()
    if wanted:
        try:
            validate_email(wanted)
        except ValidationError as wrong:
            raise Refused("email", _("这不是可用的邮箱地址。")) from wrong
    if len(wanted) > 254:
        raise Refused("email", _("这不是可用的邮箱地址。"))
    if not User.objects.filter(pk=user.pk).exclude(email=wanted).update(email=wanted):
        return False
    told = {"user": user.username, "email": CHANGED if wanted else ""}
    write_records([Deed("user.email_set", "user", user.pk, None, after=told)], by=by, at=at, source=source)
    return True

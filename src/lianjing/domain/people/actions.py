from datetime import datetime

from django.db import transaction

from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.models import ApiToken, User
from lianjing.domain.records.actions import Deed, write_records


def create_token(user: User, *, label: str, by: Viewer, at: datetime, source: str) -> str:
    """Makes an API token for `user` and returns it; it cannot be shown again. Raises Forbidden without the right."""
    require(by, "installation.manage", None)
    secret = ApiToken.fresh_secret()
    with transaction.atomic():
        token = ApiToken.objects.create(user=user, label=label, digest=ApiToken.digest_of(secret), created_at=at)
        deed = Deed("token.created", "token", token.pk, None, after={"user": user.username, "label": label})
        write_records([deed], by=by, at=at, source=source)
    return secret

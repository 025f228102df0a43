from lianjing.core.viewer import Token
from lianjing.domain.people.models import ApiToken
from lianjing.domain.people.policy import token_digest


def token_viewer(secret: str) -> Token | None:
    """The viewer behind an API token; None when it is unknown, revoked, or its user may not sign on any more.

    The one query without a viewer: it is what makes one.
    """
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=token_digest(secret), revoked_at=None, user__is_active=True)
        .first()
    )
    return Token(row.pk, row.user.as_viewer()) if row else None

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Q

from lianjing.core.crypto import Unopenable
from lianjing.core.viewer import Token, Viewer, person_id, require
from lianjing.domain.people.models import ApiToken, PoliceArea, User
from lianjing.domain.people.policy import token_digest
from lianjing.terms.roles import Role


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


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """How many users must have a second factor, how many of them have none yet, and whose cannot be opened."""

    must: int
    owing: int
    sealed_otherwise: list[str]


def second_factors(viewer: Viewer) -> SecondFactors:
    """Of those who may sign on. A second factor that was encrypted with another data key must be reset."""
    require(viewer, "installation.manage", None)
    by_role = Q(memberships__role__in=settings.SECOND_FACTOR_ROLES)
    if Role.POLICE in settings.SECOND_FACTOR_ROLES:
        by_role |= Q(police_areas__isnull=False)
    must = User.objects.filter(Q(second_factor_required=True) | by_role, is_active=True).distinct()
    owing = must.exclude(authenticator__type=Authenticator.Type.TOTP)
    kept = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__is_active=True).select_related("user")
    lost = [factor.user.username for factor in kept.order_by("user__username") if not _opens(factor)]
    return SecondFactors(must.count(), owing.count(), lost)


def _opens(factor: Authenticator) -> bool:
    try:
        return bool(decrypt(factor.data["secret"]))
    except Unopenable:
        return False


def areas_of(viewer: Viewer, user_id: int) -> list[str]:
    """What the codes in his areas begin with: one's own, or anybody's for the installation's administrator."""
    if person_id(viewer) != user_id:
        require(viewer, "installation.manage", None)
    return sorted(PoliceArea.objects.filter(user_id=user_id).values_list("begins", flat=True))

"""The accounts of a company with their roles, and the reviews of them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.models import Company, CompanySetting
from lianjing.domain.people.access_policy import MONTHS
from lianjing.domain.people.models import AccessReview, AccessReviewLine, Membership
from lianjing.domain.records.dated import known_at
from lianjing.terms.roles import Role
from lianjing.terms.staffing import AccessDecision

REVIEW, SEE = "access.review", "compliance.see"
MONTHS_SETTING = "access_months"
REVIEWS_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One role of one account, as it stands now."""

    id: int
    user_id: int
    username: str
    name: str
    role: Role
    is_active: bool
    has_second_factor: bool
    last_sign_on_at: datetime | None
    tokens: int


def account_lines(viewer: Viewer, company_id: int) -> list[AccountLine]:
    """Every role that is held for the company, by sign-on name: one query. [] for who may not review."""
    rows = visible(Membership.objects.filter(company_id=company_id), viewer, REVIEW).select_related("user")
    factor = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    valid = Count("user__api_tokens", filter=Q(user__api_tokens__revoked_at=None), distinct=True)
    rows = rows.annotate(has_factor=Exists(factor), valid_tokens=valid).order_by("user__username", "role")
    return [
        AccountLine(
            row.pk,
            row.user_id,
            row.user.username,
            row.user.shown_name,
            Role(row.role),
            row.user.is_active,
            row.has_factor,
            row.user.last_login,
            row.valid_tokens,
        )
        for row in rows
    ]


def reviews_of(viewer: Viewer, company_id: int) -> "QuerySet[AccessReview]":
    """The reviews that were signed, newest first."""
    return visible(AccessReview.objects.filter(company_id=company_id), viewer, REVIEW).order_by("-signed_at", "-pk")


def review_by_id(viewer: Viewer, review_id: int) -> AccessReview | None:
    """One of them; None when there is none that the viewer may see."""
    return visible(AccessReview.objects.select_related("company"), viewer, REVIEW).filter(pk=review_id).first()


def review_months(viewer: Viewer, company: Company, known: datetime | None = None) -> tuple[int, str]:
    """After how many months the next review is due, as it was set at `known` (None: is now), and where that stands."""
    rows = visible(CompanySetting.objects.filter(company=company, name=MONTHS_SETTING), viewer, SEE)
    row = known_at(rows, known).order_by("-pk").values_list("value", "origin").first()
    return (int(row[0]), row[1]) if row else (MONTHS, "")


@dataclass(frozen=True, slots=True)
class AccessKnown:
    """The last review that was signed by a moment. `held`: roles that it marks and that are still held; `missed`: of
    the accounts that there were, those that it does not name; `later`: accounts that came afterwards."""

    review_id: int | None
    signed_at: datetime | None
    accounts: int
    held: int
    missed: int
    later: int
    months: int
    origin: str


def access_at(viewer: Viewer, company: Company, moment: datetime, known: datetime | None) -> AccessKnown:
    """What was known of the company's accounts at `moment`; for whoever sees the clauses: figures only, no names."""
    months, origin = review_months(viewer, company, known)
    reviews = visible(AccessReview.objects.filter(company=company, signed_at__lte=moment), viewer, SEE)
    last = reviews.order_by("-signed_at", "-pk").first()
    if last is None:
        return AccessKnown(None, None, 0, 0, 0, 0, months, origin)
    lines = list(last.lines.values_list("user_id", "role", "decision", "withdrawn_at"))
    named = {(user_id, role) for user_id, role, _decision, _at in lines}
    given = list(Membership.objects.filter(company=company).values_list("user_id", "role", "given_at"))
    there = {(user_id, role) for user_id, role, _at in given}
    held = sum(
        decision == AccessDecision.WITHDRAW and (at > moment if at else (user_id, role) in there)
        for user_id, role, decision, at in lines
    )
    missed = sum((user, role) not in named and (at is None or at <= last.signed_at) for user, role, at in given)
    later = sum(
        (user, role) not in named and at is not None and last.signed_at < at <= moment for user, role, at in given
    )
    return AccessKnown(last.pk, last.signed_at, len(lines), held, missed, later, months, origin)


def access_moments(viewer: Viewer, company: Company, since: datetime, until: datetime) -> list[datetime]:
    """When something of the company's accounts was on record anew between two moments."""
    reviews = visible(AccessReview.objects.filter(company=company), viewer, SEE)
    lines = AccessReviewLine.objects.filter(review__in=reviews, withdrawn_at__gt=since, withdrawn_at__lte=until)
    given = Membership.objects.filter(company=company, given_at__gt=since, given_at__lte=until)
    signed = reviews.filter(signed_at__gt=since, signed_at__lte=until)
    return [
        *signed.values_list("signed_at", flat=True),
        *(at for at in lines.values_list("withdrawn_at", flat=True) if at),
        *(at for at in given.values_list("given_at", flat=True) if at),
    ]


def lines_to_withdraw(viewer: Viewer, company_id: int) -> list[AccessReviewLine]:
    """Of the last review, the roles that are marked and still held."""
    last = reviews_of(viewer, company_id).first()
    if last is None:
        return []
    open_ones = last.lines.filter(decision=AccessDecision.WITHDRAW.value, withdrawn_at=None).order_by("username")
    there = set(Membership.objects.filter(company_id=company_id).values_list("user_id", "role"))
    return [line for line in open_ones if (line.user_id, line.role) in there]

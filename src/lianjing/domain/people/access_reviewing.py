"""Signing an access review, taking the roles that it marks, and how often one is due."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, person_id, require
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.settings_known import keep_setting
from lianjing.domain.people.access_list import MONTHS_SETTING, AccountLine, account_lines, review_months
from lianjing.domain.people.access_policy import MONTHS_AT_MOST, Account, Decided, checked
from lianjing.domain.people.models import AccessReview, AccessReviewLine, Membership
from lianjing.domain.records.changing import Actor, locked, write_down
from lianjing.terms.roles import Role
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import AccessDecision
from lianjing.terms.texts import storable

REVIEW = "access.review"
CHANGED = "access.changed"
"""Topic: accounts of a company were reviewed, or their roles have changed."""


@transaction.atomic
def sign_access_review(
    company_id: int, told: Mapping[int, Decided], note: str, *, by: Viewer, at: datetime, source: str = ""
) -> AccessReview:
    """Signs a review of every account of the company. Raises Missing, Forbidden, or Refused naming the account."""
    company = _company(company_id, by)
    accounts = account_lines(by, company.pk)
    checked([Account(one.id, one.user_id, one.name, one.role) for one in accounts], told, person_id(by))
    text = note.strip()
    if len(text) > 200 or not storable(text):
        raise Refused("note", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=200, count=len(text))
    review = AccessReview.objects.create(
        company=company, signed_at=at, signed_by=by.name, signer_id=person_id(by), note=text
    )
    AccessReviewLine.objects.bulk_create(_line(review, one, told[one.id]) for one in accounts)
    marked = [
        f"{one.username} {one.role.value}" for one in accounts if told[one.id].decision == AccessDecision.WITHDRAW
    ]
    after = {"accounts": len(accounts), "withdraw": marked, "note": text}
    write_down("access.reviewed", review, company.pk, Actor(by, at, source), after=after, topic=CHANGED)
    return review


def _line(review: AccessReview, one: AccountLine, decided: Decided) -> AccessReviewLine:
    return AccessReviewLine(
        review=review,
        user_id=one.user_id,
        role=one.role.value,
        username=one.username,
        name=one.name,
        is_active=one.is_active,
        has_second_factor=one.has_second_factor,
        last_sign_on_at=one.last_sign_on_at,
        tokens=one.tokens,
        decision=decided.decision,
        note=decided.note.strip(),
    )


@transaction.atomic
def withdraw_role(line_id: int, *, by: Viewer, at: datetime, source: str = "") -> AccessReviewLine:
    """Takes a role from somebody, as the last signed review says. Raises Missing, Forbidden or Refused."""
    rows = AccessReviewLine.objects.filter(decision=AccessDecision.WITHDRAW.value, withdrawn_at=None)
    line = locked(rows.select_related("review"), line_id, by, see=REVIEW, company="review__company_id")
    company = _company(line.review.company_id, by)
    if AccessReview.objects.filter(company=company, signed_at__gt=line.review.signed_at).exists():
        raise Refused("", _("此后又签署了一次复核，以最近一次为准。"))
    if line.user_id == person_id(by):
        raise Refused("", _("不能撤销自己的角色：请由另一名经理复核。"))
    held = Membership.objects.filter(company=company, user_id=line.user_id, role=line.role)
    if not held.exists():
        raise Missing(f"membership of line {line.pk}")
    if line.role == Role.MANAGER and not _other_managers(company, line.user_id):
        raise Refused("", _("这是最后一名经理，不能撤销。"))
    held.delete()
    line.withdrawn_at, line.withdrawn_by = at, by.name
    line.save(update_fields=["withdrawn_at", "withdrawn_by"])
    before = {"user": line.username, "role": line.role}
    after = {"review": line.review_id, "reason": line.note}
    write_down(
        "access.role_withdrawn", line, company.pk, Actor(by, at, source), before=before, after=after, topic=CHANGED
    )
    return line


def _other_managers(company: Company, user_id: int) -> bool:
    rows = Membership.objects.filter(company=company, role=Role.MANAGER.value, user__is_active=True)
    return rows.exclude(user_id=user_id).exists()


@transaction.atomic
def set_review_months(company_id: int, months: int, origin: str, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Says after how many months the next review is due, and why. Raises Missing, Forbidden or Refused."""
    company = _company(company_id, by)
    if not 1 <= months <= MONTHS_AT_MOST:
        raise Refused("months", _("周期请写 1 至 %(most)d 个月。"), most=MONTHS_AT_MOST)
    text = origin.strip()
    if len(text) > 200 or not storable(text):
        raise Refused("origin", _("最多 %(limit)d 个字，现有 %(count)d 个。"), limit=200, count=len(text))
    had = review_months(by, company)
    if had == (months, text):
        return months
    actor = Actor(by, at, source)
    keep_setting(company, MONTHS_SETTING, str(months), actor, text)
    before, after = {"months": had[0], "source": had[1]}, {"months": months, "source": text}
    write_down("access.months_set", company, company.pk, actor, before=before, after=after, topic=CHANGED)
    return months


def _company(company_id: int, by: Viewer) -> Company:
    """Locked: of two who sign at once the second one sees the first."""
    company = locked(Company.objects.all(), company_id, by, see=REVIEW, company="id")
    require(by, REVIEW, company.pk)
    return company

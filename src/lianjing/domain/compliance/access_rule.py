"""The part of the secrecy clauses that is computed: whether somebody goes through who may see and do what.

The law asks to keep secrets (令564 art. 26) and that nobody deletes or spreads records (art. 30), and names no access
review; 个人信息保护法 art. 51 asks for rights that are managed. So a review that is overdue leaves it at 基本符合, a
role that was marked to be withdrawn and is still held is against what the company itself decided: 不符合.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.company_standing import months_later
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.judging import Evidence, said
from lianjing.domain.compliance.looking_ahead import Span, day_after
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.people.access_list import AccessKnown, access_at, access_moments
from lianjing.domain.people.access_policy import MONTHS
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import WORST_FIRST, Verdict

SEE = "compliance.see"
WAKES = ("access.changed",)
NOBODY = AccessKnown(None, None, 0, 0, 0, 0, MONTHS, "")


@dataclass(frozen=True, slots=True)
class Access:
    """What was known of the company's accounts, and the day that is asked about."""

    known: AccessKnown
    on: date

    @property
    def reviewed_on(self) -> date | None:
        at = self.known.signed_at
        return centre_day(at) if at else None

    @property
    def due_on(self) -> date | None:
        reviewed = self.reviewed_on
        return months_later(reviewed, self.known.months) if reviewed else None


@once_a_sweep
def access_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Access:
    """By the end of the day, as it was known at `known`."""
    company = visible(Company.objects.all(), viewer, SEE, company_field="id").filter(pk=company_id).first()
    return Access(access_at(viewer, company, end_of(on, known), known) if company else NOBODY, on)


@once_a_sweep
def access_days(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> set[date]:
    """The days of a span on which it may be another: what is on record within it, and the day after it is due."""
    company = visible(Company.objects.all(), viewer, SEE, company_field="id").filter(pk=company_id).first()
    if company is None:
        return set()
    moments = access_moments(viewer, company, end_of(span.first, known), end_of(span.last, known))
    begins = {span.first, *(day_of(at) for at in moments)}
    due = (access_known(viewer, company_id, day, known).due_on for day in begins)
    return begins.union(*(day_after(day) for day in due))


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a clause comes to."""

    verdict: Verdict
    told: tuple[Phrase, ...]
    figures: dict[str, Any]
    evidence: tuple[Evidence, ...]


def access_part(facts: Access) -> Part:
    """Pure: the verdict of the review alone."""
    one, reviewed, due = facts.known, facts.reviewed_on, facts.due_on
    figures: dict[str, Any] = {
        "last_review": str(reviewed) if reviewed else None,
        "review_due": str(due) if due else None,
        "months": one.months,
        "accounts": one.accounts,
        "not_reviewed": one.missed,
        "given_since": one.later,
        "still_held": one.held,
    }
    if reviewed is None or due is None:
        told = said(_("没有权限复核的记录：谁能登录、有什么角色，没有人逐个核对签署。"))
        return Part(Verdict.INSUFFICIENT, (told,), figures, (Evidence("access_review", None, _("权限复核")),))
    day: dict[str, Any] = {"day": str(reviewed), "count": one.accounts, "due": str(due)}
    verdict, told = (
        Verdict.MET,
        said(_("最近一次权限复核在 %(day)s，逐个核对 %(count)d 个账号，%(due)s 前再复核。"), **day),
    )
    if facts.on > due:
        sentence = _("最近一次权限复核在 %(day)s，应在 %(due)s 前再复核，已逾期（周期 %(months)d 个月）。")
        verdict, told = Verdict.MOSTLY, said(sentence, months=one.months, **day)
    more = []
    if one.missed:
        verdict, told_of = Verdict.INSUFFICIENT, said(_("有 %(count)d 个账号没有列入复核。"), count=one.missed)
        more.append(told_of)
    if one.held:
        verdict, told_of = Verdict.NOT_MET, said(_("复核标为撤销的角色，还有 %(count)d 个没有撤销。"), count=one.held)
        more.append(told_of)
    evidence = Evidence("access_review", one.review_id, _("权限复核"), _("%(day)s 签署。"), {"day": str(reviewed)})
    return Part(verdict, (told, *more), figures, (evidence,))


def worst(*verdicts: Verdict) -> Verdict:
    return min(verdicts, key=WORST_FIRST.index)

"""放行: a manager lets somebody stand duty whom the gate refuses, for a reason and until a time."""

from datetime import datetime, timedelta

from django.db import transaction

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.people.gate_facts import duty_sought, entitlement
from lianjing.domain.people.models import DutyPass, User
from lianjing.domain.people.refusing import reasons_kept
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.terms.sentences import marked as _

PASS = "duty.pass"  # noqa: S105 a permission
LASTS_AT_MOST = timedelta(hours=24)


@transaction.atomic
def give_pass(
    user_id: int, company_id: int, reason: str, until: datetime | None, *, by: Viewer, at: datetime, source: str = ""
) -> DutyPass:
    """Opens the gate for somebody until `until`, 24 hours at most. It takes the place of a pass that still holds.

    The pass keeps what the gate said when it was given. Raises Forbidden, Missing for who holds no role in the
    company, or Refused: without a reason, for a time that is none, for what no pass opens, or when none is needed.
    """
    require(by, PASS, company_id)
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, memberships__company_id=company_id).first()
    if user is None:
        raise Missing(f"user {user_id} of company {company_id}")
    why, ends = reason_given(reason), _ends(until, at)
    said = entitlement(duty_sought(user_id, company_id), at)
    if not said.can_be_passed:
        raise Refused("", _("停用的账号和没有值班角色的人不能放行。"))
    if not said.reasons:
        raise Refused("", _("此人现在符合门禁要求，不需要放行。"))
    actor = Actor(by, at, source)
    for earlier in DutyPass.objects.filter(user=user, company_id=company_id, until__gt=at, ended_at=None):
        _end(earlier, actor)
    given = DutyPass.objects.create(
        user=user,
        company_id=company_id,
        reason=why,
        refused_for=reasons_kept(said),
        given_at=at,
        given_by=by.name,
        until=ends,
    )
    after = {"user": user_id, "name": user.shown_name, "reason": why, "until": ends.isoformat()}
    after["refused_for"] = given.refused_for
    write_down("duty.passed", given, company_id, actor, after=after, topic="duty.passed")
    return given


@transaction.atomic
def end_pass(pass_id: int, *, by: Viewer, at: datetime, source: str = "") -> DutyPass:
    """Ends a pass before its time. Raises Missing, or Refused when it is over already."""
    given = locked(DutyPass.objects.all(), pass_id, by, see=PASS)
    if given.ended_at is not None or given.until <= at:
        raise Refused("", _("此放行已经结束。"))
    _end(given, Actor(by, at, source))
    return given


def _ends(until: datetime | None, at: datetime) -> datetime:
    if until is None:
        raise Refused("until", _("请填写。"))
    if until <= at:
        raise Refused("until", _("放行须到以后的时间为止。"))
    if until > at + LASTS_AT_MOST:
        hours = int(LASTS_AT_MOST.total_seconds() // 3600)
        raise Refused("until", _("一次最多放行 %(hours)d 小时。"), hours=hours)
    return until


def _end(given: DutyPass, actor: Actor) -> None:
    given.ended_at = actor.at
    given.save(update_fields=["ended_at"])
    after = {"user": given.user_id, "until": given.until.isoformat()}
    write_down("duty.pass_ended", given, given.company_id, actor, after=after, topic="duty.pass_ended")

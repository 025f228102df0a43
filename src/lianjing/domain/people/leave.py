"""请假: asking, granting, entering, taking back. Granted leave is a dated fact of the person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lianjing.core.entering import enter
from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import Viewer, person_id, require
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import Entry, enter_fact
from lianjing.domain.people.models import LeaveRequest, StaffFact, StaffMember
from lianjing.domain.people.models.rosters import LeaveState
from lianjing.domain.people.shifts import EDIT, SEE
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.domain.records.dated import known_at
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

DAYS_AT_MOST = 366
LEAVE_CHANGED = "leave.changed"
"""Topic: somebody's leave was asked for, granted, refused or taken back."""


@dataclass(frozen=True, slots=True)
class NewLeave:
    """From the first day to the last, both inclusive; `kind` is the 假别."""

    kind: str
    first_on: date | None
    last_on: date | None
    reason: str = ""


@transaction.atomic
def ask_leave(new: NewLeave, *, by: Viewer, at: datetime, source: str = "") -> LeaveRequest:
    """Asks for leave for oneself. Raises Missing for who is not on file, Forbidden, or Refused naming the field."""
    member = own_member_locked(by)
    request = _request(member, new, by, at)
    if request.last_on < timezone.localdate(at):
        raise Refused("last_on", _("这些天已经过去，请由班长登记。"))
    request.save()
    _tell("leave.asked", request, Actor(by, at, source))
    return request


@transaction.atomic
def withdraw_leave(request_id: int, *, by: Viewer, at: datetime, source: str = "") -> LeaveRequest:
    """Takes back what one has asked for, before it is decided. Raises Missing or Refused."""
    request = locked(LeaveRequest.objects.select_related("member"), request_id, by, see=SEE)
    if not is_own(request, by):
        raise Missing(str(request_id))
    _decide(request, LeaveState.WITHDRAWN, "", Actor(by, at, source))
    return request


@transaction.atomic
def decide_leave(
    request_id: int, grants: bool, decision: str = "", *, by: Viewer, at: datetime, source: str = ""
) -> LeaveRequest:
    """Grants leave, or refuses it with a reason. Shifts that are planned stay: who decides sees them, and changes them.

    Nobody decides on his own. Raises Missing, Forbidden or Refused.
    """
    request = locked(LeaveRequest.objects.select_related("member"), request_id, by, see=SEE)
    require(by, EDIT, request.company_id)
    if is_own(request, by):
        raise Refused("", _("不能批准自己的申请。"))
    actor = Actor(by, at, source)
    words = decision if grants else reason_given(decision)
    _decide(request, LeaveState.GRANTED if grants else LeaveState.REFUSED, words, actor)
    if grants:
        member = StaffMember.objects.select_for_update(no_key=True).get(pk=request.member_id)
        told = NewLeave(request.kind, request.first_on, request.last_on, request.reason)
        request.fact = _granted(member, told, actor)
        request.save(update_fields=["fact"])
    return request


def is_own(request: LeaveRequest, viewer: Viewer) -> bool:
    """Whether the viewer asked for it for himself: then somebody else decides. `member` must be at hand."""
    return request.member.user_id is not None and request.member.user_id == person_id(viewer)


@transaction.atomic
def enter_leave(member_id: int, new: NewLeave, *, by: Viewer, at: datetime, source: str = "") -> StaffFact:
    """Enters leave for somebody who did not ask by himself. Raises Missing, Forbidden, or Refused naming the field."""
    member = locked(StaffMember.objects.all(), member_id, by, see=SEE)
    require(by, EDIT, member.company_id)
    request = _request(member, new, by, at)
    actor = Actor(by, at, source)
    request.state, request.decided_at, request.decided_by = LeaveState.GRANTED, at, by.name[:150]
    request.fact = _granted(member, new, actor)
    request.save()
    _tell("leave.entered", request, actor)
    return request.fact


@transaction.atomic
def cancel_leave(fact_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> StaffFact:
    """Takes back granted leave: he comes to work after all. Raises Missing, Forbidden or Refused."""
    rows = StaffFact.objects.filter(kind=StaffFactKind.LEAVE.value, retracted_at=None)
    fact = locked(rows.select_related("member"), fact_id, by, see=SEE)
    require(by, EDIT, fact.company_id)
    why = reason_given(reason)
    actor = Actor(by, at, source)
    take_back(fact, why, actor)
    told = {"kind": fact.kind, "fact": fact.pk, "reason": why}
    write_down("staff.fact_retracted", fact.member, fact.company_id, actor, after=told, topic="staff.changed")
    return fact


def own_member_locked(by: Viewer) -> StaffMember:
    """The person of the viewer, locked. Raises Missing for who is not on file, and Forbidden."""
    user_id = person_id(by)
    rows = StaffMember.objects.select_for_update(no_key=True)
    member = rows.filter(user_id=user_id).first() if user_id is not None else None
    if member is None:
        raise Missing("own staff member")
    require(by, SEE, member.company_id)
    return member


def _request(member: StaffMember, new: NewLeave, by: Viewer, at: datetime) -> LeaveRequest:
    request = LeaveRequest(member=member, company_id=member.company_id, asked_at=at, asked_by=by.name[:150])
    enter(request, {"kind": new.kind, "reason": new.reason})
    if new.first_on is None or new.last_on is None:
        raise Refused("last_on" if new.first_on else "first_on", _("请填写。"))
    if new.last_on < new.first_on:
        said = _("最后一天 %(last)s 早于第一天 %(first)s。")
        raise Refused("last_on", said, last=str(new.last_on), first=str(new.first_on))
    if (new.last_on - new.first_on).days >= DAYS_AT_MOST:
        raise Refused("last_on", _("一次最多 %(limit)d 天。"), limit=DAYS_AT_MOST)
    request.first_on, request.last_on = new.first_on, new.last_on
    _refuse_twice(member, new.first_on, new.last_on)
    return request


def _refuse_twice(member: StaffMember, first: date, last: date) -> None:
    said = _("%(first)s 至 %(last)s 已经请了假，或已申请。")
    facts = known_at(StaffFact.objects.filter(member=member, kind=StaffFactKind.LEAVE.value))
    fact = facts.filter(valid_from__lte=last, valid_until__gte=first).first()
    if fact is not None:
        raise Refused("first_on", said, first=str(fact.valid_from), last=str(fact.valid_until))
    asked = LeaveRequest.objects.filter(member=member, state=LeaveState.ASKED)
    other = asked.filter(first_on__lte=last, last_on__gte=first).first()
    if other is not None:
        raise Refused("first_on", said, first=str(other.first_on), last=str(other.last_on))


def _granted(member: StaffMember, new: NewLeave, actor: Actor) -> StaffFact:
    details = {"content": new.reason} if new.reason.strip() else {}
    fact = NewFact(StaffFactKind.LEAVE, new.kind, new.first_on, new.last_on, details=details)
    return enter_fact(member, fact, Entry(actor))


def _decide(request: LeaveRequest, state: LeaveState, decision: str, actor: Actor) -> None:
    if request.state != LeaveState.ASKED:
        raise Refused("", _("这个申请已经由 %(name)s 处理。"), name=request.decided_by)
    enter(request, {"decision": decision})
    request.state, request.decided_at, request.decided_by = state, actor.at, actor.by.name[:150]
    request.save(update_fields=["state", "decided_at", "decided_by", "decision"])
    _tell(f"leave.{state}", request, actor)


def _tell(action: str, request: LeaveRequest, actor: Actor) -> None:
    """Days and state only: why somebody is away is nobody else's business."""
    after = {
        "member": request.member_id,
        "from": str(request.first_on),
        "until": str(request.last_on),
        "state": str(request.state),
    }
    write_down(action, request, request.company_id, actor, after=after)
    emit([News(LEAVE_CHANGED, request.company_id, {"leave": request.pk, "member": request.member_id})], at=actor.at)

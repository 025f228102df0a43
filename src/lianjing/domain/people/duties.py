"""Standing duty: signing on at a desk and off, one open duty a person."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden, Token, Viewer, person_id, require
from lianjing.domain.people.gate_facts import Stand, entitlement
from lianjing.domain.people.gate_policy import HARD
from lianjing.domain.people.models import Duty, DutySource, User
from lianjing.domain.people.refusing import DutyRefused, tells_refusals
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.changing import locked, reason_given
from lianjing.terms.sentences import marked, words
from lianjing.terms.staffing import PostKind
from lianjing.terms.texts import storable

__all__ = ["DESK_LIMIT", "DutyRefused", "mark_seen", "relieve_duty", "sign_off_duty", "sign_on_duty"]

DESK_LIMIT = 50
RELIEVE = "roster.edit"
"""Who plans the shifts may end one: leader and manager."""
SEEN_EVERY = timedelta(seconds=10)
"""A browser that is there is written down this often at most, however many tabs and streams it has."""


@tells_refusals
@transaction.atomic
def sign_on_duty(
    company_id: int,
    *,
    by: Viewer,
    at: datetime,
    desk: str = "",
    post_kind: PostKind = PostKind.WATCH,
    source: str = "",
) -> Duty:
    """The person's open duty for the company: the one he has, or a new one. Recorded when it begins or he moves.

    `desk`: what his desk, or his district, is called, up to 50 characters; "" keeps what it was. Who stands duty
    already keeps it although the gate would not let him in any more: nobody is thrown out in the middle of a case.
    Raises DutyRefused when he is not entitled, or stands another duty, and Forbidden for whoever is no person. A
    refusal of the gate is recorded.
    """
    user = _locked_user(by)
    desk = _desk_words(desk)
    duty = Duty.objects.filter(user=user, until=None).select_related("company").first()
    if duty is not None and duty.company_id != company_id:
        said = _("您正在为%(company)s值班，请先在那里签退。")
        raise DutyRefused(said % {"company": duty.company.name})
    if duty is not None and duty.post_kind != post_kind.value:
        raise DutyRefused(_("您正在做另一种值班，请先在那里签退。"))
    _refuse_unentitled(Stand(user.pk, company_id, post_kind), at, stands_already=duty is not None)
    if duty is None:
        row = Duty(user=user, company_id=company_id, desk=desk, post_kind=post_kind.value, since=at)
        return _begun(row, by, at, source)
    if desk and desk != duty.desk:
        _move(duty, desk, by, at, source)
    if not isinstance(by, Token):
        _at_a_browser(duty, at)
    return duty


def _at_a_browser(duty: Duty, at: datetime) -> None:
    """He acts, so he is there: the stream of his new browser may not have been noted yet, nor that it is one."""
    duty.source = DutySource.BROWSER
    if duty.seen_at is not None:
        duty.seen_at = max(duty.seen_at, at)
    duty.save(update_fields=["source", "seen_at"])


@transaction.atomic
def sign_off_duty(*, by: Viewer, at: datetime, source: str = "") -> Duty:
    """Ends the person's open duty. Whether he may leave his cases is not asked here. Raises DutyRefused, Forbidden."""
    user = _locked_user(by)
    duty = Duty.objects.filter(user=user, until=None).first()
    if duty is None:
        raise DutyRefused(_("您没有在值班。"))
    duty.until = at
    duty.save(update_fields=["until"])
    _tell("duty.ended", duty, by, at, source)
    return duty


@transaction.atomic
def relieve_duty(duty_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Duty:
    """Ends somebody else's duty, for a reason. Whether he has cases is not asked here.

    Raises Missing, Forbidden, or Refused without a reason or when it is over already.
    """
    duty = locked(Duty.objects.select_related("user"), duty_id, by, see="duty.see")
    require(by, RELIEVE, duty.company_id)
    why = reason_given(reason)
    if duty.until is not None:
        raise Refused("", marked("此人已经签退。"))
    duty.until = at
    duty.save(update_fields=["until"])
    _tell("duty.ended", duty, by, at, source, reason=why)
    return duty


def mark_seen(*, by: Collection[Viewer], at: datetime) -> int:
    """Notes that browsers of these persons are there, in one statement, and only when it is due; returns of how many.

    Far too often to be recorded.
    """
    duties = Duty.objects.filter(user_id__in={person_id(one) for one in by}, until=None, source=DutySource.BROWSER)
    due = duties.filter(Q(seen_at=None) | Q(seen_at__lte=at - SEEN_EVERY))
    # Asked first: on SQLite a statement that changes nothing waits in the line of writers, too.
    return due.update(seen_at=at) if due.exists() else 0


def _refuse_unentitled(stand: Stand, at: datetime, *, stands_already: bool) -> None:
    """Raises DutyRefused, with the sentence, unless the one rule lets him stand duty. Of somebody who does already
    only account and role are asked."""
    entitled = entitlement(stand, at)
    if entitled.allowed or (stands_already and not HARD & {reason.code for reason in entitled.reasons}):
        return
    raise DutyRefused(words(entitled, _), stand, entitled)


def _locked_user(by: Viewer) -> User:
    """Locked, so that of two requests of one person the second finds what the first has done."""
    user = User.objects.select_for_update(no_key=True).filter(pk=person_id(by) or 0).first()
    if user is None:
        raise Forbidden(_("只有人员能值班。"))
    return user


def _desk_words(desk: str) -> str:
    words = desk.strip()
    if len(words) > DESK_LIMIT or not storable(words):
        raise DutyRefused(_("席位名最多 %(limit)d 个字，不能含特殊字符。") % {"limit": DESK_LIMIT})
    return words


def _begun(duty: Duty, by: Viewer, at: datetime, source: str) -> Duty:
    duty.source = DutySource.PROGRAM if isinstance(by, Token) else DutySource.BROWSER
    duty.save()
    _tell("duty.started", duty, by, at, source)
    return duty


def _move(duty: Duty, desk: str, by: Viewer, at: datetime, source: str) -> None:
    before = {"desk": duty.desk}
    duty.desk = desk
    duty.save(update_fields=["desk"])
    deed = Deed("duty.moved", "duty", duty.pk, duty.company_id, {"desk": desk}, before)
    write_records([deed], by=by, at=at, source=source)


def _tell(topic: str, duty: Duty, by: Viewer, at: datetime, source: str, **more: str) -> None:
    after = {"user": duty.user_id, "desk": duty.desk, "post_kind": duty.post_kind, "source": duty.source, **more}
    write_records([Deed(topic, "duty", duty.pk, duty.company_id, after)], by=by, at=at, source=source)
    emit([News(topic, duty.company_id, {"duty": duty.pk, "user": duty.user_id})], at=at)

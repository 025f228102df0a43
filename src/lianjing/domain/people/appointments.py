"""Who holds a post and who stands in for him; posts that end with nobody in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.companies.changing import CHANGED, company_to_change
from lianjing.domain.companies.changing import SEE as SEE_COMPANY
from lianjing.domain.companies.models import Post
from lianjing.domain.companies.tree_policy import check_days
from lianjing.domain.companies.versions import Span, end, first_to_change, standing_rows, told_of
from lianjing.domain.people.models import Appointment, StaffMember
from lianjing.domain.people.staff_facts import facts_of, is_employed
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _

SEE_PEOPLE = "people.see"


@dataclass(frozen=True, slots=True)
class Appointed:
    """Whom a post is given to, by staff number, from when until when."""

    staff_no: str
    span: Span
    is_deputy: bool = False


@transaction.atomic
def appoint(post_id: int, who: Appointed, *, by: Viewer, at: datetime, source: str = "") -> Appointment:
    """Gives a post to somebody at work for the company, or makes him the deputy of whoever holds it. Never more holders
    than there are places. Raises Missing, Forbidden or Refused."""
    post = first_to_change(Post, post_id, by)
    span = who.span
    if span.begins is None:
        raise Refused("valid_from", _("请填写。"))
    check_days(span.begins, span.ends)
    member = _member(post, who.staff_no, by)
    _check_there(post, member, span.begins)
    others = list(post.appointments.filter(retracted_at=None))
    _check_room(post, others, who, member)
    row = Appointment.objects.create(
        company_id=post.company_id,
        post=post,
        member=member,
        is_deputy=who.is_deputy,
        valid_from=span.begins,
        valid_until=span.ends,
        recorded_at=at,
        recorded_by=by.name,
    )
    write_down("appointment.made", row, row.company_id, Actor(by, at, source), after=_told(row), topic=CHANGED)
    return row


@transaction.atomic
def end_appointment(appointment_id: int, last_day: date, *, by: Viewer, at: datetime, source: str = "") -> Appointment:
    """Lets somebody hold a post until that day. Raises Missing, Forbidden or Refused."""
    row = _standing(appointment_id, by)
    check_days(row.valid_from, last_day)
    if row.valid_until is not None and row.valid_until < last_day:
        said = _("任职到 %(day)s 为止，不能推后；请另行任命。")
        raise Refused("valid_until", said, day=str(row.valid_until))
    actor = Actor(by, at, source)
    take_back(row, _("由后一条记录接续"), actor)
    before, ended = _told(row), row
    ended.pk, ended.valid_until = None, last_day
    ended.recorded_at, ended.recorded_by = at, by.name
    ended.retracted_at, ended.retracted_by, ended.retract_reason = None, "", ""
    ended.save(force_insert=True)
    after = _told(ended)
    write_down("appointment.ended", ended, ended.company_id, actor, after=after, before=before, topic=CHANGED)
    return ended


@transaction.atomic
def retract_appointment(appointment_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Appointment:
    """Takes back an appointment that never was. Raises Missing, Forbidden or Refused."""
    row, why, actor = _standing(appointment_id, by), reason_given(reason), Actor(by, at, source)
    take_back(row, why, actor)
    told = {**_told(row), "reason": why}
    write_down("appointment.retracted", row, row.company_id, actor, after=told, topic=CHANGED)
    return row


@transaction.atomic
def close_post(post_id: int, last_day: date, *, by: Viewer, at: datetime, source: str = "") -> Post:
    """Closes a post after `last_day`; nobody may hold it any longer. Raises Missing, Forbidden or Refused."""
    post = first_to_change(Post, post_id, by)
    check_days(None, last_day)
    held = [row for row in _appointments(post) if row.valid_until is None or row.valid_until > last_day]
    _refuse_while_held(held, "valid_until", _("%(day)s 以后还有任职人员：%(names)s。请先免职。"), last_day)
    rows, actor = standing_rows(post), Actor(by, at, source)
    before = told_of(rows[-1]) if rows else {}
    row = end(post, last_day, actor)
    write_down("post.closed", post, post.company_id, actor, after=told_of(row), before=before, topic=CHANGED)
    return row


@transaction.atomic
def retract_post(post_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> Post:
    """Takes back a post that never was; nobody may ever have held it. Raises Missing, Forbidden or Refused."""
    post = first_to_change(Post, post_id, by)
    why, actor = reason_given(reason), Actor(by, at, source)
    said = _("有过任职人员：%(names)s。请先收回任命。")
    _refuse_while_held(_appointments(post), "reason", said, None)
    rows = standing_rows(post)
    if not rows:
        raise Refused("reason", _("它已经收回。"))
    for row in rows:
        take_back(row, why, actor)
    write_down("post.retracted", post, post.company_id, actor, after={"reason": why}, topic=CHANGED)
    return post


def _member(post: Post, staff_no: str, by: Viewer) -> StaffMember:
    rows = visible(StaffMember.objects.filter(company_id=post.company_id), by, SEE_PEOPLE)
    member: StaffMember | None = rows.filter(staff_no=staff_no.replace("\0", "").strip()).first()
    if member is None:
        raise Refused("staff_no", _("本单位没有工号 %(number)s。"), number=staff_no.strip()[:32])
    return member


def _check_there(post: Post, member: StaffMember, day: date) -> None:
    """The post is there and the person is at work on the first day."""
    if not any(_holds(row, day) for row in standing_rows(post)):
        raise Refused("valid_from", _("岗位 %(name)s 在 %(day)s 不存在。"), name=post.title, day=str(day))
    if not is_employed(facts_of([member.pk]).get(member.pk, []), day):
        raise Refused("staff_no", _("%(name)s 在 %(day)s 不在职。"), name=member.name, day=str(day))


def _check_room(post: Post, others: Collection[Appointment], new: Appointed, member: StaffMember) -> None:
    ours = [row for row in others if _meets(row, new.span)]
    if any(row.member_id == member.pk for row in ours):
        raise Refused("staff_no", _("%(name)s 这段时间已任此岗位或其代理人。"), name=member.name)
    if new.is_deputy:
        return
    holders = [row for row in ours if not row.is_deputy]
    for day in _turns(post, holders, new.span):
        places = next((row.places for row in standing_rows(post) if _holds(row, day)), 0)
        held = sum(_holds(row, day) for row in holders)
        if places and held >= places:
            said = _("%(day)s 定员 %(places)d 人，已任满。")
            raise Refused("valid_from", said, day=str(day), places=places)


def _turns(post: Post, holders: Collection[Appointment], span: Span) -> list[date]:
    """The days within a span on which the number of places or of holders may be another one."""
    begins = span.begins or date.min
    days = {begins, *(row.valid_from for row in (*holders, *standing_rows(post)) if row.valid_from)}
    return sorted(day for day in days if day >= begins and (span.ends is None or day <= span.ends))


def _meets(row: Appointment, span: Span) -> bool:
    begins, ends = span.begins or date.min, span.ends or date.max
    return (row.valid_from or date.min) <= ends and begins <= (row.valid_until or date.max)


def _holds(row: Appointment | Post, day: date) -> bool:
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_until is None or day <= row.valid_until)


def _standing(appointment_id: int, by: Viewer) -> Appointment:
    rows = Appointment.objects.filter(retracted_at=None).select_related("post", "member")
    row = locked(rows, appointment_id, by, see=SEE_COMPANY)
    company_to_change(row.company_id, by)
    return row


def _appointments(post: Post) -> list[Appointment]:
    return list(post.appointments.filter(retracted_at=None).select_related("member"))


def _refuse_while_held(rows: Collection[Appointment], field: str, sentence: str, day: date | None) -> None:
    names = [*dict.fromkeys(row.member.name for row in rows)]
    if names:
        raise Refused(field, sentence, day=str(day), names="、".join(names[:10]))


def _told(row: Appointment) -> dict[str, Any]:
    told: dict[str, Any] = {"member": row.member.staff_no, "is_deputy": row.is_deputy}
    return {**told, "from": str(row.valid_from or ""), "until": str(row.valid_until or "")}

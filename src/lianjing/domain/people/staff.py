"""People on file: entering one, changing what does not go by days, his account, his identity number."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lianjing.core.changes import difference
from lianjing.core.crypto import open_field, seal_field
from lianjing.core.entering import enter, once, told
from lianjing.core.pinyin import initials_of
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.people.eligibility import CITIZEN
from lianjing.domain.people.fact_policy import NewFact
from lianjing.domain.people.facts import CHANGED, EDIT, Entry, enter_fact, member_to_change
from lianjing.domain.people.identity_policy import NO_IDENTITY, BadIdentity, Identity, identity_of, numbers_in
from lianjing.domain.people.models import GateSetting, Membership, StaffMember, User
from lianjing.domain.records.changing import Actor, locked, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

FIELDS = frozenset({"staff_no", "name", "phone", "notes"})
SECRET = frozenset({"phone"})


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person as he is entered. `values`: of FIELDS, `staff_no` and `name` at least; `identity` may be empty."""

    values: Mapping[str, Any]
    identity: str = ""
    facts: Iterable[NewFact] = field(default_factory=tuple)


@transaction.atomic
def add_member(company_id: int, new: NewMember, *, by: Viewer, at: datetime, source: str = "") -> StaffMember:
    """Enters a person with what is known of him. The first one of a company sets up its duty gate.

    Raises Missing, Forbidden, or Refused naming the field (`identity` for the number).
    """
    company = locked(Company.objects.all(), company_id, by, see="people.files", company="id")
    require(by, EDIT, company.pk)
    actor = Actor(by, at, source)
    member = StaffMember(company=company, added_at=at)
    _save(member, new.values)
    GateSetting.objects.get_or_create(company=company, defaults={"since": at})
    _before, after = difference({}, told(member, FIELDS), SECRET)
    write_down("staff.added", member, company.pk, actor, after=after, topic=CHANGED)
    if new.identity.strip():
        _enter_identity(member, new.identity, actor)
    for fact in new.facts:
        enter_fact(member, fact, Entry(actor))
    return member


@transaction.atomic
def change_member(
    member_id: int, values: Mapping[str, Any], *, by: Viewer, at: datetime, source: str = ""
) -> StaffMember:
    """Changes number, name, telephone or notes. Raises Missing, Forbidden or Refused."""
    member = member_to_change(member_id, by)
    had = told(member, FIELDS)
    _save(member, values)
    before, after = difference(had, told(member, FIELDS), SECRET)
    if after:
        actor = Actor(by, at, source)
        write_down("staff.changed", member, member.company_id, actor, before=before, after=after, topic=CHANGED)
    return member


@transaction.atomic
def set_identity(member_id: int, typed: str, *, by: Viewer, at: datetime, source: str = "") -> StaffMember:
    """Enters or corrects the identity number; birth date, sex and citizenship follow from it.

    Raises Missing, Forbidden or Refused.
    """
    member = member_to_change(member_id, by)
    _enter_identity(member, typed, Actor(by, at, source))
    return member


@transaction.atomic
def reveal_identity(member_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> str:
    """The whole identity number, for a reason that is recorded; "" when there is none on file.

    Raises Missing, Forbidden or Refused (without a reason), Unopenable when another data key sealed it.
    """
    member = locked(StaffMember.objects.all(), member_id, by, see="people.files")
    require(by, "people.identity", member.company_id)
    why = reason_given(reason)
    if not member.identity_sealed:
        return ""
    actor = Actor(by, at, source)
    write_down("staff.identity_revealed", member, member.company_id, actor, after={"reason": why})
    return open_field(settings.ENVIRONMENT.data_key, member.identity_sealed).decode()


@transaction.atomic
def link_account(member_id: int, username: str, *, by: Viewer, at: datetime, source: str = "") -> StaffMember:
    """Says with which account of the company the person signs on; "" takes the account from him.

    Raises Missing, Forbidden or Refused.
    """
    member = member_to_change(member_id, by)
    user = _account(member, username.strip()) if username.strip() else None
    before = {"account": member.user.username if member.user else None}
    member.user = user
    with once("username", _("账号 %(name)s 已属于另一个人。"), name=username):
        member.save(update_fields=["user"])
    after = {"account": user.username if user else None}
    if after != before:
        actor = Actor(by, at, source)
        write_down("staff.account_linked", member, member.company_id, actor, before=before, after=after, topic=CHANGED)
    return member


def identity_digest(number: str) -> str:
    """By which the same number is found again; says nothing without the data key."""
    key = hmac.digest(settings.ENVIRONMENT.data_key, b"identity numbers", sha256)
    return hmac.digest(key, number.encode(), sha256).hex()


def put_identity(member: StaffMember, identity: Identity) -> None:
    """Puts a number into a row that is not saved yet."""
    member.identity_sealed = seal_field(settings.ENVIRONMENT.data_key, identity.number.encode())
    member.identity_tail, member.sex = identity.number[-4:], identity.sex.value
    member.identity_digest = identity_digest(identity.number)


def facts_of_identity(identity: Identity) -> list[NewFact]:
    """What a number says of its holder, as facts."""
    born = NewFact(StaffFactKind.IDENTITY, str(identity.born_on))
    return [born, *([NewFact(StaffFactKind.NATIONALITY, CITIZEN)] if identity.is_citizen else [])]


def _save(member: StaffMember, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if numbers_in(str(value)):
            raise Refused(name, NO_IDENTITY)
    enter(member, values)
    member.initials = initials_of(member.name)
    with once("staff_no", _("工号 %(number)s 已经有了。"), number=member.staff_no):
        member.save()


def _enter_identity(member: StaffMember, typed: str, actor: Actor) -> None:
    try:
        identity = identity_of(typed, timezone.localdate(actor.at))
    except BadIdentity as bad:
        raise Refused("identity", str(bad)) from bad
    if member.identity_digest == identity_digest(identity.number):
        return
    put_identity(member, identity)
    with once("identity", _("这个身份号码已登记在另一个人名下。")):
        member.save()
    write_down("staff.identity_set", member, member.company_id, actor, after={"identity": "changed"}, topic=CHANGED)
    for fact in facts_of_identity(identity):
        _replace_whole(member, fact, actor)


def _replace_whole(member: StaffMember, fact: NewFact, actor: Actor) -> None:
    """A fact without days takes the place of the one that stands, unless it says the same."""
    standing = member.facts.filter(kind=fact.kind.value, retracted_at=None).first()
    if standing is not None and fact.kind == StaffFactKind.NATIONALITY:
        return
    if standing is not None:
        take_back(standing, _("身份号码已更正"), actor)
    enter_fact(member, fact, Entry(actor, replaces=standing))


def _account(member: StaffMember, username: str) -> User:
    """An account that holds a role for the person's company."""
    held = Membership.objects.filter(company_id=member.company_id)
    user = User.objects.filter(username=username, pk__in=held.values("user_id")).first()
    if user is None:
        raise Refused("username", _("本单位没有账号 %(name)s。"), name=username)
    return user

"""Reading the gate: who wants to sign on and may not, who has a pass, whose entitlement has ended meanwhile."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lianjing.core.viewer import Viewer, person_id, require, visible
from lianjing.domain.companies.models import Company
from lianjing.domain.people.duty_list import open_duties
from lianjing.domain.people.duty_standing import stand_of
from lianjing.domain.people.gate_facts import Stand, duty_facts, duty_sought, entitlement, entitlements
from lianjing.domain.people.gate_policy import DutyFacts, Entitlement, over_since, told
from lianjing.domain.people.gate_setting import GateAsks
from lianjing.domain.people.models import Duty, DutyPass, GateSetting, User
from lianjing.domain.people.passing import PASS
from lianjing.domain.people.policy import may_stand_duty
from lianjing.domain.people.refusing import GATE, REFUSED
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import Phrase
from lianjing.terms.staffing import PostKind

SEE, FILES = "people.see", "people.files"
REFUSALS_OF = timedelta(hours=24)
READ_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class WantsIn:
    """Somebody whom the gate refused in the last day: when last, how often, and what it would say now."""

    user: User
    company_id: int
    company_name: str
    post_kind: PostKind
    last_at: datetime
    times: int
    allowed: bool
    """He would be let in by now."""
    reasons: tuple[Phrase, ...]
    can_be_passed: bool


def wants_in(viewer: Viewer, at: datetime) -> list[WantsIn]:
    """Who was refused within REFUSALS_OF and does not stand duty, the latest first; for whoever may give passes."""
    companies = _companies(viewer)
    keys = [str(pk) for pk in companies]
    rows = Record.objects.filter(subject_type=GATE, subject_id__in=keys, action=REFUSED, at__gt=at - REFUSALS_OF)
    told_of: dict[Stand, list[Record]] = {}
    for row in rows.order_by("-id")[:READ_AT_MOST]:
        after = row.after or {}
        stand = Stand(after.get("user", 0), row.company_id or 0, PostKind(after.get("post_kind", PostKind.WATCH)))
        told_of.setdefault(stand, []).append(row)
    users = {user.pk: user for user in User.objects.filter(pk__in={stand.user_id for stand in told_of})}
    there = set(Duty.objects.filter(user_id__in=users, until=None).values_list("user_id", flat=True))
    stands = [stand for stand in told_of if stand.user_id in users and stand.user_id not in there]
    now = entitlements(stands, at)
    return [
        WantsIn(
            user=users[stand.user_id],
            company_id=stand.company_id,
            company_name=companies[stand.company_id],
            post_kind=stand.post_kind,
            last_at=told_of[stand][0].at,
            times=len(told_of[stand]),
            allowed=now[stand].allowed,
            reasons=_reasons(now[stand], private=viewer.scope(FILES).holds(stand.company_id)),
            can_be_passed=now[stand].can_be_passed,
        )
        for stand in stands
    ]


def passes_now(viewer: Viewer, at: datetime, limit: int = 200) -> list[DutyPass]:
    """Passes that hold, the first to end first."""
    rows = visible(DutyPass.objects.filter(until__gt=at, ended_at=None), viewer, SEE)
    return list(rows.select_related("user", "company").order_by("until", "pk")[:limit])


def past_passes(viewer: Viewer, at: datetime, limit: int = 50) -> list[DutyPass]:
    """Passes that are over, the latest first."""
    rows = visible(DutyPass.objects.all(), viewer, SEE).exclude(until__gt=at, ended_at=None)
    return list(rows.select_related("user", "company").order_by("-pk")[:limit])


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be said of somebody on duty. `reasons` only for who may see them."""

    lapsed: bool = False
    reasons: tuple[Phrase, ...] = ()
    passed_until: datetime | None = None
    over_since: datetime | None = None
    """When the shift ended after which he should have signed off long ago."""


def marks(viewer: Viewer, duties: Collection[Duty], at: datetime) -> dict[int, Mark]:
    """By the duty's id, of those about whom there is something to say; a constant number of queries."""
    shown = [duty for duty in duties if viewer.scope("duty.see").holds(duty.company_id)]
    facts = duty_facts([stand_of(duty) for duty in shown], at)
    found = {duty.pk: mark_of(viewer, duty, facts[stand_of(duty)], at) for duty in shown}
    return {pk: mark for pk, mark in found.items() if mark != Mark()}


def own_mark(viewer: Viewer, at: datetime) -> Mark | None:
    """What the viewer is to be told about his own duty; None when there is nothing."""
    duty = Duty.objects.filter(user_id=person_id(viewer) or 0, until=None).first()
    if duty is None:
        return None
    facts = duty_facts([stand_of(duty)], at)[stand_of(duty)]
    entitled = may_stand_duty(facts, at)
    if entitled.allowed and entitled.passed_until is None:
        return None
    reasons = () if entitled.allowed else _reasons(entitled, private=False)
    return Mark(not entitled.allowed, reasons, entitled.passed_until, over_since(facts, duty.since, at))


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty about whom something is to be done."""

    duty: Duty
    mark: Mark


def not_entitled(viewer: Viewer, at: datetime) -> list[OnDuty]:
    """Who stands duty though the gate would not let him in any more, longest on duty first."""
    duties = [duty for duty in open_duties(viewer, READ_AT_MOST, None) if viewer.scope(SEE).holds(duty.company_id)]
    found = marks(viewer, duties, at)
    return [OnDuty(duty, found[duty.pk]) for duty in duties if duty.pk in found and found[duty.pk].lapsed]


def asks_of(viewer: Viewer, company_id: int) -> GateAsks | None:
    """What stands now; None while the company has nobody on file. Raises Forbidden."""
    require(viewer, PASS, company_id)
    row = GateSetting.objects.filter(company_id=company_id).first()
    if row is None:
        return None
    minutes = {"early_minutes": row.early_minutes, "late_minutes": row.late_minutes}
    return GateAsks(row.asks_eligibility, row.asks_training, row.asks_roster, **minutes)


def ungated(viewer: Viewer) -> list[Company]:
    """The viewer's companies that have nobody on file: nothing but account and role is asked there."""
    rows = visible(Company.objects.all(), viewer, PASS, company_field="id")
    return list(rows.exclude(pk__in=GateSetting.objects.values("company_id")).order_by("code"))


def member_of_company(viewer: Viewer, user_id: int, company_id: int) -> User | None:
    """Somebody with a role in a company for which the viewer gives passes."""
    if not viewer.scope(PASS).holds(company_id):
        return None
    return User.objects.filter(pk=user_id, memberships__company_id=company_id).distinct().first()


def standing_of(viewer: Viewer, user_id: int, company_id: int, at: datetime) -> tuple[Phrase, ...]:
    """All that the gate says against him now, for whoever gives passes."""
    if not viewer.scope(PASS).holds(company_id):
        return ()
    entitled = entitlement(duty_sought(user_id, company_id), at)
    return _reasons(entitled, private=viewer.scope(FILES).holds(company_id))


def mark_of(viewer: Viewer, duty: Duty, facts: DutyFacts, at: datetime) -> Mark:
    """What is to be said of one of them; of nothing it is `Mark()`."""
    entitled = may_stand_duty(facts, at)
    seen = viewer.scope(SEE).holds(duty.company_id) and not entitled.allowed
    reasons = _reasons(entitled, private=viewer.scope(FILES).holds(duty.company_id)) if seen else ()
    return Mark(not entitled.allowed, reasons, entitled.passed_until, over_since(facts, duty.since, at))


def _reasons(entitled: Entitlement, *, private: bool) -> tuple[Phrase, ...]:
    return tuple(told(reason, private=private) for reason in entitled.reasons)


def _companies(viewer: Viewer) -> Mapping[int, str]:
    rows = visible(Company.objects.all(), viewer, PASS, company_field="id")
    return dict(rows.values_list("pk", "name"))

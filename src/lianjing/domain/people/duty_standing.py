"""How those who stand duty stand with the gate meanwhile: a certificate ends at midnight, a pass at its time.

Who sits there keeps his cases; `next` gives him no new one while somebody else can (docs/decisions/0024).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from lianjing.domain.people.gate_facts import Stand, entitlements
from lianjing.domain.people.gate_policy import Entitlement
from lianjing.domain.people.models import Duty, DutySource
from lianjing.terms.staffing import PostKind

HEARD_WITHIN = timedelta(seconds=60)
"""Whose browser was not heard for so long is not there to take a case."""
LOOKED_AT = 1000


def stand_of(duty: Duty) -> Stand:
    return Stand(duty.user_id, duty.company_id, PostKind(duty.post_kind))


def standings(duties: Collection[Duty], at: datetime) -> dict[int, Entitlement]:
    """What the gate says of each of these duties now, by the duty's id. A step of queries."""
    found = entitlements([stand_of(duty) for duty in duties], at)
    return {duty.pk: found[stand_of(duty)] for duty in duties}


def gets_new_cases(duty: Duty, at: datetime) -> Entitlement | None:
    """None when a new case may be given to him; else what the gate says against it: somebody else can take it."""
    mine = standings([duty], at)[duty.pk]
    if mine.allowed:
        return None
    there = Q(source=DutySource.PROGRAM) | Q(seen_at__gt=at - HEARD_WITHIN)
    there |= Q(seen_at=None, since__gt=at - HEARD_WITHIN)
    rows = Duty.objects.filter(there, company_id=duty.company_id, post_kind=duty.post_kind, until=None)
    others = list(rows.exclude(pk=duty.pk)[:LOOKED_AT])
    return mine if any(each.allowed for each in standings(others, at).values()) else None

"""批量结案: many cases of one class that need nobody, closed by a leader, each with its own end and record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Forbidden, Viewer, person_id
from lianjing.domain.incidents.mass_choice import PERMISSION, closable
from lianjing.domain.incidents.mass_policy import MASS_DISPOSITIONS, PORTION, Ending, MassRule, rule_refusal
from lianjing.domain.incidents.models import Draft, Incident, IncidentSignal, State
from lianjing.domain.incidents.moving import Actor, Refused, chosen, written
from lianjing.domain.records.actions import Deed, write_records

CLOSED = "incident.closed"


@dataclass(frozen=True, slots=True)
class Portion:
    """How many were closed, and the last of them; None when there was nothing left to close."""

    closed: int
    last: int | None


def close_many(rule: MassRule, ending: Ending, *, by: Viewer, at: datetime, source: str = "") -> int:
    """Closes every case that `rule` lets the person close, in portions of their own transactions. Returns how many.

    Each case gets the disposition and the cause of `ending` (one that was disposed of keeps its own), its alarms are
    marked as seen, and it has its own sealed record, which says 批量结案 and why. Cases that are left out stay as they
    are (`mass_choice`). When it ends half-way, what was closed is closed, and the rest may be closed again. Raises
    `Forbidden`, `Refused` for a class that is never closed so, or `BadChoice`.
    """
    last, count = 0, 0
    while True:
        portion = close_portion(rule, ending, after=last, by=by, at=at, source=source)
        count += portion.closed
        if portion.last is None:
            return count
        last = portion.last


@transaction.atomic
def close_portion(
    rule: MassRule, ending: Ending, *, after: int = 0, by: Viewer, at: datetime, source: str = ""
) -> Portion:
    """Closes the first `PORTION` cases behind `after` (a case's number). Raises as `close_many` does."""
    if not by.scope(PERMISSION):
        raise Forbidden(_("您的角色不能执行此操作。"))
    refused = rule_refusal(rule)
    if refused is not None:
        raise Refused(_(refused.sentence) % refused.figures)
    checked = _checked(ending)
    rows = closable(by, rule, at).filter(pk__gt=after).order_by("pk").select_for_update(of=("self",), no_key=True)
    cases = list(rows[:PORTION])
    if not cases:
        return Portion(0, None)
    _close(cases, checked, Actor(by, at, source))
    return Portion(len(cases), cases[-1].pk)


def _checked(ending: Ending) -> Ending:
    return Ending(
        chosen("result", ending.result, MASS_DISPOSITIONS),
        written("cause", ending.cause, required=True),
        written("reason", ending.reason, required=True),
    )


def _close(cases: Sequence[Incident], ending: Ending, actor: Actor) -> None:
    pks = [case.pk for case in cases]
    unseen = IncidentSignal.objects.filter(incident__in=pks, is_alarm=True, seen_at=None)
    seen = dict(unseen.order_by().values_list("incident_id").annotate(n=Count("pk")))
    unseen.update(seen_at=actor.at, seen_by_id=person_id(actor.by))
    rows = Incident.objects.filter(pk__in=pks)
    rows.filter(disposition="").update(disposition=ending.result, cause=ending.cause)
    rows.update(
        state=State.CLOSED,
        holder=None,
        closed_at=actor.at,
        closed_by_id=person_id(actor.by),
        unseen=0,
        acknowledged=True,
        joinable=False,
        held_until=None,
        hold_reason="",
        return_level=None,
        queue_level=F("grade"),
        offered_to=None,
        offered_at=None,
        escalate_at=None,
        escalated_to="",
    )
    Draft.objects.filter(incident__in=pks).delete()
    Incident.objects.filter(joined_into__in=pks, joinable=True).update(joinable=False)
    deeds = [_deed(case, ending, seen.get(case.pk, 0)) for case in cases]
    write_records(deeds, by=actor.by, at=actor.at, source=actor.source)
    emit([News(CLOSED, case.company_id, {"incident": case.pk}) for case in cases], at=actor.at)


def _deed(case: Incident, ending: Ending, seen: int) -> Deed:
    after = {
        "state": str(State.CLOSED),
        "mass": True,
        "result": case.disposition or ending.result,
        "cause": case.cause or ending.cause,
        "seen": seen,
        "text": ending.reason,
    }
    return Deed(CLOSED, "incident", case.pk, case.company_id, after=after)

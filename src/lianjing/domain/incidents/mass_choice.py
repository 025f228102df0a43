"""Which cases a rule of mass closing takes, and which it leaves out and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.incidents.mass_policy import (
    CHANGED,
    CONFIRMED,
    FORWARDED,
    HELD,
    LEFT_OUT,
    LIFE,
    REAL,
    UNTREATED,
    MassRule,
)
from lianjing.domain.incidents.models import Incident, IncidentSignal, State
from lianjing.domain.incidents.queries import SHOWN, QueueRow, rows_of
from lianjing.terms.codes import LIFE_CLASSES

PERMISSION = "incidents.mass_close"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A case that is not closed, and why (a word of `LEFT_OUT`)."""

    row: QueueRow
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule comes to: how many would be closed, and how many are left out by reason."""

    closable: int
    left: dict[str, int]

    @property
    def left_out(self) -> int:
        return sum(self.left.values())


def matching(viewer: Viewer, rule: MassRule, at: datetime) -> "QuerySet[Incident]":
    """Open cases of the rule's class, whether they may be closed or not."""
    rows = visible(Incident.objects.exclude(state=State.CLOSED), viewer, PERMISSION)
    rows = rows.filter(event_class=rule.event_class, opened_at__lte=min(at, rule.shown_at) - rule.older_than)
    if rule.company_id is not None:
        rows = rows.filter(company_id=rule.company_id)
    return rows.filter(code=rule.code) if rule.code else rows


def _conditions(viewer: Viewer, rule: MassRule) -> dict[str, Q]:
    alarms = IncidentSignal.objects.filter(incident=OuterRef("pk"), is_alarm=True)
    return {
        LIFE: Q(Exists(alarms.filter(treatment__event_class__in=LIFE_CLASSES))),
        CONFIRMED: Q(confirmed_at__isnull=False),
        REAL: Q(verified_outcome__in=("real", "duress")),
        FORWARDED: ~Q(forwarded_to=""),
        UNTREATED: Q(untreated=True),
        HELD: Q(holder__isnull=False) & ~Q(holder=person_id(viewer)),
        CHANGED: Q(last_signal_at__gt=rule.shown_at),
    }


def closable(viewer: Viewer, rule: MassRule, at: datetime) -> "QuerySet[Incident]":
    """Those that the rule closes."""
    rows = matching(viewer, rule, at)
    for condition in _conditions(viewer, rule).values():
        rows = rows.filter(~condition)
    return rows


def _with_reason(viewer: Viewer, rule: MassRule, at: datetime) -> "QuerySet[Incident]":
    conditions = _conditions(viewer, rule)
    whens = [When(conditions[name], then=Value(name)) for name in LEFT_OUT]
    why = Case(*whens, default=Value(""), output_field=CharField())
    return matching(viewer, rule, at).annotate(why=why).exclude(why="")


def preview(viewer: Viewer, rule: MassRule, at: datetime) -> Preview:
    """Two counts, whatever there is."""
    left = _with_reason(viewer, rule, at).order_by().values("why").annotate(n=Count("pk"))
    return Preview(closable(viewer, rule, at).count(), {row["why"]: row["n"] for row in left})


def closable_rows(
    viewer: Viewer, rule: MassRule, at: datetime, *, after: int | None = None, limit: int = 50
) -> list[QueueRow]:
    """What would be closed, by number, from behind `after`."""
    rows = closable(viewer, rule, at).filter(pk__gt=after or 0).order_by("pk")
    return rows_of(rows.select_related(*SHOWN)[:limit])


def left_out_rows(viewer: Viewer, rule: MassRule, at: datetime, limit: int = 50) -> Sequence[LeftOut]:
    """The first of those that are left out, the most urgent first."""
    rows = _with_reason(viewer, rule, at).select_related(*SHOWN)
    found = list(rows.order_by("grade", "opened_at", "pk")[:limit])
    return [LeftOut(row, case.why) for case, row in zip(found, rows_of(found), strict=True)]  # type: ignore[attr-defined]

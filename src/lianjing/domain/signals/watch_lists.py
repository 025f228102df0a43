"""What stands open and wants a look though no alarm rings: one list a kind, the longest first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.utils.dateparse import parse_datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import Condition, PanelWatch, Runaway, Signal
from lianjing.domain.sites.models import Panel, TransmissionPath, Zone
from lianjing.terms.codes import EventClass

WAITED_FOR = (EventClass.INTRUSION, EventClass.FIRE, EventClass.TAMPER)
"""Classes of alarms whose restoral is waited for (`overdue_after` in code_facts.py); besides them loss of mains."""

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One entry. `facts` holds what its kind has to say, to be put into words."""

    cursor: str
    site_id: int
    site_name: str
    company_name: str
    listener: str
    account: str
    since: datetime | None
    zone: Zone | None = None
    signal_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _List:
    """How a kind is read: its rows (joined with panel, site and company), the column of `since`, and its facts."""

    rows: Callable[[Viewer], Rows]
    since: str
    line: Callable[[Any, datetime], WatchLine]
    late: Callable[[datetime], Q] | None = None
    """What stands before everything else."""


def watch_counts(viewer: Viewer) -> dict[str, int]:
    """How long each list is: one query a list."""
    return {name: kind.rows(viewer).count() for name, kind in LISTS.items()}


def unrestored_count(viewer: Viewer) -> int:
    """How many alarms and losses of mains have not ended."""
    return _unrestored(viewer).count()


def watch_count(viewer: Viewer, name: str) -> int:
    """How long one list is."""
    return LISTS[name].rows(viewer).count()


def watch_list(viewer: Viewer, name: str, *, now: datetime, after: str = "", limit: int = 50) -> list[WatchLine]:
    """Entries of a list, the longest first; `after` is the cursor of the last one that was shown."""
    kind = LISTS[name]
    rows = kind.rows(viewer)
    late = Case(When(kind.late(now), then=Value(0)), default=Value(1)) if kind.late else Value(0)
    rows = rows.annotate(rank=late).order_by("rank", kind.since, "pk")
    if (behind := _behind(after, kind.since, rows.model)) is not None:
        rows = rows.filter(behind)
    found = list(rows[:limit])
    lines = [kind.line(row, now) for row in found]
    return _with_codes(lines) if name == "unrestored" else lines


def _behind(after: str, column: str, model: type[Model]) -> Q | None:
    """What follows a cursor: "rank|since|pk"; None when it is none."""
    rank, _, rest = after.partition("|")
    since, _, text = rest.partition("|")
    at, pk = _instant(since), _key(text, model)
    if at is None or pk is None or rank not in ("0", "1"):
        return None
    same = Q(rank=int(rank))
    return Q(rank__gt=int(rank)) | same & Q(**{f"{column}__gt": at}) | same & Q(**{column: at, "pk__gt": pk})


def _key(text: str, model: type[Model]) -> Any:
    try:
        return model._meta.pk.to_python(text) if text else None
    except ValidationError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _line(row: Model, panel: Panel, since: datetime, **more: Any) -> WatchLine:
    site = panel.site
    cursor = f"{row.rank}|{since.isoformat()}|{row.pk}"  # type: ignore[attr-defined]
    return WatchLine(cursor, site.pk, site.name, site.company.name, panel.listener, panel.account, since, **more)


def _in_use(rows: Rows, viewer: Viewer) -> Rows:
    """Of panels in use that the viewer sees."""
    rows = visible(rows, viewer, "signals.see", company_field="panel__site__company_id")
    return rows.filter(panel__removed_at=None).select_related("panel__site__company")


def _unrestored(viewer: Viewer) -> Rows:
    rows = visible(Condition.objects.filter(ended_at=None), viewer, "signals.see")
    rows = rows.filter(Q(is_mains=True) | Q(event_class__in=WAITED_FOR), panel__removed_at=None)
    return rows.select_related("panel__site__company", "zone")


def _overdue(now: datetime) -> Q:
    return Q(overdue_at=None) | Q(overdue_at__lte=now)


def _unrestored_line(row: Condition, now: datetime) -> WatchLine:
    facts = {"mains": row.is_mains, "overdue": row.overdue_at is None or row.overdue_at <= now}
    facts |= {"class": row.event_class, "held": row.present_at is not None and row.present_at > now}
    return _line(row, row.panel, row.began_at, zone=row.zone, signal_id=row.pk, facts=facts)


def _with_codes(lines: list[WatchLine]) -> list[WatchLine]:
    """The codes that began the conditions: one query for all."""
    codes = Signal.objects.in_bulk([line.signal_id for line in lines])
    for line in lines:
        signal = codes.get(line.signal_id or 0)
        line.facts["code"] = (signal.scheme, signal.code, signal.qualifier) if signal else None
        line.facts["address"] = (signal.address_kind, signal.address) if signal else ("", "")
    return lines


def _late_line(row: PanelWatch, now: datetime) -> WatchLine:
    facts = {"last_at": row.last_test_at, "interval": row.panel.test_interval}
    return _line(row, row.panel, row.test_late_since or now, facts=facts)


def _skewed_line(row: PanelWatch, now: datetime) -> WatchLine:
    return _line(row, row.panel, row.skewed_since or now, facts={"skew_s": row.skew_s or 0, "at": row.skew_at})


def _lost_line(row: TransmissionPath, now: datetime) -> WatchLine:
    facts = {"kind": row.kind, "last_at": row.last_heard_at, "interval_s": row.interval_s, "misses": row.misses}
    return _line(row, row.panel, row.lost_at or now, facts=facts)


def _runaway_line(row: Runaway, now: datetime) -> WatchLine:
    facts = {"class": row.event_class, "hidden": row.hidden, "last_at": row.at}
    return _line(row, row.panel, row.running_since or now, zone=row.zone, facts=facts)


def _pending(viewer: Viewer) -> Rows:
    rows = visible(Panel.objects.all(), viewer, "signals.see", company_field="site__company_id")
    return rows.filter(removed_at=None, activated_at=None).select_related("site__company")


LISTS: dict[str, _List] = {
    "unrestored": _List(_unrestored, "began_at", _unrestored_line, late=_overdue),
    "lost": _List(
        lambda viewer: _in_use(TransmissionPath.objects.filter(lost_at__isnull=False), viewer), "lost_at", _lost_line
    ),
    "late_tests": _List(
        lambda viewer: _in_use(PanelWatch.objects.filter(test_late_since__isnull=False), viewer),
        "test_late_since",
        _late_line,
    ),
    "runaways": _List(
        lambda viewer: _in_use(Runaway.objects.filter(running_since__isnull=False), viewer).select_related(
            "panel__site__company", "zone"
        ),
        "running_since",
        _runaway_line,
    ),
    "skewed": _List(
        lambda viewer: _in_use(PanelWatch.objects.filter(skewed_since__isnull=False), viewer),
        "skewed_since",
        _skewed_line,
    ),
    "pending": _List(_pending, "added_at", lambda row, now: _line(row, row, row.added_at)),
}
"""By name, in the order of the page: what may be an alarm that nobody sees comes first."""

"""What the clock alone reveals: late tests, overdue restorals, runaways that have ended.

Every function runs as the system, claims what is due by an index, and may run in several workers at once.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.books import condition_subject, meter_of, panel_subject, runaway_subject
from lianjing.domain.signals.code_facts import test_allowance
from lianjing.domain.signals.limits import limits_of
from lianjing.domain.signals.models import ArmingDue, Condition, PanelWatch, Runaway, SystemEvent
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events
from lianjing.domain.sites.models import Panel

BATCH = 200
TOGETHER = 20
"""When more panels of a company than this miss their test at once, one event tells of all of them."""
QUIET = timedelta(seconds=60)
"""No window of a runaway is shorter."""
GRACE = timedelta(minutes=10)
"""How long panels have to report again after we were deaf ourselves."""


class Due(NamedTuple):
    """What is due now. Read without a lock: an idle worker must not stand in an operator's way."""

    tests: bool
    restorals: bool
    held: bool
    arming: bool
    runaways: bool
    events: bool


def anything_due(viewer: Viewer, at: datetime) -> Due:
    """Six looks into an index. Runs as the system."""
    require(viewer, "signals.see", None)
    conditions = Condition.objects.filter(ended_at=None)
    untold = Q(case_told_at=None) | Q(case_told_at__isnull=False, end_told_at=None, ended_at__isnull=False)
    return Due(
        tests=PanelWatch.objects.filter(test_due_at__lte=at).exists(),
        restorals=conditions.filter(overdue_at__lte=at).exists(),
        held=conditions.filter(present_at__lte=at).exists(),
        arming=ArmingDue.objects.filter(settled_at=None, due_at__lte=at).exists(),
        runaways=Runaway.objects.filter(running_since__isnull=False, at__lte=at - QUIET).exists(),
        events=SystemEvent.objects.filter(untold).exists(),
    )


@transaction.atomic
def raise_late_tests(*, by: Viewer, at: datetime) -> int:
    """An event for each panel whose periodic test is late; one for all when a company has many. Returns how many."""
    require(by, "signals.see", None)
    due = PanelWatch.objects.filter(test_due_at__lte=at).select_for_update(skip_locked=True, no_key=True)
    watches = list(due.order_by("test_due_at", "pk")[:BATCH])
    if not watches:
        return 0
    panels = Panel.objects.select_related("site").in_bulk([watch.pk for watch in watches])
    late = [watch for watch in watches if _expects_tests(panels[watch.pk])]
    for watch in watches:
        watch.test_late_since = watch.test_due_at if watch in late else None
        watch.test_due_at = None
    PanelWatch.objects.bulk_update(watches, ["test_due_at", "test_late_since"])
    by_company = Counter(panels[watch.pk].site.company_id for watch in late)
    common = _common_events({pk for pk, n in by_company.items() if n > TOGETHER}, by_company, by, at)
    raise_events([_late_test(panels[watch.pk], watch, common, at) for watch in late], by=by, at=at)
    return len(watches)


def _expects_tests(panel: Panel) -> bool:
    return panel.removed_at is None and panel.activated_at is not None and bool(panel.test_interval)


def _common_events(companies: set[int], counts: Counter[int], by: Viewer, at: datetime) -> dict[int, int]:
    """By company, the event that folds those of many panels; today's one goes on."""
    day = timezone.localdate(at).isoformat()
    subjects = {f"tests:{pk}:{day}": pk for pk in companies}
    raise_events(
        [
            NewEvent("TL", subject, at, pk, reasons=[f"同时有 {counts[pk]} 台以上设备的定期测试未到，名单见“关注”页。"])
            for subject, pk in subjects.items()
        ],
        by=by,
        at=at,
    )
    rows = SystemEvent.objects.filter(kind="TL", subject__in=subjects, ended_at=None)
    return {subjects[row.subject]: row.pk for row in rows}


def _late_test(panel: Panel, watch: PanelWatch, common: dict[int, int], at: datetime) -> NewEvent:
    last = watch.last_test_at
    said = f"最近一次 {timezone.localtime(last):%m-%d %H:%M}" if last else "从未收到"
    return NewEvent(
        "TL",
        panel_subject(panel.pk),
        at,
        panel.site.company_id,
        site_id=panel.site_id,
        panel_id=panel.pk,
        reasons=[f"设备 {panel.account} 每 {_spoken(panel.test_interval or 0)}应有一次定期测试，{said}。"],
        folded_into=common.get(panel.site.company_id),
    )


def _spoken(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return (f"{hours} 小时" if hours else "") + (f"{rest} 分钟" if rest or not hours else "")


@transaction.atomic
def expect_tests(*, by: Viewer, at: datetime) -> int:
    """Gives panels whose test interval was set after their first signal a time by which the test is due."""
    require(by, "signals.see", None)
    none_due = Q(watch=None) | Q(watch__test_due_at=None, watch__test_late_since=None)
    panels = Panel.objects.filter(none_due, test_interval__gt=0, activated_at__isnull=False, removed_at=None)
    rows = []
    for panel in panels.select_related("watch").order_by("pk")[:BATCH]:
        interval = timedelta(minutes=panel.test_interval or 0)
        rows.append(PanelWatch(panel=panel, test_due_at=at + interval + test_allowance(interval)))
    PanelWatch.objects.bulk_create(rows, update_conflicts=True, unique_fields=["panel"], update_fields=["test_due_at"])
    return len(rows)


@transaction.atomic
def raise_overdue(*, by: Viewer, at: datetime) -> int:
    """An event for each alarm or loss of mains whose restoral is overdue. Returns how many."""
    require(by, "signals.see", None)
    due = Condition.objects.filter(ended_at=None, overdue_at__lte=at).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    rows = list(due.select_related("panel", "zone").order_by("overdue_at", "pk")[:BATCH])
    Condition.objects.filter(pk__in=[row.pk for row in rows]).update(overdue_at=None)
    raise_events([_overdue(row, at) for row in rows], by=by, at=at)
    return len(rows)


def _overdue(row: Condition, at: datetime) -> NewEvent:
    place = f"防区 {row.zone.number} {row.zone.name}" if row.zone else f"设备 {row.panel.account}"
    what = "市电" if row.is_mains else "报警"
    return NewEvent(
        "RM" if row.is_mains else "RA",
        condition_subject(row.pk),
        at,
        row.company_id,
        site_id=row.site_id,
        panel_id=row.panel_id,
        zone_id=row.zone_id,
        reasons=[f"{place.strip()}的{what}自 {timezone.localtime(row.began_at):%m-%d %H:%M:%S} 起没有恢复。"],
    )


@transaction.atomic
def end_quiet_runaways(*, by: Viewer, at: datetime) -> int:
    """Ends the runaways that have been quiet for long enough. Returns how many."""
    require(by, "signals.see", None)
    running = Runaway.objects.filter(running_since__isnull=False).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    rows = list(running.select_related("panel__site").order_by("running_since")[:BATCH])
    limits = limits_of(by, {row.panel.site.company_id for row in rows})
    now = at.timestamp()
    quiet = [row for row in rows if meter_of(row).is_quiet(now, limits[row.panel.site.company_id].runaway)]
    Runaway.objects.filter(pk__in=[row.pk for row in quiet]).update(running_since=None, hidden=0)
    end_events([("RW", runaway_subject(row.key)) for row in quiet], by=by, at=at)
    return len(quiet)


@transaction.atomic
def grant_grace(*, by: Viewer, at: datetime) -> int:
    """After we could not hear: what fell due meanwhile gets time to report first. Returns how many clocks were put on.

    Without this our own outage would look like that of every customer.
    """
    require(by, "signals.see", None)
    day = timedelta(days=1)
    late = PanelWatch.objects.filter(test_due_at__lte=at).update(test_due_at=at + test_allowance(day))
    soon = at + GRACE
    late += Condition.objects.filter(ended_at=None, overdue_at__lte=at).update(overdue_at=soon)
    late += Condition.objects.filter(ended_at=None, present_at__lte=at).update(present_at=soon)
    return late + ArmingDue.objects.filter(settled_at=None, due_at__lte=at).update(due_at=soon)

"""Whether sites are opened and closed by when their schedules want it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lianjing.core.viewer import Viewer, require
from lianjing.core.workdays import Workdays
from lianjing.domain.signals.books import arming_subject
from lianjing.domain.signals.models import ArmingDue, ArmingState
from lianjing.domain.signals.system_events import NewEvent, raise_events
from lianjing.domain.sites.models import ScheduleMoment
from lianjing.domain.sites.schedule import Moment, expectations, windows_around
from lianjing.domain.sites.schedules import moments_of, workdays
from lianjing.domain.sites.service import ContractFact, contracts_of_sites
from lianjing.terms.premises import ContractStanding, MomentKind

BATCH = 200


@transaction.atomic
def plan_arming(*, by: Viewer, after: datetime, until: datetime) -> int:
    """Notes what schedules want to have happened by when, for what falls due in that time; each once."""
    require(by, "signals.see", None)
    sites = ScheduleMoment.objects.order_by().values_list("site_id", flat=True).distinct()
    known, zone = workdays(by), timezone.get_default_timezone()
    rows = [
        ArmingDue(
            site_id=site_id,
            area=expected.area,
            must=expected.must,
            key=expected.key,
            begins_at=expected.begins_at,
            due_at=expected.due_at,
        )
        for site_id, moments in moments_of(by, sites).items()
        for expected in expectations(moments, known, zone, after, until)
    ]
    ArmingDue.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return len(rows)


@transaction.atomic
def settle_arming(*, by: Viewer, at: datetime) -> int:
    """Looks whether what was due has happened; an event for each that has not. Returns how many were due."""
    require(by, "signals.see", None)
    due = ArmingDue.objects.filter(settled_at=None, due_at__lte=at).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    rows = list(due.select_related("site").order_by("due_at", "pk")[:BATCH])
    if not rows:
        return 0
    sites = {row.site_id for row in rows}
    states, contracts = _states(sites), contracts_of_sites(by, sites, timezone.localdate(at))
    moments, known = moments_of(by, sites), workdays(by)
    for row in rows:
        open_for_now = _is_temporarily_open(row, states[row.site_id], moments.get(row.site_id, []), known, at)
        row.settled_at = at
        row.outcome = "in_time" if open_for_now or _has_happened(row, states[row.site_id]) else "late"
        if _is_out_of_service(contracts.get(row.site_id)):
            row.outcome = "void"
    late = [row for row in rows if row.outcome == "late"]
    ArmingDue.objects.bulk_update(rows, ["settled_at", "outcome"])
    raise_events([_missed(row, states[row.site_id], at) for row in late], by=by, at=at)
    return len(rows)


def _is_out_of_service(contract: ContractFact | None) -> bool:
    paused = {ContractStanding.ENDED, ContractStanding.SUSPENDED}
    return contract is not None and (contract.standing in paused or contract.over_since is not None)


def _is_temporarily_open(
    due: ArmingDue, states: Iterable[ArmingState], moments: Sequence[Moment], known: Workdays, at: datetime
) -> bool:
    """Whether a named person has it open at the time that is his: the end of that time asks for the closing again."""
    if due.must != "close":
        return False
    wall = timezone.localtime(at).replace(tzinfo=None)
    users = {state.user for state in _meant(due, states) if not state.armed}
    return any(
        window.moment.kind is MomentKind.TEMP_OPEN and window.reaches(wall) and users & window.moment.users
        for window in windows_around(moments, known, due.area, wall)
    )


def _states(site_ids: set[int]) -> dict[int, list[ArmingState]]:
    found: dict[int, list[ArmingState]] = defaultdict(list)
    rows = ArmingState.objects.filter(panel__site_id__in=site_ids, panel__removed_at=None)
    for state in rows.annotate(site_id=F("panel__site_id")).order_by("pk"):
        found[state.site_id].append(state)  # type: ignore[attr-defined]
    return found


def _has_happened(due: ArmingDue, states: Iterable[ArmingState]) -> bool:
    """Closed: every area that is meant is. Opened: one is, or was closed again since the time began."""
    meant = _meant(due, states)
    if due.must == "close":
        return bool(meant) and all(state.armed for state in meant)
    return any(not state.armed or state.since >= due.begins_at for state in meant)


def _meant(due: ArmingDue, states: Iterable[ArmingState]) -> list[ArmingState]:
    """The states of the area that is due, or of all when none is named."""
    return [state for state in states if not due.area or state.area in (due.area, "")]


def _missed(due: ArmingDue, states: Sequence[ArmingState], at: datetime) -> NewEvent:
    must = "布防" if due.must == "close" else "撤防"
    area = f"分区 {due.area} " if due.area else ""
    known = max(states, key=lambda state: state.since, default=None)
    last = (
        f"最近一次报告：{timezone.localtime(known.since):%m-%d %H:%M} {'布防' if known.armed else '撤防'}"
        if known
        else "没有收到过布撤防报告"
    )
    return NewEvent(
        "LC" if due.must == "close" else "LO",
        arming_subject(due.site_id, due.area),
        at,
        due.site.company_id,
        site_id=due.site_id,
        grade=2 if due.must == "close" and due.site.is_key_site else None,
        reasons=[f"{area}应在 {timezone.localtime(due.due_at):%m-%d %H:%M} 前{must}；{last}。"],
    )

"""From signal to case: what the system itself does to incidents (design section 4, steps 5 and 6).

Everything is read and written in bulk; the number of queries does not grow with the batch.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from lianjing.core.outbox.write import emit
from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.casework import (
    Casework,
    add_signal,
    new_case,
    news_of,
    read_casework,
    read_common,
    times_of,
)
from lianjing.domain.incidents.confirming import Confirming, read_confirming
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.gathering import Scene, read_scene
from lianjing.domain.incidents.models import IncidentSignal
from lianjing.domain.incidents.timekeeping import keep_times
from lianjing.domain.incidents.waiting import set_escalation
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.arrivals import arrivals_around
from lianjing.domain.signals.models import Decision, Fate, Lane, Signal, Treatment
from lianjing.domain.signals.paths import second_paths
from lianjing.domain.signals.policy import HOUSE, Path, decide
from lianjing.domain.signals.system_events import end_events, raise_events
from lianjing.domain.signals.telling import runaway_event
from lianjing.domain.sites.supervised_spans import keep_supervision
from lianjing.terms.codes import Grade

BATCH = 200


@dataclass(slots=True)
class _Batch:
    """What a batch is treated with."""

    scene: Scene
    cases: Casework
    confirming: Confirming
    paths: dict[int, Path]


@transaction.atomic
def treat_waiting(*, by: Viewer, at: datetime, limit: int = BATCH) -> int:
    """Treats up to `limit` waiting signals, the lane with the most urgent one first, each lane in order of arrival.

    Returns how many. A lane is locked for the length of the transaction: a worker that dies gives it back by dying,
    and no other can treat its signals twice. Runs as the system; raises whatever a signal's treatment raises, with
    nothing written.
    """
    require(by, "signals.see", None)
    rows = _claim(limit)
    if not rows:
        return 0
    signals = Signal.objects.in_bulk([row.signal_id for row in rows])
    scene = read_scene(rows, signals, by=by, at=at)
    batch = _Batch(scene, read_casework(rows, signals, at), read_confirming(rows, signals, scene.limits), {})
    if begun := {pk for row in rows if (pk := scene.begun_by(row, signals[row.signal_id])) is not None}:
        read_common(batch.cases, begun)
    # Only shown: a signal by a second path is treated like any other, since nobody can prove that it is one.
    same_as = second_paths(arrivals_around(by, rows, signals))
    for row in rows:
        row.same_as_id = same_as.get(row.signal_id)
        _treat(row, signals[row.signal_id], batch, at)
    _write(rows, batch, by, at)
    return len(rows)


def _claim(limit: int) -> list[Treatment]:
    """The rows to treat, in the order to treat them, with their lanes locked.

    Where a life is in danger, a batch holds nothing else: it is through before a full one would have been read.
    """
    waiting = Treatment.objects.filter(fate=Fate.WAITING)
    urgent = list(waiting.order_by("grade", "signal_id").values_list("lane_id", "grade")[:limit])
    alone = [lane_id for lane_id, grade in urgent if grade == Grade.FIRST]
    rank = _locked(alone) or _locked([lane_id for lane_id, _ in urgent])
    arrival = Window(RowNumber(), partition_by=F("lane_id"), order_by=F("signal_id").asc())
    first = waiting.filter(lane_id__in=rank).annotate(arrival=arrival).filter(arrival__lte=limit)
    # Chosen by their numbers: under a flood every lane could fill the batch alone, and rows are dear.
    keys = sorted((rank[lane_id], signal_id) for signal_id, lane_id in first.values_list("signal_id", "lane_id"))
    chosen = [signal_id for _, signal_id in keys[:limit]]
    rows = Treatment.objects.select_related("site", "zone", "lane", "panel").in_bulk(chosen)
    return [rows[signal_id] for signal_id in chosen]


def _locked(lane_ids: Sequence[int]) -> dict[int, int]:
    """The place in the order of each lane that nobody else treats; it is locked now."""
    if not lane_ids:
        return {}
    free = Lane.objects.filter(pk__in=set(lane_ids)).select_for_update(skip_locked=True, no_key=True).order_by("pk")
    mine = set(free.values_list("pk", flat=True))
    return {lane_id: place for place, lane_id in enumerate(dict.fromkeys(lane_ids)) if lane_id in mine}


def _treat(row: Treatment, signal: Signal, batch: _Batch, at: datetime) -> None:
    scene, cases = batch.scene, batch.cases
    begun_by = scene.begun_by(row, signal)
    path = decide(scene.facts(row, signal, case_open=cases.case_of(row, begun_by) is not None))
    decision = path.decision
    batch.paths[row.signal_id] = path
    row.fate, row.rule, row.treated_at = decision.fate, decision.rule, at
    if decision.grade is not None:
        row.grade = int(decision.grade)
    scene.note(row, signal, decision)
    if decision.fate != Fate.IN_CASE:
        return
    incident = cases.take_in(row, signal, decision, at, begun_by=begun_by)
    confirmed = batch.confirming.note(row, signal) if decision.is_alarm else None
    if confirmed is not None and incident.confirmed_at is None:
        cases.confirm(incident, at, confirmed.words(scene.zone), confirmed.kinds)


def _write(rows: list[Treatment], batch: _Batch, by: Viewer, at: datetime) -> None:
    batch.cases.write(by=by, at=at)
    _write_fates(rows, at)
    Decision.objects.bulk_create(_decision(row, batch.paths[row.signal_id], at) for row in rows)
    books = batch.scene.books
    books.write()
    if books.activated:
        keep_supervision(books.activated, at)
        write_records([_activated(row) for row in _first_of(rows, set(books.activated))], by=by, at=at, source="intake")
    if books.began_running:
        raise_events([runaway_event(meter, rows, at) for meter in books.began_running], by=by, at=at)
    if books.to_end:
        end_events(books.to_end, by=by, at=at)


def _decision(row: Treatment, path: Path, at: datetime) -> Decision:
    return Decision(
        signal_id=row.signal_id,
        rule=path.decision.rule,
        author=path.decision.author,
        steps=[list(step) for step in path.steps],
        decided_at=at,
    )


def _first_of(rows: Iterable[Treatment], panel_ids: set[int]) -> list[Treatment]:
    """The first signal of each of these panels."""
    return list({row.panel_id: row for row in reversed(list(rows)) if row.panel_id in panel_ids}.values())


def _activated(row: Treatment) -> Deed:
    return Deed("panel.activated", "panel", row.panel_id, row.company_id, {"signal": row.signal_id})


def _write_fates(rows: list[Treatment], at: datetime) -> None:
    """One statement for each way to decide, of which there are few; bulk_update would write a CASE for each row."""
    alike: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.fate, row.rule, row.grade].append(row.signal_id)
    for (fate, rule, grade), ids in alike.items():
        Treatment.objects.filter(pk__in=ids).update(fate=fate, rule=rule, grade=grade, treated_at=at)
    Treatment.objects.bulk_update([row for row in rows if row.same_as_id is not None], ["same_as"])


@transaction.atomic
def open_untreated(*, by: Viewer, at: datetime, reason: str) -> int | None:
    """Opens a case of its own for the first waiting signal, whose treatment failed, at its code's grade.

    Returns the signal's id, None when nothing waits. `reason` goes into the records.
    """
    require(by, "signals.see", None)
    rows = _claim(1)
    if not rows:
        return None
    row = rows[0]
    signal = Signal.objects.get(pk=row.signal_id)
    incident = new_case(row, signal, f"untreated:{row.signal_id}", at)
    incident.untreated, incident.joinable = True, False
    add_signal(incident, row, signal, is_alarm=True)
    set_escalation(incident, figures_by_company([incident.company_id])[incident.company_id])
    incident.save()
    row.fate, row.rule, row.treated_at = Fate.IN_CASE, "treatment_failed", at
    row.save()
    steps = [["failed", "自动处理失败，按代码的级别立案：请人查看。"]]
    Decision.objects.create(signal_id=row.signal_id, rule=row.rule, author=HOUSE, steps=steps, decided_at=at)
    IncidentSignal.objects.create(incident=incident, treatment=row, is_alarm=True)
    keep_times([times_of(incident, row)])
    after = {"class": row.event_class, "grade": row.grade, "untreated": reason[:300]}
    deed = Deed("incident.opened", "incident", incident.pk, incident.company_id, after)
    write_records([deed], by=by, at=at, source="intake")
    emit([news_of("incident.opened", incident, alarm=True)], at=at)
    return row.signal_id

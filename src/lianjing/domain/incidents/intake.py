"""From signal to case: what the system itself does to incidents (design section 4, steps 5 and 6).

Everything is read and written in bulk; the number of queries does not grow with the batch.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.models import Incident, IncidentSignal
from lianjing.domain.incidents.policy import is_joinable, more_urgent
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.arrivals import arrivals_around
from lianjing.domain.signals.models import Fate, Lane, Signal, Treatment
from lianjing.domain.signals.paths import second_paths
from lianjing.domain.signals.policy import Decision, Facts, decide, join_key
from lianjing.domain.signals.test_periods import TestSpan, test_spans
from lianjing.domain.sites.policy import normal_number
from lianjing.terms.codes import EventClass, Grade, Phase

BATCH = 200
ZONE_WORDS = 4
"""Zones that the queue names before it says "and more"."""

_COUNTED = ["last_signal_at", "signal_count"]
"""What any signal changes in the case that it joins."""
_WOKEN = [
    *_COUNTED,
    "event_class",
    "grade",
    "scheme",
    "code",
    "qualifier",
    "zone_words",
    "attention_at",
    "unseen",
    "acknowledged",
]
"""What an alarm may change in it."""


@dataclass(slots=True)
class _Work:
    """What one batch has come to, before it is written."""

    joinable: dict[str, Incident]
    tests: dict[int, list[TestSpan]]
    expired: list[Incident] = field(default_factory=list)
    opened: list[Incident] = field(default_factory=list)
    joined: dict[int, Incident] = field(default_factory=dict)
    alarmed: set[int] = field(default_factory=set)
    places: list[tuple[Incident, Treatment, Decision]] = field(default_factory=list)


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
    times = [row.received_at for row in rows]
    tests = test_spans(by, {row.site_id for row in rows if row.site_id}, min(times), max(times))
    work = _Work(joinable=_joinable(rows), tests=tests)
    # Only shown: a signal by a second path is treated like any other, since nobody can prove that it is one.
    same_as = second_paths(arrivals_around(by, rows, signals))
    for row in rows:
        row.same_as_id = same_as.get(row.signal_id)
        _treat(row, signals[row.signal_id], work, at)
    _write(rows, work, by, at)
    return len(rows)


def _claim(limit: int) -> list[Treatment]:
    """The rows to treat, in the order to treat them, with their lanes locked."""
    waiting = Treatment.objects.filter(fate=Fate.WAITING)
    urgent = list(waiting.order_by("grade", "signal_id").values_list("lane_id", flat=True)[:limit])
    rank = {lane_id: place for place, lane_id in enumerate(dict.fromkeys(urgent))}
    free = set(
        Lane.objects.filter(pk__in=rank).select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)
    )
    arrival = Window(RowNumber(), partition_by=F("lane_id"), order_by=F("signal_id").asc())
    first = waiting.filter(lane_id__in=free).annotate(arrival=arrival).filter(arrival__lte=limit)
    # Chosen by their numbers: under a flood every lane could fill the batch alone, and rows are dear.
    keys = sorted((rank[lane_id], signal_id) for signal_id, lane_id in first.values_list("signal_id", "lane_id"))
    chosen = [signal_id for _, signal_id in keys[:limit]]
    rows = Treatment.objects.select_related("site", "zone", "lane").in_bulk(chosen)
    return [rows[signal_id] for signal_id in chosen]


def _key(row: Treatment) -> str:
    return join_key(row.site_id, row.lane.listener, row.lane.account, row.event_class)


def _joinable(rows: Iterable[Treatment]) -> dict[str, Incident]:
    found = Incident.objects.filter(joinable=True, join_key__in={_key(row) for row in rows})
    return {incident.join_key: incident for incident in found.select_for_update().order_by("pk")}


def _treat(row: Treatment, signal: Signal, work: _Work, at: datetime) -> None:
    incident = _case_to_join(row, work)
    decision = decide(
        Facts(
            event_class=EventClass(row.event_class),
            grade=Grade(row.grade),
            phase=Phase(signal.phase),
            known_code=signal.known,
            known_account=row.site_id is not None,
            on_test=_is_on_test(row, signal, work.tests),
            case_open=incident is not None,
        )
    )
    row.fate, row.rule, row.treated_at = decision.fate, decision.rule, at
    if decision.fate != Fate.IN_CASE:
        return
    if incident is None:
        incident = _open(row, signal, _key(row), at)
        work.joinable[incident.join_key] = incident
        work.opened.append(incident)
    elif incident.pk:
        work.joined[incident.pk] = incident
        if decision.is_alarm:
            work.alarmed.add(incident.pk)
    _add(incident, row, signal, decision)
    work.places.append((incident, row, decision))


def _is_on_test(row: Treatment, signal: Signal, tests: dict[int, list[TestSpan]]) -> bool:
    return any(
        span.covers(
            row.received_at,
            panel_id=row.panel_id,
            zone_id=row.zone_id,
            area=normal_number(signal.area),
            event_class=row.event_class,
        )
        for span in tests.get(row.site_id or 0, ())
    )


def _case_to_join(row: Treatment, work: _Work) -> Incident | None:
    incident = work.joinable.get(_key(row))
    if incident is None or is_joinable(incident.last_signal_at, row.received_at):
        return incident
    incident.joinable = False
    if incident.pk:
        work.expired.append(incident)
    del work.joinable[_key(row)]
    return None


def _open(row: Treatment, signal: Signal, key: str, at: datetime) -> Incident:
    return Incident(
        company_id=row.company_id,
        site_id=row.site_id,
        lane=row.lane,
        join_key=key,
        event_class=row.event_class,
        grade=row.grade,
        scheme=signal.scheme,
        code=signal.code,
        qualifier=signal.qualifier,
        opened_at=at,
        attention_at=row.received_at,
        last_signal_at=row.received_at,
    )


def _add(incident: Incident, row: Treatment, signal: Signal, decision: Decision) -> None:
    incident.signal_count += 1
    incident.last_signal_at = max(incident.last_signal_at, row.received_at)
    if not decision.is_alarm:
        return
    # A joined alarm wakes the case: unacknowledged again, its limits start anew. In a case that nobody has looked at
    # yet they go on: a panel that keeps alarming must not keep its case from turning late.
    incident.unseen += 1
    if incident.acknowledged:
        incident.acknowledged = False
        incident.attention_at = max(incident.attention_at, row.received_at)
    if more_urgent(row.grade, row.event_class, incident.grade, incident.event_class):
        incident.grade, incident.event_class = row.grade, row.event_class
        incident.scheme, incident.code, incident.qualifier = signal.scheme, signal.code, signal.qualifier
    words = _zone_words(row, signal)
    if words and words not in incident.zone_words and len(incident.zone_words) <= ZONE_WORDS:
        incident.zone_words = [*incident.zone_words, words]


def _zone_words(row: Treatment, signal: Signal) -> dict[str, str] | None:
    if not signal.address.strip("0") and row.zone is None:
        return None
    return {"kind": signal.address_kind, "number": signal.address, "name": row.zone.name if row.zone else ""}


def _write(rows: list[Treatment], work: _Work, by: Viewer, at: datetime) -> None:
    # Expired first: a key may have one joinable case only.
    Incident.objects.bulk_update(work.expired, ["joinable"])
    Incident.objects.bulk_create(work.opened)
    woken, counted = [], []
    for incident in work.joined.values():
        (woken if incident.pk in work.alarmed else counted).append(incident)
    Incident.objects.bulk_update(woken, _WOKEN)
    Incident.objects.bulk_update(counted, _COUNTED)
    _write_fates(rows, at)
    IncidentSignal.objects.bulk_create(
        IncidentSignal(incident=incident, treatment=row, is_alarm=decision.is_alarm)
        for incident, row, decision in work.places
    )
    _tell(work, by, at)


def _write_fates(rows: list[Treatment], at: datetime) -> None:
    """One statement for each way to decide, of which there are few; bulk_update would write a CASE for each row."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        alike[row.fate, row.rule].append(row.signal_id)
    for (fate, rule), ids in alike.items():
        Treatment.objects.filter(pk__in=ids).update(fate=fate, rule=rule, treated_at=at)
    Treatment.objects.bulk_update([row for row in rows if row.same_as_id is not None], ["same_as"])


def _tell(work: _Work, by: Viewer, at: datetime) -> None:
    """One record a signal: the first of a case opened it, every other one joined it."""
    told = set(work.joined)
    deeds = []
    for incident, row, decision in work.places:
        action = "incident.joined" if incident.pk in told else "incident.opened"
        told.add(incident.pk)
        after = {"signal": row.signal_id, "alarm": decision.is_alarm, "rule": decision.rule}
        if row.same_as_id is not None:
            after["same_as"] = row.same_as_id
        if action == "incident.opened":
            after |= {"class": row.event_class, "grade": row.grade}
        deeds.append(Deed(action, "incident", incident.pk, incident.company_id, after))
    write_records(deeds, by=by, at=at, source="intake")
    news = [_news("incident.opened", i, alarm=True) for i in work.opened] + [
        _news("incident.joined", i, alarm=i.pk in work.alarmed) for i in work.joined.values()
    ]
    emit(news, at=at)


def _news(topic: str, incident: Incident, *, alarm: bool) -> News:
    return News(topic, incident.company_id, {"incident": incident.pk, "grade": incident.grade, "alarm": alarm})


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
    incident = _open(row, signal, f"untreated:{row.signal_id}", at)
    incident.untreated, incident.joinable = True, False
    decision = Decision(Fate.IN_CASE, "treatment_failed", is_alarm=True)
    _add(incident, row, signal, decision)
    incident.save()
    row.fate, row.rule, row.treated_at = decision.fate, decision.rule, at
    row.save()
    IncidentSignal.objects.create(incident=incident, treatment=row, is_alarm=True)
    after = {"class": row.event_class, "grade": row.grade, "untreated": reason[:300]}
    deed = Deed("incident.opened", "incident", incident.pk, incident.company_id, after)
    write_records([deed], by=by, at=at, source="intake")
    emit([_news("incident.opened", incident, alarm=True)], at=at)
    return row.signal_id

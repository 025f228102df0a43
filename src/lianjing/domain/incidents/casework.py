"""Cases of one batch: which a signal joins or opens, what it changes in them, and all of it written at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.join_keys import cases_to_join, shut
from lianjing.domain.incidents.models import CaseTimes, Incident, IncidentSignal, Regrading, State
from lianjing.domain.incidents.policy import STORM_CASES, STORM_WINDOW, is_joinable, is_stormy, more_urgent
from lianjing.domain.incidents.regrading import graded, keep_regradings, regraded, regrading_news
from lianjing.domain.incidents.timekeeping import keep_times, open_times
from lianjing.domain.incidents.waiting import (
    ESCALATION_FIELDS,
    HOLD_FIELDS,
    end_hold,
    forget_escalation,
    set_escalation,
)
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import Lane, Signal, Treatment
from lianjing.domain.signals.policy import Decision, join_key, storm_key
from lianjing.terms.codes import Phase

GRADES = "一二三四"
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
    "confirmed_at",
    "confirmed_by",
    "reasons",
    *HOLD_FIELDS,
    *ESCALATION_FIELDS,
]
"""What an alarm may change in it."""

Fault = tuple[int, str, str]
"""Company, scheme and code of a fault that may come from many sites at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """A signal's place in a case."""

    incident: Incident
    row: Treatment
    decision: Decision
    is_alarm: bool


@dataclass(slots=True)
class Casework:
    """What one batch has come to, before it is written."""

    joinable: dict[str, Incident]
    recent: dict[Fault, int]
    """Cases that each kind of fault in this batch has opened within the storm's window."""
    lanes: dict[int, Lane]
    """The lane of each company, for cases of no single site."""
    expired: list[Incident] = field(default_factory=list)
    opened: list[Incident] = field(default_factory=list)
    joined: dict[int, Incident] = field(default_factory=dict)
    alarmed: set[int] = field(default_factory=set)
    places: list[Place] = field(default_factory=list)
    common: dict[int, Incident] = field(default_factory=dict)
    """By signal that began a condition, the case of many sites that it is in: its restoral belongs there too."""
    confirmed: list[tuple[Incident, str]] = field(default_factory=list)
    woken: list[Incident] = field(default_factory=list)
    """Cases that a new alarm of their site ended the hold of."""
    regraded: list[Regrading] = field(default_factory=list)

    def case_to_join(self, key: str, at: datetime) -> Incident | None:
        """The case with this key that a signal of that instant may join; one whose time is over is closed to others."""
        incident = self.joinable.get(key)
        if incident is None or is_joinable(incident.last_signal_at, at):
            return incident
        incident.joinable = False
        if incident.pk:
            self.expired.append(incident)
        for each in [name for name, case in self.joinable.items() if case is incident]:
            del self.joinable[each]
        return None

    def case_of(self, row: Treatment, begun_by: int | None = None) -> Incident | None:
        """The open case for a signal: its site's, else the one of many sites in which the condition is that it ends."""
        own = self.case_to_join(key_of(row), row.received_at)
        common = self.common.get(begun_by or 0)
        if own is not None or common is None:
            return own
        return self.case_to_join(common.join_key, row.received_at)

    def take_in(
        self, row: Treatment, signal: Signal, decision: Decision, at: datetime, *, begun_by: int | None = None
    ) -> Incident:
        """Puts the signal into its case, which is opened when there is none to join. See `case_of` for `begun_by`."""
        incident = self.case_of(row, begun_by)
        stormy = incident is None and self._is_storm(row, signal)
        key = storm_key(row.company_id or 0, signal.scheme, signal.code) if stormy else key_of(row)
        if stormy:
            incident = self.case_to_join(key, row.received_at)
        is_alarm = decision.is_alarm and not (stormy and incident is not None)
        if incident is None:
            incident = new_case(row, signal, key, at)
            if stormy:
                self._make_common(incident, row)
            self.opened.append(incident)
            self.joinable[key] = incident
        elif incident.pk:
            self.joined[incident.pk] = incident
            if is_alarm:
                self.alarmed.add(incident.pk)
        if is_alarm and end_hold(incident, incident.grade):
            self.woken.append(incident)
        if stormy:
            self.common[row.signal_id] = incident
        before = graded(incident)
        add_signal(incident, row, signal, is_alarm=is_alarm)
        self.regraded += regraded(incident, before, at)
        self.places.append(Place(incident, row, decision, is_alarm))
        return incident

    def confirm(self, incident: Incident, at: datetime, sentence: str, kinds: list[str]) -> None:
        """Two zones have confirmed each other: the case's grade goes up by one."""
        incident.confirmed_by = kinds
        before, raised = incident.grade, max(1, incident.grade - 1)
        incident.confirmed_at, incident.grade = at, raised
        incident.queue_level = raised
        self.regraded += regraded(incident, (incident.event_class, before), at)
        grades = f"；由{GRADES[before - 1]}级升为{GRADES[raised - 1]}级" if raised < before else ""
        incident.reasons = [*incident.reasons, f"确认警情：{sentence}{grades}"]
        self.confirmed.append((incident, sentence))

    def _is_storm(self, row: Treatment, signal: Signal) -> bool:
        """Whether so many sites report this fault now that one case for all of them is better than one for each."""
        fault = row.company_id or 0, signal.scheme, signal.code
        if fault not in self.recent:
            return False
        if self.case_to_join(storm_key(*fault), row.received_at) is not None:
            return True
        self.recent[fault] += 1
        return self.recent[fault] > STORM_CASES

    def _make_common(self, incident: Incident, row: Treatment) -> None:
        incident.site, incident.key_site, incident.lane = None, False, self.lanes[row.company_id or 0]
        incident.reasons = [
            f"{STORM_WINDOW.total_seconds():g} 秒内已有 {STORM_CASES} 个场所报同一故障，以后的归入本案，不再逐个立案。"
        ]

    # Writing

    def write(self, *, by: Viewer, at: datetime) -> None:
        """Cases, the signals in them, a record for each signal, and the news."""
        # Expired first: a key may have one joinable case only.
        shut(self.expired)
        self._wake_others(at)
        self._set_escalations()
        Incident.objects.bulk_create(self.opened)
        woken, counted = [], []
        changed = {incident.pk for incident, _ in self.confirmed} | self.alarmed
        for incident in self.joined.values():
            (woken if incident.pk in changed else counted).append(incident)
        Incident.objects.bulk_update(woken, _WOKEN)
        Incident.objects.bulk_update(counted, _COUNTED)
        IncidentSignal.objects.bulk_create(
            IncidentSignal(incident=place.incident, treatment=place.row, is_alarm=place.is_alarm)
            for place in self.places
        )
        keep_times(self._times())
        keep_regradings(self.regraded)
        self._tell(by, at)

    def _wake_others(self, at: datetime) -> None:
        """What is on hold at a site that alarms again comes back, whatever class it has: one query."""
        sites = {place.row.site_id for place in self.places if place.is_alarm and place.row.site_id}
        if not sites:
            return
        held = Incident.objects.filter(held_until__isnull=False, site_id__in=sites).exclude(pk__in=set(self.joined))
        for incident in held.exclude(state=State.CLOSED).select_for_update(no_key=True).order_by("pk"):
            end_hold(incident, incident.grade)
            incident.attention_at = at
            forget_escalation(incident)
            self.woken.append(incident)
            self.joined[incident.pk] = incident
            self.alarmed.add(incident.pk)

    def _set_escalations(self) -> None:
        waiting = [*self.opened, *(self.joined[pk] for pk in self.alarmed)]
        if not waiting:
            return
        figures = figures_by_company(incident.company_id for incident in waiting)
        for incident in waiting:
            set_escalation(incident, figures[incident.company_id])

    def _times(self) -> list[CaseTimes]:
        """Of the cases that this batch opens: class and grade as their first signal had them."""
        first = {place.incident.pk: place.row for place in reversed(self.places)}
        return [times_of(incident, first[incident.pk]) for incident in self.opened]

    def _tell(self, by: Viewer, at: datetime) -> None:
        """One record a signal: the first of a case opened it, every other one joined it. What a case of many sites
        takes in is told once a batch, with the numbers of the signals."""
        told = set(self.joined)
        deeds, folded = [], dict[tuple[Incident, str], list[int]]()
        for place in self.places:
            incident, rule = place.incident, place.decision.rule
            if is_common(incident) and incident.pk in told:
                folded.setdefault((incident, rule), []).append(place.row.signal_id)
                continue
            deeds.append(_deed(place, "incident.joined" if incident.pk in told else "incident.opened"))
            told.add(incident.pk)
        deeds += [
            Deed("incident.joined", "incident", i.pk, i.company_id, {"signals": ids, "alarm": False, "rule": rule})
            for (i, rule), ids in folded.items()
        ]
        deeds += [
            Deed("incident.confirmed", "incident", i.pk, i.company_id, {"grade": i.grade, "text": sentence})
            for i, sentence in self.confirmed
        ]
        deeds += [
            Deed("incident.woken", "incident", i.pk, i.company_id, {"why": "signal", "level": i.queue_level})
            for i in self.woken
        ]
        write_records(deeds, by=by, at=at, source="intake")
        news = regrading_news(self.regraded)
        news += [news_of("incident.opened", i, alarm=True) for i in self.opened]
        news += [news_of("incident.joined", i, alarm=i.pk in self.alarmed) for i in self.joined.values()]
        news += [news_of("incident.woken", i, alarm=True) for i in self.woken]
        emit(news, at=at)


def _deed(place: Place, action: str) -> Deed:
    incident, row = place.incident, place.row
    after: dict[str, object] = {"signal": row.signal_id, "alarm": place.is_alarm, "rule": place.decision.rule}
    if row.same_as_id is not None:
        after["same_as"] = row.same_as_id
    if action == "incident.opened":
        after |= {"class": row.event_class, "grade": row.grade}
    return Deed(action, "incident", incident.pk, incident.company_id, after)


def is_common(incident: Incident) -> bool:
    """Whether it is the case of many sites of a company."""
    return incident.site_id is None and incident.company_id is not None


def new_case(row: Treatment, signal: Signal, key: str, at: datetime) -> Incident:
    """A case for a signal, not stored yet."""
    return Incident(
        company_id=row.company_id,
        site_id=row.site_id,
        lane=row.lane,
        join_key=key,
        event_class=row.event_class,
        grade=row.grade,
        queue_level=row.grade,
        key_site=bool(row.site and row.site.is_key_site),
        scheme=signal.scheme,
        code=signal.code,
        qualifier=signal.qualifier,
        opened_at=at,
        attention_at=row.received_at,
        last_signal_at=row.received_at,
    )


def times_of(incident: Incident, row: Treatment) -> CaseTimes:
    """The times of a case that this signal has opened, not stored yet."""
    times = open_times(incident, received_at=row.received_at, site_kind=_kind_of_site(incident, row))
    times.event_class, times.grade = row.event_class, row.grade
    return times


def _kind_of_site(incident: Incident, row: Treatment) -> str:
    return row.site.kind if incident.site_id is not None and row.site is not None else ""


def add_signal(incident: Incident, row: Treatment, signal: Signal, *, is_alarm: bool) -> None:
    """What a signal changes in the case that it joins; one that is no alarm is only counted."""
    incident.signal_count += 1
    incident.last_signal_at = max(incident.last_signal_at, row.received_at)
    if not is_alarm:
        return
    # A joined alarm wakes the case: unacknowledged again, its limits start anew. In a case that nobody has looked at
    # yet they go on: a panel that keeps alarming must not keep its case from turning late.
    incident.unseen += 1
    if incident.acknowledged:
        incident.acknowledged = False
        incident.attention_at = max(incident.attention_at, row.received_at)
        forget_escalation(incident)
    if more_urgent(row.grade, row.event_class, incident.grade, incident.event_class):
        incident.grade, incident.event_class = row.grade, row.event_class
        incident.scheme, incident.code, incident.qualifier = signal.scheme, signal.code, signal.qualifier
    if incident.held_until is None:
        incident.queue_level = incident.grade
    words = zone_words(row, signal)
    if words and words not in incident.zone_words and len(incident.zone_words) <= ZONE_WORDS:
        incident.zone_words = [*incident.zone_words, words]


def zone_words(row: Treatment, signal: Signal) -> dict[str, str] | None:
    """The zone that a signal is about, as cases keep it; None when it is about none."""
    if not signal.address.strip("0") and row.zone is None:
        return None
    return {"kind": signal.address_kind, "number": signal.address, "name": row.zone.name if row.zone else ""}


def key_of(row: Treatment) -> str:
    """Signals with one key may share a case."""
    return join_key(row.site_id, row.lane.listener, row.lane.account, row.event_class)


def news_of(topic: str, incident: Incident, *, alarm: bool, **more: str) -> News:
    """What the desks must know of a case."""
    payload = {"incident": incident.pk, "grade": incident.grade, "alarm": alarm, **more}
    return News(topic, incident.company_id, payload)


def company_lane(company_id: int) -> str:
    """Key of the lane of what belongs to a company and to no site of it."""
    return f"company:{company_id}"


def read_casework(rows: Iterable[Treatment], signals: Mapping[int, Signal], since: datetime) -> Casework:
    """The cases that these signals may join, locked, and what tells a storm: one query, three more when there are
    faults. Of two workers with faults of one company the second waits here: both must see the same storm."""
    faults = {fault for row in rows if (fault := _fault(row, signals[row.signal_id])) is not None}
    lanes = _company_lanes({company_id for company_id, _, _ in faults}) if faults else {}
    keys = {key_of(row) for row in rows} | {storm_key(*fault) for fault in faults}
    return Casework(
        joinable=cases_to_join(keys),
        recent=_recent(faults, since - STORM_WINDOW) if faults else {},
        lanes=lanes,
    )


def _fault(row: Treatment, signal: Signal) -> Fault | None:
    """What many sites may report at once; None for what is looked at site by site."""
    if row.company_id is None or signal.phase != Phase.RAISED or not is_stormy(row.event_class, row.grade):
        return None
    return row.company_id, signal.scheme, signal.code


def read_common(cases: Casework, begun: Collection[int]) -> None:
    """Adds the cases of many sites, locked, in which these signals are, and which may still be joined."""
    places = IncidentSignal.objects.filter(treatment_id__in=begun, incident__site=None, incident__joinable=True)
    incident_of = dict(places.values_list("treatment_id", "incident_id"))
    found = (
        Incident.objects.filter(pk__in=set(incident_of.values()), joinable=True)
        .select_for_update(no_key=True)
        .order_by("pk")
    )
    known = {incident.pk: incident for incident in cases.joinable.values()}
    by_id = {i.pk: cases.joinable.setdefault(i.join_key, known.get(i.pk, i)) for i in found}
    cases.common |= {pk: by_id[case] for pk, case in incident_of.items() if case in by_id}


def _recent(faults: set[Fault], since: datetime) -> dict[Fault, int]:
    # Cases are numbered as they are opened: from the newest back to the first that is too old.
    # What is entered from paper has a new number and an old time.
    older = Incident.objects.filter(opened_at__lt=since, on_paper=False).order_by("-pk").values("pk")[:1]
    opened = Incident.objects.filter(
        pk__gt=Coalesce(Subquery(older), 0),
        company_id__in={company_id for company_id, _, _ in faults},
        site__isnull=False,
        opened_at__gte=since,
    )
    counted = opened.order_by().values_list("company_id", "scheme", "code").annotate(n=Count("pk"))
    found = {(company_id, scheme, code): n for company_id, scheme, code, n in counted}
    return {fault: found.get(fault, 0) for fault in faults}


def _company_lanes(company_ids: set[int]) -> dict[int, Lane]:
    keys = {company_lane(pk): pk for pk in company_ids}
    stored = Lane.objects.filter(key__in=keys).select_for_update(no_key=True).order_by("pk")
    found = list(stored)
    if len(found) < len(keys):
        # Another worker may make the same one meanwhile: what counts is what is stored.
        Lane.objects.bulk_create([Lane(key=key) for key in keys], ignore_conflicts=True)
        found = list(stored.all())
    return {keys[lane.key]: lane for lane in found}

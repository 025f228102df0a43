"""Cases of system events: what the product noticed by itself goes to a person like any alarm."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from lianjing.core.outbox.write import emit
from lianjing.core.viewer import Viewer, require
from lianjing.domain.incidents.casework import company_lane, news_of
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.folded_events import reopen_disposed, tell_joined
from lianjing.domain.incidents.join_keys import cases_to_join, shut
from lianjing.domain.incidents.models import Incident, IncidentEvent, Regrading
from lianjing.domain.incidents.policy import is_joinable, more_urgent
from lianjing.domain.incidents.queue_policy import DeskFigures
from lianjing.domain.incidents.regrading import graded, keep_regradings, regraded, regrading_news
from lianjing.domain.incidents.timekeeping import keep_times, open_times
from lianjing.domain.incidents.waiting import end_hold, forget_escalation, set_escalation
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import Lane, SystemEvent
from lianjing.domain.signals.pass_words import DURESS_WORD
from lianjing.domain.signals.policy import join_key, lane_key
from lianjing.terms.codes import Scheme

BATCH = 200
RULE = "system_event"
REASONS_KEPT = 20


@transaction.atomic
def open_event_cases(*, by: Viewer, at: datetime) -> int:
    """Opens or joins a case for each new system event, and tells cases of the events that have ended.

    An event of a site joins the site's case of its class while that one may be joined, a folded one that of the event
    that folds it; those that are over already open none. Returns how many events moved. Runs as the system.
    """
    require(by, "signals.see", None)
    reopen_disposed()
    return _open_new(by, at) + tell_joined(by=by, at=at) + _tell_ended(by, at)


def _open_new(by: Viewer, at: datetime) -> int:
    waiting = SystemEvent.objects.filter(case_told_at=None, folded_into=None)
    waiting = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)
    events = list(waiting.select_related("site").order_by("pk")[:BATCH])
    if not events:
        return 0
    # One that is over before anybody saw it, as a line that came back at once, needs nobody.
    due = [event for event in events if event.ended_at is None]
    _take_in(due, by, at)
    SystemEvent.objects.filter(pk__in=[event.pk for event in events]).update(case_told_at=at)
    return len(events)


def _take_in(events: Sequence[SystemEvent], by: Viewer, at: datetime) -> None:
    keys = {_key(event) for event in events}
    cases = cases_to_join(keys)
    lanes = _lanes(events)
    # An event that has become more urgent is told again.
    told_before = set(IncidentEvent.objects.filter(event__in=events).values_list("event_id", flat=True))
    figures = figures_by_company(event.company_id for event in events)
    deeds, news, times, woken, anew = [], [], [], list[Incident](), list[Regrading]()
    for event in events:
        incident = cases.get(_key(event))
        if incident is not None and not is_joinable(incident.last_signal_at, event.raised_at):
            incident.joinable = False
            shut([incident])
            cases = {key: case for key, case in cases.items() if case is not incident}
            incident = None
        opened = incident is None
        if incident is None:
            # In a second case, which it gets when it goes on after the first was disposed of, it waits from now on.
            since = at if event.pk in told_before else event.raised_at
            incident = cases[_key(event)] = _new_case(event, lanes[_lane(event)], since, at)
        before = graded(incident)
        woken += [incident] if _add(incident, event, figures[incident.company_id]) else []
        anew += regraded(incident, before, at)
        incident.save()
        if opened:
            kind = event.site.kind if event.site else ""
            times.append(open_times(incident, received_at=incident.attention_at, site_kind=kind))
        if event.pk in told_before:
            IncidentEvent.objects.filter(event=event).update(incident=incident)
        else:
            IncidentEvent.objects.create(incident=incident, event=event)
        action = "incident.opened" if opened else "incident.joined"
        after = {"event": event.pk, "alarm": True, "rule": RULE, "text": "".join(event.reasons)[:300]}
        if opened:
            after |= {"class": event.event_class, "grade": event.grade}
        deeds.append(Deed(action, "incident", incident.pk, incident.company_id, after))
        news.append(news_of(action, incident, alarm=True))
    for incident in woken:
        after = {"why": "signal", "level": incident.queue_level}
        deeds.append(Deed("incident.woken", "incident", incident.pk, incident.company_id, after))
        news.append(news_of("incident.woken", incident, alarm=True))
    keep_times(times)
    keep_regradings(anew)
    write_records(deeds, by=by, at=at, source="watch")
    emit([*regrading_news(anew), *news], at=at)


def _new_case(event: SystemEvent, lane: Lane, since: datetime, at: datetime) -> Incident:
    return Incident(
        company_id=event.company_id,
        site_id=event.site_id,
        lane=lane,
        join_key=_key(event),
        event_class=event.event_class,
        grade=event.grade,
        queue_level=event.grade,
        key_site=bool(event.site and event.site.is_key_site),
        scheme=Scheme.LIANJING.value,
        code=event.kind,
        qualifier="",
        opened_at=at,
        attention_at=since,
        last_signal_at=since,
    )


def _add(incident: Incident, event: SystemEvent, figures: DeskFigures) -> bool:
    """What the event changes in the case; whether it ended its hold."""
    incident.last_signal_at = max(incident.last_signal_at, event.raised_at)
    # A line that comes and goes must not fill the page: the time line has every one.
    fresh = [reason for reason in event.reasons if reason not in incident.reasons]
    incident.reasons = [*incident.reasons, *fresh][-REASONS_KEPT:]
    # What joins a case that stands already has been seen by nobody, like an alarm that does.
    incident.unseen += incident.pk is not None
    if incident.acknowledged:
        incident.acknowledged = False
        incident.attention_at = max(incident.attention_at, event.raised_at)
        forget_escalation(incident)
    if event.kind == DURESS_WORD and not incident.verified_outcome:
        # Whoever answered has said so himself; a person who looks may judge otherwise.
        incident.verified_how, incident.verified_outcome = "call", "duress"
    if more_urgent(event.grade, event.event_class, incident.grade, incident.event_class):
        incident.grade, incident.event_class = event.grade, event.event_class
        incident.scheme, incident.code, incident.qualifier = Scheme.LIANJING.value, event.kind, ""
    set_escalation(incident, figures)
    return end_hold(incident, incident.grade)


def _key(event: SystemEvent) -> str:
    """Its site's case of its class; an event of no single site has a case of its own."""
    if event.site_id is None:
        return f"event:{event.pk}"
    return join_key(event.site_id, "", "", event.event_class)


def _lane(event: SystemEvent) -> str:
    if event.site_id is not None:
        return lane_key(event.site_id, "", "")
    return company_lane(event.company_id or 0)


def _lanes(events: Iterable[SystemEvent]) -> Mapping[str, Lane]:
    wanted = {_lane(event): Lane(key=_lane(event), site_id=event.site_id) for event in events}
    Lane.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    return {lane.key: lane for lane in Lane.objects.filter(key__in=wanted)}


def _tell_ended(by: Viewer, at: datetime) -> int:
    ended = SystemEvent.objects.filter(ended_at__isnull=False, end_told_at=None, case_told_at__isnull=False)
    events = list(ended.select_for_update(skip_locked=True, no_key=True).order_by("ended_at")[:BATCH])
    if not events:
        return 0
    places = IncidentEvent.objects.filter(event__in=events).select_related("incident", "event").order_by("pk")
    told = [(place.incident, place.event) for place in places]
    deeds = [
        Deed(
            "incident.event_ended",
            "incident",
            incident.pk,
            incident.company_id,
            {"event": event.pk, "kind": event.kind},
        )
        for incident, event in told
    ]
    write_records(deeds, by=by, at=at, source="watch")
    emit([news_of("incident.joined", incident, alarm=False) for incident, _ in told], at=at)
    SystemEvent.objects.filter(pk__in=[event.pk for event in events]).update(end_told_at=at)
    return len(events)

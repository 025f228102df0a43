"""What a case says of itself, read again from the signals and events that are in it now."""

from collections.abc import Sequence

from django.db.models import Count, Q

from lianjing.domain.incidents.casework import ZONE_WORDS, zone_words
from lianjing.domain.incidents.models import Incident, IncidentEvent, IncidentSignal
from lianjing.domain.incidents.policy import URGENCY, more_urgent
from lianjing.domain.signals.models import Signal
from lianjing.terms.codes import Scheme

_CLASSES = [str(each.value) for each in URGENCY]
ZONES_READ = 200
"""Alarms whose zones are read: the queue names a few and says "and more"."""


def most_urgent_alarm(alarms: Sequence[IncidentSignal]) -> IncidentSignal:
    """The one that gives a case its class, grade and words; of two alike the earlier."""
    return min(
        alarms,
        key=lambda place: (place.treatment.grade, _CLASSES.index(place.treatment.event_class), place.treatment_id),
    )


def retell(incident: Incident, *, regrade: bool = False) -> None:
    """Counts and zones anew, not saved. `regrade`: class, grade and words too, which a case that was never split has
    from its whole history."""
    places = IncidentSignal.objects.filter(incident=incident)
    alarms = Q(is_alarm=True)
    counted = places.aggregate(n=Count("pk"), unseen=Count("pk", filter=alarms & Q(seen_at=None)))
    incident.signal_count, incident.unseen = counted["n"], counted["unseen"]
    first = list(places.filter(alarms).select_related("treatment__zone").order_by("treatment_id")[:ZONES_READ])
    signals = Signal.objects.in_bulk([place.treatment_id for place in first])
    incident.zone_words = _zones(first, signals)
    if regrade or not incident.code:
        _grade(incident, first, signals)


def _zones(places: Sequence[IncidentSignal], signals: dict[int, Signal]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for place in places:
        words = zone_words(place.treatment, signals[place.treatment_id]) if place.treatment_id in signals else None
        if words and words not in found:
            found.append(words)
    return found[: ZONE_WORDS + 1]


def _grade(incident: Incident, first: Sequence[IncidentSignal], signals: dict[int, Signal]) -> None:
    """By its most urgent alarm or event; two zones that confirmed each other raise it by one, as they did at first."""
    urgent = _most_urgent(incident, first)
    if urgent is not None:
        row = urgent.treatment
        signal = signals.get(row.signal_id) or Signal.objects.get(pk=row.signal_id)
        incident.grade, incident.event_class = row.grade, row.event_class
        incident.scheme, incident.code, incident.qualifier = signal.scheme, signal.code, signal.qualifier
    for place in IncidentEvent.objects.filter(incident=incident).select_related("event").order_by("pk")[:ZONES_READ]:
        event = place.event
        if more_urgent(event.grade, event.event_class, incident.grade, incident.event_class):
            incident.grade, incident.event_class = event.grade, event.event_class
            incident.scheme, incident.code, incident.qualifier = Scheme.LIANJING.value, event.kind, ""
    if incident.confirmed_at is not None:
        incident.grade = max(1, incident.grade - 1)


def _most_urgent(incident: Incident, first: Sequence[IncidentSignal]) -> IncidentSignal | None:
    if len(first) < ZONES_READ:
        return most_urgent_alarm(first) if first else None
    # A long case: the first of each class and grade, of which there are few.
    alarms = IncidentSignal.objects.filter(incident=incident, is_alarm=True).order_by()
    kinds = alarms.values_list("treatment__grade", "treatment__event_class").distinct()
    grade, event_class = min(kinds, key=lambda kind: (kind[0], _CLASSES.index(kind[1])))
    found = alarms.filter(treatment__grade=grade, treatment__event_class=event_class)
    return found.select_related("treatment").order_by("treatment_id").first()

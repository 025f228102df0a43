"""What joins the case of many panels: told in its time line, and aloud where it is of the first grade."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q

from lianjing.core.outbox.write import emit
from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.casework import news_of
from lianjing.domain.incidents.desk_figures import figures_by_company
from lianjing.domain.incidents.models import Incident, IncidentEvent, Regrading
from lianjing.domain.incidents.queue_policy import DeskFigures
from lianjing.domain.incidents.regrading import graded, keep_regradings, regraded, regrading_news
from lianjing.domain.incidents.waiting import end_hold, forget_escalation, set_escalation
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.line_policy import MANY_LOST, Cause
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.signals.queries import code_words
from lianjing.terms.codes import Grade, Scheme

FOLDED_BATCH = 2000
TOLD_EVERY = timedelta(seconds=10)
"""What joins one by one is told together, so that the time line stays readable. The first grade does not wait."""
FEW = 20
"""While a case has fewer panels than make many, each is told at once: the number in the queue must not lag behind."""
SEVERAL = "several"
NAMED = 10
REASONS_KEPT = 20
RULE = "system_event"


def reopen_disposed() -> None:
    """What still joins an event whose case takes nothing more in must not vanish there: it is told anew, and gets
    another case."""
    joining = SystemEvent.objects.filter(case_told_at=None, ended_at=None, folded_into__isnull=False)
    over = SystemEvent.objects.filter(ended_at=None, place_in_case__incident__joinable=False)
    over.filter(pk__in=joining.values("folded_into")).update(case_told_at=None)


def tell_joined(*, by: Viewer, at: datetime) -> int:
    """Tells cases of the events that have joined them. Returns how many have."""
    untold = SystemEvent.objects.filter(case_told_at=None, folded_into__case_told_at__isnull=False)
    at_once = Q(folded_into__place_in_case__incident__panel_count__lt=FEW) | Q(grade=Grade.FIRST)
    due = untold.filter(at_once | Q(raised_at__lte=at - TOLD_EVERY))
    masses = set(due.order_by().values_list("folded_into", flat=True).distinct())
    if not masses:
        return 0
    rows = (
        untold.filter(folded_into__in=masses)
        .select_related("site")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
    )
    events = list(rows.order_by("pk")[:FOLDED_BATCH])
    joined: dict[int, list[SystemEvent]] = defaultdict(list)
    for event in events:
        # One that is over before anybody was told of it needs nobody.
        if event.ended_at is None and event.folded_into_id is not None:
            joined[event.folded_into_id].append(event)
    _join(joined, by, at)
    SystemEvent.objects.filter(pk__in=[event.pk for event in events]).update(case_told_at=at)
    return len(events)


def _join(joined: Mapping[int, Sequence[SystemEvent]], by: Viewer, at: datetime) -> None:
    masses: dict[int, list[SystemEvent]] = defaultdict(list)
    # Where a person has joined cases, one has several.
    for place in IncidentEvent.objects.filter(event__in=joined).select_related("event").order_by("pk"):
        masses[place.incident_id].append(place.event)
    if not masses:
        return
    panels = _panels(masses)
    deeds, news, anew = [], [], list[Regrading]()
    cases = list(Incident.objects.filter(pk__in=masses).select_for_update(no_key=True).order_by("pk"))
    figures = figures_by_company(incident.company_id for incident in cases)
    for incident in cases:
        taken_in = [event for mass in masses[incident.pk] for event in joined[mass.pk]]
        urgent = [event for event in taken_in if event.grade == Grade.FIRST]
        # One that has just been opened is new to everybody.
        alarm = bool(urgent) and incident.panel_count > 0
        before = graded(incident)
        if alarm and _wake(incident, urgent, figures[incident.company_id]):
            after = {"why": "signal", "level": incident.queue_level}
            deeds.append(Deed("incident.woken", "incident", incident.pk, incident.company_id, after))
            news.append(news_of("incident.woken", incident, alarm=True))
        anew += regraded(incident, before, at)
        incident.common_cause = _cause(incident.common_cause, masses[incident.pk])
        incident.panel_count = panels[incident.pk]
        incident.last_signal_at = max(incident.last_signal_at, *(event.raised_at for event in taken_in))
        incident.save()
        after = {"events": [event.pk for event in taken_in], "alarm": alarm, "rule": RULE, "text": _sentence(taken_in)}
        deeds.append(Deed("incident.joined", "incident", incident.pk, incident.company_id, after))
        news.append(news_of("incident.joined", incident, alarm=alarm))
    keep_regradings(anew)
    write_records(deeds, by=by, at=at, source="watch")
    emit([*regrading_news(anew), *news], at=at)


def _cause(before: str, masses: Sequence[SystemEvent]) -> str:
    """What all have in common, those too that came before."""
    causes = [Cause.of(mass.subject) for mass in masses if mass.kind == MANY_LOST]
    told = {f"{cause.what}:{cause.name}" for cause in causes} | ({before} if before else set())
    return SEVERAL if len(told) > 1 else "".join(told)


def _panels(cases: Iterable[int]) -> dict[int, int]:
    """How many panels each of these cases lists."""
    rows = SystemEvent.objects.filter(folded_into__place_in_case__incident__in=cases).order_by()
    counted = rows.values("folded_into__place_in_case__incident").annotate(panels=Count("panel_id", distinct=True))
    return {row["folded_into__place_in_case__incident"]: row["panels"] for row in counted}


def _wake(incident: Incident, urgent: Sequence[SystemEvent], figures: DeskFigures) -> bool:
    """The first grade wakes a case that stands already, whatever its grade; whether that ended its hold."""
    raised = "本案升为一级。" if incident.grade > Grade.FIRST else ""
    incident.grade = int(Grade.FIRST)
    incident.unseen += len(urgent)
    if incident.acknowledged:
        incident.acknowledged = False
        incident.attention_at = max(incident.attention_at, urgent[-1].raised_at)
        forget_escalation(incident)
    set_escalation(incident, figures)
    reason = f"又并入一级失联：{_names(urgent)}，须立即核实。{raised}"
    incident.reasons = [*incident.reasons, reason][-REASONS_KEPT:]
    return end_hold(incident, incident.grade)


def _names(events: Sequence[SystemEvent]) -> str:
    names = [event.site.name for event in events if event.site is not None]
    more = f" 等 {len(names)} 处" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _sentence(events: Sequence[SystemEvent]) -> str:
    """What they are, with numbers, and which are of the first grade."""
    kinds = Counter(event.kind for event in events)
    told = "、".join(f"{code_words(Scheme.LIANJING, kind, '')} {n} 处" for kind, n in kinds.most_common())
    urgent = [event for event in events if event.grade == Grade.FIRST]
    return f"{told}，其中一级：{_names(urgent)}。" if urgent else f"{told}。"

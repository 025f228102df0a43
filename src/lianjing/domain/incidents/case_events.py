"""The system events of a case, with what each of them folds."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import Incident, IncidentEvent
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.signals.queries import code_words
from lianjing.terms.codes import Scheme

FOLDED_SHOWN = 200


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """One of many that share a case: which site, since when, and until when."""

    site_name: str
    is_key_site: bool
    account: str
    raised_at: datetime
    ended_at: datetime | None
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class EventLine:
    """A system event in words. `folded` are the first of `folded_count`, those that still last first."""

    what: str
    raised_at: datetime
    ended_at: datetime | None
    reasons: list[str]
    folded: list[FoldedLine]
    folded_count: int
    lasting_count: int
    replaced: bool
    """It did not come right: a later event of its site took its place at that instant."""


def case_events(viewer: Viewer, incident: Incident) -> list[EventLine]:
    """What the product itself noticed in this case, oldest first: one query, two more where something is folded."""
    places = visible(IncidentEvent.objects.all(), viewer, "incidents.see", company_field="incident__company_id")
    events = [place.event for place in places.filter(incident=incident).select_related("event").order_by("pk")]
    ids = [event.pk for event in events if event.site_id is None]
    counts = _counts(ids) if ids else {}
    folded = _folded(ids) if counts else {}
    began = {(event.site_id, event.raised_at) for event in events if event.site_id is not None}
    return [
        _line(
            event,
            folded.get(event.pk, []),
            *counts.get(event.pk, (0, 0)),
            replaced=(event.site_id, event.ended_at) in began,
        )
        for event in events
    ]


def _line(event: SystemEvent, folded: list[FoldedLine], count: int, lasting: int, *, replaced: bool) -> EventLine:
    return EventLine(
        what=code_words(Scheme.LIANJING, event.kind, ""),
        raised_at=event.raised_at,
        ended_at=event.ended_at,
        reasons=event.reasons,
        folded=folded,
        folded_count=count,
        lasting_count=lasting,
        replaced=replaced,
    )


def _counts(ids: list[int]) -> dict[int, tuple[int, int]]:
    rows = SystemEvent.objects.filter(folded_into__in=ids).order_by().values("folded_into")
    counted = rows.annotate(n=Count("pk"), lasting=Count("pk", filter=Q(ended_at=None)))
    return {row["folded_into"]: (row["n"], row["lasting"]) for row in counted}


def _folded(ids: list[int]) -> dict[int, list[FoldedLine]]:
    found: dict[int, list[FoldedLine]] = defaultdict(list)
    rows = SystemEvent.objects.filter(folded_into__in=ids).select_related("site", "panel")
    # Those that last first; among them the key sites.
    for row in rows.order_by(F("ended_at").asc(nulls_first=True), "grade", "pk")[:FOLDED_SHOWN]:
        site, panel = row.site, row.panel
        found[row.folded_into_id or 0].append(
            FoldedLine(
                site.name if site else "",
                bool(site and site.is_key_site),
                panel.account if panel else "",
                row.raised_at,
                row.ended_at,
                row.reasons,
            )
        )
    return found

"""Mass losses: what one carrier, one receiver or one district takes down is one event with the list inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.line_facts import (
    CAUSE_FIELDS,
    Installed,
    lines_by_cause,
    lost_lines,
    panels_in_order,
    urgent_places,
)
from lianjing.domain.signals.line_policy import (
    ALL_LOST,
    MANY_LOST,
    NAMED,
    ONE_LOST,
    Cause,
    Folding,
    blamed,
    cause_words,
    mass_reasons,
)
from lianjing.domain.signals.models import SystemEvent
from lianjing.domain.signals.system_events import NewEvent, end_events, raise_events, sharpen_events
from lianjing.domain.sites.models import TransmissionPath
from lianjing.terms.codes import Grade
from lianjing.terms.premises import Listener

LISTENER_WORDS = {listener.value: listener.zh for listener in Listener}
MASS_GRADE = Grade.SECOND
"""At most; a mass loss is as urgent as the most urgent loss in it."""


@dataclass(frozen=True, slots=True)
class Telling:
    """An event that is to be raised, and where."""

    event: NewEvent
    there: Installed

    @property
    def grade(self) -> int:
        return self.event.grade or MASS_GRADE


def fold(tellings: Sequence[Telling], folding: Folding, *, by: Viewer, at: datetime) -> list[NewEvent]:
    """The same events, those of a mass loss folded into its event, which is raised here when there is none yet."""
    companies = {telling.there.site.company_id for telling in tellings}
    masses = _open_masses(companies, folding, at)
    left = [telling for telling in tellings if _mass_of(telling, masses) is None]
    if left:
        masses |= _raise_masses(left, masses, folding, by=by, at=at)
    _sharpen(tellings, masses, by=by, at=at)
    return [_folded(telling, masses) for telling in tellings]


def end_empty_masses(ended: Iterable[SystemEvent], *, by: Viewer, at: datetime) -> None:
    """Ends the mass losses of which these were the last."""
    require(by, "signals.see", None)
    touched = {event.folded_into_id for event in ended if event.folded_into_id is not None}
    if not touched:
        return
    standing = SystemEvent.objects.filter(folded_into__in=touched, ended_at=None).order_by()
    over = touched - set(standing.values_list("folded_into_id", flat=True).distinct())
    subjects = SystemEvent.objects.filter(pk__in=over, ended_at=None).values_list("kind", "subject")
    end_events(list(subjects), by=by, at=at)


def _open_masses(companies: Iterable[int], folding: Folding, at: datetime) -> dict[Cause, SystemEvent]:
    """Those that still take losses in, the latest of each cause."""
    rows = SystemEvent.objects.filter(kind=MANY_LOST, company_id__in=companies, ended_at=None)
    young = rows.filter(raised_at__gte=at - folding.joins_for)
    return {Cause.of(row.subject): row for row in young.order_by("pk")}


def _mass_of(telling: Telling, masses: Mapping[Cause, SystemEvent]) -> SystemEvent | None:
    return next((mass for cause, mass in masses.items() if telling.there.is_explained_by(cause)), None)


def _raise_masses(
    left: Sequence[Telling], masses: Iterable[Cause], folding: Folding, *, by: Viewer, at: datetime
) -> dict[Cause, SystemEvent]:
    """Mass losses of what takes down many at this moment, what explains most first."""
    companies, since = {telling.there.site.company_id for telling in left}, at - folding.window
    lost = lost_lines(by, companies, masses, since=since, at=at)
    if len({line.installation for line in lost}) < folding.most:
        return {}
    raised: dict[Cause, SystemEvent] = {}
    for cause, panels in blamed(lost, lines_by_cause(by, companies, since=since), folding.most):
        group = [telling for telling in left if telling.there.is_explained_by(cause)]
        left = [telling for telling in left if not telling.there.is_explained_by(cause)]
        # Where none is to be told now, they wait; their turn comes.
        if group:
            raised[cause] = _raise_mass(cause, group, panels, folding, by=by, at=at)
    return raised


def _raise_mass(
    cause: Cause, group: Sequence[Telling], lost: int, folding: Folding, *, by: Viewer, at: datetime
) -> SystemEvent:
    since = at - folding.window
    all_of = panels_in_order(by, cause, since=since)
    places = urgent_places(by, cause, since, NAMED)
    event = NewEvent(
        MANY_LOST,
        f"{cause.stem}{instant(at)}",
        at,
        cause.company_id,
        grade=min(MASS_GRADE, *(telling.grade for telling in group)),
        reasons=mass_reasons(cause_words(cause, LISTENER_WORDS), lost, all_of, folding, *places),
    )
    (mass,) = raise_events([event], by=by, at=at)
    _take_in_earlier(cause, mass, folding, at)
    return mass


def _take_in_earlier(cause: Cause, mass: SystemEvent, folding: Folding, at: datetime) -> None:
    """Losses that were told singly before they proved to be many: they keep their cases, and stand in the list."""
    single = SystemEvent.objects.filter(
        kind__in=(ONE_LOST, ALL_LOST), company_id=cause.company_id, ended_at=None, folded_into=None
    ).filter(raised_at__gte=at - folding.window - folding.wait)
    lost = TransmissionPath.objects.filter(lost_at__isnull=False, **{CAUSE_FIELDS[cause.what]: cause.name})
    ids = single.filter(panel__in=lost.values("panel_id")).values_list("pk", flat=True)
    SystemEvent.objects.filter(pk__in=list(ids)).update(folded_into=mass)


def _sharpen(tellings: Sequence[Telling], masses: Mapping[Cause, SystemEvent], *, by: Viewer, at: datetime) -> None:
    """A mass loss that a more urgent loss joins becomes as urgent."""
    worse: dict[int, tuple[int, str]] = {}
    for telling in tellings:
        mass = _mass_of(telling, masses)
        if mass is not None and telling.grade < min(mass.grade, worse.get(mass.pk, (9, ""))[0]):
            worse[mass.pk] = telling.grade, f"{telling.there.site.name}失联，并入本案：级别随之提高。"
    sharpen_events(worse, by=by, at=at)


def _folded(telling: Telling, masses: Mapping[Cause, SystemEvent]) -> NewEvent:
    mass = _mass_of(telling, masses)
    return telling.event if mass is None else replace(telling.event, folded_into=mass.pk)

"""What stands around lost lines: their panel's other paths, the site, whether it is armed. Read in bulk."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, When

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.line_policy import (
    CARRIER,
    DISTRICT,
    KEY_KINDS,
    RECEIVER,
    Cause,
    Installation,
    LostLine,
    PathFact,
    Standing,
    causes,
    verdict,
)
from lianjing.domain.signals.models import ArmingState, PendingLoss, SystemEvent
from lianjing.domain.sites.models import Panel, Site, TransmissionPath
from lianjing.terms.codes import Grade

CAUSE_FIELDS = {CARRIER: "kind", RECEIVER: "panel__listener", DISTRICT: "panel__site__division"}
"""What lines may have in common, as a path reads it."""
_COMMON = ("panel__site__company_id", *CAUSE_FIELDS.values())
"""What `causes` asks for."""


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation where it stands."""

    facts: Installation
    site: Site
    panels: frozenset[int]
    """Its own id and those of its further communicators."""
    listeners: dict[int, str]
    """By panel."""
    waiting: frozenset[int]
    """Lost paths whose time to be told has not come."""

    @property
    def told(self) -> Installation:
        """As far as it is to be told now: a loss that waits is none yet, unless what is lost is of the first grade."""
        if verdict(self.facts).grade is Grade.FIRST:
            return self.facts
        paths = [replace(path, lost_at=None) if path.id in self.waiting else path for path in self.facts.paths]
        return replace(self.facts, paths=paths)

    def is_explained_by(self, cause: Cause) -> bool:
        """Whether its losses may come from it. Where the loss is of the first grade it must explain every line: who
        cuts both lines of a bank must not hide behind the failure of one carrier."""
        told, site = self.told, self.site
        every = all if verdict(told).grade is Grade.FIRST else any
        lines = ((path.kind, self.listeners[path.panel_id]) for path in told.lost)
        return every(cause in causes(site.company_id, kind, name, site.division) for kind, name in lines)


def installations(viewer: Viewer, panel_ids: Iterable[int], at: datetime) -> list[Installed]:
    """Those that these panels belong to: five queries, however many. Runs as the system."""
    require(viewer, "signals.see", None)
    roots = {backup_of or pk for pk, backup_of in _origins(panel_ids)}
    members = Panel.objects.filter(Q(pk__in=roots) | Q(backup_of__in=roots)).select_related("site").order_by("pk")
    groups: dict[int, list[Panel]] = defaultdict(list)
    for panel in members:
        groups[panel.backup_of_id or panel.pk].append(panel)
    live = {p.pk for p in members if p.removed_at is None and p.activated_at is not None}
    paths = _paths(live)
    armed = _armed(live)
    lost = [path.id for found in paths.values() for path in found if path.lost_at is not None]
    waiting = frozenset(PendingLoss.objects.filter(path__in=lost, due_at__gt=at).values_list("pk", flat=True))
    return [_installed(root, group, paths, armed, waiting) for root, group in groups.items()]


def _origins(panel_ids: Iterable[int]) -> Iterable[tuple[int, int | None]]:
    return Panel.objects.filter(pk__in=set(panel_ids)).values_list("pk", "backup_of_id")


def _paths(panel_ids: Iterable[int]) -> dict[int, list[PathFact]]:
    found: dict[int, list[PathFact]] = defaultdict(list)
    rows = TransmissionPath.objects.filter(panel_id__in=panel_ids, interval_s__isnull=False)
    for row in rows.order_by("panel_id", "place"):
        found[row.panel_id].append(
            PathFact(
                row.pk,
                row.panel_id,
                row.kind,
                row.category,
                row.interval_s or 0,
                row.misses,
                row.lost_at,
                row.last_heard_at,
            )
        )
    return found


def _armed(panel_ids: Iterable[int]) -> dict[int, bool]:
    """Panels that have reported it, by whether any of their areas is armed."""
    found: dict[int, bool] = {}
    for panel_id, armed in ArmingState.objects.filter(panel_id__in=panel_ids).values_list("panel_id", "armed"):
        found[panel_id] = found.get(panel_id, False) or armed
    return found


def _installed(
    root: int, group: list[Panel], paths: dict[int, list[PathFact]], armed: dict[int, bool], waiting: frozenset[int]
) -> Installed:
    first = next((panel for panel in group if panel.pk == root), group[0])
    reported = [armed[panel.pk] for panel in group if panel.pk in armed]
    facts = Installation(
        panel_id=first.pk,
        account=first.account,
        site_kind=first.site.kind,
        is_key_site=first.site.is_key_site,
        armed=any(reported) if reported else None,
        paths=[path for panel in group for path in paths.get(panel.pk, ())],
    )
    listeners = {panel.pk: panel.listener for panel in group}
    return Installed(facts, first.site, frozenset(listeners), listeners, waiting)


def lost_lines(
    viewer: Viewer, companies: Iterable[int], without: Iterable[Cause], *, since: datetime, at: datetime
) -> list[LostLine]:
    """Lines that were lost since then or wait to be told, and that neither stand in a mass loss already nor come from
    these causes. One query. Runs as the system."""
    require(viewer, "signals.see", None)
    mass = SystemEvent.objects.filter(ended_at=None, folded_into__isnull=False)
    of_its_panel = Q(panel=OuterRef("panel_id")) | Q(panel=OuterRef("panel__backup_of_id"))
    rows = _lost(companies, since).exclude(Exists(mass.filter(of_its_panel)))
    for cause in without:
        rows = rows.exclude(**{"panel__site__company_id": cause.company_id, CAUSE_FIELDS[cause.what]: cause.name})
    found = rows.order_by().values_list("panel_id", "panel__backup_of_id", "lost_at", *_COMMON)
    return [
        LostLine(backup_of or panel_id, causes(*common), (at - lost_at).total_seconds() if lost_at else 0)
        for panel_id, backup_of, lost_at, *common in found
    ]


def lines_by_cause(viewer: Viewer, companies: Iterable[int], *, since: datetime) -> Standing:
    """Lines that were in order then, by what they could fail by. One query. Runs as the system."""
    require(viewer, "signals.see", None)
    found: dict[Cause, Counter[int]] = defaultdict(Counter)
    rows = _in_order(companies, since).order_by().values_list("interval_s", *_COMMON)
    for interval, *common, lines in rows.annotate(lines=Count("pk")):
        for cause in causes(*common):
            found[cause][interval] += lines
    return found


def panels_in_order(viewer: Viewer, cause: Cause, *, since: datetime) -> int:
    """How many panels had lines in order then that could fail by the cause. One query. Runs as the system."""
    require(viewer, "signals.see", None)
    rows = _in_order([cause.company_id], since).filter(**{CAUSE_FIELDS[cause.what]: cause.name})
    return rows.order_by().values("panel_id").distinct().count()


def urgent_places(viewer: Viewer, cause: Cause, lost_since: datetime, limit: int) -> tuple[list[str], int]:
    """Names of key and armed sites that the cause has taken lines from, key sites first, and how many there are. Two
    queries. Runs as the system."""
    require(viewer, "signals.see", None)
    lost = _lost([cause.company_id], lost_since).filter(**{CAUSE_FIELDS[cause.what]: cause.name})
    is_key = Q(is_key_site=True) | Q(kind__in=KEY_KINDS)
    armed = Exists(ArmingState.objects.filter(panel__site=OuterRef("pk"), armed=True))
    sites = Site.objects.filter(pk__in=lost.values("panel__site_id")).filter(is_key | armed)
    named = sites.annotate(key=Case(When(is_key, then=0), default=1)).order_by("key", "name", "pk")
    return list(named.values_list("name", flat=True)[:limit]), sites.count()


def _supervised(companies: Iterable[int]) -> "QuerySet[TransmissionPath]":
    return TransmissionPath.objects.filter(
        interval_s__isnull=False,
        panel__removed_at=None,
        panel__activated_at__isnull=False,
        panel__site__company_id__in=companies,
    )


def _lost(companies: Iterable[int], since: datetime) -> "QuerySet[TransmissionPath]":
    """Lost since then, or waiting to be told."""
    rows = _supervised(companies).filter(lost_at__isnull=False)
    return rows.filter(Q(lost_at__gte=since) | Q(pending__isnull=False))


def _in_order(companies: Iterable[int], since: datetime) -> "QuerySet[TransmissionPath]":
    """Those that have been lost for longer prove nothing about what fails now."""
    rows = _supervised(companies)
    return rows.filter(Q(lost_at=None) | Q(lost_at__gte=since) | Q(pending__isnull=False))

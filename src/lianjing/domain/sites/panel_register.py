"""The register of panels: the list, and all that is on file of one. What they send is told by `signals`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.sites.equipment_on_file import path_entry
from lianjing.domain.sites.models import Area, Panel, Site, TransmissionPath, Zone
from lianjing.domain.sites.path_rules import Hint, path_hints
from lianjing.domain.sites.policy import KEYED_LISTENERS, normal_account
from lianjing.domain.sites.zone_rules import reference_text
from lianjing.terms.codes import AddressKind

SEE = "sites.see"
ZONE = AddressKind.ZONE.value
LACKS = ("test", "path", "lost", "key")
"""What a panel may lack: a test interval, a key, supervised paths; `lost`: a path of it is lost now."""


@dataclass(frozen=True, slots=True)
class PanelsWanted:
    """`state`: "pending" or "active"; `lacks`: one of LACKS; `text`: beginning of an account, part of a site's name."""

    text: str = ""
    state: str = ""
    lacks: str = ""
    listener: str = ""
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel as the list shows it. `paths`: kinds and whether each is lost, in order."""

    panel: Panel
    paths: tuple[tuple[str, bool], ...]
    zone_count: int


def registered_panels(
    viewer: Viewer, wanted: PanelsWanted, *, after: int | None = None, limit: int = 50
) -> list[PanelRow]:
    """Panels in use by account, from behind the panel `after`: four queries, however many rows."""
    rows = _filtered(_in_use(viewer), wanted)
    if after is not None:
        last = Panel.objects.filter(pk=after).values_list("account", flat=True).first() or ""
        rows = rows.filter(Q(account__gt=last) | Q(account=last, pk__gt=after))
    panels = list(rows.select_related("site__company", "backup_of").order_by("account", "pk")[:limit])
    return _rows(panels)


def registered_count(viewer: Viewer, wanted: PanelsWanted) -> int:
    return _filtered(_in_use(viewer), wanted).count()


def panels_of_site(viewer: Viewer, site_id: int) -> list[PanelRow]:
    """A site's panels in use: main ones first, each followed by its second communicators."""
    panels = list(_in_use(viewer).filter(site_id=site_id).select_related("site__company", "backup_of"))
    place = {panel.pk: panel.account for panel in panels}
    panels.sort(key=lambda p: (place.get(p.backup_of_id or p.pk, ""), p.backup_of_id is not None, p.account))
    return _rows(panels)


def _in_use(viewer: Viewer) -> "QuerySet[Panel, Any]":
    return visible(Panel.objects.filter(removed_at=None), viewer, SEE, company_field="site__company_id")


def _filtered(rows: "QuerySet[Panel, Any]", wanted: PanelsWanted) -> "QuerySet[Panel, Any]":
    if wanted.text:
        text = wanted.text
        named = (
            Q(site__name__icontains=text) | Q(site__initials__contains=text.lower()) | Q(site__code__istartswith=text)
        )
        rows = rows.filter(Q(account__startswith=normal_account(text)) | named | Q(model__icontains=text))
    if wanted.state:
        rows = rows.filter(activated_at__isnull=wanted.state == "pending")
    if wanted.listener:
        rows = rows.filter(listener=wanted.listener)
    if wanted.company_id is not None:
        rows = rows.filter(site__company_id=wanted.company_id)
    return rows.filter(_lacking(wanted.lacks))


def _lacking(lacks: str) -> Q:
    paths = TransmissionPath.objects.filter(panel=OuterRef("pk"))
    supervised = paths.filter(interval_s__isnull=False)
    return {
        "test": Q(test_interval=None, backup_of=None),
        "key": Q(key_sealed="", listener__in=KEYED_LISTENERS),
        "path": ~Q(Exists(supervised)),
        "lost": Q(Exists(paths.filter(lost_at__isnull=False))),
    }.get(lacks, Q())


def _rows(panels: list[Panel]) -> list[PanelRow]:
    ids = [panel.pk for panel in panels]
    paths: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    kept = TransmissionPath.objects.filter(panel_id__in=ids).order_by("panel_id", "place")
    for panel_id, kind, lost_at in kept.values_list("panel_id", "kind", "lost_at"):
        paths[panel_id].append((kind, lost_at is not None))
    counted = Zone.objects.filter(panel_id__in=ids, address_kind=ZONE).order_by().values_list("panel_id")
    zones = dict(counted.annotate(n=Count("pk")))
    return [PanelRow(panel, tuple(paths[panel.pk]), zones.get(panel.pk, 0)) for panel in panels]


@dataclass(frozen=True, slots=True)
class ZoneOnFile:
    """`neighbours` as they are entered: numbers, or account/number for another panel of the site."""

    zone: Zone
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PanelOnFile:
    """All that is registered of one panel."""

    panel: Panel
    backups: list[Panel]
    paths: list[TransmissionPath]
    path_hints: list[Hint]
    areas: list[Area]
    zones: list[ZoneOnFile]
    users: list[Zone]


def panel_on_file(viewer: Viewer, panel_id: int) -> PanelOnFile | None:
    """A panel in use with what belongs to it; None when there is none for the viewer."""
    rows = _in_use(viewer).select_related("site__company", "site__customer", "backup_of")
    panel = rows.filter(pk=panel_id).first()
    if panel is None:
        return None
    paths = list(panel.paths.order_by("place"))
    numbered = sorted(panel.zones.all(), key=lambda zone: _in_order(zone.number))
    zones = [zone for zone in numbered if zone.address_kind == ZONE]
    return PanelOnFile(
        panel=panel,
        backups=list(panel.backups.filter(removed_at=None).order_by("account")),
        paths=paths,
        path_hints=path_hints([path_entry(row) for row in paths]),
        areas=sorted(panel.areas.all(), key=lambda area: _in_order(area.number)),
        zones=_with_neighbours(panel, zones),
        users=[zone for zone in numbered if zone.address_kind == AddressKind.USER.value],
    )


def _in_order(number: str) -> tuple[int, int, str]:
    """Numbers by size, what is no number behind them."""
    return (0, int(number), "") if number.isascii() and number.isdigit() else (1, 0, number)


def _with_neighbours(panel: Panel, zones: Iterable[Zone]) -> list[ZoneOnFile]:
    links = Zone.neighbours.through.objects.filter(from_zone__panel=panel)
    named: dict[int, list[str]] = defaultdict(list)
    columns = ("from_zone_id", "to_zone__panel__account", "to_zone__number")
    for zone_id, account, number in links.values_list(*columns):
        named[zone_id].append(reference_text((account, number), panel.account))
    return [ZoneOnFile(zone, tuple(sorted(named[zone.pk], key=_in_order))) for zone in zones]


def backup_choices(viewer: Viewer, site_id: int, panel_id: int | None = None) -> list[Panel]:
    """Panels of the site whose second communicator another one can be."""
    rows = _in_use(viewer).filter(site_id=site_id, backup_of=None).exclude(pk=panel_id)
    return list(rows.order_by("account"))


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A site that a panel can be registered at."""

    id: int
    name: str
    code: str
    address: str
    company_name: str


def sites_to_choose(viewer: Viewer, text: str, *, company_id: int | None = None, limit: int = 20) -> list[SiteChoice]:
    """Sites that the viewer may edit, by name, initials, code or address; the first few of all without a text."""
    rows = visible(Site.objects.all(), viewer, "sites.edit").select_related("company")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if text:
        named = Q(name__icontains=text) | Q(initials__contains=text.lower()) | Q(code__istartswith=text)
        rows = rows.filter(named | Q(address__icontains=text))
    found = rows.order_by("company__name", "name", "pk")[:limit]
    return [SiteChoice(s.pk, s.name, s.code, s.address, s.company.name) for s in found]


def site_to_edit(viewer: Viewer, site_id: int) -> Site | None:
    """A site at which the viewer may register panels."""
    rows = visible(Site.objects.all(), viewer, "sites.edit")
    return rows.select_related("company").filter(pk=site_id).first()

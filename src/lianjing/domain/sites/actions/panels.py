"""What people do to panels: registering, changing, moving, removing."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from lianjing.core.changes import difference
from lianjing.core.refusals import Refused
from lianjing.core.viewer import Viewer
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.domain.sites.actions.changing import panel_to_change, require_edit
from lianjing.domain.sites.equipment_entries import PanelEntry
from lianjing.domain.sites.equipment_on_file import entry_of
from lianjing.domain.sites.models import Panel, Site, Zone
from lianjing.domain.sites.panel_rules import check_panel, panel_weakens
from lianjing.domain.sites.policy import KEYED_LISTENERS
from lianjing.domain.sites.supervised_spans import keep_supervision
from lianjing.terms.sentences import marked as _


@transaction.atomic
def add_panel(site_id: int, entry: PanelEntry, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Registers a panel at a site; it is pending until its first real signal. The receiver knows it within 2 s.

    Raises Missing, Forbidden, or Refused with the field that is wrong, such as an account that is in use.
    """
    site = locked(Site.objects.all(), site_id, by, see="sites.see")
    require_edit(by, site.company_id)
    entry = entry.normal()
    check_panel(entry)
    _check_backup(entry, site.pk)
    panel = Panel(site=site, added_at=at)
    _fill(panel, entry)
    _save(panel, by, at)
    after = {"site": site.code, **{name: value for name, value in _told(entry).items() if value not in ("", None)}}
    write_down("panel.added", panel, site.company_id, Actor(by, at, source), after=after)
    return panel


@transaction.atomic
def edit_panel(panel_id: int, entry: PanelEntry, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Changes a panel's registration. With another account it begins anew: what the former one sent stays the site's,
    and nothing that the new one sent before is.

    Raises Missing, Forbidden or Refused.
    """
    panel = panel_to_change(panel_id, by)
    entry = entry.normal()
    check_panel(entry)
    _check_backup(entry, panel.site_id, panel)
    had = entry_of(panel)
    if (had.listener, had.account) != (entry.listener, entry.account):
        _check_listener(panel, entry)
        _leave_behind(panel, at)
        panel.added_at = at
    before, after = difference(_told(had), _told(entry))
    if not after:
        return panel
    _fill(panel, entry)
    _save(panel, by, at)
    weakens = list(panel_weakens(had, entry))
    actor = Actor(by, at, source)
    write_down("panel.changed", panel, panel.site.company_id, actor, before=before, after=after, weakens=weakens)
    return panel


@transaction.atomic
def move_panel(panel_id: int, site_id: int, *, by: Viewer, at: datetime, source: str = "") -> Panel:
    """Puts a panel, with all that belongs to it, at another site of the same company; what it sent before stays the
    former site's. Neighbours and places on drawings of the former site end.

    Raises Missing, Forbidden or Refused.
    """
    panel = panel_to_change(panel_id, by)
    site = locked(Site.objects.all(), site_id, by, see="sites.see")
    require_edit(by, site.company_id)
    if site.company_id != panel.site.company_id:
        raise Refused("site", _("不能移到别家单位的场所：请在那里重新登记。"))
    if site.pk == panel.site_id:
        raise Refused("site", _("设备已经在这个场所。"))
    _refuse_backups(panel)
    former = panel.site
    _leave_behind(panel, at)
    panel.site, panel.backup_of, panel.added_at = site, None, at
    _save(panel, by, at)
    _cut_ties(panel)
    weakens = [f"设备 {panel.account} 从“{former.name}”移走"]
    codes = {"site": former.code}, {"site": site.code}
    actor = Actor(by, at, source)
    write_down("panel.moved", panel, site.company_id, actor, before=codes[0], after=codes[1], weakens=weakens)
    return panel


@transaction.atomic
def remove_panel(panel_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes a panel out of use: its account is free again, and what comes from it is an unknown account's.

    Raises Missing, Forbidden or Refused.
    """
    panel = panel_to_change(panel_id, by)
    _refuse_backups(panel)
    reason = reason_given(reason)
    panel.removed_at = at
    _save(panel, by, at)
    keep_supervision([panel.pk], at)
    after = {"removed": True, "reason": reason}
    weakens = [f"设备 {panel.account} 移除：“{panel.site.name}”不再受它保护"]
    write_down("panel.removed", panel, panel.site.company_id, Actor(by, at, source), after=after, weakens=weakens)


def _told(entry: PanelEntry) -> dict[str, Any]:
    return asdict(entry)


def _fill(panel: Panel, entry: PanelEntry) -> None:
    panel.account, panel.listener, panel.model = entry.account, entry.listener, entry.model
    panel.receiver_line, panel.test_interval = entry.receiver_line, entry.test_interval
    panel.backup_of_id = entry.backup_of


def _save(panel: Panel, by: Viewer, at: datetime) -> None:
    """`changed_at` is what the receiver's directory and the supervision of lines look for."""
    panel.changed_at = at
    if panel.removed_at is None:
        _refuse_taken(panel, by)
    try:
        with transaction.atomic():
            panel.save()
    except IntegrityError as taken:
        # Somebody else took it between the look and the write.
        raise Refused("account", IN_USE, account=panel.account) from taken


IN_USE = _("账号 %(account)s 正被另一台在用的设备使用。")


def _refuse_taken(panel: Panel, by: Viewer) -> None:
    """Whose it is only for who may know."""
    others = Panel.objects.filter(removed_at=None, listener=panel.listener, account=panel.account)
    other = others.exclude(pk=panel.pk).select_related("site").first()
    if other is None:
        return
    if by.scope("sites.see").holds(other.site.company_id):
        sentence = _("账号 %(account)s 正被“%(site)s”的设备使用。")
        raise Refused("account", sentence, account=panel.account, site=other.site.name)
    raise Refused("account", IN_USE, account=panel.account)


def _check_backup(entry: PanelEntry, site_id: int, panel: Panel | None = None) -> None:
    if entry.backup_of is None:
        return
    main = Panel.objects.filter(pk=entry.backup_of, site_id=site_id, removed_at=None).first()
    if main is None or (panel and main.pk == panel.pk):
        raise Refused("backup_of", _("主设备须是同一场所在用的另一台设备。"))
    if main.backup_of_id is not None:
        raise Refused("backup_of", _("所选设备自己也是备用通信机：请选它的主设备。"))
    if panel and panel.backups.filter(removed_at=None).exists():
        raise Refused("backup_of", _("此设备有自己的备用通信机，不能再作别的设备的备用。"))


def _check_listener(panel: Panel, entry: PanelEntry) -> None:
    if entry.listener in KEYED_LISTENERS:
        return
    if panel.key_sealed:
        raise Refused("listener", _("此设备登记了密钥，经接警机转来的报文不加密：请先删除密钥。"))
    if panel.paths.filter(transport="udp").exists():
        raise Refused("listener", _("此设备有走 UDP 的路径，经接警机转来的报文只走 TCP：请先改路径。"))


def _refuse_backups(panel: Panel) -> None:
    accounts = sorted(panel.backups.filter(removed_at=None).values_list("account", flat=True))
    if accounts:
        sentence = _("请先移除它的备用通信机（账号 %(accounts)s），或改为独立设备。")
        raise Refused("", sentence, accounts="、".join(accounts))


def _leave_behind(panel: Panel, at: datetime) -> None:
    """What the panel's account was until now stays on file as a panel that was removed: its frames stay the site's."""
    Panel.objects.create(
        site_id=panel.site_id,
        listener=panel.listener,
        account=panel.account,
        model=panel.model,
        receiver_line=panel.receiver_line,
        added_at=panel.added_at,
        activated_at=panel.activated_at,
        removed_at=at,
        changed_at=at,
    )


def _cut_ties(panel: Panel) -> None:
    """Neighbours are zones of one site, and drawings are a site's."""
    zones = Zone.objects.filter(panel=panel)
    links = Zone.neighbours.through.objects
    links.filter(from_zone__panel=panel).exclude(to_zone__panel=panel).delete()
    links.filter(to_zone__panel=panel).exclude(from_zone__panel=panel).delete()
    zones.filter(drawing__isnull=False).update(drawing=None, x=None, y=None)

"""The sheet `panels`, with keys and transmission paths."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.conf import settings

from lianjing.core.crypto import Unopenable, open_field, seal_field
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change
from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.equipment_entries import PanelEntry, PathEntry
from lianjing.domain.sites.importing import standing
from lianjing.domain.sites.importing.columns import PANELS
from lianjing.domain.sites.importing.entering.scene import Scene
from lianjing.domain.sites.importing.refs import PanelRef
from lianjing.domain.sites.models import Panel, Site, TransmissionPath
from lianjing.domain.sites.panel_rules import panel_weakens
from lianjing.domain.sites.path_rules import matched, path_hints, path_problems, path_words, paths_weaken, settled
from lianjing.domain.sites.policy import KEYED_LISTENERS
from lianjing.terms.premises import Listener
from lianjing.terms.sentences import marked as _


def enter_panels(scene: Scene) -> None:
    """Also finds the panels that other sheets name."""
    rows = scene.book.rows("panels")
    accounts = list(_accounts(scene))
    for panel in standing.panels(scene.viewer, scene.company_id, accounts).values():
        scene.know_panel(panel)
    own = [row.values["account"].account for row in rows if "account" in row.values]
    taken = standing.taken_accounts(scene.viewer, scene.company_id, own)
    entered = [(row, panel) for row in rows if (panel := _panel_of(scene, row, taken)) is not None]
    paths = standing.paths(scene.viewer, [p.pk for row, p in entered if p.pk and "paths" in row.values])
    for row, panel in entered:
        _enter(scene, row, panel, paths.get(panel.pk, []) if panel.pk else [])


def _accounts(scene: Scene) -> Iterator[str]:
    for row in scene.book.rows("panels"):
        for column in ("account", "backup_of"):
            if (ref := row.values.get(column)) is not None:
                yield ref.account
    for sheet in ("areas", "zones", "users"):
        for row in scene.book.rows(sheet):
            if "panel" in row.values:
                yield row.values["panel"].account
            for ref in row.values.get("neighbours", ()):
                if ref.panel is not None:
                    yield ref.panel.account


def _panel_of(scene: Scene, row: Row, taken: set[tuple[str, str]]) -> Panel | None:
    """The panel of a row; a new one when there is none. None when the row cannot be told, or stands twice."""
    ref = row.values.get("account")
    if ref is None:
        return None
    listener = _listener_of(scene, row, ref)
    if listener is None or not scene.is_new_here("panels", row, (listener, ref.account), ref.account):
        return None
    site = scene.site_of("panels", row)
    panel = scene.panels.get((listener, ref.account))
    if panel is not None:
        if site is not None and site is not panel.site and site.pk != panel.site_id:
            told = _("账号 %(account)s 已被场所 %(code)s（%(name)s）的设备占用。")
            figures = {"account": ref.account, "code": panel.site.code, "name": panel.site.name}
            scene.fault("panels", row, "account", told, **figures)
        return panel
    panel = Panel(listener=listener, account=ref.account, added_at=scene.at, changed_at=scene.at)
    scene.know_panel(panel)
    if (listener, ref.account) in taken:
        scene.fault("panels", row, "account", _("账号 %(account)s 已被占用。"), account=ref.account)
    scene.needs("panels", row, "site")
    if site is not None:
        panel.site = site
    return panel


def _listener_of(scene: Scene, row: Row, ref: PanelRef) -> str | None:
    given = row.values.get("protocol")
    if ref.listener and given and ref.listener != given:
        scene.fault("panels", row, "protocol", _("接入协议与账号前写的 %(prefix)s 不同。"), prefix=ref.listener)
        return None
    if ref.listener or given:
        return str(ref.listener or given)
    standing_here = {panel.listener for panel in scene.by_account.get(ref.account, ()) if panel.pk}
    if len(standing_here) > 1:
        told = _("账号 %(account)s 在几种接入协议下都有：请填写接入协议。")
        scene.fault("panels", row, "protocol", told, account=ref.account)
        return None
    return standing_here.pop() if standing_here else Listener.DC09.value


def _enter(scene: Scene, row: Row, panel: Panel, had: list[TransmissionPath]) -> None:
    before = PanelEntry(panel.account, panel.listener, test_interval=panel.test_interval)
    allowed = panel.plain_allowed
    change = scene.change(PANELS, row, scene.panel_name(panel), panel)
    if panel.pk is None:
        change.note("site", None, row.values.get("site"))
        change.note("protocol", None, panel.listener)
    else:
        change.weakens += panel_weakens(before, replace(before, test_interval=panel.test_interval))
        if panel.plain_allowed and not allowed:
            change.weakens.append("有密钥的设备也可以发送明文")
    _enter_key(scene, row, panel, change)
    _enter_paths(scene, row, panel, change, had)
    _enter_backup(scene, row, panel, change)
    if change.after:
        panel.changed_at = scene.at
        change.fields.append("changed_at")
    scene.settle(row, change)


def _enter_key(scene: Scene, row: Row, panel: Panel, change: Change) -> None:
    key = row.values.get("key")
    if key is None:
        return
    if panel.listener not in KEYED_LISTENERS:
        scene.fault("panels", row, "key", _("经接警机接入的设备没有密钥：报文由接警机解密。"))
    elif _opened(panel.key_sealed) != key:
        change.note("key", "on file" if panel.key_sealed else "none", "changed")
        panel.key_sealed = seal_field(settings.ENVIRONMENT.data_key, key.hex().encode())
        panel.key_set_at = scene.at
        change.fields += ["key_sealed", "key_set_at"]


def _opened(sealed: str) -> bytes | None:
    try:
        return bytes.fromhex(open_field(settings.ENVIRONMENT.data_key, sealed).decode("ascii")) if sealed else None
    except (Unopenable, ValueError):
        return None


def _enter_paths(scene: Scene, row: Row, panel: Panel, change: Change, stands: list[TransmissionPath]) -> None:
    given = row.values.get("paths")
    if given is None:
        return
    had = [PathEntry(p.kind, p.transport, p.interval_s, p.misses, p.category) for p in stands]
    places = matched(had, given)
    has = [settled(_kept(entry, had, place)) for entry, place in zip(given, places, strict=True)]
    wrong = next(iter(path_problems(has, panel.listener)), None)
    if wrong is not None:
        scene.fault("panels", row, "paths", wrong.sentence, **wrong.figures)
        return
    if has == had:
        return
    scene.plan.hints += [Fault("panels", row.number, "paths", one.sentence, one.figures) for one in path_hints(has)]
    change.note("paths", _told(had), _told(has))
    change.weakens += paths_weaken(had, has) if panel.pk else []
    if not row.broken:
        _plan_paths(scene, panel, stands, list(zip(has, places, strict=True)))


def _told(paths: Sequence[PathEntry]) -> str:
    return "；".join(path_words(path) for path in paths)


def _kept(entry: PathEntry, had: Sequence[PathEntry], place: int | None) -> PathEntry:
    """What the cell does not say stays as it stands."""
    if place is None:
        return entry
    return replace(
        entry,
        misses=entry.misses if entry.misses is not None else had[place].misses,
        category=entry.category or had[place].category,
    )


def _plan_paths(
    scene: Scene, panel: Panel, stands: list[TransmissionPath], has: list[tuple[PathEntry, int | None]]
) -> None:
    kept = {place for _entry, place in has}
    scene.plan.put("paths_gone", *(path for place, path in enumerate(stands) if place not in kept))
    for number, (entry, place) in enumerate(has, 1):
        path = TransmissionPath(panel=panel) if place is None else stands[place]
        path.place, path.kind, path.transport = number, entry.kind, entry.transport
        path.interval_s, path.category = entry.interval_s, entry.category
        path.misses = entry.misses or 0
        scene.plan.put("paths_new" if place is None else "paths_changed", path)


def _enter_backup(scene: Scene, row: Row, panel: Panel, change: Change) -> None:
    if "backup_of" not in row.values or "backup_of" in row.broken:
        return
    ref = row.values["backup_of"]
    main = None if ref is None else scene.panel_of("panels", row, "backup_of", ref)
    if "backup_of" in row.broken:
        return
    had = _main_of(scene, panel)
    if main is had or (main is not None and had is not None and main.pk == had.pk):
        return
    if main is not None and (wrong := _wrong_backup(scene, panel, main)):
        scene.fault("panels", row, "backup_of", wrong, account=main.account)
        return
    change.note("backup_of", had.account if had else None, main.account if main else None)
    scene.backups[id(panel)] = main
    scene.plan.put("backups", (panel, main))


def _main_of(scene: Scene, panel: Panel) -> Panel | None:
    """Whose backup it is, or would be: what is not saved yet cannot be referred to."""
    return scene.backups.get(id(panel), panel.backup_of if panel.pk else None)


def _wrong_backup(scene: Scene, panel: Panel, main: Panel) -> str | None:
    if main is panel:
        return _("设备不能是自己的备用通信。")
    mine, others = _site_of(panel), _site_of(main)
    if mine is not None and others is not None and mine is not others and mine.pk != others.pk:
        return _("设备 %(account)s 在另一场所：备用通信须与它在同一场所。")
    if _main_of(scene, main) is not None or panel in scene.backups.values():
        return _("设备 %(account)s 自己是备用通信，不能再有备用通信。")
    return None


def _site_of(panel: Panel) -> Site | None:
    return panel.site if panel.pk or "site" in panel._state.fields_cache else None

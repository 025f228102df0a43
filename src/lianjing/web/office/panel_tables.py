"""The tables of a panel that are edited as a whole: paths, areas, users, zones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs
from lianjing.core.refusals import Refused
from lianjing.domain.signals.sweeping import place_signals
from lianjing.domain.sites.actions.paths import set_areas, set_paths, set_users
from lianjing.domain.sites.actions.zones import disable_zone, enable_zone, save_zones
from lianjing.domain.sites.equipment_entries import AreaEntry, PathEntry, RowsRefused, UserEntry, ZoneEntry
from lianjing.domain.sites.models import Zone
from lianjing.domain.sites.panel_register import PanelOnFile
from lianjing.terms.premises import PathCategory, PathKind, Principle, Word, ZoneKind
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.durations import MOST_TEXT, duration_text, seconds_of
from lianjing.web.office.acting import FormPage, show_form
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.panels import TAB, back_to, editable
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.tables import CHOICE, TICK, Column, Row, Table
from lianjing.web.pages import show


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the tables: what it is called, what stands in it, how it is saved."""

    part: str
    title: str
    lead: str
    columns: Sequence[Column]
    rows: Callable[[PanelOnFile], list[Row]]
    save: Callable[[int, Table, dict[str, Any]], object]


def _choices(words: type[Word], none: str | None = None) -> list[tuple[str, str]]:
    empty = [] if none is None else [("", none)]
    return [*empty, *((word.value, _(word.zh)) for word in words)]


def _sheet_page(request: HttpRequest, panel_id: int, sheet: Sheet) -> HttpResponse:
    on_file = editable(request, panel_id)
    told = ""
    if request.method == "POST":
        table = Table.read(sheet.columns, request.POST)
        told = _save(request, on_file, table, sheet)
        if not told and not table.problems:
            return HttpResponseRedirect(back_to(panel_id, sheet.part))
    else:
        table = Table(sheet.columns, sheet.rows(on_file))
    context = surroundings(request, TAB) | {"panel": on_file.panel, "sheet": sheet, "table": table}
    context |= {"told": told, "stand": on_file.panel.changed_at.isoformat(), "back_href": back_to(panel_id, sheet.part)}
    context["areas"] = [area.number for area in on_file.areas]
    return show(request, "office/table.html", context, 422 if told or table.problems else 200)


def _save(request: HttpRequest, on_file: PanelOnFile, table: Table, sheet: Sheet) -> str:
    """Saves the table; "" or why not. What is wrong with single rows stands in the table afterwards."""
    if request.POST.get("stand", "") != on_file.panel.changed_at.isoformat():
        return _("您打开此页之后，有人改动过这台设备的登记。请核对下面所填，再保存一次。")
    try:
        with doors():
            sheet.save(on_file.panel.pk, table, who(request))
    except RowsRefused as refused:
        table.refuse(refused)
    except Refused as refused:
        return _(refused.sentence) % refused.figures
    return ""


# Paths


def _path_sheet() -> Sheet:
    columns = (
        Column("place", _("次序"), limit=3, size="narrow"),
        Column("kind", _("路径"), CHOICE, _choices(PathKind, "—"), size="short"),
        Column("transport", _("传输"), CHOICE, [("", _("任意")), ("tcp", "TCP"), ("udp", "UDP")], size="short"),
        Column("category", _("等级（EN 50136）"), CHOICE, _choices(PathCategory, _("不定")), size="short"),
        Column("interval_s", _("监督间隔"), limit=MOST_TEXT, size="short"),
        Column("misses", _("漏报次数"), limit=4, size="narrow"),
    )
    lead = _(
        "按设备尝试的顺序。选了等级、间隔留空，就用等级的时限（SP2 25 小时、SP3 30 分、SP4 3 分、SP5 90 秒、"
        "SP6 20 秒）；间隔和等级都空，则不监督。间隔 × 漏报次数（留空为 3，等级时限内容不下时更少）"
        "之后仍无报文，即为失联。"
    )
    return Sheet("paths", _("传输路径"), lead, columns, _path_rows, _save_paths)


def _path_rows(on_file: PanelOnFile) -> list[Row]:
    return [
        Row(
            {
                "place": str(path.place),
                "kind": path.kind,
                "transport": path.transport,
                "category": path.category,
                "interval_s": duration_text(path.interval_s) if path.interval_s else "",
                "misses": str(path.misses),
            },
            id=path.pk,
        )
        for path in on_file.paths
    ]


def _save_paths(panel_id: int, table: Table, by: dict[str, Any]) -> None:
    entries = []
    table.rows.sort(key=_place)
    for row in table.kept:
        interval, misses = row.values["interval_s"], row.values["misses"]
        seconds = seconds_of(interval, "s") if interval else None
        if interval and seconds is None:
            row.problems["interval_s"] = _("监督间隔请写成 90 秒、3 分、25 小时 的样子。")
        entries.append(
            PathEntry(
                kind=row.values["kind"],
                transport=row.values["transport"],
                interval_s=seconds,
                misses=(int(misses) if misses.isascii() and misses.isdigit() else 0) if misses else None,
                category=row.values["category"],
            )
        )
    if not table.problems:
        set_paths(panel_id, entries, **by)


def _place(row: Row) -> int:
    """Rows without a place come last, in the order in which they stand."""
    place = row.values["place"]
    return int(place) if place.isascii() and place.isdigit() else 1000


# Areas and users


def _area_sheet() -> Sheet:
    columns = (Column("number", _("分区号"), limit=16, size="narrow"), Column("name", _("名称"), limit=60, size="wide"))
    lead = _("能单独布撤防的部分。只有一个分区的设备不用登记。")
    return Sheet("areas", _("分区"), lead, columns, _area_rows, _save_areas)


def _area_rows(on_file: PanelOnFile) -> list[Row]:
    return [Row({"number": area.number, "name": area.name}, id=area.pk) for area in on_file.areas]


def _save_areas(panel_id: int, table: Table, by: dict[str, Any]) -> None:
    set_areas(panel_id, [AreaEntry(row.values["number"], row.values["name"]) for row in table.kept], **by)


def _user_sheet() -> Sheet:
    columns = (Column("number", _("用户号"), limit=16, size="narrow"), Column("name", _("姓名"), limit=60, size="wide"))
    lead = _("布撤防报告里的用户号是谁：值守员看到的是姓名。")
    return Sheet("users", _("用户"), lead, columns, _user_rows, _save_users)


def _user_rows(on_file: PanelOnFile) -> list[Row]:
    return [Row({"number": user.number, "name": user.name}, id=user.pk) for user in on_file.users]


def _save_users(panel_id: int, table: Table, by: dict[str, Any]) -> None:
    set_users(panel_id, [UserEntry(row.values["number"], row.values["name"]) for row in table.kept], **by)


# Zones


def _zone_sheet() -> Sheet:
    columns = (
        Column("number", _("防区号"), limit=16, size="narrow"),
        Column("name", _("名称"), limit=60, size="wide"),
        Column("kind", _("类别"), CHOICE, _choices(ZoneKind), start=ZoneKind.INTRUSION.value, size="short"),
        Column("principle", _("探测原理"), CHOICE, _choices(Principle, "—"), size="short"),
        Column("always_on", _("24 小时"), TICK, size="tick"),
        Column("area", _("分区"), limit=16, size="narrow", suggestions="areas"),
        Column("neighbours", _("相邻防区"), limit=300, size="medium"),
        Column("detector", _("探测器型号"), limit=40, size="medium"),
        Column("camera", _("摄像机"), limit=200, size="medium"),
    )
    lead = _(
        "名称写人看得懂的位置，如“前门门磁”。相邻防区填防区号，用逗号分开，写一边即可；同场所另一台设备的防区写成“账号/防区号”。"
        "紧急求助、火灾、医疗防区必须勾选 24 小时。"
    )
    return Sheet("zones", _("防区"), lead, columns, _zone_rows, _save_zones)


def _zone_rows(on_file: PanelOnFile) -> list[Row]:
    return [
        Row(
            {
                "number": one.zone.number,
                "name": one.zone.name,
                "kind": one.zone.kind,
                "principle": one.zone.principle,
                "always_on": "1" if one.zone.always_on else "",
                "area": one.zone.area,
                "neighbours": ", ".join(one.neighbours),
                "detector": one.zone.detector,
                "camera": one.zone.camera,
            },
            id=one.zone.pk,
            note=_("已停用") if one.zone.disabled_at else "",
        )
        for one in on_file.zones
    ]


def _save_zones(panel_id: int, table: Table, by: dict[str, Any]) -> None:
    save_zones(panel_id, [_zone_entry(row) for row in table.kept], table.removed_ids, **by)
    if not any(row.id for row in table.rows):
        place_signals(panel_id, by=by["by"], at=by["at"])


def _zone_entry(row: Row) -> ZoneEntry:
    told = row.values
    neighbours = told["neighbours"].replace("，", ",").replace("、", ",").replace("；", ",").split(",")
    return ZoneEntry(
        id=row.id or None,
        number=told["number"],
        name=told["name"],
        kind=told["kind"],
        principle=told["principle"],
        detector=told["detector"],
        area=told["area"],
        always_on=bool(told["always_on"]),
        camera=told["camera"],
        neighbours=tuple(text.strip() for text in neighbours if text.strip()),
    )


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def paths(request: HttpRequest, panel_id: int) -> HttpResponse:
    return _sheet_page(request, panel_id, _path_sheet())


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def areas(request: HttpRequest, panel_id: int) -> HttpResponse:
    return _sheet_page(request, panel_id, _area_sheet())


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def users(request: HttpRequest, panel_id: int) -> HttpResponse:
    return _sheet_page(request, panel_id, _user_sheet())


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def zones(request: HttpRequest, panel_id: int) -> HttpResponse:
    return _sheet_page(request, panel_id, _zone_sheet())


def _zone(on_file: PanelOnFile, zone_id: int) -> Zone:
    return found(next((one.zone for one in on_file.zones if one.zone.pk == zone_id), None))


@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: HttpRequest, panel_id: int, zone_id: int) -> HttpResponse:
    """Asks for the reason."""
    zone = _zone(editable(request, panel_id), zone_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda told: disable_zone(zone.pk, told["reason"], **who(request))):
        return HttpResponseRedirect(back_to(panel_id, "zones"))
    title = _("停用防区 %(number)s %(name)s") % {"number": zone.number, "name": zone.name}
    lead = _("停用后它的入侵信号照收照记，不再建立警情，直到重新启用。紧急求助、火灾和医疗信号不受影响。")
    return show_form(request, FormPage(TAB, title, _("停用"), back_to(panel_id, "zones"), lead), form)


@needs("sites.edit")
@require_POST
def enable(request: HttpRequest, panel_id: int, zone_id: int) -> HttpResponse:
    zone = _zone(editable(request, panel_id), zone_id)
    with doors():
        enable_zone(zone.pk, **who(request))
    return HttpResponseRedirect(back_to(panel_id, "zones"))

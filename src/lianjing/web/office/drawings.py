"""平面图: pictures of a site, handed out by a view that checks who asks, and where zones are on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.sites.actions.drawings import (
    add_drawing,
    place_zone,
    remove_drawing,
    rename_drawing,
    unplace_zone,
)
from lianjing.domain.sites.drawing_images import CONTENT_TYPES
from lianjing.domain.sites.drawings import Plan, plan, plans_of, zones_of_site
from lianjing.domain.sites.models import Zone
from lianjing.domain.sites.site_page import site_by_id
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.drawn import drawn
from lianjing.web.office import forms as fields
from lianjing.web.office.acting import done
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show


class DrawingForm(OfficeForm):
    name = fields.text(later("名称"), 60, required=True, hint=later("例如“一层”“金库”。"))
    image = forms.FileField(
        label=later("图片"),
        help_text=later("PNG、JPEG 或 WebP，最大 15 MB。图片会重新编码，拍摄地点等附带信息不保留。"),
        error_messages={
            "required": later("请选择图片。"),
            "invalid": later("请选择图片。"),
            "missing": later("请选择图片。"),
            "empty": later("所选文件是空的。"),
            "max_length": later("文件名太长。"),
        },
    )


class NameForm(OfficeForm):
    name = fields.text(later("名称"), 60, required=True)


def _share(label: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "0.1", "min": "0", "max": "100"}),
        error_messages={
            **NOT_FILLED,
            "min_value": later("须在 0 至 100 之间。"),
            "max_value": later("须在 0 至 100 之间。"),
        },
    )


class PlaceForm(OfficeForm):
    """Where a zone is, in percent from the left and from the top."""

    zone = forms.TypedChoiceField(
        label=later("防区"),
        coerce=int,
        error_messages={"required": later("请选择防区。"), "invalid_choice": later("没有这个防区。")},
    )
    x = _share(later("距左边（%）"))
    y = _share(later("距上边（%）"))

    def __init__(self, zones: Iterable[Zone], here: int, data: object = None, **more: Any) -> None:
        super().__init__(data, auto_id="place-%s", **more)
        self.fields["zone"].choices = _zone_choices(list(zones), here)  # type: ignore[attr-defined]


def _zone_choices(zones: list[Zone], here: int) -> list[Any]:
    """First those that have no place yet."""
    several = len({zone.panel_id for zone in zones}) > 1
    named = [(zone, f"{zone.panel.account} / {_named(zone)}" if several else _named(zone)) for zone in zones]
    groups = (
        (_("还没有位置"), [(z.pk, words) for z, words in named if z.drawing_id is None]),
        (_("在这张图上，要移动"), [(z.pk, words) for z, words in named if z.drawing_id == here]),
        (_("在别的图上"), [(z.pk, words) for z, words in named if z.drawing_id not in (None, here)]),
    )
    return [("", _("选择防区…")), *((title, members) for title, members in groups if members)]


def _named(zone: Zone) -> str:
    return f"{zone.number} {zone.name}".strip()


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone in a list, with where it is."""

    zone: Zone
    words: str
    drawing_name: str


@needs("sites.see")
@require_safe
def drawings(request: HttpRequest, site_id: int) -> HttpResponse:
    return _show_site(request, site_id)


@needs("sites.edit")
@require_POST
def drawing_add(request: HttpRequest, site_id: int) -> HttpResponse:
    form = DrawingForm(request.POST, request.FILES)
    made: list[int] = []

    def act(given: dict[str, Any]) -> None:
        upload = given["image"]
        sent = (given["name"], upload.file, upload.size)
        made.append(add_drawing(site_id, *sent, **who(request), file_name=upload.name).pk)

    if submitted(form, act):
        return _back(request, made[0], _("平面图已保存，请标出防区的位置。"))
    return _show_site(request, site_id, form, status=422)


def _show_site(request: HttpRequest, site_id: int, form: DrawingForm | None = None, status: int = 200) -> HttpResponse:
    viewer = viewer_of(request)
    site = found(site_by_id(viewer, site_id))
    zones = zones_of_site(viewer, site_id)
    context = surroundings(request, "sites") | {
        "site": site,
        "plans": [drawn(one) for one in plans_of(viewer, site_id)],
        "unplaced": [line for line in _lines(zones) if line.zone.drawing_id is None],
        "zone_count": len(zones),
        "may_edit_here": viewer.scope("sites.edit").holds(site.company_id),
        "form": form or DrawingForm(),
    }
    return show(request, "office/drawings.html", context, status)


def _lines(zones: Iterable[Zone]) -> list[ZoneLine]:
    return [ZoneLine(zone, _named(zone), zone.drawing.name if zone.drawing else "") for zone in zones]


@needs("sites.see")
@require_safe
def drawing(request: HttpRequest, drawing_id: int) -> HttpResponse:
    return _show(request, _plan(request, drawing_id))


@needs("sites.see")
@require_safe
def drawing_image(request: HttpRequest, drawing_id: int) -> HttpResponse:
    """The picture itself. Only what we have encoded ourselves is ever stored, so its type is known."""
    picture = _plan(request, drawing_id).drawing
    try:
        with picture.image.open("rb") as file:
            content = file.read()
    except FileNotFoundError as gone:
        raise Http404 from gone
    kind = CONTENT_TYPES[picture.image.name.rsplit(".", 1)[-1]]
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": "inline"}
    return HttpResponse(content, content_type=kind, headers=headers)


@needs("sites.edit")
@require_POST
def drawing_rename(request: HttpRequest, drawing_id: int) -> HttpResponse:
    shown, form = _plan(request, drawing_id), NameForm(request.POST)
    if submitted(form, lambda given: rename_drawing(drawing_id, given["name"], **who(request))):
        return _back(request, drawing_id, _("已改名。"))
    return _show(request, shown, name=form, status=422)


@needs("sites.edit")
@require_POST
def drawing_remove(request: HttpRequest, drawing_id: int) -> HttpResponse:
    with doors():
        site_id = remove_drawing(drawing_id, **who(request))
    return done(request, reverse("office:drawings", args=[site_id]), _("平面图已删除。"))


@needs("sites.edit")
@require_POST
def zone_place(request: HttpRequest, drawing_id: int) -> HttpResponse:
    shown = _plan(request, drawing_id)
    form = PlaceForm(zones_of_site(viewer_of(request), shown.drawing.site_id), drawing_id, request.POST)

    def act(given: dict[str, Any]) -> None:
        place_zone(given["zone"], drawing_id, given["x"] / 100, given["y"] / 100, **who(request))

    if submitted(form, act):
        return _back(request, drawing_id, _("位置已保存。"))
    return _show(request, shown, place=form, status=422)


@needs("sites.edit")
@require_POST
def zone_unplace(request: HttpRequest, drawing_id: int) -> HttpResponse:
    zone = request.POST.get("zone", "")
    if not (zone.isascii() and zone.isdigit() and len(zone) < 19):
        raise Http404
    with doors():
        unplace_zone(int(zone), **who(request))
    return _back(request, drawing_id, _("已从图上取下。"))


def _plan(request: HttpRequest, drawing_id: int) -> Plan:
    return found(plan(viewer_of(request), drawing_id))


def _back(request: HttpRequest, drawing_id: int, said: str) -> HttpResponse:
    return done(request, reverse("office:drawing", args=[drawing_id]), said)


def _show(
    request: HttpRequest,
    shown: Plan,
    *,
    place: PlaceForm | None = None,
    name: NameForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, site = viewer_of(request), shown.drawing.site
    zones = zones_of_site(viewer, site.pk)
    lines = _lines(zones)
    context = surroundings(request, "sites") | {
        "site": site,
        "plan": drawn(shown),
        "here": [line for line in lines if line.zone.drawing_id == shown.drawing.pk],
        "unplaced": [line for line in lines if line.zone.drawing_id is None],
        "may_edit_here": viewer.scope("sites.edit").holds(site.company_id),
        "place": place or PlaceForm(zones, shown.drawing.pk),
        "name": name or NameForm(initial={"name": shown.drawing.name}, auto_id="name-%s"),
    }
    return show(request, "office/drawing.html", context, status)


def summary(viewer: Viewer, site_id: int) -> dict[str, Any]:
    """What the page of the site tells of its drawings (`office/site/_drawings.html`)."""
    zones = zones_of_site(viewer, site_id)
    unplaced = sum(zone.drawing_id is None for zone in zones)
    return {"plans": [drawn(one) for one in plans_of(viewer, site_id)], "unplaced_count": unplaced}

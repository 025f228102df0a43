"""What the case page shows besides the case itself: each part reads its own, and has a template of its name."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from lianjing.core.viewer import Person
from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.case_zones import alarmed_zones
from lianjing.domain.incidents.site_map import Standing
from lianjing.domain.signals.arming_list import ArmingLine, arming_of_site
from lianjing.domain.signals.pass_words import PERMISSION as CHECK_WORDS
from lianjing.domain.sites.drawings import plans_with
from lianjing.domain.sites.geo import Position, gcj02_of_wgs84
from lianjing.web.console.customer_part import customer_side
from lianjing.web.console.drafts import drafts
from lianjing.web.console.hand_over import disposing, hand_over
from lianjing.web.console.media import case_media
from lianjing.web.console.patrols import patrols
from lianjing.web.drawn import drawn

Part = Callable[[Person, IncidentPage, datetime], dict[str, Any]]


def drawings(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The drawings on which a zone of the case has its place."""
    alarmed = alarmed_zones(viewer, page.row.id)
    return {"plans": [drawn(plan, alarmed) for plan in plans_with(viewer, alarmed)]}


def word_check(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Where a word that somebody says on the telephone is checked."""
    may_check = viewer.scope(CHECK_WORDS).holds(page.incident.company_id)
    return {"word_href": reverse("console:check_word", args=[page.row.id])} if may_check else {}


def arming(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Who armed or disarmed what, and when."""
    site = page.site
    return {"arming": [_armed(line) for line in arming_of_site(viewer, site.pk)] if site else []}


def _armed(line: ArmingLine) -> dict[str, Any]:
    standing = Standing.PARTLY if line.armed and line.partly else Standing.ARMED if line.armed else Standing.DISARMED
    area = _("分区 %(area)s") % {"area": line.area} if line.area.strip("0") not in ("", "1") else ""
    return {"armed": standing.value, "area": area, "who": line.who, "since": line.since}


def notes(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """Notices about the site: those that must be read first, then the others."""
    unread = set(page.unread_notices)
    return {
        "notices": [note for note in page.notes if note.pk in unread],
        "notes": [note for note in page.notes if note.pk not in unread],
    }


def where(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The site's place on the map, as the tiles want it; nothing without a position."""
    site = page.site
    if site is None or site.longitude is None or site.latitude is None:
        return {}
    place, tiles = Position(site.longitude, site.latitude), settings.ENVIRONMENT.tiles
    return {"place": gcj02_of_wgs84(place) if tiles is not None and tiles.is_shifted else place, "tiles": tiles}


PARTS: tuple[Part, ...] = (
    drawings,
    word_check,
    arming,
    notes,
    where,
    hand_over,
    patrols,
    case_media,
    disposing,
    customer_side,
    drafts,
)


def case_parts(viewer: Person, page: IncidentPage, at: datetime) -> dict[str, Any]:
    """The context of every part together."""
    context: dict[str, Any] = {}
    for part in PARTS:
        context |= part(viewer, page, at)
    return context

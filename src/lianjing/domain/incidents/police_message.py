"""警情单: what 110, 119 or 120 are told of a case. In Chinese always: it is read out, or sent, to the police.

What they ask a caller: what, since when, where exactly, who is there, whom they can ring back.
"""

import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import NamedTuple

from django.utils import timezone, translation

from lianjing.core.phones import masked_phone
from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.case_zones import alarmed_zones
from lianjing.domain.incidents.choice_words import choice_words
from lianjing.domain.incidents.customer_policy import is_threatened
from lianjing.domain.incidents.models import Incident
from lianjing.domain.incidents.police_policy import MESSAGE_LIMIT
from lianjing.domain.signals.queries import address_words, code_words
from lianjing.domain.sites.geo import Position, gcj02_of_wgs84
from lianjing.domain.sites.models import Site, Zone
from lianjing.domain.sites.queries import contacts_of

PLACES = 6
"""Decimals of a coordinate: a tenth of a metre."""


CONFIRMED = "确认警情："
"""How the reason of a case begins that says which zones have confirmed each other (casework.py)."""
TELEPHONE = re.compile(r"(?<![\d.])\d[\d-]{5,}\d(?![\d.])")
"""A run of digits that is no coordinate, no date and no number of a case."""


class _Line(NamedTuple):
    name: str
    text: str


def police_message(viewer: Viewer, incident: Incident) -> str:
    """The message, a line a fact; facts that nobody knows are left out. `incident` with company and site."""
    with translation.override("zh-hans"):
        lines = [line for line in _lines(viewer, incident) if line.text]
    return "\n".join(f"{line.name}：{line.text}" for line in lines)[:MESSAGE_LIMIT]


def without_numbers(message: str) -> str:
    """The message with its telephone numbers masked, for those who need not dial."""
    return TELEPHONE.sub(lambda found: masked_phone(found.group()), message)


def _lines(viewer: Viewer, incident: Incident) -> Iterator[_Line]:
    zone = timezone.get_default_timezone()
    site = incident.site
    yield _Line("何事", _what(incident))
    yield _Line("时间", f"{incident.opened_at.astimezone(zone):%Y年%m月%d日 %H:%M:%S}")
    if site is not None:
        yield _Line("单位", site.name + ("（治安重点单位）" if site.is_key_site else ""))
        yield _Line("地址", site.address)
        yield from _places(viewer, incident)
        yield _Line("复核", _verified(incident, zone))
        yield _contact_line(viewer, incident, site)
        yield _Line("进入方法", "；".join(filter(None, (site.access_notes.rstrip("。；"), site.key_location))))
        yield _Line("坐标", _coordinates(site))
        yield _Line("辖区派出所", site.police_station)
    else:
        yield _Line("账号", incident.lane.account)
        yield _Line("复核", _verified(incident, zone))
    yield _Line("报警单位", incident.company.name if incident.company else "")
    yield _Line("本单位警情编号", str(incident.pk))


def _what(incident: Incident) -> str:
    words = code_words(incident.scheme, incident.code, incident.qualifier)
    return f"{words}（两处探测相互印证）" if incident.confirmed_by else words


def _places(viewer: Viewer, incident: Incident) -> Iterator[_Line]:
    rows = visible(Zone.objects.all(), viewer, "sites.see", company_field="panel__site__company_id")
    zones = list(rows.filter(pk__in=alarmed_zones(viewer, incident.pk)).select_related("drawing").order_by("number"))
    floors = dict.fromkeys(zone.drawing.name for zone in zones if zone.drawing is not None)
    yield _Line("楼层", "、".join(floors))
    named = [f"{zone.number} {zone.name}".strip() for zone in zones]
    told = named or [address_words(word["kind"], word["number"], word["name"]) for word in incident.zone_words]
    yield _Line("报警位置", "、".join(told))


def _verified(incident: Incident, zone: tzinfo) -> str:
    said = [reason for reason in incident.reasons if reason.startswith(CONFIRMED)][-1:]
    # Which grade that made it is our own affair.
    facts = [reason.removeprefix(CONFIRMED).partition("；")[0] for reason in said]
    if incident.verified_outcome == "duress":
        # In words that only the police need to understand: the message stands on the screen, too.
        facts.append("通话中以静默方式求助，可能有人受威胁，请静默出警")
    elif incident.verified_outcome:
        facts.append(f"{choice_words(incident.verified_how)}复核，{choice_words(incident.verified_outcome)}")
    return "；".join(facts) or "尚未复核"


def _contact_line(viewer: Viewer, incident: Incident, site: Site) -> _Line:
    """Whom to ask. Where somebody may stand under threat his telephone must not ring before help has looked."""
    threatened = is_threatened(incident.event_class, incident.verified_outcome)
    contact = _contact(viewer, site)
    if threatened and contact:
        return _Line("联系人（可能受威胁，确认现场安全之前不要致电）", contact)
    return _Line("现场联系人", contact)


def _contact(viewer: Viewer, site: Site) -> str:
    """The first whom one may call; the full number only for those who have to dial it."""
    first = next(iter(contacts_of(viewer, site.pk)), None)
    return f"{first.name}（{first.role or '联系人'}）{first.phone or first.masked}" if first else ""


def _coordinates(site: Site) -> str:
    if site.longitude is None or site.latitude is None:
        return ""
    here = Position(site.longitude, site.latitude)
    there = gcj02_of_wgs84(here)
    return f"WGS-84 {_degrees(here)}；GCJ-02（高德、腾讯）{_degrees(there)}"


def _degrees(place: Position) -> str:
    return f"东经 {place.longitude:.{PLACES}f}，北纬 {place.latitude:.{PLACES}f}"

"""What people do to suppression rules. One transaction each: permission → policy → save → sealed record → outbox."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianjing.core.outbox.write import News, emit
from lianjing.core.refusals import Missing, Refused
from lianjing.core.seals.canonical import instant
from lianjing.core.viewer import Viewer, require, visible
from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.signals.models import CodeOverride, SuppressionRule
from lianjing.domain.signals.suppression_policy import CODE_LIMIT, Wanted, suppression_refusal
from lianjing.domain.sites.models import Panel, Site, Zone
from lianjing.terms.code_tables import meaning
from lianjing.terms.codes import Scheme
from lianjing.terms.sentences import marked as _

PERMISSION = "suppression.edit"
ADDED, ENDED = "suppression.added", "suppression.ended"

WEAKENS = "符合这条规则的信号不再显示给值守员"
"""For the record, in one language whoever acts."""

FIRST_REPORTS = {Scheme.SIA: "N", Scheme.CONTACT_ID: "1", Scheme.HENG_BO: "1"}
"""In which tables a panel's code is looked up, and as what: the report that something began."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule as somebody asks for it. Of the places the narrowest counts; the others only say where it lies."""

    site_id: int | None = None
    panel_id: int | None = None
    zone_id: int | None = None
    event_class: str = ""
    code: str = ""
    reason: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Exactly one of the three is set: were the zone deleted later, its rule must not grow to the whole panel."""

    company_id: int
    site: Site | None = None
    panel: Panel | None = None
    zone: Zone | None = None


@transaction.atomic
def add_suppression(asked: Asked, *, by: Viewer, at: datetime, source: str = "") -> SuppressionRule:
    """Hides from now until `expires_at` what the rule fits; everything stays recorded and stands in the ledger.

    Raises Missing when the viewer cannot see the place, Forbidden without the right, and Refused with a sentence when
    the rule could hide a hold-up or a fire, or lacks place, class, reason or expiry (`suppression_policy`).
    """
    place = _place(asked, by)
    company_id = place.company_id if place else None
    if place is not None:
        require(by, PERMISSION, company_id)
    code = asked.code.strip().upper()
    if len(code) > CODE_LIMIT:
        raise Refused("code", _("代码最多 %(limit)d 个字符。"), limit=CODE_LIMIT)
    wanted = Wanted(
        place=_place_name(place),
        event_class=asked.event_class,
        code=code,
        code_classes=_code_classes(code, company_id) if code else frozenset(),
        zone_kind=place.zone.kind if place and place.zone else "",
        reason=asked.reason.strip(),
        starts_at=at,
        expires_at=asked.expires_at,
    )
    refused = suppression_refusal(wanted)
    if refused is not None or place is None or asked.expires_at is None:
        raise refused or Missing
    rule = SuppressionRule.objects.create(
        company_id=place.company_id,
        site=place.site,
        panel=place.panel,
        zone=place.zone,
        event_class=wanted.event_class,
        code=wanted.code,
        reason=wanted.reason,
        author=by.name[:50],
        starts_at=at,
        expires_at=asked.expires_at,
    )
    _tell(ADDED, rule, {**_told(rule), "weakens": [WEAKENS]}, by=by, at=at, source=source)
    return rule


@transaction.atomic
def end_suppression(rule_id: int, *, by: Viewer, at: datetime, source: str = "") -> SuppressionRule:
    """Ends a rule before its expiry: what comes from now on is shown again.

    Raises Missing, Forbidden, or Refused when it is over already.
    """
    rows = visible(SuppressionRule.objects.all(), by, "signals.see").select_for_update(of=("self",), no_key=True)
    rule = rows.filter(pk=rule_id).first()
    if rule is None:
        raise Missing
    require(by, PERMISSION, rule.company_id)
    if rule.ended_at is not None or rule.expires_at <= at:
        raise Refused("", _("这条规则已经结束。"))
    rule.ended_at, rule.ended_by = at, by.name[:50]
    rule.save(update_fields=["ended_at", "ended_by"])
    _tell(ENDED, rule, {"rule": rule.pk, "ended_at": instant(at)}, by=by, at=at, source=source)
    return rule


def _code_classes(code: str, company_id: int | None) -> frozenset[str]:
    """Every class that a code may have: in any table, and as the company reads it."""
    told = [meaning(scheme, code, qualifier) for scheme, qualifier in FIRST_REPORTS.items()]
    own = CodeOverride.objects.filter(company_id=company_id, code=code).values_list("event_class", flat=True)
    return frozenset([row.event_class.value for row in told if row.known]) | frozenset(own)


def _place(asked: Asked, by: Viewer) -> _Place | None:
    if asked.zone_id is not None:
        zones = visible(Zone.objects.all(), by, "sites.see", company_field="panel__site__company_id")
        zone = zones.select_related("panel__site").filter(pk=asked.zone_id, address_kind="zone").first()
        if zone is None:
            raise Missing
        return _Place(zone.panel.site.company_id, zone=zone)
    if asked.panel_id is not None:
        panels = visible(Panel.objects.filter(removed_at=None), by, "sites.see", company_field="site__company_id")
        panel = panels.select_related("site").filter(pk=asked.panel_id).first()
        if panel is None:
            raise Missing
        return _Place(panel.site.company_id, panel=panel)
    if asked.site_id is not None:
        site = visible(Site.objects.all(), by, "sites.see").filter(pk=asked.site_id).first()
        if site is None:
            raise Missing
        return _Place(site.company_id, site=site)
    return None


def _place_name(place: _Place | None) -> str:
    if place is None:
        return ""
    return "zone" if place.zone else "panel" if place.panel else "site"


def _told(rule: SuppressionRule) -> dict[str, object]:
    named = {"site": rule.site_id, "panel": rule.panel_id, "zone": rule.zone_id}
    named |= {"class": rule.event_class, "code": rule.code}
    told = {name: value for name, value in named.items() if value}
    return told | {"reason": rule.reason, "expires_at": instant(rule.expires_at)}


def _tell(
    topic: str, rule: SuppressionRule, after: dict[str, object], *, by: Viewer, at: datetime, source: str
) -> None:
    deed = Deed(topic, "suppression", rule.pk, rule.company_id, after=after)
    write_records([deed], by=by, at=at, source=source)
    emit([News(topic, rule.company_id, {"suppression": rule.pk})], at=at)

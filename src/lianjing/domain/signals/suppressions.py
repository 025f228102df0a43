"""Suppression rules as the pipeline sees them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import SuppressionRule
from lianjing.terms.codes import LIFE_CLASSES

RULE = "suppression:"
"""`Treatment.rule` of a signal that a person's rule hid: this and the rule's number."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A rule in force. What is None or empty does not narrow it down; without a place (its zone was deleted) it fits
    nothing."""

    id: int
    starts_at: datetime
    ends_at: datetime
    site_id: int | None
    panel_id: int | None
    zone_id: int | None
    event_class: str
    code: str
    reason: str
    author: str

    @property
    def rule(self) -> str:
        """Its name in `Treatment.rule` and `Decision.rule`."""
        return f"{RULE}{self.id}"

    def fits(
        self,
        at: datetime,
        *,
        site_id: int | None,
        panel_id: int | None,
        zone_id: int | None,
        zone_kind: str,
        event_class: str,
        code: str,
    ) -> bool:
        """Whether it hides a signal of that instant, place and meaning. Never a hold-up, a fire, a medical alarm."""
        if event_class in LIFE_CLASSES or zone_kind in LIFE_CLASSES:
            return False
        placed = self.site_id is not None or self.panel_id is not None or self.zone_id is not None
        return (
            placed
            and self.starts_at <= at < self.ends_at
            and self.site_id in (None, site_id)
            and self.panel_id in (None, panel_id)
            and self.zone_id in (None, zone_id)
            and self.event_class in ("", event_class)
            and self.code in ("", code)
        )


def suppressions_in_force(
    viewer: Viewer, company_ids: Iterable[int], since: datetime, until: datetime
) -> dict[int, list[Suppression]]:
    """By company, the rules that touch the time from `since` to `until`, oldest first: one query for all companies."""
    rows = visible(SuppressionRule.objects.filter(company_id__in=set(company_ids)), viewer, "signals.see")
    rows = rows.filter(starts_at__lte=until, expires_at__gt=since).filter(Q(ended_at=None) | Q(ended_at__gt=since))
    found: dict[int, list[Suppression]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.company_id].append(_matcher(row))
    return found


def _matcher(row: SuppressionRule) -> Suppression:
    return Suppression(
        id=row.pk,
        starts_at=row.starts_at,
        ends_at=min(row.expires_at, row.ended_at or row.expires_at),
        site_id=row.site_id,
        panel_id=row.panel_id,
        zone_id=row.zone_id,
        event_class=row.event_class,
        code=row.code,
        reason=row.reason,
        author=row.author,
    )

"""抑制账: everything that was not shown, by the rule that hid it.

Counted over the partial index of what was hidden: what became of all other signals is never looked at.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.daily_account import day_bounds, today
from lianjing.domain.signals.models import Fate, SuppressionRule, Treatment
from lianjing.domain.signals.suppressions import RULE
from lianjing.domain.sites.models import Zone

DAYS = 30
WEEK = 7
RULES_SHOWN = 500


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A rule and how often it hid something. `row` is set when a person made it."""

    rule: str
    row: SuppressionRule | None
    today: int = 0
    week: int = 0
    month: int = 0
    last_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        row = self.row
        return row is not None and row.ended_at is None and row.starts_at <= at < row.expires_at


def ledger(viewer: Viewer, *, now: datetime) -> list[LedgerLine]:
    """Every rule that hid something in the last 30 days, the busiest first; then those in force that hid nothing."""
    counted = _counted(viewer)
    numbers = {_number(rule) for rule in counted} - {None}
    rows = visible(SuppressionRule.objects.all(), viewer, "signals.see").select_related(
        "company", "site", "panel__site", "zone__panel__site"
    )
    in_force = rows.filter(ended_at=None, expires_at__gt=now)
    known = {row.pk: row for row in [*rows.filter(pk__in=numbers), *in_force.order_by("-pk")[:RULES_SHOWN]]}
    lines = [LedgerLine(rule, known.get(_number(rule) or 0), *figures) for rule, figures in counted.items()]
    idle = [LedgerLine(f"{RULE}{pk}", row) for pk, row in known.items() if f"{RULE}{pk}" not in counted]
    lines.sort(key=lambda line: (-line.month, line.rule))
    return [*lines[:RULES_SHOWN], *sorted(idle, key=lambda line: -(line.row.pk if line.row else 0))]


def disabled_zones(viewer: Viewer) -> list[Zone]:
    """Zones whose intrusion signals are not shown because somebody disabled them, the latest first."""
    zones = visible(Zone.objects.all(), viewer, "signals.see", company_field="panel__site__company_id")
    standing = zones.filter(disabled_at__isnull=False, panel__removed_at=None)
    return list(standing.select_related("panel__site").order_by("-disabled_at")[:RULES_SHOWN])


def _counted(viewer: Viewer) -> dict[str, tuple[int, int, int, datetime]]:
    """By rule: today, seven days, thirty days, and the last one."""
    start = day_bounds(today())[0]
    month, week = start - timedelta(days=DAYS - 1), start - timedelta(days=WEEK - 1)
    hidden = visible(Treatment.objects.filter(fate=Fate.SUPPRESSED, received_at__gte=month), viewer, "signals.see")
    figures = (
        hidden.order_by()
        .values("rule")
        .annotate(
            month=Count("pk"),
            week=Count("pk", filter=Q(received_at__gte=week)),
            today=Count("pk", filter=Q(received_at__gte=start)),
            last=Max("received_at"),
        )
    )
    return {row["rule"]: (row["today"], row["week"], row["month"], row["last"]) for row in figures}


def _number(rule: str) -> int | None:
    number = rule.removeprefix(RULE)
    return int(number) if number != rule and number.isdigit() else None

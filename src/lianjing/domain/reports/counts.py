"""Figures that are no times: ratios, false dispatches, levels, what stands now, supervision, quality of files."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.models import CaseTimes, Incident, State
from lianjing.domain.incidents.policy import level_of
from lianjing.domain.reports.periods import Period, cases, cases_of
from lianjing.domain.reports.policy import STALE_MINUTES, VERIFIED_DAYS
from lianjing.domain.signals.line_policy import ALL_LOST
from lianjing.domain.signals.models import Condition, PanelWatch, SystemEvent, TestPeriod
from lianjing.domain.sites.models import Contact, Panel, Site, TransmissionPath

FALSE = ("device_false", "human_false")
FALSE_SITES = 10
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many. Without anything to count in there is no figure."""

    part: float
    of: float

    @property
    def value(self) -> float | None:
        return self.part / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many stand now, and since when the oldest of them."""

    n: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class FalseSite:
    """A site with false calls within twelve months."""

    site_id: int
    name: str
    n: int


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Sums over the cases of the period."""

    ratios: dict[str, Ratio]
    levels: dict[int, int]
    false_sites: list[FalseSite]


def case_counts(viewer: Viewer, period: Period) -> CaseCounts:
    """Ratios of cases, signals and dispatches, mix of levels, and the sites with most false calls: three queries."""
    rows = _summed(cases_of(viewer, period))
    total = sum(row["n"] for row in rows)
    sent = [row for row in rows if row["sent"]]
    false = sum(row["n"] for row in sent if row["incident__disposition"] in FALSE)
    decided = sum(row["n"] for row in sent if row["incident__disposition"])
    sites = _panels(viewer, period).order_by().values("site_id").distinct().count()
    levels: Counter[int] = Counter()
    for row in rows:
        levels[_level(row)] += row["n"]
    ratios = {
        "signals_per_case": Ratio(sum(row["signals"] for row in rows), total),
        "cases_per_dispatch": Ratio(total, sum(row["n"] for row in sent)),
        "false_dispatch": Ratio(false, decided),
        "false_dispatch_site_year": Ratio(false * YEAR.days / period.days, sites),
    }
    return CaseCounts(ratios, {level: levels[level] for level in range(5)}, _false_sites(viewer, period))


SENT = Q(dispatched_at__isnull=False) | Q(police_at__isnull=False)


def _summed(rows: "QuerySet[CaseTimes]") -> list[dict[str, Any]]:
    told = {"confirmed": Q(incident__confirmed_at__isnull=False), "sent": SENT}
    columns = ("incident__event_class", "incident__verified_outcome", "incident__disposition", *told)
    grouped = rows.order_by().annotate(**told).values(*columns)
    return list(grouped.annotate(n=Count("pk"), signals=Sum("incident__signal_count")))


def _level(row: dict[str, Any]) -> int:
    return level_of(
        row["incident__event_class"],
        confirmed=row["confirmed"],
        outcome=row["incident__verified_outcome"],
        disposition=row["incident__disposition"],
    ).level


def _false_sites(viewer: Viewer, period: Period) -> list[FalseSite]:
    """Rolling twelve months up to the end of the period: what police and insurers count."""
    ends = period.ends_at
    rows = cases(viewer, period.company_id).filter(SENT, closed_at__gte=ends - YEAR, closed_at__lt=ends)
    rows = rows.filter(incident__disposition__in=FALSE, site__isnull=False)
    counted = rows.order_by().values("site_id", "site__name").annotate(n=Count("pk")).order_by("-n", "site_id")
    return [FalseSite(row["site_id"], row["site__name"], row["n"]) for row in counted[:FALSE_SITES]]


def _panels(viewer: Viewer, period: Period) -> "QuerySet[Panel]":
    rows = visible(Panel.objects.filter(removed_at=None), viewer, "sites.see", company_field="site__company_id")
    return rows if period.company_id is None else rows.filter(site__company_id=period.company_id)


def site_counts(viewer: Viewer, period: Period, now: datetime) -> dict[str, Ratio]:
    """Test supervision and quality of contacts as they stand now, availability of lines in the period."""
    panels = _panels(viewer, period)
    due = PanelWatch.objects.filter(panel__in=panels.filter(test_interval__isnull=False, activated_at__isnull=False))
    tests = due.aggregate(n=Count("pk"), late=Count("pk", filter=Q(test_late_since__isnull=False)))
    return {
        "test_supervision": Ratio(tests["n"] - tests["late"], tests["n"]),
        "contacts_verified": _contacts(viewer, period, now),
        "panel_availability": _availability(panels, period, now),
    }


def _contacts(viewer: Viewer, period: Period, now: datetime) -> Ratio:
    sites = visible(Site.objects.all(), viewer, "sites.see")
    if period.company_id is not None:
        sites = sites.filter(company_id=period.company_id)
    contacts = Contact.objects.filter(site=OuterRef("pk"))
    since = (now - timedelta(days=VERIFIED_DAYS)).date()
    unverified = contacts.filter(Q(verified_on=None) | Q(verified_on__lt=since))
    good = sites.filter(Exists(contacts), ~Exists(unverified)).count()
    return Ratio(good, sites.count())


def _availability(panels: "QuerySet[Panel]", period: Period, now: datetime) -> Ratio:
    """In hours of supervised panels, each from its activation on. Only what has passed counts: of today, up to now."""
    starts, ends = period.starts_at, min(period.ends_at, now)
    supervised = TransmissionPath.objects.filter(panel__in=panels, interval_s__isnull=False).values("panel_id")
    watched = panels.filter(pk__in=supervised, activated_at__lt=ends)
    span = sum(_hours(since, None, starts, ends) for since in watched.values_list("activated_at", flat=True))
    lost = SystemEvent.objects.filter(Q(ended_at=None) | Q(ended_at__gt=starts), kind=ALL_LOST, raised_at__lt=ends)
    away = lost.filter(panel__in=watched).values_list("raised_at", "ended_at")
    return Ratio(max(0.0, span - sum(_hours(raised, ended, starts, ends) for raised, ended in away)), span)


def _hours(since: datetime, until: datetime | None, starts: datetime, ends: datetime) -> float:
    """Of the span, what lies between `starts` and `ends`."""
    inside = min(until or ends, ends) - max(since, starts)
    return max(0.0, inside.total_seconds() / 3600)


def standing(viewer: Viewer, company_id: int | None, now: datetime) -> dict[str, Standing]:
    """What is open, untouched, on hold, on test and unrestored now. Five queries."""
    # By the small index of what is open, not by a look at every case that ever was.
    left = cases(viewer, company_id).filter(pk__in=Incident.objects.exclude(state=State.CLOSED).values("pk"))
    stale = left.filter(acted_at=None, queued_at__lt=now - timedelta(minutes=STALE_MINUTES))
    tests = _of(TestPeriod.objects.filter(ended_at=None, starts_at__lte=now, ends_at__gt=now), viewer, company_id)
    conditions = _of(Condition.objects.filter(ended_at=None, panel__removed_at=None), viewer, company_id)
    return {
        "open": _standing(left, "queued_at"),
        "stale": _standing(stale, "queued_at"),
        "held": _standing(left.filter(incident__held_until__isnull=False), "queued_at"),
        "on_test": _standing(tests, "starts_at"),
        "unrestored": _standing(conditions, "began_at"),
    }


def _of(rows: Any, viewer: Viewer, company_id: int | None) -> Any:
    seen = visible(rows, viewer, "signals.see")
    return seen if company_id is None else seen.filter(company_id=company_id)


def _standing(rows: Any, field: str) -> Standing:
    told = rows.order_by().aggregate(n=Count("pk"), since=Min(field))
    return Standing(told["n"], told["since"])

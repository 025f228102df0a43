"""False alarms counted by cause, site and detector; dispositions to review; what is to be mended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, QuerySet
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.incidents.causes import CAUSES, FALSE_ALARMS
from lianjing.domain.incidents.models import DispositionReview, Incident

PERMISSION = "incidents.review"
DAYS = (30, 90, 365)
GROUPS = ("cause", "site", "detector")


@dataclass(frozen=True, slots=True)
class Counted:
    """False alarms of one cause, site or detector. `beside` says more of it, such as the make of a detector."""

    name: str
    beside: str
    site_id: int | None
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Total:
    """Cases with a disposition in these days, and how many of them were false."""

    disposed: int
    false: int


def cause_words(result: str, kind: str) -> str:
    """The cause of a disposition in words; "" when there is none."""
    return _(CAUSES.get(result, {}).get(kind, kind)) if kind else ""


def totals(viewer: Viewer, days: int, at: datetime) -> Total:
    """Of alarms since then, by the instant of the alarm."""
    disposed = _since(viewer, days, at).exclude(disposition="")
    return Total(disposed.count(), disposed.filter(disposition__in=FALSE_ALARMS).count())


def false_alarms(
    viewer: Viewer, by: str, *, days: int, at: datetime, offset: int = 0, limit: int = 100
) -> list[Counted]:
    """The most frequent first. `by`: cause, site or detector."""
    rows = _since(viewer, days, at).filter(disposition__in=FALSE_ALARMS)
    return {"cause": _by_cause, "site": _by_site, "detector": _by_detector}[by](rows, offset, limit)


def open_reviews(viewer: Viewer, *, after: int | None = None, limit: int = 100) -> list[DispositionReview]:
    """Dispositions that wait for a leader, the latest first, from before `after` (an id)."""
    rows = visible(DispositionReview.objects.filter(reviewed_at=None), viewer, PERMISSION)
    rows = rows.filter(pk__lt=after) if after is not None else rows
    return list(rows.select_related("incident__site", "incident__lane", "operator").order_by("-pk")[:limit])


def repairs_wanted(viewer: Viewer, *, after: int | None = None, limit: int = 100) -> list[Incident]:
    """Cases that left something to be mended, the latest first, from before `after` (an id)."""
    rows = visible(Incident.objects.filter(repair_wanted=True), viewer, PERMISSION)
    rows = rows.filter(pk__lt=after) if after is not None else rows
    return list(rows.select_related("site", "cause_zone", "disposed_by").order_by("-pk")[:limit])


def _since(viewer: Viewer, days: int, at: datetime) -> "QuerySet[Incident]":
    return visible(Incident.objects.filter(opened_at__gt=at - timedelta(days=days)), viewer, PERMISSION)


def _by_cause(rows: "QuerySet[Incident]", offset: int, limit: int) -> list[Counted]:
    counted = rows.order_by().values("disposition", "cause_kind").annotate(n=Count("id"), last=Max("opened_at"))
    return [
        Counted(
            cause_words(row["disposition"], row["cause_kind"]) or _("没有分类"),
            row["disposition"],
            None,
            row["n"],
            row["last"],
        )
        for row in counted.order_by("-n", "disposition", "cause_kind")[offset : offset + limit]
    ]


def _by_site(rows: "QuerySet[Incident]", offset: int, limit: int) -> list[Counted]:
    counted = rows.filter(site__isnull=False).order_by().values("site_id", name=F("site__name"))
    counted = counted.annotate(n=Count("id"), last=Max("opened_at"), address=F("site__address"))
    found = counted.order_by("-n", "site_id")[offset : offset + limit]
    return [Counted(row["name"], row["address"], row["site_id"], row["n"], row["last"]) for row in found]


def _by_detector(rows: "QuerySet[Incident]", offset: int, limit: int) -> list[Counted]:
    counted = (
        rows.filter(cause_zone__isnull=False)
        .order_by()
        .values(
            "cause_zone_id",
            "site_id",
            number=F("cause_zone__number"),
            name=F("cause_zone__name"),
            made=F("cause_zone__detector"),
            site_name=F("site__name"),
        )
    )
    counted = counted.annotate(n=Count("id"), last=Max("opened_at"))
    return [
        Counted(
            f"{row['number']} {row['name']}".strip(),
            " · ".join(filter(None, (row["site_name"], row["made"]))),
            row["site_id"],
            row["n"],
            row["last"],
        )
        for row in counted.order_by("-n", "cause_zone_id")[offset : offset + limit]
    ]

"""Limits and capabilities as their page lists them: what holds on a day, and what was before."""

from datetime import date, datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.domain.records.dated import LATEST_FIRST, holding_on, known_at

SEE = "compliance.see"
AT_MOST = 500
"""More than a standard has; further ones are told as a number."""


def limit_rows(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[ServiceLimit]:
    """Those that hold on the day, by heading."""
    rows = visible(ServiceLimit.objects.filter(company_id=company_id), viewer, SEE)
    return list(holding_on(known_at(rows, known), on).order_by("heading", "pk")[:AT_MOST])


def capability_rows(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[CapabilityFact]:
    """Those that hold on the day, by heading."""
    rows = visible(CapabilityFact.objects.filter(company_id=company_id), viewer, SEE)
    return list(holding_on(known_at(rows, known), on).order_by("heading", "item", "pk")[:AT_MOST])


def other_rows(viewer: Viewer, company_id: int, on: date, known: datetime | None = None) -> list[ServiceLimit]:
    """Limits that were known and do not hold on the day, or were taken back: the newest first."""
    rows = visible(ServiceLimit.objects.filter(company_id=company_id), viewer, SEE)
    if known is not None:
        rows = rows.filter(recorded_at__lte=known)
    held = holding_on(known_at(rows, known), on).values("pk")
    return list(rows.exclude(pk__in=held).order_by("-pk")[:100])


def limit_by_id(viewer: Viewer, limit_id: int) -> ServiceLimit | None:
    """One that is taken for true now."""
    rows = visible(ServiceLimit.objects.filter(retracted_at=None).select_related("company"), viewer, SEE)
    return rows.filter(pk=limit_id).first()


def capability_by_id(viewer: Viewer, fact_id: int) -> CapabilityFact | None:
    """One that is taken for true now."""
    rows = visible(CapabilityFact.objects.filter(retracted_at=None), viewer, SEE).select_related("company", "equipment")
    return rows.filter(pk=fact_id).first()


def capabilities_of(viewer: Viewer, equipment_id: int) -> list[CapabilityFact]:
    """What is taken for true of a piece of the register, by heading, the latest first."""
    rows = visible(CapabilityFact.objects.filter(equipment_id=equipment_id), viewer, SEE)
    return list(known_at(rows).order_by("heading", "item", LATEST_FIRST, "-pk")[:AT_MOST])

"""The figures of the pipeline, by company."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from lianjing.core.viewer import Viewer
from lianjing.domain.signals.models import TreatmentLimits
from lianjing.domain.signals.runaway import RunawayLimits


@dataclass(frozen=True, slots=True)
class Limits:
    """What a company has set, or the defaults."""

    mains_delay: timedelta
    mains_overdue_h: int
    alarm_overdue_min: int
    runaway: RunawayLimits
    confirm_within: timedelta
    skew: timedelta
    sweep: timedelta


def limits_of(viewer: Viewer, company_ids: Iterable[int]) -> dict[int, Limits]:
    """The limits of each of these companies: one query."""
    ids = {pk for pk in company_ids if viewer.scope("sites.see").holds(pk)}
    stored = TreatmentLimits.objects.in_bulk(ids)
    return {pk: _limits(stored.get(pk) or TreatmentLimits(company_id=pk)) for pk in ids}


def _limits(row: TreatmentLimits) -> Limits:
    return Limits(
        mains_delay=timedelta(minutes=row.mains_delay_min),
        mains_overdue_h=row.mains_overdue_h,
        alarm_overdue_min=row.alarm_overdue_min,
        runaway=RunawayLimits(row.runaway_count, row.runaway_window_s, row.runaway_burst, row.runaway_per_hour),
        confirm_within=timedelta(minutes=row.confirm_min),
        skew=timedelta(seconds=row.skew_s),
        sweep=timedelta(days=row.sweep_days),
    )

"""All figures of a period together, as page, files and API show them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.reports.counts import CaseCounts, Ratio, Standing, case_counts, site_counts, standing
from lianjing.domain.reports.periods import Period, sees_all
from lianjing.domain.reports.policy import SLOTS_AN_HOUR
from lianjing.domain.reports.responses import Responses, responses


@dataclass(frozen=True, slots=True)
class Overview:
    """What belongs to the centre as a whole is empty for who sees his own cases only."""

    period: Period
    by: tuple[str, ...]
    responses: Responses
    counts: CaseCounts
    ratios: dict[str, Ratio]
    standing: dict[str, Standing] = field(default_factory=dict)
    whole: bool = False


def overview(viewer: Viewer, period: Period, *, by: Sequence[str] = (), now: datetime) -> Overview:
    """The figures of the period in one go; some fifteen queries, however many cases."""
    timed, counted = responses(viewer, period, by=by, now=now), case_counts(viewer, period)
    load = timed.load
    ratios = {
        **counted.ratios,
        "alarms_per_hour": Ratio(load.taken * SLOTS_AN_HOUR, load.slots),
        "busy_slots": Ratio(load.busy, load.slots),
    }
    if not sees_all(viewer, period.company_id):
        ratios.pop("false_dispatch_site_year")
        return Overview(period, tuple(by), timed, counted, ratios)
    ratios |= site_counts(viewer, period, now)
    return Overview(period, tuple(by), timed, counted, ratios, standing(viewer, period.company_id, now), whole=True)

"""Gaps in sequence numbers, for those who look at a day or at a panel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, Sum

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.signals.models import SequenceGap

SHOWN_OF_DAY, SHOWN_OF_PANEL = 200, 20


@dataclass(frozen=True, slots=True)
class GapLine:
    """Numbers of a panel that never came, between two of its frames."""

    listener: str
    account: str
    site_name: str
    company_name: str
    on: date
    first: int
    last: int
    missing: int
    arrived: int
    possible: bool
    after_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class DayGaps:
    """The gaps of a day: figures of all, and the latest lines. Numbers that came after all count no more."""

    surely: int
    possibly: int
    panels: int
    lines: Sequence[GapLine]
    more: int


def gaps_of_day(viewer: Viewer, on: date) -> DayGaps:
    """What panels of the viewer's companies left out on a day: two queries."""
    rows = visible(SequenceGap.objects.filter(on=on), viewer, "accounting.see")
    left = Sum(F("missing") - F("arrived"))
    figures = rows.aggregate(
        n=Count("pk"),
        panels=Count("panel", distinct=True),
        surely=Sum(F("missing") - F("arrived"), filter=Q(possible=False)),
        left=left,
    )
    surely = figures["surely"] or 0
    lines = _lines(rows.select_related("panel__site__company").order_by("-at", "pk")[:SHOWN_OF_DAY])
    return DayGaps(
        surely=surely,
        possibly=(figures["left"] or 0) - surely,
        panels=figures["panels"],
        lines=lines,
        more=figures["n"] - len(lines),
    )


def gaps_of_panel(viewer: Viewer, panel_id: int) -> list[GapLine]:
    """The latest gaps of a panel, for who may see its frames."""
    rows = visible(SequenceGap.objects.filter(panel=panel_id), viewer, "frames.see")
    return _lines(rows.select_related("panel__site__company").order_by("-at")[:SHOWN_OF_PANEL])


def _lines(rows: Iterable[SequenceGap]) -> list[GapLine]:
    return [
        GapLine(
            listener=row.listener,
            account=row.account,
            site_name=row.panel.site.name if row.panel else "",
            company_name=row.panel.site.company.name if row.panel else "",
            on=row.on,
            first=row.first,
            last=row.last,
            missing=row.missing,
            arrived=row.arrived,
            possible=row.possible,
            after_at=row.after_at,
            at=row.at,
        )
        for row in rows
    ]

"""Counts what came in and what became of it, in a span of frames: the double entry behind the daily account.

What came in is counted on the journal's signals, what became of it on the treatments, two tables of two writers. A
signal whose treatment is gone, a treatment without its signal, one on another day or with a fate that is none: each
leaves a difference. Frames say once more how many events there were. Whose and of what class a signal is, its
treatment says; before it has one, the panel that its account was then and the table of codes. A repeat is what its
first is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from lianjing.core.viewer import Scope
from lianjing.domain.signals.account_figures import FATES, Tally
from lianjing.domain.signals.models import Frame, Signal, Treatment
from lianjing.domain.signals.ownership import company_then, own_panel
from lianjing.terms.signals import FrameKind

BESIDES = {
    FrameKind.HEARTBEAT.value: "heartbeats",
    FrameKind.UNSUPPORTED.value: "not_understood",
    FrameKind.UNREADABLE.value: "unreadable",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Frames from `first` to `last` as far as they came from `start` to before `end`.

    `mark`: every signal up to this one has been admitted; one that has no treatment is lost, and does not wait.
    """

    first: int
    last: int
    start: datetime
    end: datetime
    mark: int

    def of_day(self, **names: str) -> Q:
        """Rows of the day; `names` says the column."""
        at = names.get("at", "received_at")
        return Q(**{f"{at}__gte": self.start, f"{at}__lt": self.end})

    def holds(self, frame_id: str) -> Q:
        return Q(**{f"{frame_id}__gte": self.first, f"{frame_id}__lte": self.last})


def count_span(scope: Scope, span: Span) -> Tally:
    """The account of these frames, for those who read the companies of `scope`.

    Treatments first: where journal and treatments are two files, what is read later of the journal can only be more,
    and is found to wait.
    """
    tally = Tally()
    treated = _treated(scope, span)
    for row in _grouped(treated, "fate"):
        figure = FATES.get(row["fate"])
        if figure is not None:
            figures = tally.row(row["company_id"], row["event_class"])
            setattr(figures, figure, getattr(figures, figure) + row["n"])
    for row in _grouped(treated.filter(_has_its_signal(span))):
        tally.row(row["company_id"], row["event_class"]).received += row["n"]
    _count_untreated(tally, scope, span)
    _count_repeats(tally, scope, span)
    _count_frames(tally, scope, span)
    return tally


def _treated(scope: Scope, span: Span) -> "QuerySet[Treatment]":
    rows = Treatment.objects.filter(span.holds("frame_id"), span.of_day()).order_by()
    return rows if scope.everything else rows.filter(company_id__in=scope.companies)


def _grouped(rows: "QuerySet[Any]", *further: str) -> "QuerySet[Any, dict[str, Any]]":
    return rows.values("company_id", "event_class", *further).annotate(n=Count("pk"))


def _has_its_signal(span: Span) -> Exists:
    signals = Signal.objects.filter(span.of_day(), pk=OuterRef("signal_id"), frame_id=OuterRef("frame_id"))
    return Exists(signals)


def _has_its_treatment(span: Span) -> Exists:
    rows = Treatment.objects.filter(span.of_day(), signal_id=OuterRef("pk"), frame_id=OuterRef("frame_id"))
    return Exists(rows)


def _of_scope(rows: "QuerySet[Any]", scope: Scope) -> "QuerySet[Any]":
    return rows if scope.everything else rows.filter(own_panel(scope))


def _count_untreated(tally: Tally, scope: Scope, span: Span) -> None:
    """Signals without a treatment that fits. Those that were never admitted wait."""
    rows = Signal.objects.filter(span.holds("frame_id"), span.of_day()).filter(~_has_its_treatment(span))
    waits = Q(pk__gt=span.mark) & ~Exists(Treatment.objects.filter(signal_id=OuterRef("pk")))
    grouped = _of_scope(rows, scope).annotate(company_id=company_then()).order_by()
    for row in _grouped(grouped).annotate(waiting=Count("pk", filter=waits)):
        figures = tally.row(row["company_id"], row["event_class"])
        figures.received += row["n"]
        figures.waiting += row["waiting"]


def _repeats(span: Span) -> "QuerySet[Frame]":
    """Frames that repeat one of the span's. They are few: most frames are never sent twice."""
    return Frame.objects.filter(span.holds("repeat_of_id"), span.of_day(), kind=FrameKind.SIGNAL.value)


def _count_repeats(tally: Tally, scope: Scope, span: Span) -> None:
    firsts = Subquery(_repeats(span).values("repeat_of_id"))
    times = _repeats(span).filter(repeat_of_id=OuterRef("frame_id")).order_by().values("repeat_of_id")
    count = Subquery(times.annotate(n=Count("pk")).values("n"))
    treated = Treatment.objects.filter(frame_id__in=firsts)
    if not scope.everything:
        treated = treated.filter(company_id__in=scope.companies)
    own = ~Exists(Treatment.objects.filter(signal_id=OuterRef("pk")))
    untreated = _of_scope(Signal.objects.filter(own, frame_id__in=firsts), scope).annotate(company_id=company_then())
    for rows in (treated, untreated):
        grouped = rows.order_by().annotate(times=count).values("company_id", "event_class")
        for row in grouped.annotate(n=Sum("times")):
            figures = tally.row(row["company_id"], row["event_class"])
            figures.received += row["n"]
            figures.duplicates += row["n"]


def _count_frames(tally: Tally, scope: Scope, span: Span) -> None:
    frames = Frame.objects.filter(span.holds("pk"), span.of_day()).order_by()
    odd = _of_scope(frames.exclude(kind=FrameKind.SIGNAL.value), scope).annotate(company_id=company_then())
    for row in odd.values("company_id", "kind").annotate(n=Count("pk")):
        figure = BESIDES.get(row["kind"])
        if figure is not None:
            besides = tally.beside(row["company_id"])
            setattr(besides, figure, getattr(besides, figure) + row["n"])
    if scope.everything:
        heard = frames.filter(kind=FrameKind.SIGNAL.value, repeat_of=None)
        for rows in (heard, _repeats(span)):
            tally.beside(None).events += rows.aggregate(n=Sum("event_count"))["n"] or 0

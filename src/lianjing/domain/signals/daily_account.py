"""The account of a day: every signal that came in, and what became of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from lianjing.core.snapshot import read_snapshot
from lianjing.core.viewer import Viewer
from lianjing.domain.signals.models import Fate, Frame, Signal, Treatment
from lianjing.domain.signals.ownership import own_panel
from lianjing.terms.signals import FrameKind


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """First instant of the centre's day and of the next one."""
    zone = timezone.get_default_timezone()
    return (
        datetime.combine(on, time.min, zone).astimezone(UTC),
        datetime.combine(on + timedelta(days=1), time.min, zone).astimezone(UTC),
    )


def today() -> date:
    """The centre's day."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


@dataclass(frozen=True, slots=True)
class Account:
    """One day's account: what was received equals the sum of what became of it."""

    on: date
    received: int
    in_cases: int
    automatic: int
    on_test: int
    suppressed: int
    duplicates: int
    waiting: int
    heartbeats: int
    not_understood: int
    unreadable: int

    @property
    def accounted(self) -> int:
        return self.in_cases + self.automatic + self.on_test + self.suppressed + self.duplicates + self.waiting

    @property
    def balances(self) -> bool:
        return self.received == self.accounted


def account_of(viewer: Viewer, on: date) -> Account | None:
    """The account of the centre's day `on` for the companies that the viewer reads; None when he reads none.

    `received` is counted on the frames, the fates on the signals: two counts of two tables, in one snapshot.
    """
    scope = viewer.scope("accounting.see")
    if not scope:
        return None
    start, end = day_bounds(on)
    with read_snapshot():
        frames = Frame.objects.filter(received_at__gte=start, received_at__lt=end)
        signals = Signal.objects.filter(received_at__gte=start, received_at__lt=end)
        if not scope.everything:
            own = own_panel(scope)
            frames, signals = frames.filter(own), signals.filter(own)
        return _account(on, frames, signals)


def _account(on: date, frames: "QuerySet[Frame]", signals: "QuerySet[Signal]") -> Account:
    kinds = {
        row["kind"]: row
        for row in frames.values("kind").annotate(
            frames=Count("id"),
            events=Sum("event_count"),
            repeated=Sum("event_count", filter=Q(repeat_of__isnull=False)),
        )
    }
    fates = _fates(signals)
    heard = kinds.get(FrameKind.SIGNAL.value, {})

    def frames_of(kind: FrameKind) -> int:
        return int(kinds.get(kind.value, {}).get("frames") or 0)

    return Account(
        on=on,
        received=heard.get("events") or 0,
        in_cases=fates.get(Fate.IN_CASE, 0),
        automatic=fates.get(Fate.AUTOMATIC, 0),
        on_test=fates.get(Fate.ON_TEST, 0),
        suppressed=fates.get(Fate.SUPPRESSED, 0),
        duplicates=fates.get(Fate.DUPLICATE, 0) + (heard.get("repeated") or 0),
        waiting=fates.get(Fate.WAITING, 0),
        heartbeats=frames_of(FrameKind.HEARTBEAT),
        not_understood=frames_of(FrameKind.UNSUPPORTED),
        unreadable=frames_of(FrameKind.UNREADABLE),
    )


def _fates(signals: "QuerySet[Signal]") -> dict[str, int]:
    """Signals by fate; one without a treatment row is waiting like one whose row says so."""
    fate = Subquery(Treatment.objects.filter(signal_id=OuterRef("pk")).values("fate"))
    counts: dict[str, int] = {}
    for row in signals.order_by().annotate(fate=fate).values("fate").annotate(n=Count("pk")):
        name = row["fate"] or Fate.WAITING.value
        counts[name] = counts.get(name, 0) + row["n"]
    return counts

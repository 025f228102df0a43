"""How signals came in, for the search for second paths and for those who look at what it found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lianjing.core.viewer import Viewer, require
from lianjing.domain.signals.models import Fate, Frame, Signal, Treatment
from lianjing.domain.signals.paths import WINDOW, Arrival, Path, content_of, host_of

LOOKED_AT = 2000
"""Signals of the minute before a batch that are looked at, the latest first: a mad panel must not slow its own
treatment. What lies behind them is treated all the same, only not shown as a second path."""

PATH_COLUMNS = ("listener", "account", "transport", "receiver", "line", "peer")


def arrivals_around(viewer: Viewer, rows: Sequence[Treatment], signals: Mapping[int, Signal]) -> list[Arrival]:
    """The arrivals of `rows` (undecided) and what of the same their lanes sent in the minute before (decided).

    Three queries, however many.

    Runs as the system, in the transaction that has the lanes locked: nobody else decides about them meanwhile.
    """
    require(viewer, "signals.see", None)
    # Tuples: rows as objects were the larger part of what a flood cost here.
    decided = _decided(rows)
    lanes = {signal_id: lane for signal_id, lane, _ in decided} | {row.signal_id: row.lane_id for row in rows}
    same_as = {signal_id: first for signal_id, _, first in decided}
    columns = ("pk", "frame_id", "received_at", "code", "qualifier", "area", "address")
    new = [tuple(getattr(signal, column) for column in columns) for signal in signals.values()]
    old = Signal.objects.filter(pk__in=same_as).values_list(*columns)
    told = [(pk, frame_id, at, content_of(lanes[pk], *words)) for pk, frame_id, at, *words in [*old, *new]]
    # Whatever told of something else than these signals do is nobody's first here: its way need not be known.
    contents = {content for pk, _, _, content in told if pk in signals}
    alike = [one for one in told if one[3] in contents]
    paths = paths_of(frame_id for _, frame_id, _, _ in alike)
    return [Arrival(pk, content, at, paths[frame_id], same_as.get(pk, 0)) for pk, frame_id, at, content in alike]


def _decided(rows: Sequence[Treatment]) -> list[tuple[int, int, int | None]]:
    """Signal, lane and first of treated signals of the same lanes. What waits there comes later in its lane's order."""
    times = [row.received_at for row in rows]
    treated = Treatment.objects.filter(lane_id__in={row.lane_id for row in rows}).exclude(fate=Fate.WAITING)
    treated = treated.filter(received_at__gte=min(times) - WINDOW, received_at__lte=max(times) + WINDOW)
    return list(treated.order_by("-received_at").values_list("signal_id", "lane_id", "same_as_id")[:LOOKED_AT])


def paths_of(frame_ids: Iterable[int]) -> dict[int, Path]:
    """The way of each of these frames: one query. For those who may see the frames already."""
    rows = Frame.objects.filter(pk__in=set(frame_ids)).values_list("pk", *PATH_COLUMNS)
    return {pk: Path(*way, host_of(peer)) for pk, *way, peer in rows}


@dataclass(frozen=True, slots=True)
class SecondPath:
    """A signal that told again, by `path`, of an event that `first_frame` had told of by `first_path`."""

    frame_id: int
    signal_id: int
    path: Path
    first_signal: int
    first_frame: int
    first_path: Path


def second_paths_of(frame_ids: Iterable[int]) -> list[SecondPath]:
    """The second paths that these frames are, or are the firsts of. For those who may see the frames already."""
    ids = set(frame_ids)
    if not ids:
        return []
    marked = Treatment.objects.filter(same_as__isnull=False)
    columns = ("frame_id", "signal_id", "same_as_id", "same_as__frame_id")
    found = {
        *marked.filter(frame_id__in=ids).values_list(*columns),
        *marked.filter(same_as__frame_id__in=ids).values_list(*columns),
    }
    paths = paths_of({row[0] for row in found} | {row[3] for row in found}) if found else {}
    return [
        SecondPath(frame_id, signal_id, paths[frame_id], first, first_frame, paths[first_frame])
        for frame_id, signal_id, first, first_frame in sorted(found)
    ]

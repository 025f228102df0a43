"""Line supervision (线路监督): which paths of which panels have fallen silent. SQL without Django."""

from collections.abc import Callable, Collection
from datetime import datetime

from lianjing.core.directory.sources import source_of
from lianjing.core.journal import Journal, utc_now
from lianjing.core.supervision.paths import PATHS
from lianjing.core.supervision.supervision import Supervision
from lianjing.core.supervision.watch import Changes, Heard, Lost, Watch

__all__ = ["Changes", "Heard", "Lost", "Supervision", "Watch", "open_supervision"]


def open_supervision(
    database_url: str, journal: Journal, listeners: Collection[str], clock: Callable[[], datetime] = utc_now
) -> Supervision:
    """The supervision of this installation's lines. Nothing is read before `Supervision.start`."""
    return Supervision(source_of(database_url, PATHS), journal, listeners, clock)

"""Who else has something for the digest: apps above this one name their readers when they start (`apps.py`)."""

from collections.abc import Callable, Sequence
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.terms.reminders import Reminder

Reader = Callable[[Viewer, int, date, int], Sequence[Reminder]]
"""Of a company: what is late on the day, or due within so many days."""
_readers: list[Reader] = []


def digest_tells(reader: Reader) -> None:
    """From now on the digest of every company has what `reader` finds."""
    _readers.append(reader)


def told_by_others(viewer: Viewer, company_id: int, on: date, within: int) -> list[Reminder]:
    return [one for read in _readers for one in read(viewer, company_id, on, within)]

"""Who else wants to know of an act, in its own transaction: an app above that keeps something about what is recorded.

So nobody who writes a record has to remember them. An app registers in its `ready`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from lianjing.core.viewer import Viewer

if TYPE_CHECKING:
    from lianjing.domain.records.actions import Deed

Listener = Callable[["Sequence[Deed]", Viewer, datetime], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """From now on `listener` gets all deeds of each call of `write_records`. What it raises undoes the act."""
    _listeners.append(listener)


def tell(deeds: "Sequence[Deed]", by: Viewer, at: datetime) -> None:
    for listener in _listeners:
        listener(deeds, by, at)

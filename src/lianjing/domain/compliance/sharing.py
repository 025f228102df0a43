"""Several clauses judge by the same rows: within one sweep they are read once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from lianjing.core.viewer import Viewer

F = TypeVar("F")
When = TypeVar("When")
"""A day, or a span of days."""
Read = Callable[[Viewer, int, When, datetime | None], F]
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def one_sweep() -> Iterator[None]:
    """What is read inside, is read once. One inside another is part of it."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once_a_sweep(read: Read[When, F]) -> Read[When, F]:
    """Keeps what `read` answered until the sweep is over; outside of a sweep it reads each time."""

    @wraps(read)
    def reading(viewer: Viewer, company_id: int, on: When, known: datetime | None) -> F:
        kept = _kept.get()
        if kept is None:
            return read(viewer, company_id, on, known)
        # The viewer lives as long as the sweep: its id is nobody else's.
        key = (read.__qualname__, id(viewer), company_id, on, known)
        if key not in kept:
            kept[key] = read(viewer, company_id, on, known)
        found: F = kept[key]
        return found

    return reading

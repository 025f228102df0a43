"""The timestamp of a DC-09 frame, `_HH:MM:SS,MM-DD-YYYY` in UTC, and the window in which it is believed."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

STAMP_LENGTH = 20
STAMP = rb"_[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{2}-[0-9]{2}-[0-9]{4}"
_FORMAT = "_%H:%M:%S,%m-%d-%Y"
_FIELDS = re.compile(rb"_(..):(..):(..),(..)-(..)-(....)")

# The first and the last year that Python knows have days that no other time zone can show.
_YEARS = range(2, 9999)

# DC-09 5.5.1.9 as the field implements it: panel time minus receiver time.
_SLOWEST = timedelta(seconds=-40)
_FASTEST = timedelta(seconds=20)


@lru_cache(maxsize=256)
def read_stamp(stamp: bytes) -> datetime | None:
    """Aware UTC from a text that matches STAMP; None for an impossible date (some panels count months from 0)."""
    fields = _FIELDS.fullmatch(stamp)
    if fields is None:
        return None
    hour, minute, second, month, day, year = map(int, fields.groups())
    if year not in _YEARS:
        return None
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def write_stamp(at: datetime) -> bytes:
    """`at` (aware) in UTC, with the leading underscore."""
    return _write_second(at.replace(microsecond=0))


@lru_cache(maxsize=16)
def _write_second(at: datetime) -> bytes:
    return at.astimezone(UTC).strftime(_FORMAT).encode("ascii")


def in_window(device_at: datetime | None, now: datetime) -> bool:
    """Whether an encrypted frame of this time is accepted; without a readable time it is not."""
    return device_at is not None and _SLOWEST <= device_at - now <= _FASTEST

"""One byte form for one act: what is hashed must not depend on who wrote the JSON."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson


def instant(at: datetime) -> str:
    """UTC with microseconds, the one spelling of an instant in sealed content."""
    if at.microsecond and at.tzinfo is UTC:
        # The same text in a quarter of the time; of a whole second it leaves the microseconds out.
        return orjson.dumps(at)[1:-1].decode()
    return _spelled_out(at)


@lru_cache(maxsize=1024)
def _spelled_out(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical_json(content: Any) -> str:
    """Sorted keys, no spaces, non-ASCII as is. Refuses NaN and anything that JSON cannot hold."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

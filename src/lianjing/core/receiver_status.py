"""What the receiver said of itself last. It says it in a file, so that it can be read while the database is away."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SILENT_AFTER = timedelta(seconds=5)
"""The receiver speaks every second; after this long nobody is there."""

COUNTERS = ("frames", "acked", "unreadable", "refused", "connections")


@dataclass(frozen=True, slots=True)
class ReceiverStatus:
    at: datetime
    journal_ok: bool
    fault: str
    directory_fault: str
    """Why it may not know the latest panels and keys; empty while all is well."""
    supervision_fault: str
    """Why it may not know the latest supervised lines."""
    figures: dict[str, int]
    samples: dict[str, float]
    """Prometheus samples by full name with labels, since the receiver started."""

    def is_silent(self, now: datetime) -> bool:
        return now - self.at > SILENT_AFTER


def read_status(path: Path) -> ReceiverStatus | None:
    """None when there is no status, or none that can be read."""
    try:
        told: dict[str, Any] = json.loads(path.read_text())
        return ReceiverStatus(
            at=datetime.fromisoformat(told["at"]),
            journal_ok=bool(told["journal_ok"]),
            fault=str(told.get("fault") or ""),
            directory_fault=str(told.get("directory_fault") or ""),
            supervision_fault=str(told.get("supervision_fault") or ""),
            figures={name: int(told.get(name) or 0) for name in COUNTERS},
            samples={str(name): float(value) for name, value in told.get("metrics", {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None

"""What an archived drill is held to: everything about it as one canonical text, and its SHA-256. Steps of actions and
queries."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from lianjing.core.seals.canonical import canonical_json, instant
from lianjing.domain.drills.models import Drill

HEAD = (
    *("number", "year", "line", "kind", "title", "driven_by", "place", "aim", "scenario", "script", "safety"),
    *("stop_word", "indicators", "evaluation", "evaluated_by"),
)
INSTANTS = ("planned_on", "began_at", "ended_at", "held_at", "evaluated_at", "reviewed_at")


def digest_of(drill: Drill) -> str:
    return sha256(canonical_json(content_of(drill)).encode()).hexdigest()


def content_of(drill: Drill) -> dict[str, Any]:
    """Drill, plans, people, observations, scores, review and files, in a fixed order."""
    told: dict[str, Any] = {name: getattr(drill, name) for name in HEAD}
    told |= {name: _when(getattr(drill, name)) for name in INSTANTS}
    told["plans"] = _rows(drill.exercised, "plan_id", "version__number", "content_hash")
    told["people"] = _rows(drill.participants, "member_id", "role", "task")
    told["observations"] = _rows(
        drill.observations, "seen_at", "kind", "inject", "text", "recorded_by", "taken_back_at"
    )
    told["scores"] = _rows(drill.scores, "indicator", "points", "note", "recorded_by", "replaced_at")
    told["files"] = _rows(drill.attachments, "title", "file_sha256", "bytes")
    review = getattr(drill, "review", None)
    names = ("went_well", "went_badly", "conclusion", "reason", "recorded_by")
    told["review"] = {name: getattr(review, name) for name in names} if review else {}
    told["findings"] = _rows(review.improvements, "finding__number", "plan_id") if review else []
    return told


def _rows(rows: Any, *columns: str) -> list[list[Any]]:
    return [[_when(value) for value in row] for row in rows.order_by("pk").values_list(*columns)]


def _when(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value

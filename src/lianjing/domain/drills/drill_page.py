"""One drill with everything that belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.drills.archiving import digest_of
from lianjing.domain.drills.indicators import Group, Scale, scale
from lianjing.domain.drills.models import (
    Attachment,
    Drill,
    ExercisedPlan,
    Observation,
    Participant,
    Review,
    Score,
)
from lianjing.domain.drills.policy import SEE
from lianjing.domain.findings.models import Finding

SHOWN_AT_MOST = 2000


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation, and how many seconds after the beginning."""

    row: Observation
    seconds: int

    @property
    def clock(self) -> str:
        """0:12:40 since the beginning."""
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


@dataclass(frozen=True, slots=True)
class InjectShown:
    """A line of the script, and what was seen about it."""

    place: int
    minute: int
    text: str
    expected: str
    seen: Sequence[Seen]

    @property
    def given(self) -> Seen | None:
        return next((one for one in self.seen if one.row.kind == "inject"), None)


@dataclass(frozen=True, slots=True)
class DrillPage:
    """`is_unaltered`: what is archived is still what was; None: it is not archived."""

    drill: Drill
    participants: Sequence[Participant]
    plans: Sequence[ExercisedPlan]
    observations: Sequence[Seen]
    scores: Mapping[str, Score]
    scale: Scale
    attachments: Sequence[Attachment]
    review: Review | None
    findings: Sequence[Finding]
    """What its review found to be improved."""
    is_unaltered: bool | None

    @property
    def injects(self) -> list[InjectShown]:
        """The script with what belongs to each line."""
        return [
            InjectShown(
                place,
                line["minute"],
                line["text"],
                line["expected"],
                [one for one in self.observations if one.row.inject == place],
            )
            for place, line in enumerate(self.drill.script)
        ]

    @property
    def percent(self) -> float | None:
        return self.scale.percent({key: score.points for key, score in self.scores.items()})

    @property
    def groups(self) -> Sequence[Group]:
        return self.scale.groups


def drill_page(viewer: Viewer, drill_id: int) -> DrillPage | None:
    """As many queries for a large drill as for a small one. None when there is none for the viewer."""
    drill = visible(Drill.objects.select_related("company"), viewer, SEE).filter(pk=drill_id).first()
    if drill is None:
        return None
    review = Review.objects.filter(drill=drill).first()
    scores = drill.scores.filter(replaced_at=None)
    seen = drill.observations.filter(taken_back_at=None).order_by("seen_at", "pk")[:SHOWN_AT_MOST]
    return DrillPage(
        drill,
        list(drill.participants.select_related("member").order_by("pk")),
        list(drill.exercised.select_related("plan", "version").order_by("pk")),
        [Seen(row, _seconds(drill.began_at, row.seen_at)) for row in seen],
        {score.indicator: score for score in scores},
        scale(drill.indicators),
        list(drill.attachments.order_by("pk")),
        review,
        [one.finding for one in review.improvements.select_related("finding__owner").order_by("pk")] if review else [],
        digest_of(drill) == drill.archive_sha256 if drill.archived_at else None,
    )


def _seconds(began_at: datetime | None, at: datetime) -> int:
    return int((at - began_at).total_seconds()) if began_at is not None else 0

"""Drills of a company that were held, by what was known when, as rules ask for them.

That a drill was held is a fact of its day: entered later it counts on that day, and is known since then. What is done
about it afterwards (evaluated, looked back on, archived) happens at an instant, and counts from then on.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.drill_policy import DrillKnown, past_after
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.moments import day_of, end_of
from lianjing.domain.compliance.sharing import once_a_sweep
from lianjing.domain.drills.models import Drill, Observation, Participant, ReviewTerm
from lianjing.domain.drills.policy import CHANGED, REVIEW_DAYS
from lianjing.domain.records.dated import known_at
from lianjing.domain.signals.days import day_bounds
from lianjing.terms.drills import DrillKind

SEE = "compliance.see"
WAKES = (CHANGED,)
YEARS = 3
"""So far back any rule looks."""
COLUMNS = (
    *("pk", "number", "title", "kind", "ended_at", "held_at", "script", "evaluated_at", "reviewed_at"),
    *("archived_at", "cancelled_at"),
)


def drills_known(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> tuple[DrillKnown, ...]:
    """Those held on day `on` or in the three years before, oldest first, by what was known at `known` (None: is now).
    Who wants those of a year asks each: `is_within_years(on)`."""
    return _rows(viewer, company_id, Span(on, on), known).on(on)


def drills_ahead(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[tuple[DrillKnown, ...]]:
    """The same on each day of a span, from one reading."""
    rows = _rows(viewer, company_id, span, known)
    return Ahead(rows.on, rows.days())


@dataclass(frozen=True, slots=True)
class _Row:
    """What stands of a drill, with the instants at which it came to stand."""

    told: dict[str, object]
    held_on: date
    has_roles: bool
    is_observed: bool

    def at(self, moment: datetime) -> DrillKnown:
        """As it stood at a moment after it was held."""
        told = self.told
        done = {name: _done(told[f"{name}_at"], moment) for name in ("evaluated", "reviewed", "archived")}
        return DrillKnown(
            id=int(str(told["pk"])),
            number=str(told["number"]),
            title=str(told["title"]),
            kind=DrillKind(str(told["kind"])),
            held_on=self.held_on,
            has_script=bool(told["script"]),
            has_roles=self.has_roles,
            is_observed=self.is_observed,
            evaluated_on=done["evaluated"],
            reviewed_on=done["reviewed"],
            archived_on=done["archived"],
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    rows: tuple[_Row, ...]
    known: datetime | None

    def on(self, day: date) -> tuple[DrillKnown, ...]:
        moment = end_of(day, self.known)
        held = (row for row in self.rows if row.held_on <= day)
        return tuple(one for one in (row.at(moment) for row in held) if one.is_within_years(day, YEARS))

    def days(self) -> set[date]:
        """On which what is known of any of them may be another."""
        found: set[date] = set()
        for row in self.rows:
            found |= {row.held_on, *(past_after(row.held_on, years) for years in (1, YEARS))}
            acts = (row.told[f"{name}_at"] for name in ("evaluated", "reviewed", "archived"))
            found |= {day_of(at) for at in acts if isinstance(at, datetime)}
        return found


@once_a_sweep
def _rows(viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> _Rows:
    """Three queries; one when none was held."""
    since = day_bounds(max(span.first, date(YEARS + 4, 1, 1)) - timedelta(days=YEARS * 366))[0]
    rows = visible(Drill.objects.filter(company_id=company_id), viewer, SEE)
    rows = rows.filter(ended_at__gte=since, ended_at__lt=day_bounds(span.last)[1])
    told = [dict(zip(COLUMNS, row, strict=True)) for row in rows.order_by("ended_at", "pk").values_list(*COLUMNS)]
    told = [one for one in told if _is_known(one["held_at"], one["cancelled_at"], known)]
    if not told:
        return _Rows((), known)
    ids = [one["pk"] for one in told]
    roles, seen = _with_roles(ids), _observed(ids, known)
    made = (_Row(one, day_of(one["ended_at"]), one["pk"] in roles, one["pk"] in seen) for one in told)
    return _Rows(tuple(made), known)


def _with_roles(ids: list[int]) -> set[int]:
    return set(Participant.objects.filter(drill_id__in=ids).order_by().values_list("drill_id", flat=True).distinct())


def _observed(ids: list[int], known: datetime | None) -> set[int]:
    """Of which somebody has noted anything that he has not taken back."""
    noted: dict[int, bool] = defaultdict(bool)
    rows = Observation.objects.filter(drill_id__in=ids).order_by()
    for drill_id, recorded_at, taken_back_at in rows.values_list("drill_id", "recorded_at", "taken_back_at"):
        noted[drill_id] |= _is_known(recorded_at, taken_back_at, known)
    return {drill_id for drill_id, is_noted in noted.items() if is_noted}


def _is_known(recorded_at: datetime, gone_at: datetime | None, known: datetime | None) -> bool:
    if known is None:
        return gone_at is None
    return recorded_at <= known and (gone_at is None or gone_at > known)


def _done(at: object, moment: datetime) -> date | None:
    return day_of(at) if isinstance(at, datetime) and at <= moment else None


@once_a_sweep
def review_days(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> int:
    """Within how many days the company looks back on what happened, as it was set at `known`, for any day."""
    rows = known_at(visible(ReviewTerm.objects.filter(company_id=company_id), viewer, SEE), known)
    return rows.order_by("-pk").values_list("days", flat=True).first() or REVIEW_DAYS

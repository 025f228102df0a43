"""预案覆盖表: each class and grade with the plan that runs for it, whether it is in use, and what its reviews say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.compliance.drills_known import drills_known
from lianjing.domain.compliance.moments import end_of
from lianjing.domain.compliance.pairs_known import Pair, pairs_counted
from lianjing.domain.compliance.plans_known import plans_on
from lianjing.domain.drills.models import ExercisedPlan
from lianjing.domain.plans.look_up import PlanScope
from lianjing.domain.plans.models import Plan, PlanVersion, VersionState
from lianjing.domain.plans.review_policy import PlanStanding
from lianjing.domain.signals.classification_list import ClassesTerm, classes_at, readings_at
from lianjing.domain.signals.classification_policy import graded_pairs
from lianjing.domain.signals.default_classes import shipped_rows
from lianjing.domain.sites.models import Zone
from lianjing.terms.codes import EventClass, Grade

SEE = "compliance.see"


@dataclass(frozen=True, slots=True)
class Cell:
    """A class and grade. `cases`: how often a case got it within the year; `readings`: codes that the company reads as
    it; `waiting`: a plan for it with a version that is not in force yet."""

    pair: Pair
    cases: int
    readings: int
    is_graded: bool
    plan: PlanStanding | None
    waiting: int | None

    @property
    def is_used(self) -> bool:
        return bool(self.cases or self.readings)

    @property
    def is_hole(self) -> bool:
        return self.is_used and self.plan is None


@dataclass(frozen=True, slots=True)
class Row:
    """A class with its four grades. `zones`: of its kind that can report it now; None: not asked, for another day."""

    event_class: str
    zones: int | None
    cells: Sequence[Cell]

    @property
    def is_unplanned(self) -> bool:
        """Something could report it, and no plan of it is in force for any grade."""
        return bool(self.zones) and not any(cell.plan for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Cover:
    """The matrix; the plans in force, special ones too; the company's own classification (None: the shipped one)."""

    rows: Sequence[Row]
    plans: Sequence[PlanStanding]
    classes: ClassesTerm | None
    drilled: Mapping[int, date]
    """By plan, when it was last exercised."""

    @property
    def holes(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells if cell.is_hole]

    @property
    def used(self) -> int:
        return sum(cell.is_used for row in self.rows for cell in row.cells)


def plan_cover(viewer: Viewer, company_id: int, on: date, known: datetime | None, *, is_now: bool) -> Cover:
    """As of the day, by what was known then. `is_now`: zones and drafts are told, which are not known of other days."""
    moment = end_of(on, known)
    cases = pairs_counted(viewer, company_id, moment, known)
    read = readings_at(viewer, company_id, moment, SEE)
    plans, classes = plans_on(viewer, company_id, on, known), classes_at(viewer, company_id, moment, SEE)
    graded = classes.pairs if classes is not None else graded_pairs(shipped_rows())
    general = [one for one in plans if one.scope == PlanScope.CLASS]
    zones = _zones(viewer, company_id) if is_now else None
    waiting = _waiting(viewer, company_id) if is_now else {}

    def cell(pair: Pair) -> Cell:
        readings = sum(one == pair for one in read.values())
        place = waiting.get(pair) or waiting.get((pair[0], None))
        return Cell(pair, cases.get(pair, 0), readings, pair in graded, _plan_of(general, pair), place)

    def row(event_class: str) -> Row:
        count = zones.get(event_class, 0) if zones is not None else None
        return Row(event_class, count, [cell((event_class, int(grade))) for grade in Grade])

    rows = [row(one.value) for one in EventClass]
    return Cover(rows, plans, classes, _drilled(viewer, company_id, on, known))


def _drilled(viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Mapping[int, date]:
    held = {one.id: one.held_on for one in drills_known(viewer, company_id, on, known)}
    rows = ExercisedPlan.objects.filter(drill_id__in=held).values_list("plan_id", "drill_id")
    return {plan_id: held[drill_id] for plan_id, drill_id in sorted(rows, key=lambda row: held[row[1]])}


def _plan_of(plans: Iterable[PlanStanding], pair: Pair) -> PlanStanding | None:
    """That of the exact grade before that of any."""
    fitting = [one for one in plans if one.event_class == pair[0] and one.grade in (pair[1], None)]
    return min(fitting, key=lambda one: (one.grade is None, one.plan_id), default=None)


def _zones(viewer: Viewer, company_id: int) -> Mapping[str, int]:
    """Zones of panels that are in use, by kind."""
    rows = visible(Zone.objects.all(), viewer, SEE, company_field="panel__site__company_id")
    rows = rows.filter(panel__site__company_id=company_id, panel__removed_at=None, address_kind="zone")
    return dict(rows.order_by().values_list("kind").annotate(zones=Count("pk")))


def _waiting(viewer: Viewer, company_id: int) -> Mapping[tuple[str, int | None], int]:
    """By class and grade the plan that has a draft or an approved version."""
    versions = PlanVersion.objects.filter(state__in=(VersionState.DRAFT, VersionState.APPROVED))
    rows = visible(Plan.objects.filter(company_id=company_id, scope=PlanScope.CLASS), viewer, SEE)
    found = rows.filter(pk__in=versions.values("plan")).order_by("-pk")
    return {(event_class, grade): pk for pk, event_class, grade in found.values_list("pk", "event_class", "grade")}

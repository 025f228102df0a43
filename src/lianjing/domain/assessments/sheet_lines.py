"""Which criteria a sheet asks points for, and what the figures of the others are now. Steps of queries and actions."""

from datetime import datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.figures import NONE, Figure, figures_now
from lianjing.domain.assessments.models import Criterion, ScoreSheet
from lianjing.terms.assessments import ScoredBy, SheetKind


def asked_of(viewer: Viewer, sheet: ScoreSheet, now: datetime) -> list[Criterion]:
    """Those by hand; of the assessor also those whose figure nobody has measured."""
    found = figures_of(viewer, sheet, now)
    return [one for one in sheet.cycle.criteria.lines.all() if one.pk not in found or _is_asked(sheet, found[one.pk])]


def figures_of(viewer: Viewer, sheet: ScoreSheet, now: datetime) -> dict[int, Figure]:
    """By criterion the figures of the department, as they are now; read only for the assessor."""
    lines = [one for one in sheet.cycle.criteria.lines.all() if one.scored_by == ScoredBy.FIGURE]
    if sheet.kind != SheetKind.ASSESSOR or not lines:
        return dict.fromkeys((one.pk for one in lines), NONE)
    found = figures_now(viewer, sheet.cycle, now)
    return {one.pk: found[one.figure, sheet.department_id] for one in lines}


def _is_asked(sheet: ScoreSheet, figure: Figure) -> bool:
    return sheet.kind == SheetKind.ASSESSOR and figure.value is None

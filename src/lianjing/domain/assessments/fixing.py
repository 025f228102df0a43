"""What is fixed when an assessment is scored: the figures of operations, and what each department has come to. Steps of
actions."""

from collections.abc import Iterable
from decimal import Decimal

from lianjing.core.refusals import Refused
from lianjing.domain.assessments.figures import figures_now
from lianjing.domain.assessments.models import AssessmentCycle, Criterion, FixedFigure, Score, ScoreSheet
from lianjing.domain.assessments.policy import Line, Totals, points_of, totals
from lianjing.domain.records.changing import Actor
from lianjing.terms.assessments import ScoredBy, SheetKind
from lianjing.terms.sentences import marked as _

ByKind = dict[SheetKind, dict[int, Decimal]]


def fix_figures(cycle: AssessmentCycle, actor: Actor) -> None:
    """The value of every figure, with its points; where there is none, the points that the assessor gave by hand."""
    found = figures_now(actor.by, cycle, actor.at)
    lines = [one for one in cycle.criteria.lines.all() if one.scored_by == ScoredBy.FIGURE]
    scores = scores_of(cycle)
    made = []
    for covered in cycle.departments.all():
        by_hand = scores.get(covered.department_id, {}).get(SheetKind.ASSESSOR, {})
        for line in lines:
            figure = found[line.figure, covered.department_id]
            row = FixedFigure(cycle=cycle, department_id=covered.department_id, criterion=line)
            row.value, row.count = figure.value, figure.count
            row.points = _points(line, figure.value, by_hand.get(line.pk), covered.name)
            made.append(row)
    FixedFigure.objects.bulk_create(made)


def _points(line: Criterion, value: Decimal | None, by_hand: Decimal | None, department: str) -> Decimal:
    if value is not None and line.full_at is not None and line.zero_at is not None:
        return points_of(value, line.full_at, line.zero_at, line.scale)
    if by_hand is None:
        sentence = _("“%(name)s”没有%(department)s的运行数据，请退回考核评分表，由考核负责人评分并写明依据。")
        raise Refused("", sentence, name=line.name, department=department)
    return by_hand


def keep_scores_of_departments(cycle: AssessmentCycle) -> list[str]:
    """Puts down what each department has come to; the same in words, for the record."""
    told = totals_of(cycle)
    for covered in cycle.departments.order_by("pk"):
        covered.score = told[covered.department_id].total
        covered.save(update_fields=["score"])
    return [f"{one.name} {one.score}" for one in cycle.departments.order_by("pk")]


def totals_of(cycle: AssessmentCycle) -> dict[int, Totals]:
    """By department, from what is fixed and what was submitted. Four queries."""
    lines = [Line(one.pk, one.weight, one.scale) for one in cycle.criteria.lines.all()]
    fixed: dict[int, dict[int, Decimal]] = {}
    for row in cycle.figures.all():
        fixed.setdefault(row.department_id, {})[row.criterion_id] = row.points
    scores, shares = scores_of(cycle), shares_of(cycle)
    return {
        pk: totals(lines, fixed.get(pk, {}), scores.get(pk, {}), shares)
        for pk in cycle.departments.values_list("department_id", flat=True)
    }


def shares_of(cycle: AssessmentCycle) -> dict[SheetKind, int]:
    return {
        SheetKind.SELF: cycle.self_share,
        SheetKind.MUTUAL: cycle.mutual_share,
        SheetKind.ASSESSOR: cycle.assessor_share,
    }


def scores_of(cycle: AssessmentCycle) -> dict[int, ByKind]:
    """What was submitted and not sent back: points by department, kind of sheet and criterion. One query."""
    sheets = ScoreSheet.objects.filter(cycle=cycle, returned_at=None, submitted_at__isnull=False)
    rows: Iterable[tuple[int, str, int, Decimal]] = Score.objects.filter(sheet__in=sheets).values_list(
        "sheet__department_id", "sheet__kind", "criterion_id", "points"
    )
    found: dict[int, ByKind] = {}
    for department, kind, criterion, points in rows:
        found.setdefault(department, {}).setdefault(SheetKind(kind), {})[criterion] = points
    return found

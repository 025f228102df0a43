"""Sheets of scores: filled in by their evaluator, submitted, and sent back where they were wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden, Viewer, require
from lianjing.domain.assessments.evaluators import check_evaluator
from lianjing.domain.assessments.models import AssessmentCycle, Score, ScoreSheet
from lianjing.domain.assessments.permissions import can_score, is_evaluator
from lianjing.domain.assessments.policy import CHANGED, EDIT, SCORE, SEE, check_score
from lianjing.domain.assessments.sheet_lines import asked_of
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.changing import Actor, locked, reason_given, write_down
from lianjing.terms.assessments import CycleState, ScoredBy, SheetKind
from lianjing.terms.sentences import marked as _
from lianjing.terms.texts import storable

EVIDENCE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Given:
    """The points of a criterion, and what shows them. Without points: not scored yet."""

    points: Decimal | None
    evidence: str = ""


@transaction.atomic
def keep_sheet(sheet_id: int, given: Mapping[int, Given], *, by: Viewer, at: datetime, source: str = "") -> ScoreSheet:
    """Keeps the points that its evaluator has given so far, by criterion; nothing counts before it is submitted.

    Raises Missing, Forbidden or Refused.
    """
    sheet = _sheet_to_fill(sheet_id, Actor(by, at, source))
    _keep(sheet, given)
    return sheet


@transaction.atomic
def submit_sheet(
    sheet_id: int, given: Mapping[int, Given], *, by: Viewer, at: datetime, source: str = ""
) -> ScoreSheet:
    """Keeps the points and hands the sheet in: it is not changed any more. Raises Missing, Forbidden, or Refused while
    a criterion has no points, or points of the assessor's own judgement no evidence."""
    actor = Actor(by, at, source)
    sheet = _sheet_to_fill(sheet_id, actor)
    _keep(sheet, given)
    scores = {row.criterion_id: row for row in sheet.scores.all()}
    for line in asked_of(by, sheet, at):
        row = scores.get(line.pk)
        if row is None:
            raise Refused(f"points-{line.pk}", _("“%(name)s”还没有评分。"), name=line.name)
        if line.scored_by == ScoredBy.FIGURE and not row.evidence:
            raise Refused(f"evidence-{line.pk}", _("“%(name)s”没有运行数据，请写明评分依据。"), name=line.name)
    sheet.submitted_at, sheet.submitted_by = at, by.name[:150]
    sheet.save(update_fields=["submitted_at", "submitted_by"])
    told = {"kind": sheet.kind, "department": str(sheet.department), "scored": len(scores)}
    write_down("assessment.sheet_submitted", sheet.cycle, sheet.cycle.company_id, actor, after=told, topic=CHANGED)
    return sheet


@transaction.atomic
def set_evaluator(sheet_id: int, staff_no: str, *, by: Viewer, at: datetime, source: str = "") -> ScoreSheet:
    """Names who fills in a sheet: of the department that scores, never of the one that another one scores. Raises
    Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    sheet = _sheet_to_change(sheet_id, actor)
    if sheet.submitted_at is not None:
        raise Refused("", _("评分表已经提交，不能再改评分人。"))
    if sheet.kind == SheetKind.ASSESSOR:
        raise Refused("", _("考核由考核负责人评分。"))
    member = _evaluator(sheet, staff_no, at)
    had, sheet.evaluator = sheet.evaluator, member
    sheet.save(update_fields=["evaluator"])
    told = {"kind": sheet.kind, "department": str(sheet.department), "evaluator": member.name}
    before = {"evaluator": had.name} if had else {}
    cycle = sheet.cycle
    write_down("assessment.evaluator_set", cycle, cycle.company_id, actor, after=told, before=before, topic=CHANGED)
    return sheet


@transaction.atomic
def return_sheet(sheet_id: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> ScoreSheet:
    """Sends a submitted sheet back: it stays on file, and a new one with the same points takes its place. Raises
    Missing, Forbidden or Refused."""
    actor, why = Actor(by, at, source), reason_given(reason)
    had = _sheet_to_change(sheet_id, actor)
    if had.submitted_at is None:
        raise Refused("", _("评分表还没有提交，不用退回。"))
    had.returned_at, had.returned_by, had.return_reason = at, by.name[:150], why
    had.save(update_fields=["returned_at", "returned_by", "return_reason"])
    row = ScoreSheet.objects.create(
        cycle=had.cycle,
        kind=had.kind,
        department=had.department,
        by_department=had.by_department,
        evaluator=had.evaluator,
    )
    Score.objects.bulk_create(
        Score(sheet=row, criterion_id=one.criterion_id, points=one.points, evidence=one.evidence)
        for one in had.scores.all()
    )
    told = {"kind": had.kind, "department": str(had.department), "reason": why}
    write_down("assessment.sheet_returned", had.cycle, had.cycle.company_id, actor, after=told, topic=CHANGED)
    return row


def _sheet_to_fill(sheet_id: int, actor: Actor) -> ScoreSheet:
    sheet = _found(sheet_id, actor)
    require(actor.by, SCORE, sheet.cycle.company_id)
    if not is_evaluator(actor.by, sheet) or sheet.evaluator is None:
        raise Forbidden(SCORE)
    if sheet.submitted_at is not None:
        raise Refused("", _("评分表已经提交，不能再改。"))
    # Posts change between the naming and the scoring.
    check_evaluator(sheet, sheet.evaluator, actor.at)
    return sheet


def _sheet_to_change(sheet_id: int, actor: Actor) -> ScoreSheet:
    sheet = _found(sheet_id, actor)
    require(actor.by, EDIT, sheet.cycle.company_id)
    return sheet


def _found(sheet_id: int, actor: Actor) -> ScoreSheet:
    """The sheet and its assessment, locked, as long as that is open for scores. Raises Missing or Refused."""
    rows = ScoreSheet.objects.select_related("department", "by_department", "evaluator")
    sheet = locked(rows, sheet_id, actor.by, see=SEE, company="cycle__company_id")
    # It is scored from all of its sheets at once, and who scores for whom is a matter of all of them.
    cycles = AssessmentCycle.objects.select_related("criteria", "company")
    sheet.cycle = locked(cycles, sheet.cycle_id, actor.by, see=SEE)
    if sheet.returned_at is not None:
        raise Refused("", _("这张评分表已经退回，请在新的一张里评分。"))
    if sheet.cycle.state != CycleState.OPEN:
        raise Refused("", _("评分已经结束。"))
    return sheet


def _keep(sheet: ScoreSheet, given: Mapping[int, Given]) -> None:
    lines = {one.pk: one for one in sheet.cycle.criteria.lines.all()}
    for pk, one in given.items():
        line = lines.get(pk)
        if line is None:
            raise Refused("", _("没有这项指标。"))
        evidence = _evidence(pk, one.evidence)
        if one.points is None:
            sheet.scores.filter(criterion=line).delete()
            continue
        try:
            points = check_score(line.name, one.points, line.scale)
        except Refused as refused:
            raise Refused(f"points-{pk}", refused.sentence, **refused.figures) from None
        Score.objects.update_or_create(sheet=sheet, criterion=line, defaults={"points": points, "evidence": evidence})


def _evidence(pk: int, said: str) -> str:
    text = said.strip()
    if not storable(text):
        raise Refused(f"evidence-{pk}", _("含有不能保存的字符。"))
    if len(text) > EVIDENCE_LIMIT:
        sentence = _("最多 %(limit)d 个字，现有 %(count)d 个。")
        raise Refused(f"evidence-{pk}", sentence, limit=EVIDENCE_LIMIT, count=len(text))
    return text


def _evaluator(sheet: ScoreSheet, staff_no: str, at: datetime) -> StaffMember:
    company_id, number = sheet.cycle.company_id, staff_no.strip()
    member = StaffMember.objects.filter(company_id=company_id, staff_no=number).select_related("user").first()
    if member is None:
        raise Refused("evaluator", _("本单位没有工号 %(number)s 的人员。"), number=number[:32])
    check_evaluator(sheet, member, at)
    if not can_score(member, company_id):
        raise Refused("evaluator", _("%(name)s没有能评分的账号。"), name=member.name)
    return member

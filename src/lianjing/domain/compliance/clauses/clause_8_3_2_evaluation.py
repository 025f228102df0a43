"""Clause 8.3.2: departments evaluate themselves and each other, again and again.

"定期" has no figure in the clause: for how many months an evaluation counts is the company's setting, ours until it is
set. An evaluation counts once its assessment was scored: half of one is none yet.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.company_standing import months_later
from lianjing.domain.compliance.assessments_known import (
    BOTH,
    Assessments,
    CycleKnown,
    DepartmentKnown,
    assessment_rows,
    assessments_known,
)
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE
from lianjing.domain.compliance.clauses.clause_8_3_1_supervision import cycle_line
from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span, day_after, ends
from lianjing.domain.compliance.recorded_rule import RecordedRule
from lianjing.terms.assessments import SheetKind
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A department with the kinds of evaluation that count on the day."""

    department: DepartmentKnown
    kinds: frozenset[str]
    is_new: bool
    """Younger than the last evaluation: its first is not due yet."""


class Clause832Evaluation(RecordedRule[Assessments]):
    clause = "8.3.2"
    wakes_on = ("assessment.changed", "supervision.changed", "company.changed", EVIDENCE)
    evidence_kinds = ("supervision", "assessment", "evidence")
    reads = frozenset({"department", "evidence", "supervision_limits"})
    lacking = _("还没有部门自我评价和相互评价的记录。")

    def read(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Assessments:
        return assessments_known(viewer, company_id, on, known)

    def read_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Assessments]:
        rows = assessment_rows(viewer, company_id, span, known)
        months = rows.limits.evaluation_months
        scored = {one.scored_on for one in rows.cycles}
        over = {day for one in rows.cycles for day in day_after(months_later(one.scored_on, months))}
        changed = {day for row in rows.departments for day in ends(row.valid_from, row.valid_until)}

        def causes(day: date) -> tuple[Evidence, ...]:
            ended = (one for one in rows.cycles if day in day_after(months_later(one.scored_on, months)))
            return tuple(_over(one, months) for one in ended)

        return Ahead(rows.on, scored | over | changed, causes)

    def judge_records(self, facts: Assessments) -> Judgement | None:
        if not facts.cycles:
            return None
        if not facts.departments:
            return Judgement(Verdict.INSUFFICIENT, (said(_("没有登记部门，无从判定。")),), {"departments": 0})
        counting = [one for one in facts.cycles if facts.on <= _until(one, facts)]
        found = [_evaluated(one, counting) for one in facts.departments]
        missing = [one for one in found if not one.is_new and one.kinds != BOTH]
        figures: dict[str, Any] = {
            "departments": len(found),
            "self": sum(SheetKind.SELF in one.kinds for one in found),
            "mutual": sum(SheetKind.MUTUAL in one.kinds for one in found),
            "not_evaluated": len(missing),
            "evaluation_months": facts.limits.evaluation_months,
            "next_evaluation_by": str(max(_until(one, facts) for one in facts.cycles)),
        }
        whose = Phrase(_("本单位设定") if facts.limits.is_own else _("本系统默认，规范没有写明"))
        sentence = _(
            "%(evaluation_months)d 个月内（%(whose)s）部门 %(departments)d 个："
            "自我评价 %(self)d 个，相互评价 %(mutual)d 个。"
        )
        verdict = Verdict.NOT_MET if missing or not counting else Verdict.MET
        lines = (*map(_gap, missing), *map(cycle_line, counting[:3]))
        return Judgement(verdict, (said(sentence, whose=whose, **figures),), figures, lines)


def _until(one: CycleKnown, facts: Assessments) -> date:
    return months_later(one.scored_on, facts.limits.evaluation_months)


def _evaluated(department: DepartmentKnown, counting: list[CycleKnown]) -> Evaluated:
    kinds = {kind for one in counting for kind in one.evaluated.get(department.id, ())}
    last = max((one.last_on for one in counting), default=date.max)
    return Evaluated(department, frozenset(kinds) & BOTH, department.since > last)


def _gap(one: Evaluated) -> Evidence:
    sentence = {
        frozenset({SheetKind.SELF.value}): _("没有被其他部门评价。"),
        frozenset({SheetKind.MUTUAL.value}): _("没有自我评价。"),
    }.get(one.kinds, _("既没有自我评价，也没有被其他部门评价。"))
    return Evidence("supervision", one.department.id, one.department.name, sentence)


def _over(one: CycleKnown, months: int) -> Evidence:
    told: dict[str, Any] = {"day": str(one.scored_on), "months": months}
    return Evidence("assessment", one.id, one.name, _("%(day)s 的评价已满 %(months)d 个月。"), told)

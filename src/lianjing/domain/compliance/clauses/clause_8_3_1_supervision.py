"""Clause 8.3.1: every department is looked at day by day, and assessed in a rhythm.

The clause names neither a distance nor a cycle. How many workdays a department may be without an entry is the company's
own setting, ours until it is set; the rhythm of assessments is the one that the company has chosen by its last one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.assessments_known import (
    Assessments,
    CycleKnown,
    DepartmentKnown,
    assessment_rows,
    assessments_known,
)
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE
from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span
from lianjing.domain.compliance.recorded_rule import WORST, RecordedRule
from lianjing.domain.sites.actions.workdays import CHANGED as WORKDAYS
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict

SILENT_DAYS = 30
"""Ours: a department that nobody wrote of for longer is not supervised, whatever the limit is."""


class Kept(StrEnum):
    """How the log of a department stands."""

    KEPT = "kept"
    LATE = "late"
    WAITING = "waiting"
    MISSING = "missing"


VERDICTS = {
    Kept.KEPT: Verdict.MET,
    Kept.LATE: Verdict.MOSTLY,
    Kept.WAITING: Verdict.INSUFFICIENT,
    Kept.MISSING: Verdict.NOT_MET,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """A department with its last entry."""

    department: DepartmentKnown
    last: date | None
    kept: Kept


class Clause831Supervision(RecordedRule[Assessments]):
    clause = "8.3.1"
    wakes_on = ("supervision.changed", "assessment.changed", "company.changed", WORKDAYS, EVIDENCE)
    evidence_kinds = ("supervision", "assessment", "evidence")
    looks_back = True
    reads = frozenset({"department", "evidence", "supervision", "supervision_limits", "workday"})
    lacking = _("还没有部门和岗位的监督、考核记录。")

    def read(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Assessments:
        return assessments_known(viewer, company_id, on, known)

    def read_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Assessments]:
        rows = assessment_rows(viewer, company_id, span, known)
        return Ahead(rows.on, span.days)

    def judge_records(self, facts: Assessments) -> Judgement | None:
        if facts.began is None and not facts.cycles:
            return None
        if not facts.departments:
            return Judgement(Verdict.INSUFFICIENT, (said(_("没有登记部门，无从判定。")),), {"departments": 0})
        looked = [_looked(facts, one) for one in facts.departments]
        by_log = _log_verdict(facts, looked)
        by_cycles, unassessed = _cycles_verdict(facts)
        verdict = min(by_log, by_cycles, key=WORST.index)
        figures = _figures(facts, looked, unassessed)
        told = (_log_told(facts, figures), _cycles_told(facts, figures))
        return Judgement(verdict, told, figures, (*_log_evidence(looked), *_cycle_evidence(facts, unassessed)))


def _looked(facts: Assessments, department: DepartmentKnown) -> Looked:
    last = facts.last_entries.get(department.id)
    if last is not None:
        if facts.on <= facts.calendar.after(last, facts.limits.gap_days):
            return Looked(department, last, Kept.KEPT)
        return Looked(department, last, Kept.LATE if (facts.on - last).days <= SILENT_DAYS else Kept.MISSING)
    since = max(department.since, facts.began or facts.on)
    return Looked(department, None, Kept.WAITING if (facts.on - since).days <= SILENT_DAYS else Kept.MISSING)


def _log_verdict(facts: Assessments, looked: list[Looked]) -> Verdict:
    if facts.began is None:
        return Verdict.INSUFFICIENT
    return min((VERDICTS[one.kept] for one in looked), key=WORST.index)


def standing_cycles(facts: Assessments) -> list[CycleKnown]:
    """Those whose rhythm is kept on the day, the latest first."""
    return [one for one in facts.cycles if facts.on <= one.until]


def _cycles_verdict(facts: Assessments) -> tuple[Verdict, list[DepartmentKnown]]:
    """With the departments that none in its rhythm covers. One that is younger than the last is not due yet."""
    if not facts.cycles:
        return Verdict.INSUFFICIENT, []
    standing = standing_cycles(facts)
    covered = {pk for one in standing for pk in one.evaluated}
    ended = max((one.last_on for one in standing), default=date.min)
    missing = [one for one in facts.departments if one.id not in covered and not (standing and one.since > ended)]
    return (Verdict.NOT_MET if missing or not standing else Verdict.MET), missing


def _figures(facts: Assessments, looked: list[Looked], unassessed: list[DepartmentKnown]) -> dict[str, Any]:
    count = {kept: sum(one.kept is kept for one in looked) for kept in Kept}
    last, cycle = max(facts.last_entries.values(), default=None), facts.cycles[0] if facts.cycles else None
    return {
        "departments": len(looked),
        **{f"log_{kept.value}": count[kept] for kept in Kept},
        "gap_days": facts.limits.gap_days,
        "last_entry": str(last) if last else None,
        "assessments": len(facts.cycles),
        "not_assessed": len(unassessed),
        "last_assessment": str(cycle.scored_on) if cycle else None,
        "next_assessment_by": str(max(one.until for one in facts.cycles)) if cycle else None,
    }


def _log_told(facts: Assessments, figures: dict[str, Any]) -> Phrase:
    if facts.began is None:
        return said(_("还没有日常监督记录。"))
    told = {name: figures[name] for name in ("departments", "gap_days")}
    told |= {kept.value: figures[f"log_{kept.value}"] for kept in Kept}
    told |= {"whose": Phrase(_("本单位设定") if facts.limits.is_own else _("本系统默认，规范没有写明"))}
    if figures["log_kept"] == figures["departments"]:
        return said(_("部门 %(departments)d 个，%(gap_days)d 个工作日内（%(whose)s）都有日常监督记录。"), **told)
    return said(
        _(
            "部门 %(departments)d 个：%(gap_days)d 个工作日内（%(whose)s）有日常监督记录的 %(kept)d 个，"
            "迟的 %(late)d 个，还没有第一条的 %(waiting)d 个，30 天没有记录的 %(missing)d 个。"
        ),
        **told,
    )


def _cycles_told(facts: Assessments, figures: dict[str, Any]) -> Phrase:
    if not facts.cycles:
        return said(_("还没有确定得分的周期性考核。"))
    last = facts.cycles[0]
    told = {"name": last.name, "day": str(last.scored_on), "until": figures["next_assessment_by"]}
    told |= {"missing": figures["not_assessed"]}
    if not standing_cycles(facts):
        return said(_("最近一次考核“%(name)s”（%(day)s）之后，下一次应在 %(until)s 前确定得分，已经超过。"), **told)
    if figures["not_assessed"]:
        return said(_("最近一次考核“%(name)s”（%(day)s）；没有考核到的部门 %(missing)d 个。"), **told)
    return said(_("最近一次考核“%(name)s”（%(day)s），下一次应在 %(until)s 前确定得分。"), **told)


def _log_evidence(looked: Iterable[Looked]) -> tuple[Evidence, ...]:
    """What is not as it must be first."""
    ordered = sorted(looked, key=lambda one: WORST.index(VERDICTS[one.kept]))
    return tuple(_line(one) for one in ordered)


def _line(one: Looked) -> Evidence:
    place = (one.department.id, one.department.name)
    if one.last is None:
        return Evidence("supervision", *place, _("还没有日常监督记录。"))
    sentence = {
        Kept.KEPT: _("最近一条日常监督记录 %(day)s。"),
        Kept.LATE: _("最近一条日常监督记录 %(day)s，超过设定的工作日。"),
    }.get(one.kept, _("最近一条日常监督记录 %(day)s，30 天没有记录。"))
    return Evidence("supervision", *place, sentence, {"day": str(one.last)})


def _cycle_evidence(facts: Assessments, unassessed: Iterable[DepartmentKnown]) -> tuple[Evidence, ...]:
    missing = (Evidence("supervision", one.id, one.name, _("没有在周期内考核。")) for one in unassessed)
    return (*missing, *(cycle_line(one) for one in facts.cycles[:3]))


def cycle_line(one: CycleKnown) -> Evidence:
    """An assessment as a verdict names it."""
    told: dict[str, Any] = {"day": str(one.scored_on), "count": len(one.evaluated), "until": str(one.until)}
    sentence = _("%(day)s 确定得分，部门 %(count)d 个；下一次应在 %(until)s 前。")
    return Evidence("assessment", one.id, one.name, sentence, told)

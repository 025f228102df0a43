"""Clause 8.3.3: what evaluations show is analysed, answered with measures, and put right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.company_standing import months_later
from lianjing.domain.compliance.assessments_known import Assessments, CycleKnown, assessment_rows, assessments_known
from lianjing.domain.compliance.attested_rule import CHANGED as EVIDENCE
from lianjing.domain.compliance.findings_known import FindingKnown, findings_of_kind
from lianjing.domain.compliance.judging import Evidence, Judgement, said
from lianjing.domain.compliance.looking_ahead import Ahead, Span, day_after
from lianjing.domain.compliance.moments import day_of
from lianjing.domain.compliance.recorded_rule import RecordedRule
from lianjing.domain.findings.policy import CONFIRM_DAYS
from lianjing.terms.findings import FindingSource, FindingState
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Improvement:
    """Assessments with the findings that came from them."""

    assessments: Assessments
    findings: tuple[FindingKnown, ...]


class Clause833Improvement(RecordedRule[Improvement]):
    clause = "8.3.3"
    wakes_on = ("assessment.changed", "finding.changed", "supervision.changed", EVIDENCE)
    evidence_kinds = ("assessment", "finding", "evidence")
    reads = frozenset({"evidence", "supervision_limits"})
    lacking = _("还没有评价结果的分析、措施和改进记录。")

    def read(self, viewer: Viewer, company_id: int, on: date, known: datetime | None) -> Improvement:
        found = assessments_known(viewer, company_id, on, known)
        return _that_day(found, _findings(viewer, company_id, found.cycles))

    def read_ahead(self, viewer: Viewer, company_id: int, span: Span, known: datetime | None) -> Ahead[Improvement]:
        rows = assessment_rows(viewer, company_id, span, known)
        findings, months = _findings(viewer, company_id, rows.cycles), rows.limits.evaluation_months
        days = {day for one in rows.cycles for day in _turns_of_cycle(one, months)}
        days |= {day for one in findings for day in _turns_of_finding(one)}

        def causes(day: date) -> tuple[Evidence, ...]:
            """Of the day what falls due; what people do is told when they do it."""
            facts = _that_day(rows.on(day), findings)
            late = (one for one in facts.findings if day in _turns_of_finding(one) and _is_bad(one, facts.assessments))
            return tuple(_finding_line(one, facts.assessments) for one in late)

        return Ahead(lambda day: _that_day(rows.on(day), findings), days, causes)

    def judge_records(self, facts: Improvement) -> Judgement | None:
        seen = facts.assessments
        if not seen.cycles:
            return None
        counting = [one for one in seen.cycles if seen.on <= months_later(one.scored_on, seen.limits.evaluation_months)]
        analysed = [one for one in counting if _is_analysed(one, seen)]
        late = [one for one in counting if one not in analysed and one.analysis_due_on < seen.on]
        refs = {str(one.id) for one in counting}
        mine = [one for one in facts.findings if one.ref in refs]
        overdue = [one for one in mine if one.is_late(seen.on, seen.moment)]
        left = [one for one in mine if one.is_left(seen.on, seen.moment)]
        figures = {
            "assessments": len(counting),
            "analysed": len(analysed),
            "analysis_late": len(late),
            "findings": len(mine),
            "open": sum(FindingState(one.state_at(seen.moment)).is_open for one in mine),
            "overdue": len(overdue),
            "not_assigned": len(left),
        }
        lines = [_finding_line(one, seen) for one in (*overdue, *left)]
        lines += [_cycle_line(one, seen) for one in counting]
        return Judgement(_verdict(figures), tuple(_told(figures, seen)), figures, tuple(lines))


def _verdict(figures: dict[str, int]) -> Verdict:
    if figures["analysis_late"] or figures["overdue"]:
        return Verdict.NOT_MET
    if not figures["analysed"]:
        return Verdict.INSUFFICIENT
    return Verdict.MOSTLY if figures["not_assigned"] else Verdict.MET


def _told(figures: dict[str, int], seen: Assessments) -> Iterable[Phrase]:
    if not figures["assessments"]:
        yield said(_("%(months)d 个月内没有评价结果可以分析。"), months=seen.limits.evaluation_months)
        return
    yield said(
        _("考核 %(assessments)d 次：已写分析和措施的 %(analysed)d 次，超过分析期限的 %(analysis_late)d 次。"), **figures
    )
    if figures["findings"]:
        sentence = _(
            "由此提出整改 %(findings)d 件：未关闭 %(open)d 件，超期 %(overdue)d 件，没有派责任人 %(not_assigned)d 件。"
        )
        yield said(sentence, **figures)
    else:
        yield said(_("没有由此提出的整改。"))


def _findings(viewer: Viewer, company_id: int, cycles: Sequence[CycleKnown]) -> list[FindingKnown]:
    refs = [str(one.id) for one in cycles]
    return findings_of_kind(viewer, company_id, FindingSource.ASSESSMENT.value, refs) if refs else []


def _that_day(found: Assessments, findings: Iterable[FindingKnown]) -> Improvement:
    """By what had been raised by then."""
    return Improvement(found, tuple(one for one in findings if one.raised_at <= found.moment))


def _is_analysed(one: CycleKnown, seen: Assessments) -> bool:
    return one.analysed_at is not None and one.analysed_at <= seen.moment


def _is_bad(one: FindingKnown, seen: Assessments) -> bool:
    return one.is_late(seen.on, seen.moment) or one.is_left(seen.on, seen.moment)


def _turns_of_cycle(one: CycleKnown, months: int) -> set[date]:
    moments = (one.scored_at, one.analysed_at)
    days = {day_of(at) for at in moments if at is not None}
    return days | day_after(one.analysis_due_on) | day_after(months_later(one.scored_on, months))


def _turns_of_finding(one: FindingKnown) -> set[date]:
    """The days of its acts, those after its days, and that on which it has waited too long for somebody."""
    days = {day_of(step.at) for step in one.steps}
    days |= {day for step in one.steps for day in day_after(step.due_on)}
    return days | {date.fromordinal(one.raised_on.toordinal() + CONFIRM_DAYS[one.grade] + 1)}


def _finding_line(one: FindingKnown, seen: Assessments) -> Evidence:
    state, due = Phrase(FindingState(one.state_at(seen.moment)).zh), one.due_at(seen.moment)
    name = f"{one.number} {one.title}"
    if due is None:
        return Evidence("finding", one.id, name, _("%(state)s，还没有派责任人。"), {"state": state})
    return Evidence("finding", one.id, name, _("%(state)s，期限 %(day)s。"), {"state": state, "day": str(due)})


def _cycle_line(one: CycleKnown, seen: Assessments) -> Evidence:
    told = {"day": str(one.scored_on), "due": str(one.analysis_due_on)}
    if _is_analysed(one, seen):
        return Evidence("assessment", one.id, one.name, _("%(day)s 确定得分，已写分析和措施。"), told)
    return Evidence("assessment", one.id, one.name, _("%(day)s 确定得分，分析期限 %(due)s。"), told)

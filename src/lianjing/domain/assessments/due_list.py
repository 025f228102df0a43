"""What of supervision and assessments is late or near, for reminders: departments that nobody has looked at, and the
next act of an assessment. What nobody has begun is no reminder; the clause says so."""

from datetime import date, timedelta

from lianjing.core.viewer import Viewer, visible
from lianjing.domain.assessments.models import AssessmentCycle, SupervisionEntry
from lianjing.domain.assessments.policy import SEE, next_scored_by
from lianjing.domain.assessments.queries import due_of, log_month
from lianjing.terms.assessments import CycleState
from lianjing.terms.reminders import Reminder
from lianjing.terms.sentences import marked as _

ONE_DAY = timedelta(days=1)
AT_MOST = 200
TOLD_BEFORE = timedelta(days=31)
"""Ours: sheets and scores take weeks."""
ACTS = {
    CycleState.DRAFT.value: _("还没有开始评分，评分期限 %(day)s。"),
    CycleState.OPEN.value: _("还没有确定得分，评分期限 %(day)s。"),
    CycleState.SCORED.value: _("还没有写分析和措施，分析期限 %(day)s。"),
    CycleState.ANALYSED.value: _("已写分析和措施，还没有关闭，分析期限 %(day)s。"),
}


def supervision_late(viewer: Viewer, company_id: int, on: date) -> list[Reminder]:
    """Departments that are longer without an entry than the limit allows, the longest first. Six queries, one while the
    company keeps no log here."""
    log = visible(SupervisionEntry.objects.filter(company_id=company_id, retracted_at=None), viewer, SEE)
    if not log.exists():
        return []
    month = log_month(viewer, company_id, on, on)
    sentence = _("最近一条日常监督记录 %(day)s，已超过 %(limit)d 个工作日。")
    found = []
    for row in month.rows:
        if row.last_on is None:
            found.append(Reminder(row.place.name, _("近三个月没有日常监督记录。"), month.first - ONE_DAY))
        elif row.late_since is not None:
            told = {"day": str(row.last_on), "limit": month.limits.gap_days}
            found.append(Reminder(row.place.name, sentence, row.late_since - ONE_DAY, told))
    return sorted(found, key=lambda one: one.due_on)


def supervision_and_assessments(viewer: Viewer, company_id: int, on: date, within: int) -> list[Reminder]:
    """All of it, for the digest."""
    return [
        *supervision_late(viewer, company_id, on),
        *assessments_due(viewer, company_id, on, within),
        *next_assessment_due(viewer, company_id, on),
    ]


def assessments_due(viewer: Viewer, company_id: int, on: date, within: int) -> list[Reminder]:
    """Assessments whose next act is late or expected within so many days, the most urgent first. One query."""
    rows = visible(AssessmentCycle.objects.filter(company_id=company_id, state__in=list(ACTS)), viewer, SEE)
    dues = ((row, due_of(row)) for row in rows.order_by("sheets_due_on", "pk")[:AT_MOST])
    until = on + timedelta(days=within)
    near = [
        Reminder(row.name, ACTS[row.state], due, {"day": str(due)})
        for row, due in dues
        if due is not None and due <= until
    ]
    return sorted(near, key=lambda one: one.due_on)


def next_assessment_due(viewer: Viewer, company_id: int, on: date) -> list[Reminder]:
    """That the rhythm of the last assessment asks for another, which nobody has begun: told from a month before. Two
    queries."""
    rows = visible(AssessmentCycle.objects.filter(company_id=company_id), viewer, SEE)
    last = rows.filter(scored_at__isnull=False).order_by("-last_on", "-pk").first()
    if last is None:
        return []
    due = next_scored_by(last.last_on, last.period)
    begun = rows.filter(last_on__gt=last.last_on, state__in=(CycleState.DRAFT, CycleState.OPEN))
    if due > on + TOLD_BEFORE or begun.exists():
        return []
    sentence = _("按它的周期，下一次考核应在 %(day)s 前确定得分，还没有拟定。")
    return [Reminder(last.name, sentence, due, {"day": str(due)})]

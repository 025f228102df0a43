"""Words for findings: marks of grade, state and days, what was done, where the source is looked at."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.queries import FindingLine
from lianjing.terms.findings import Effect, FindingGrade, FindingSource, FindingState
from lianjing.terms.premises import Word
from lianjing.web.words import Words, label

ACTS: Words = {
    "finding.raised": later("提出整改"),
    "finding.confirmed": later("确认属实"),
    "finding.regraded": later("改级别"),
    "finding.assigned": later("派责任人"),
    "finding.planned": later("写根因和措施"),
    "finding.noted": later("记进展"),
    "finding.done": later("报告完成"),
    "finding.verified": later("复核通过"),
    "finding.returned": later("退回重做"),
    "finding.closed": later("关闭整改"),
    "finding.dismissed": later("作废整改"),
    "finding.reopened": later("重新打开整改"),
    "finding.found_effective": later("检查：措施有效"),
    "finding.found_ineffective": later("检查：措施无效，重新整改"),
    "finding.source_good": later("来源恢复符合"),
    "finding.source_bad": later("来源又不符合"),
    "finding.source_doubtful": later("来源存疑"),
}
FIELDS: Words = {
    "remark": later("说明"),
    "grade": later("级别"),
    "owner": later("责任人"),
    "cause": later("根因"),
    "measure": later("措施"),
    "needs_retest": later("须复测"),
    "retested_on": later("复测日期"),
    "revises": later("须修订"),
    "proof": later("完成的依据"),
    "check_on": later("有效性检查日期"),
    "effect": later("效果"),
    "clauses": later("条款"),
    "description": later("情况"),
    "source_kind": later("来源类别"),
    "source_words": later("来源"),
}
TABLES: dict[str, tuple[type[Word], ...]] = {
    "grade": (FindingGrade,),
    "source_kind": (FindingSource,),
    "effect": (Effect,),
}
STATES: tuple[type[Word], ...] = (FindingState,)
STATE_TONES = {
    FindingState.IDENTIFIED: "g2",
    FindingState.CONFIRMED: "g2",
    FindingState.ASSIGNED: "",
    FindingState.IN_PROGRESS: "",
    FindingState.DONE: "tone-odd",
    FindingState.VERIFIED: "tone-ok",
    FindingState.CLOSED: "tone-ok",
    FindingState.DISMISSED: "faint",
}
TAB_WORDS: dict[str, Promise] = {
    "open": later("未关闭"),
    "mine": later("我负责的"),
    "overdue": later("超期"),
    "verify": later("待复核"),
    "check": later("待查有效性"),
    "ended": later("已结束"),
    "all": later("全部"),
}


def grade_words(finding: Finding) -> dict[str, str]:
    grade = FindingGrade(finding.grade)
    return {"sign": grade.sign, "words": label(FindingGrade, grade.value), "tone": f"g{grade.rank}"}


def state_words(finding: Finding) -> dict[str, str]:
    state = FindingState(finding.state)
    return {"words": label(FindingState, state.value), "tone": STATE_TONES[state]}


def days_words(line: FindingLine) -> tuple[str, str]:
    """还有 12 天, ✕ 超期 3 天: with its tone. Nothing where no day counts."""
    left = line.days_left
    if left is None:
        return "", ""
    if left < 0:
        return _("✕ 超期 %(days)d 天") % {"days": -left}, "tone-bad"
    if left == 0:
        return _("◐ 今天到期"), "tone-odd"
    return _("还有 %(days)d 天") % {"days": left}, "soft" if left > 7 else "tone-odd"


def source_label(finding: Finding) -> str:
    return label(FindingSource, finding.source_kind)


_PAGES = {
    FindingSource.INCIDENT.value: ("console:incident", "incidents.see"),
    FindingSource.ASSESSMENT.value: ("office:assessment", "assessments.see"),
    FindingSource.PREMISES.value: ("office:place", "facilities.see"),
    FindingSource.DRILL.value: ("office:drill", "drills.see"),
}


def source_href(viewer: Viewer, finding: Finding) -> str:
    """Where the source is looked at; "" without a page that the viewer may open."""
    if finding.source_kind == FindingSource.CLAUSE and viewer.scope("compliance.see").holds(finding.company_id):
        return clause_href(finding.company_id, finding.source_ref)
    name, permission = _PAGES.get(finding.source_kind, ("", ""))
    if name and finding.source_ref.isdigit() and viewer.scope(permission).holds(finding.company_id):
        return reverse(name, args=[int(finding.source_ref)])
    return ""


_REVISED = {"plan": ("office:plan", "plans.see"), "document": ("office:document", "documents.see")}


def revises_href(viewer: Viewer, finding: Finding) -> str:
    """The plan or document that has to be revised."""
    name, permission = _REVISED.get(finding.revises_kind, ("", ""))
    if not name or not finding.revises_ref.isdigit() or not viewer.scope(permission).holds(finding.company_id):
        return ""
    return reverse(name, args=[int(finding.revises_ref)])


def clause_href(company_id: int, number: str) -> str:
    return f"{reverse('office:clauses')}?{urlencode({'company': company_id, 'clause': number})}#c{slugify(number)}"

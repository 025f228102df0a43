"""What the digest of the work-list says."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from lianjing.domain.findings.queries import FindingLine
from lianjing.domain.people.work_list import WorkLine
from lianjing.domain.people.work_list_policy import WINDOWS, Matter
from lianjing.terms.findings import FindingGrade, FindingState
from lianjing.terms.sentences import words

LINES_AT_MOST = 60
"""Under one heading; who has more to do looks at the list."""


FINDINGS_WITHIN = 7
"""Days: findings whose next act is expected by then are in the digest."""


def digest_text(lines: Sequence[WorkLine], due: Sequence[FindingLine], on: date) -> str:
    """The body. Of what is private no more than that there is some: mail is read on the way."""
    shown = [one for one in lines if not one.line.private]
    parts = [_section(title, rows) for title, rows in _sections(shown) if rows]
    if len(shown) < len(lines):
        hidden = _("另有 %(count)d 项不便在邮件中写明，见待办。") % {"count": len(lines) - len(shown)}
        parts.append(hidden)
    head = _("%(day)s 人员与资质待办，共 %(count)d 项。") % {"day": on, "count": len(lines)}
    return "\n\n".join([*([head] if lines else ()), *parts, *_findings(due, on), _where()]).strip()


def _findings(due: Sequence[FindingLine], on: date) -> list[str]:
    """By number and staff number: what was found may name people, and stands on its page only."""
    if not due:
        return []
    told = [_("整改：超期或 %(days)d 天内要办（%(count)d）") % {"days": FINDINGS_WITHIN, "count": len(due)}]
    told += [_finding(one, on) for one in due[:LINES_AT_MOST]]
    if len(due) > LINES_AT_MOST:
        told.append(_("……另有 %(count)d 项，见整改。") % {"count": len(due) - LINES_AT_MOST})
    return ["\n".join(told)]


def _finding(one: FindingLine, on: date) -> str:
    row = one.finding
    said = f"- {row.number} {_(FindingGrade(row.grade).zh)} · {_(FindingState(row.state).zh)}"
    if row.owner is not None:
        said += " · " + _("责任人工号 %(number)s") % {"number": row.owner.staff_no}
    if row.check_on is not None and not row.effect:
        said += " · " + _("有效性检查 %(day)s") % {"day": row.check_on}
    if one.days_left is None:
        return said
    if one.is_late:
        return said + " · " + _("超期 %(days)d 天") % {"days": -one.days_left}
    return said + " · " + _("期限 %(day)s") % {"day": row.due_on}


def _sections(lines: Sequence[WorkLine]) -> list[tuple[str, list[WorkLine]]]:
    """By matter; what ends by the narrowest window that it is in."""
    titles = {
        Matter.BARRED: _("不得上岗"),
        Matter.OVER: _("已过期"),
        Matter.MISSING: _("缺少"),
        Matter.HINT: _("提示"),
    }
    by_matter = {matter: [one for one in lines if one.line.matter is matter] for matter in Matter}
    ending: list[tuple[str, list[WorkLine]]] = []
    before = -1
    for days in WINDOWS:
        rows = [one for one in by_matter[Matter.ENDS] if before < (one.line.days_left or 0) <= days]
        ending.append((_("%(days)d 天内到期") % {"days": days}, rows))
        before = days
    first = [(titles[matter], by_matter[matter]) for matter in (Matter.BARRED, Matter.OVER)]
    return [*first, *ending, *((titles[matter], by_matter[matter]) for matter in (Matter.MISSING, Matter.HINT))]


def _section(title: str, rows: list[WorkLine]) -> str:
    told = [f"{title}（{len(rows)}）", *(_told(one) for one in rows[:LINES_AT_MOST])]
    if len(rows) > LINES_AT_MOST:
        told.append(_("……另有 %(count)d 项，见待办。") % {"count": len(rows) - LINES_AT_MOST})
    return "\n".join(told)


def _told(one: WorkLine) -> str:
    said = words(one.line, _)
    if one.whom is None:
        return f"- {said}"
    return _("- 工号 %(number)s：%(said)s") % {"number": one.whom.staff_no, "said": said}


def _where() -> str:
    return f"{settings.PUBLIC_URL}/office/worklist/" if settings.PUBLIC_URL else ""

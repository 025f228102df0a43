"""What the digest of the work-list says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from lianjing.domain.documents.due_list import ReadingsLate, ReviewDue
from lianjing.domain.facilities.due_list import (
    EQUIPMENT,
    EQUIPMENT_WITHIN,
    RECORD,
    RECORDS_WITHIN,
    VALUE,
    VALUES_WITHIN,
    FacilityDue,
)
from lianjing.domain.findings.queries import FindingLine
from lianjing.domain.people.work_list import WorkLine
from lianjing.domain.people.work_list_policy import WINDOWS, Matter
from lianjing.terms.findings import FindingGrade, FindingState
from lianjing.terms.reminders import Reminder
from lianjing.terms.sentences import words

T = TypeVar("T")

LINES_AT_MOST = 60
"""Under one heading; who has more to do looks at the list."""


FINDINGS_WITHIN = 7
"""Days: findings whose next act is expected by then are in the digest."""
PRACTICE_WITHIN = 7
"""Days: the same of supervision, assessments, drills and reviews."""
REVIEWS_WITHIN = 30
"""Days: documents that are to be reviewed by then are in the digest, as their list tells of them."""


@dataclass(frozen=True, slots=True)
class Work:
    """All that is to be done in a company: papers of people and its own, findings, reviews, readings, what of
    equipment and premises is due."""

    papers: Sequence[WorkLine]
    findings: Sequence[FindingLine]
    reviews: Sequence[ReviewDue]
    readings: Sequence[ReadingsLate]
    facilities: Sequence[FacilityDue]
    supervision: Sequence[Reminder] = ()
    """Departments that nobody has looked at in time, and assessments."""
    drills: Sequence[Reminder] = ()
    """Drills, what waits for its review, revised plans that wait for their re-test."""

    @property
    def count(self) -> int:
        of_people = len(self.papers) + len(self.findings)
        return of_people + self.of_documents + len(self.facilities) + self.of_practice

    @property
    def of_practice(self) -> int:
        return len(self.supervision) + len(self.drills)

    @property
    def of_documents(self) -> int:
        return len(self.reviews) + len(self.readings)


def digest_text(work: Work, on: date) -> str:
    """The body. Of what is private no more than that there is some: mail is read on the way."""
    lines = work.papers
    shown = [one for one in lines if not one.line.private]
    parts = [_section(title, rows) for title, rows in _sections(shown) if rows]
    if len(shown) < len(lines):
        hidden = _("另有 %(count)d 项不便在邮件中写明，见待办。") % {"count": len(lines) - len(shown)}
        parts.append(hidden)
    head = _("%(day)s 人员与资质待办，共 %(count)d 项。") % {"day": on, "count": len(lines)}
    return "\n\n".join([*([head] if lines else ()), *parts, *_besides(work, on), _where()]).strip()


def _besides(work: Work, on: date) -> list[str]:
    """By number and staff number: what was found may name people, and stands on its page only."""
    sections = (
        _listed(
            _("整改：超期或 %(days)d 天内要办（%(count)d）") % {"days": FINDINGS_WITHIN, "count": len(work.findings)},
            work.findings,
            lambda one: _finding(one, on),
            _("……另有 %(count)d 项，见整改。"),
        ),
        _listed(
            _("受控文件：复审逾期或 %(days)d 天内应复审（%(count)d）")
            % {"days": REVIEWS_WITHIN, "count": len(work.reviews)},
            work.reviews,
            lambda one: _review(one, on),
            _("……另有 %(count)d 份，见受控文件。"),
        ),
        _listed(
            _("受控文件：逾期未读（%(count)d）") % {"count": len(work.readings)},
            work.readings,
            _unread,
            _("……另有 %(count)d 份，见受控文件。"),
        ),
        *(_of_facilities(work, source) for source in (EQUIPMENT, RECORD, VALUE)),
        _listed(
            _("监督与考核：超期或 %(days)d 天内要办（%(count)d）")
            % {"days": PRACTICE_WITHIN, "count": len(work.supervision)},
            work.supervision,
            lambda one: _reminder(one, on),
            _("……另有 %(count)d 项，见日常监督和考核。"),
        ),
        _listed(
            _("演练与复盘：超期或 %(days)d 天内要办（%(count)d）")
            % {"days": PRACTICE_WITHIN, "count": len(work.drills)},
            work.drills,
            lambda one: _reminder(one, on),
            _("……另有 %(count)d 项，见演练和复盘。"),
        ),
    )
    return [section for section in sections if section]


def _listed(title: str, rows: Sequence[T], told: Callable[[T], str], rest: str) -> str:
    """The first lines under their title, and how many are not told; "" without any."""
    if not rows:
        return ""
    lines = [title, *map(told, rows[:LINES_AT_MOST])]
    if len(rows) > LINES_AT_MOST:
        lines.append(rest % {"count": len(rows) - LINES_AT_MOST})
    return "\n".join(lines)


def _review(one: ReviewDue, on: date) -> str:
    said = f"- {one.number} · " + _("责任人工号 %(number)s") % {"number": one.owner_no} + " · "
    if one.due_on < on:
        return said + _("复审逾期 %(days)d 天") % {"days": (on - one.due_on).days}
    return said + _("%(day)s 前复审") % {"day": one.due_on}


def _of_facilities(work: Work, source: str) -> str:
    titles = {
        EQUIPMENT: (_("装备：已过期或 %(days)d 天内到期（%(count)d）"), EQUIPMENT_WITHIN),
        RECORD: (_("场地检测与试验：已过期或 %(days)d 天内到期（%(count)d）"), RECORDS_WITHIN),
        VALUE: (_("场地测量：已过期或 %(days)d 天内到期（%(count)d）"), VALUES_WITHIN),
    }
    rows = [one for one in work.facilities if one.source == source]
    title, within = titles[source]
    return _listed(
        title % {"days": within, "count": len(rows)}, rows, _facility, _("……另有 %(count)d 项，见装备与场地。")
    )


def _facility(one: FacilityDue) -> str:
    said = f"- {one.about} · {_(one.what)} · "
    if one.day is None:
        return said + _("缺少")
    if one.doubt:
        return said + _(one.doubt)
    if one.is_over:
        return said + _("%(day)s 已到期") % {"day": one.day}
    return said + _("%(day)s 到期") % {"day": one.day}


def _unread(one: ReadingsLate) -> str:
    told = {"number": one.number, "label": one.label, "people": one.people, "day": one.due_on}
    return _("- %(number)s（%(label)s）：%(people)d 人没有按期确认，最早的应在 %(day)s 前") % told


def _reminder(one: Reminder, on: date) -> str:
    late = " " + _("✕ 超期 %(days)d 天") % {"days": (on - one.due_on).days} if one.is_late(on) else ""
    return f"- {one.name}：{words(one, _)}{late}"


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
    return _listed(f"{title}（{len(rows)}）", rows, _told, _("……另有 %(count)d 项，见待办。"))


def _told(one: WorkLine) -> str:
    said = words(one.line, _)
    if one.whom is None:
        return f"- {said}"
    return _("- 工号 %(number)s：%(said)s") % {"number": one.whom.staff_no, "said": said}


def _where() -> str:
    return f"{settings.PUBLIC_URL}/office/worklist/" if settings.PUBLIC_URL else ""

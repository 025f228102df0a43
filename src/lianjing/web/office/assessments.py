"""考核: the list of assessments with the sets of criteria, and one of them with its sheets, results and findings."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.assessments.models import AssessmentCycle, CriteriaSet, FixedFigure, ScoreSheet
from lianjing.domain.assessments.permissions import is_evaluator
from lianjing.domain.assessments.policy import EDIT, NEXT_MOVES, SEE
from lianjing.domain.assessments.queries import (
    CycleLine,
    CyclePage,
    CyclesWanted,
    Result,
    criteria_sets,
    cycle_page,
    cycles,
    due_of,
)
from lianjing.domain.assessments.workbook import write_cycle
from lianjing.domain.findings.queries import findings_of_source
from lianjing.domain.records.handing_out import record_taken
from lianjing.terms.assessments import CycleState, OperationFigure, ScoredBy, SheetKind
from lianjing.terms.findings import FindingSource
from lianjing.web.acting import found, who
from lianjing.web.office.assessment_words import plain, scoring_words, state_words
from lianjing.web.office.exchange import workbook
from lianjing.web.office.finding_words import grade_words
from lianjing.web.office.finding_words import state_words as finding_state
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import label

TAB = "assessments"


@needs(SEE)
@require_safe
@says_when_none(TAB)
def assessment_list(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    company, mine = shown_company(request, SEE)
    lines = cycles(viewer, CyclesWanted(company.pk), today, after=asked_id(request), limit=PAGE + 1)
    context = surroundings(request, TAB) | {"company": company, "companies": mine}
    context |= {"rows": [_line(one) for one in lines[:PAGE]], "may_edit_them": viewer.scope(EDIT).holds(company.pk)}
    context |= {"sets": [_set(one) for one in criteria_sets(viewer, company.pk)]}
    context |= pager(request, lines[PAGE - 1].cycle.pk if len(lines) > PAGE else None)
    return show(request, "office/assessments/list.html", context)


def _line(one: CycleLine) -> dict[str, Any]:
    return {"line": one, "cycle": one.cycle, "state": state_words(one.cycle.state)}


def _set(one: CriteriaSet) -> dict[str, Any]:
    return {"set": one, "lines": [(line, scoring_words(line)) for line in one.lines.all()]}


@needs(SEE)
@require_safe
def assessment(request: HttpRequest, cycle_id: int) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    page = found(cycle_page(viewer, cycle_id))
    cycle, due = page.cycle, due_of(page.cycle)
    may_edit = viewer.scope(EDIT).holds(cycle.company_id)
    lines = list(cycle.criteria.lines.all())
    context = surroundings(request, TAB) | {"cycle": cycle, "state": state_words(cycle.state), "due_on": due}
    context |= {"is_late": due is not None and due < today, "waits_for": _waits_for(page)}
    context |= {"next": _next(page) if may_edit else None, "may_edit_it": may_edit}
    context |= {"may_cancel": may_edit and cycle.state in (CycleState.DRAFT, CycleState.OPEN)}
    context |= {"mine": _mine(viewer, page), "shares": _shares(cycle)}
    context |= {"results": [_result(viewer, one, cycle, may_edit) for one in _ranked(page)], "kinds": _kinds()}
    context |= {"lines": [(line, scoring_words(line)) for line in lines]}
    context |= {"figures": [_figures(one, lines) for one in page.results if one.figures]}
    context |= {"figure_lines": [line for line in lines if line.scored_by == ScoredBy.FIGURE]}
    context |= {"returned": page.returned, "findings": _findings(viewer, cycle)}
    context["history"] = history(viewer, [("assessmentcycle", cycle.pk)], SEE, limit=60)
    return show(request, "office/assessments/cycle.html", context)


def _waits_for(page: CyclePage) -> str:
    """What the assessment waits for: the loud sentence of its page."""
    cycle, sheets = page.cycle, sum(len(one.sheets) for one in page.results)
    missing = page.missing
    nobody = sum(one.evaluator is None for one in missing)
    if cycle.state == CycleState.OPEN and nobody:
        return _("还有 %(count)d 张评分表没有评分人，请指定。") % {"count": nobody}
    if cycle.state == CycleState.OPEN and missing:
        told = {"sheets": sheets, "missing": len(missing)}
        return _("等评分：%(sheets)d 张评分表中还有 %(missing)d 张没有提交。") % told
    return {
        CycleState.DRAFT: _("草稿：核对部门、指标和期限后开始评分，评分表按轮转分给各部门。"),
        CycleState.OPEN: _("评分表已齐，等确定得分；运行数据同时固定。"),
        CycleState.SCORED: _("得分已定，等写分析和措施。"),
        CycleState.ANALYSED: _("已写分析和措施；需要整改的逐件提出，然后关闭。"),
        CycleState.CLOSED: _("考核已关闭，由它提出的整改继续办理。"),
        CycleState.CANCELLED: _("已作废：%(reason)s") % {"reason": cycle.cancelled_for},
    }[CycleState(cycle.state)]


def _next(page: CyclePage) -> dict[str, str] | None:
    """The one next step: a form, or a button that sends at once. None while sheets are missing: they come first."""
    cycle = page.cycle
    name = NEXT_MOVES.get(CycleState(cycle.state), "")
    words = {
        "open": _("开始评分"),
        "score": _("确定得分"),
        "analyse": _("写分析和措施"),
        "close": _("关闭"),
    }
    if not name or (cycle.state == CycleState.OPEN and page.missing):
        return None
    href = reverse(f"office:assessment_{name}", args=[cycle.pk])
    return {"name": name, "words": words[name], "href": href, "is_form": "yes" if name == "analyse" else ""}


def _mine(viewer: Viewer, page: CyclePage) -> list[ScoreSheet]:
    """The sheets that wait for the viewer himself."""
    if page.cycle.state != CycleState.OPEN:
        return []
    return [one for one in page.missing if is_evaluator(viewer, one)]


def _kinds() -> list[str]:
    return [label(SheetKind, kind.value) for kind in SheetKind]


def _shares(cycle: AssessmentCycle) -> str:
    told = {"own": cycle.self_share, "mutual": cycle.mutual_share, "assessor": cycle.assessor_share}
    return _("自评 %(own)d%%，互评 %(mutual)d%%，考核 %(assessor)d%%") % told


def _ranked(page: CyclePage) -> list[Result]:
    """The best first, once they have a score; before that in their order."""
    return sorted(page.results, key=lambda one: -(one.covered.score or 0))


def _result(viewer: Viewer, one: Result, cycle: AssessmentCycle, may_edit: bool) -> dict[str, Any]:
    deviation = one.totals.deviation
    is_open = cycle.state == CycleState.OPEN
    sheets = [_sheet(viewer, one, kind, is_open and may_edit) for kind in SheetKind]
    return {
        "name": one.covered.name,
        "score": plain(one.covered.score) if one.covered.score is not None else "",
        "sheets": sheets,
        "figures": plain(one.totals.figures),
        "deviation": f"{deviation:+.1f}" if deviation is not None else "—",
        "is_wide": deviation is not None and abs(deviation) >= WIDE,
    }


WIDE = 10
"""Points by which self and mutual evaluation differ so much that the table says so; ours."""


def _sheet(viewer: Viewer, one: Result, kind: SheetKind, may_change: bool) -> dict[str, Any]:
    sheet = one.sheets.get(kind.value)
    told: dict[str, Any] = {"sheet": sheet, "points": plain(one.totals.by_kind[kind])}
    told["kind"] = label(SheetKind, kind.value)
    if sheet is None:
        return told
    sent = sheet.submitted_at is not None
    mine = not sent and is_evaluator(viewer, sheet)
    return told | {
        "is_sent": sent,
        "is_mine": mine,
        "may_name": may_change and not sent and kind is not SheetKind.ASSESSOR,
        "may_return": may_change and sent,
        "by": str(sheet.by_department) if kind is SheetKind.MUTUAL else "",
    }


def _figures(one: Result, lines: list[Any]) -> dict[str, Any]:
    held = [one.figures.get(line.pk) for line in lines if line.scored_by == ScoredBy.FIGURE]
    return {"name": one.covered.name, "cells": [_figure(row) for row in held]}


def _figure(row: FixedFigure | None) -> dict[str, Any]:
    if row is None:
        return {"value": "—", "points": "—", "is_by_hand": False, "count": 0}
    of_company = OperationFigure(row.criterion.figure).of_company
    return {"value": plain(row.value), "points": plain(row.points), "count": row.count} | {
        "is_by_hand": row.value is None,
        "of_company": of_company,
    }


def _findings(viewer: Viewer, cycle: AssessmentCycle) -> list[dict[str, Any]]:
    rows = findings_of_source(viewer, cycle.company_id, FindingSource.ASSESSMENT.value, str(cycle.pk))
    return [{"finding": row, "grade": grade_words(row), "state": finding_state(row)} for row in rows]


@needs(SEE)
@require_safe
def export(request: HttpRequest, cycle_id: int) -> HttpResponse:
    """The results and the points behind them, as a workbook; on record."""
    page, into = found(cycle_page(viewer_of(request), cycle_id)), BytesIO()
    write_cycle(page, into)
    record_taken("assessment", {page.cycle.company_id: 1}, SEE, **who(request), name=page.cycle.name)
    return workbook(into, _("考核 %(name)s.xlsx") % {"name": page.cycle.name})

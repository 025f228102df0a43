"""预案覆盖: each class and grade with the plan that runs for it, and the reviews of every plan in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Person
from lianjing.domain.compliance.cover_workbook import export_cover
from lianjing.domain.compliance.plan_cover import SEE, Cell, Cover, plan_cover
from lianjing.domain.compliance.queries import judged_clauses
from lianjing.domain.plans.permissions import EDIT, REVIEW
from lianjing.domain.plans.review_policy import PlanStanding
from lianjing.terms.plans import ReviewConclusion
from lianjing.terms.sentences import words
from lianjing.web.acting import doors, who
from lianjing.web.clause_items import joined
from lianjing.web.file_sending import workbook
from lianjing.web.office.company_choosing import Chosen, chosen
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show
from lianjing.web.verdict_marks import Mark, mark_of
from lianjing.web.words import CLASSES, GRADES, word

TAB = "plan_cover"
SOON = 30
"""Days ahead in which something that ends is told of."""
SCOPES = {"site": later("场所"), "contract": later("合同"), "kind": later("场所类型")}
CLAUSES = ("8.4.1 a", "8.4.1 b")


@dataclass(frozen=True, slots=True)
class State:
    """How something stands: sign, tone and words."""

    sign: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan in force with its reviews."""

    plan: PlanStanding
    where: str
    legal: State
    yearly: State
    drilled: date | None


@needs(SEE)
@require_safe
@says_when_none(TAB)
def cover(request: HttpRequest) -> HttpResponse:
    viewer, what = viewer_of(request), chosen(request)
    company_id = what.company.pk
    is_now = what.known is None and what.on == timezone.localdate()
    found = plan_cover(viewer, company_id, what.on, what.known, is_now=is_now)
    context = surroundings(request, TAB) | what.context()
    context |= {"cover": found, "grades": GRADES, "is_now": is_now, "plans": _plans(found, what.on)}
    context |= {"rows": [(row, [(cell, _legal(cell, what.on)) for cell in row.cells]) for row in found.rows]}
    context |= {"clauses": _clauses(viewer, what), "export_href": _export(what)}
    context["may_write"] = viewer.scope(EDIT).holds(company_id) and is_now
    context["may_review"] = viewer.scope(REVIEW).holds(company_id) and what.known is None
    return show(request, "office/plan/cover.html", context)


def _legal(cell: Cell, on: date) -> State | None:
    return legal_state(cell.plan, on) if cell.plan is not None else None


def legal_state(plan: PlanStanding, on: date) -> State:
    """How its review of lawfulness stands on a day."""
    found, lapsed = plan.legal_on(on), plan.lapsed_on(on)
    if found is None and lapsed is not None:
        return State("✕", "tone-bad", _("评审 %(day)s 到期") % {"day": lapsed.valid_until})
    if found is None:
        return State("✕", "tone-bad", _("没有评审"))
    if found.conclusion is ReviewConclusion.FAILS:
        return State("✕", "tone-bad", _("评审为不符合"))
    return _until(found.valid_until, on, _("评审至 %(day)s") % {"day": found.valid_until})


def _until(last: date, on: date, said: str) -> State:
    """Something that holds until a day: soon over, or not."""
    return State("◐", "tone-odd", said) if (last - on).days <= SOON else State("✓", "tone-ok", said)


def yearly_state(plan: PlanStanding, on: date) -> State:
    """When its next yearly review is due."""
    due = plan.due_on(on)
    if due < on:
        return State("✕", "tone-bad", _("%(day)s 已到期") % {"day": due})
    return _until(due, on, _("%(day)s 前") % {"day": due})


def _plans(found: Cover, on: date) -> list[Shown]:
    """What wants a review first."""
    shown = [
        Shown(one, _where(one), legal_state(one, on), yearly_state(one, on), found.drilled.get(one.plan_id))
        for one in found.plans
    ]
    order = {"✕": 0, "◐": 1, "✓": 2}
    return sorted(shown, key=lambda one: (order[one.legal.sign], order[one.yearly.sign], one.plan.plan_id))


def _where(plan: PlanStanding) -> str:
    grade = str(GRADES[plan.grade]) if plan.grade else _("不分级")
    scope = [str(SCOPES[plan.scope])] if plan.scope in SCOPES else []
    return " · ".join([*scope, word(CLASSES, plan.event_class), grade])


def _clauses(viewer: Person, what: Chosen) -> Sequence[tuple[str, Mark, str]]:
    judged = judged_clauses(viewer, what.company.pk, what.on, what.known, CLAUSES)
    return [
        (one.clause.number, mark_of(one.judgement.verdict), joined([words(s, _) for s in one.judgement.sentences]))
        for one in judged
    ]


def _export(what: Chosen) -> str:
    asked: dict[str, Any] = {"company": what.company.pk, "on": what.on}
    asked |= {"known": timezone.localdate(what.known)} if what.known else {}
    return f"{reverse('office:plan_cover_export')}?{urlencode(asked)}"


@needs(SEE)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the matrix of the day shows, as a workbook; on record."""
    what, into = chosen(request), BytesIO()
    with doors():
        export_cover(what.company.pk, what.on, what.known, into, **who(request))
    return workbook(into, _("预案覆盖 %(day)s.xlsx") % {"day": what.on.isoformat()})

"""将要变化: on which days clauses will turn if nothing is done, on a time line and as a list, with what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.effects import staffed_on
from lianjing.domain.compliance.forecast import Turn, forecast
from lianjing.domain.compliance.what_if import next_told
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import WORST_FIRST, Verdict
from lianjing.web.clause_items import turn_item
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.verdict_marks import Mark, mark_of

TAB, SEE, EDIT_PEOPLE = "clauses", "compliance.see", "people.edit"
NEXT_FEW, CAUSES_SHOWN, MONTHS = 4, 5, 13
FACT_KINDS = {
    "certificate": "guard_certificate",
    "health": "health",
    "training": "training",
    "conduct": "background",
    "exam": "police_exam",
    "review": "police_review",
    "education": "education",
    "biometrics": "biometrics",
}
"""What is recorded anew of a person for what stands in his way."""
ACTS = {
    "company_fact": marked("续办并登记"),
    "contract": marked("续签或登记终止"),
    "evidence": marked("更新证据"),
    "post": marked("任命或补齐"),
    "department": marked("补齐"),
    "person": marked("看他的档案"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as it is shown. `act`: words and address of the next action, None when it turns for the better."""

    key: str
    turn: Turn
    item: dict[str, Any]
    had: Mark
    has: Mark
    causes: list[dict[str, Any]]
    more: int
    act: tuple[str, str] | None

    @property
    def is_shortage(self) -> bool:
        """Only the shortage of table 1 is another one."""
        return self.turn.before.verdict == self.turn.after.verdict


def lines_of(turns: Iterable[Turn], viewer: Viewer, company_id: int) -> list[Line]:
    return [_line(f"t{place}", turn, viewer, company_id) for place, turn in enumerate(turns)]


def _line(key: str, turn: Turn, viewer: Viewer, company_id: int) -> Line:
    item = turn_item(turn, viewer, company_id, _)
    shown = item["evidence"][:CAUSES_SHOWN]
    more = len(item["evidence"]) - len(shown) + turn.more_causes
    act = _act(turn, item, viewer, company_id) if is_worse(turn) else None
    return Line(key, turn, item, mark_of(turn.before.verdict), mark_of(turn.after.verdict), shown, more, act)


def is_worse(turn: Turn) -> bool:
    had, has = (WORST_FIRST.index(one.verdict) for one in (turn.before, turn.after))
    return has < had or (has == had and turn.after.verdict == Verdict.NOT_MET)


def _act(turn: Turn, item: dict[str, Any], viewer: Viewer, company_id: int) -> tuple[str, str] | None:
    """What to do about the first record that can be opened."""
    for cause, told in zip(turn.causes, item["evidence"], strict=True):
        if (
            cause.kind == "person"
            and cause.id
            and cause.key in FACT_KINDS
            and viewer.scope(EDIT_PEOPLE).holds(company_id)
        ):
            href = reverse("office:fact_add", args=[cause.id])
            return _("补办并登记"), f"{href}?kind={FACT_KINDS[cause.key]}"
        if told["href"]:
            return _(ACTS.get(cause.kind, marked("查看"))), told["href"]
    return None


def months_of(lines: list[Line], on: date) -> dict[str, Any]:
    """The time line: months across, one row a clause, in each cell what turns in that month."""
    months = [_month(on, place) for place in range(MONTHS)]
    numbers = dict.fromkeys(line.turn.clause.number for line in lines)
    by_cell: dict[tuple[str, date], list[Line]] = {}
    for line in lines:
        by_cell.setdefault((line.turn.clause.number, line.turn.on.replace(day=1)), []).append(line)
    clauses = {line.turn.clause.number: line.item["title"] for line in lines}
    rows = [(number, clauses[number], [by_cell.get((number, month), []) for month in months]) for number in numbers]
    return {"months": months, "rows": rows}


def _month(on: date, later: int) -> date:
    place = on.year * 12 + on.month - 1 + later
    return date(min(place // 12, 9999), place % 12 + 1, 1)


def ahead_context(viewer: Viewer, company: Company, on: date) -> dict[str, Any]:
    """Context of office/clauses/_ahead.html: the next few turns that come by themselves, and how far the next row of
    table 1 is."""
    turns = forecast(viewer, company.pk, on, looks_back=False)
    staffed = staffed_on(viewer, company.pk, on)
    return {
        "ahead": lines_of(turns[:NEXT_FEW], viewer, company.pk),
        "ahead_more": max(0, len(turns) - NEXT_FEW),
        "ahead_row": [words(one, _) for one in next_told(staffed)] if staffed else [],
        "ahead_href": reverse("office:clauses_ahead") + "?" + urlencode({"company": company.pk}),
    }


@needs(SEE)
@require_safe
@says_when_none(TAB)
def clauses_ahead(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    company, companies = shown_company(request, SEE)
    lines = lines_of(forecast(viewer, company.pk, today), viewer, company.pk)
    ours = [line for line in lines if not line.turn.looks_back]
    staffed = staffed_on(viewer, company.pk, today)
    context = surroundings(request, TAB) | {"company": company, "companies": companies, "today": today}
    context |= {"lines": ours, "others": [line for line in lines if line.turn.looks_back], **months_of(ours, today)}
    context["row_told"] = [words(one, _) for one in next_told(staffed)] if staffed else []
    return show(request, "office/clauses/ahead.html", context)

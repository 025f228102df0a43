"""限值与能力: limits of the edition of GA 1383 that a company holds beside what was measured, heading by heading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.limit_lines import Compared, Line, judged_lines, line_of
from lianjing.domain.compliance.limit_list import capability_rows, limit_rows, other_rows
from lianjing.domain.compliance.limits_known import compared
from lianjing.domain.compliance.models import CapabilityFact, ServiceLimit
from lianjing.terms.alarm_service import ASKED_HEADINGS, ServiceHeading
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Confidence
from lianjing.web.clause_items import joined
from lianjing.web.office import service_limit_words as told
from lianjing.web.office.clause_view import Mark, mark_of
from lianjing.web.office.company_choosing import Chosen, chosen
from lianjing.web.office.history import history
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show
from lianjing.web.words import label

TAB = "service_limits"
SEE, EDIT, EQUIPMENT = "compliance.see", "compliance.settings", "facilities.see"
HISTORY_OF = 30
"""Rows whose history is told: those that were entered last."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A limit with what was measured; `sign` and `tone` say how it stands."""

    row: ServiceLimit
    measure: str
    limit: str
    measured: str
    margin: str
    why: str
    sign: str
    tone: str
    source: str
    doubt: str
    days: str


@dataclass(frozen=True, slots=True)
class Heading:
    number: str
    words: str
    is_asked: bool
    limits: list[Shown]
    add_href: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two clauses with its headings."""

    clause: str
    words: str
    mark: Mark
    sentence: str
    headings: list[Heading]


@needs(SEE)
@require_safe
@says_when_none(TAB)
def service_limits(request: HttpRequest) -> HttpResponse:
    viewer, what = viewer_of(request), chosen(request)
    company_id = what.company.pk
    limits = limit_rows(viewer, company_id, what.on, what.known)
    capabilities = capability_rows(viewer, company_id, what.on, what.known)
    parts = [_part(viewer, what, clause, limits) for clause in ASKED_HEADINGS]
    others = other_rows(viewer, company_id, what.on, what.known)
    context = surroundings(request, TAB) | what.context()
    context["may_keep"] = viewer.scope(EDIT).holds(company_id) and what.known is None
    context |= {"parts": [part for part, _facts in parts], "window": parts[0][1]}
    context |= {"capabilities": _capabilities(capabilities)}
    context["may_see_equipment"] = viewer.scope(EQUIPMENT).holds(company_id)
    context |= {"others": [(one, told.title_of(one), told.source_words(one)) for one in others]}
    context["history"] = history(viewer, _subjects(limits, others, capabilities), SEE)
    return show(request, "office/service_limits.html", context)


def _part(viewer: Viewer, what: Chosen, clause: str, rows: Sequence[ServiceLimit]) -> tuple[Part, Compared]:
    facts = compared(viewer, what.company.pk, what.on, what.known, clause)
    judgement, lines = judged_lines(facts), {one.id: line_of(one, facts) for one in facts.limits}
    headings = [
        _heading(one, [_shown(row, lines[row.pk]) for row in rows if row.heading == one and row.pk in lines], what)
        for one in ServiceHeading
        if one.clause == clause
    ]
    shown = [one for one in headings if one.limits or one.is_asked]
    title = _("4.3 服务") if clause == "4.3" else _("7 设施设备")
    sentence = joined([words(one, _) for one in judgement.sentences])
    return Part(clause, title, mark_of(judgement.verdict), sentence, shown), facts


def _heading(heading: ServiceHeading, limits: list[Shown], what: Chosen) -> Heading:
    href = reverse("office:service_limit_add", args=[what.company.pk]) + f"?heading={heading.value}"
    is_asked = heading in ASKED_HEADINGS[heading.clause]
    return Heading(heading.value, label(ServiceHeading, heading.value), is_asked, limits, href)


def _shown(row: ServiceLimit, line: Line) -> Shown:
    sign, tone = {True: ("✓", "tone-ok"), False: ("✕", "tone-bad"), None: ("?", "tone-odd")}[line.kept]
    if row.limit is None:
        sign, tone = "–", "faint"
    unread = row.confidence != Confidence.READ.value
    return Shown(
        row,
        told.measure_words(row) if row.limit is not None else "",
        told.limit_words(row),
        told.figure_words(line.shown(line.measured), row.unit),
        told.margin_words(line),
        _(line.why) if line.why else "",
        sign,
        tone,
        told.source_words(row),
        label(Confidence, row.confidence) if unread else "",
        told.days_of(row.valid_from, row.valid_until),
    )


def _capabilities(rows: Iterable[CapabilityFact]) -> list[tuple[CapabilityFact, str, str]]:
    return [(one, told.heading_words(one.heading), told.figure_words(one.figure, one.unit)) for one in rows]


def _subjects(
    limits: Iterable[ServiceLimit], others: Iterable[ServiceLimit], capabilities: Iterable[CapabilityFact]
) -> list[tuple[str, object]]:
    rows: list[tuple[Any, str, int]] = [
        *((one.retracted_at or one.recorded_at, "servicelimit", one.pk) for one in (*limits, *others)),
        *((one.recorded_at, "capabilityfact", one.pk) for one in capabilities),
    ]
    return [(kind, pk) for _at, kind, pk in sorted(rows, reverse=True)[:HISTORY_OF]]


def href_of(company_id: int, on: date | None = None) -> str:
    day = f"&on={on}" if on else ""
    return f"{reverse('office:service_limits')}?company={company_id}{day}"

"""服务场地: places of a company with what counts on a day, one place with its records and curves, the values of one
quantity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.compliance.registry import rules
from lianjing.domain.compliance.room_lines import RoomLine, room_lines
from lianjing.domain.compliance.sharing import one_sweep
from lianjing.domain.facilities.measured_list import limits_on, values_of, year_of_values
from lianjing.domain.facilities.models import Measurement, Place, PlaceFact
from lianjing.domain.facilities.place_list import (
    fact_by_id,
    facts_of,
    file_by_id,
    files_of,
    kept_file_of,
    place_by_id,
    places_on,
)
from lianjing.domain.facilities.policy import EDIT, SEE, fact_kinds_of, plain_figure
from lianjing.domain.facilities.premises_known import fact_known, limits_of, premises_on
from lianjing.domain.facilities.quantities import QUANTITIES, Bounds, Quantity, quantities_of
from lianjing.domain.facilities.standing import LimitLine, PremisesKnown
from lianjing.domain.findings.queries import findings_of_source
from lianjing.terms.facilities import PlaceFactKind, PlaceKind
from lianjing.terms.findings import FindingSource
from lianjing.terms.sentences import words
from lianjing.web.acting import found
from lianjing.web.clause_items import joined
from lianjing.web.file_sending import kept_file
from lianjing.web.office import premises_words as told
from lianjing.web.office.company_choosing import Chosen, chosen
from lianjing.web.office.finding_words import clause_href, grade_words, state_words
from lianjing.web.office.history import history
from lianjing.web.office.measured_chart import chart
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.police_reading import reads
from lianjing.web.verdict_marks import mark_of
from lianjing.web.words import label

TAB = "premises"
CLAUSES = ("6.1", "6.2", "6.3")
HISTORY_OF = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """A quantity of a room with its value and limit, in words."""

    place_id: int
    place: str
    code: str
    quantity: str
    value: str
    measured_on: date | None
    valid_until: date | None
    limit: str
    source: str
    doubt: str
    sign: str
    tone: str
    words: str
    is_missing: bool


@needs(SEE)
@require_safe
@says_when_none(TAB)
def premises(request: HttpRequest) -> HttpResponse:
    viewer, what = viewer_of(request), chosen(request)
    company_id = what.company.pk
    known = premises_on(viewer, company_id, what.on, what.known)
    lines = [_shown(line) for line in room_lines(known)]
    context = surroundings(request, TAB) | what.context()
    context["may_keep"] = viewer.scope(EDIT).holds(company_id) and what.known is None
    with one_sweep():
        context |= {"clauses": [_clause(request, what, number) for number in CLAUSES]}
    context |= {"places": _places(places_on(viewer, company_id, what.on, what.known), lines, known)}
    context |= {"lines": sorted(lines, key=lambda one: ORDER.index(one.sign))}
    context |= {"own_limits": [_own(one) for one in limits_on(viewer, company_id, what.on, what.known)]}
    context |= {"table": _table()}
    return show(request, "office/premises/list.html", context)


ORDER = ("✕", "?", "◐", "✓", "–")
"""What has to be done comes first."""


def _clause(request: HttpRequest, what: Chosen, number: str) -> dict[str, Any]:
    rule = rules()[number]
    judgement = rule.judge(rule.facts(viewer_of(request), what.company.pk, what.on, what.known))
    sentence = joined([words(one, _) for one in judgement.sentences])
    href = clause_href(what.company.pk, number)
    return {"number": number, "mark": mark_of(judgement.verdict), "sentence": sentence, "href": href}


def _shown(line: RoomLine) -> Shown:
    bounds, value = line.bounds, line.value
    sign, tone, said = told.kept_mark(bounds, value.value if value else None)
    if value is None:
        sign, tone, said = "?", "soft", _("没有有效的测量值")
    elif line.kept and line.is_stale:
        sign, tone, said = "?", "soft", _("仪器已过校准有效期")
    return Shown(
        line.place.id,
        line.place.name,
        line.quantity.code,
        _(line.quantity.zh),
        f"{plain_figure(value.value)} {line.quantity.unit}" if value else "",
        value.valid_from if value else None,
        value.valid_until if value else None,
        told.bounds_words(bounds, line.quantity.unit),
        told.source_words(bounds),
        told.doubt_words(bounds),
        sign,
        tone,
        said,
        value is None,
    )


def _places(rows: Sequence[Place], lines: Sequence[Shown], known: PremisesKnown) -> list[dict[str, Any]]:
    """Centres with their rooms below them, then offices."""
    tops = [row for row in rows if row.centre_id is None]
    inside = {row.centre_id for row in rows}
    shown = {row.first_id or row.pk for row in tops}
    ordered = [
        one for top in tops for one in (top, *(row for row in rows if row.centre_id == (top.first_id or top.pk)))
    ]
    ordered += [row for row in rows if row.centre_id is not None and row.centre_id not in shown]
    return [_place_line(row, lines, known) | {"has_rooms": (row.first_id or row.pk) in inside} for row in ordered]


def _place_line(row: Place, lines: Sequence[Shown], known: PremisesKnown) -> dict[str, Any]:
    pk = row.first_id or row.pk
    mine = [one for one in lines if one.place_id == pk]
    counts = {"out": "✕", "missing": "?", "odd": "◐", "good": "✓"}
    facts = [one for one in known.facts if one.place_id == pk]
    return {
        "row": row,
        "id": pk,
        "kind": label(PlaceKind, row.kind),
        "area": plain_figure(row.area_m2) if row.area_m2 is not None else "",
        "is_drawn": pk in known.drawn,
        "lacking": sum(not one.is_good or not one.counts for one in facts),
        "facts": len(facts),
        **{name: sum(one.sign == sign for one in mine) for name, sign in counts.items()},
    }


def _own(row: Any) -> dict[str, Any]:
    bounds = Bounds(row.low, row.high, row.edition, row.source_clause, row.confidence, is_own=True)
    quantity = QUANTITIES[row.quantity]
    return {
        "row": row,
        "quantity": _(quantity.zh),
        "kind": label(PlaceKind, row.place_kind),
        "limit": told.bounds_words(bounds, quantity.unit),
        "days": told.days_of(row.valid_from, row.valid_until),
    }


def _table() -> list[dict[str, Any]]:
    """The limits that come with the product, each with its source."""
    return [
        {
            "quantity": _(quantity.zh),
            "kind": label(PlaceKind, kind.value),
            "limit": told.bounds_words(bounds, quantity.unit),
            "source": told.source_words(bounds),
            "doubt": told.doubt_words(bounds),
        }
        for quantity in QUANTITIES.values()
        for kind in quantity.kinds
        if (bounds := quantity.bounds.get(kind)) or kind == quantity.kinds[0]
    ]


@needs(SEE)
@require_safe
def place(request: HttpRequest, place_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(place_by_id(viewer, place_id))
    reads(request, [row.company_id])
    today = timezone.localdate()
    kind, known = PlaceKind(row.kind), premises_on(viewer, row.company_id, today)
    facts, others = facts_of(viewer, place_id, today)
    files = files_of(viewer, place_id)
    context = surroundings(request, TAB) | {"place": row, "place_id": place_id, "company": row.company}
    context |= {"kind": label(PlaceKind, row.kind), "days": told.days_of(row.valid_from, row.valid_until)}
    context |= {"may_edit": viewer.scope(EDIT).holds(row.company_id)}
    context |= {"address": row.address or (row.centre.address if row.centre else "")}
    context |= {"area": plain_figure(row.area_m2) if row.area_m2 is not None else ""}
    context |= {
        "may_record": bool(fact_kinds_of(kind)),
        "parts": _parts(kind, facts),
        "others": [_fact(one) for one in others],
    }
    context |= {"cards": _cards(request, row, place_id, known)}
    context |= {"files": files, "findings": _findings(request, row, place_id)}
    context["history"] = history(viewer, _subjects(place_id, facts, others, files), SEE)
    return show(request, "office/premises/place.html", context)


def _parts(kind: PlaceKind, facts: Sequence[PlaceFact]) -> list[dict[str, Any]]:
    """What must be on record of a centre, clause by clause, and what is; of a room only what is."""
    there = {one.kind: _fact(one) for one in facts}
    titles = {"6.1": _("与办公场所隔离"), "6.2": _("自身防范"), "6.3": _("检测与设施")}
    wanted = [one for one in fact_kinds_of(kind) if not kind.is_room or one.value in there]
    parts = [
        {"clause": clause, "title": title, "rows": [_asked(one, there) for one in wanted if one.clause == clause]}
        for clause, title in titles.items()
    ]
    return [part for part in parts if part["rows"]]


def _asked(kind: PlaceFactKind, there: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"kind": kind.value, "words": label(PlaceFactKind, kind.value), "fact": there.get(kind.value)}


def _fact(row: PlaceFact) -> dict[str, Any]:
    standing, sign, tone = told.fact_mark(fact_known(row))
    return {
        "row": row,
        "words": label(PlaceFactKind, row.kind),
        "standing": standing,
        "sign": sign,
        "tone": tone,
    }


def _cards(request: HttpRequest, row: Place, place_id: int, known: PremisesKnown) -> list[dict[str, Any]]:
    """One for each quantity: how it stands, and the year as a picture."""
    kind, company_id = PlaceKind(row.kind), row.company_id
    lines = {one.quantity.code: _shown(one) for one in room_lines(known) if one.place.id == place_id}
    viewer = viewer_of(request)
    year, own = year_of_values(viewer, place_id, known.on), limits_of(viewer, company_id)
    return [
        {
            "code": quantity.code,
            "words": _(quantity.zh),
            "unit": quantity.unit,
            "line": lines.get(quantity.code),
            "chart": chart(year.get(quantity.code, []), LimitLine(quantity.code, kind, own), known.on),
            "limit": told.bounds_words(known.bounds(quantity.code, kind), quantity.unit),
            "source": told.source_words(known.bounds(quantity.code, kind)),
            "doubt": told.doubt_words(known.bounds(quantity.code, kind)),
        }
        for quantity in quantities_of(kind)
    ]


def _findings(request: HttpRequest, row: Place, place_id: int) -> list[dict[str, Any]]:
    viewer = viewer_of(request)
    rows = findings_of_source(viewer, row.company_id, FindingSource.PREMISES.value, str(place_id))
    return [{"row": one, "grade": grade_words(one), "state": state_words(one)} for one in rows[:20]]


def _subjects(
    place_id: int, facts: Sequence[PlaceFact], others: Sequence[PlaceFact], files: Sequence[Any]
) -> list[tuple[str, object]]:
    rows = [("placefact", one.pk) for one in (*facts, *others)] + [("placefile", one.pk) for one in files]
    return [("place", place_id), *rows[:HISTORY_OF]]


@needs(SEE)
@require_safe
def measured(request: HttpRequest, place_id: int, code: str) -> HttpResponse:
    """All values of one quantity of a place, the newest first, with the year as a picture."""
    viewer = viewer_of(request)
    row = found(place_by_id(viewer, place_id))
    quantity = found(QUANTITIES.get(code))
    if row.kind not in quantity.kinds:
        raise Http404
    reads(request, [row.company_id])
    today = timezone.localdate()
    line = LimitLine(code, PlaceKind(row.kind), limits_of(viewer, row.company_id, code))
    bounds = line.on(today)
    values = values_of(viewer, place_id, code, after=asked_id(request), limit=PAGE + 1)
    year = year_of_values(viewer, place_id, today).get(code, [])
    context = surroundings(request, TAB) | {"place": row, "place_id": place_id, "quantity": quantity}
    context |= {"words": _(quantity.zh), "code": code, "chart": chart(year, line, today), "unit": quantity.unit}
    context |= {"limit": told.bounds_words(bounds, quantity.unit), "source": told.source_words(bounds)}
    context |= {"doubt": told.doubt_words(bounds), "may_edit": viewer.scope(EDIT).holds(row.company_id)}
    context |= {"rows": [_value_row(one, quantity, line, bounds) for one in values[:PAGE]]}
    context |= pager(request, values[PAGE - 1].pk if len(values) > PAGE else None)
    context["history"] = history(viewer, [("measurement", one.pk) for one in values[:HISTORY_OF]], SEE)
    return show(request, "office/premises/quantity.html", context)


def _value_row(row: Measurement, quantity: Quantity, line: LimitLine, now: Bounds | None) -> dict[str, Any]:
    """Judged by the limit of its own day, which is named where it is another than today's."""
    bounds = line.on(row.valid_from) if row.valid_from else now
    sign, tone, said = told.kept_mark(bounds, row.value)
    value = f"{plain_figure(row.value)} {quantity.unit}"
    late = row.calibrated_until is not None and row.valid_from is not None and row.calibrated_until < row.valid_from
    read = row.as_read if row.as_read != value else ""
    then = "" if bounds == now else _limit_then(bounds, quantity)
    told_of = {"sign": sign, "tone": tone, "words": said, "late": late, "then": then}
    return {"row": row, "value": value, "as_read": read, **told_of}


def _limit_then(bounds: Bounds | None, quantity: Quantity) -> str:
    parts = (told.bounds_words(bounds, quantity.unit), told.source_words(bounds), told.doubt_words(bounds))
    return _("当时的限值：%(limit)s") % {"limit": " ".join(part for part in parts if part)}


@needs(SEE)
@require_safe
def fact_file(request: HttpRequest, place_fact_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(fact_by_id(viewer, place_fact_id))
    return kept_file(kept_file_of(viewer, row), f"{row.place.name}-{label(PlaceFactKind, row.kind)}")


@needs(SEE)
@require_safe
def place_file(request: HttpRequest, place_file_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    row = found(file_by_id(viewer, place_file_id))
    return kept_file(kept_file_of(viewer, row), f"{row.place.name}-{row.title}")


def href_of(company_id: int) -> str:
    return f"{reverse('office:premises')}?company={company_id}"

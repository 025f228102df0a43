"""装备台账: the list with what is due, one piece with its papers and its life, and the register as a workbook."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.core.workbooks.writing import Form
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.limit_list import capabilities_of
from lianjing.domain.facilities.actions.equipment_sheet import export_equipment
from lianjing.domain.facilities.equipment_list import (
    TABS,
    EquipmentLine,
    EquipmentWanted,
    certificates_of,
    equipment_by_id,
    equipment_counts,
    equipment_lines,
    kept_certificate,
    maintenances_of,
    needs_of,
    places_of,
)
from lianjing.domain.facilities.equipment_policy import EDIT, SEE
from lianjing.domain.facilities.models import CertificateNeed, Equipment, EquipmentCertificate
from lianjing.terms.equipment import CertificateKind, EquipmentKind, EquipmentState, MaintenanceResult
from lianjing.web.acting import doors, found, who
from lianjing.web.file_sending import kept_file, workbook
from lianjing.web.office.filters import bar, choice, company_choice, company_id, text_of
from lianjing.web.office.history import history
from lianjing.web.office.inventory_line import life_line
from lianjing.web.office.inventory_words import TAB_WORDS, end_words, months_words, place_words, state_words
from lianjing.web.office.service_limit_words import figure_words, heading_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import label

TAB = "inventory"
CAPABILITIES = "compliance.see"


@needs(SEE)
@require_safe
def inventory(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    company = company_choice(request)
    places = dict(places_of(viewer, company_id(company)))
    choices = _choices(request, places)
    wanted = _wanted(request, company_id(company), choices)
    lines = equipment_lines(viewer, wanted, today, after=asked_id(request), limit=PAGE + 1)
    counts = equipment_counts(viewer, today, wanted.company_id)
    context = surroundings(request, TAB) | bar(
        request, _("编号、名称、型号、序列号、号牌"), [*choices.values(), company]
    )
    context |= {
        "rows": [_row(line, places) for line in lines[:PAGE]],
        **pager(request, lines[PAGE - 1].piece.pk if len(lines) > PAGE else None),
        "tabs": [_tab(request, name, counts[name or "all"]) for name in TABS],
        "shown_tab": wanted.tab,
        "is_empty": not counts["all"],
        "several_companies": company is not None,
        "editing": companies_with(viewer, EDIT),
    }
    return show(request, "office/inventory/list.html", context)


def _choices(request: HttpRequest, named: dict[int, str]) -> dict[str, Any]:
    kinds = [(one.value, label(EquipmentKind, one.value)) for one in EquipmentKind]
    states = [(one.value, label(EquipmentState, one.value)) for one in EquipmentState]
    places = [(str(pk), name) for pk, name in named.items()]
    return {
        "kind": choice(request, "kind", _("全部种类"), kinds),
        "place": choice(request, "place", _("全部场地"), places),
        "state": choice(request, "state", _("全部状态"), states),
    }


def _wanted(request: HttpRequest, company: int | None, choices: dict[str, Any]) -> EquipmentWanted:
    chosen = {name: one.chosen for name, one in choices.items()}
    asked = request.GET.get("tab", "")
    place = int(chosen["place"]) if chosen["place"] else None
    tab = asked if asked in TABS else ""
    return EquipmentWanted(tab, chosen["kind"], place, chosen["state"], text_of(request), company)


def _tab(request: HttpRequest, name: str, count: int) -> dict[str, Any]:
    loud = bool(count) and name in ("over", "missing")
    address = href(request, tab=name, after=None)
    return {"name": name, "words": TAB_WORDS[name], "count": count, "loud": loud, "href": address}


def _row(line: EquipmentLine, places: dict[int, str]) -> dict[str, Any]:
    piece = line.piece
    return {
        "piece": piece,
        "kind": label(EquipmentKind, piece.kind),
        "place": place_words(piece, places),
        "state": state_words(line.state),
        "ends": [end_words(end) for end in line.ends],
    }


@needs(SEE)
@require_safe
def equipment(request: HttpRequest, equipment_id: int) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    line = found(equipment_by_id(viewer, equipment_id, today))
    piece, maintenances = line.piece, maintenances_of(viewer, line.piece)
    papers = certificates_of(viewer, piece)
    context = surroundings(request, TAB) | _row(line, dict(places_of(viewer, piece.company_id)))
    context |= {
        "life": life_line(piece, maintenances, today),
        "life_words": months_words(piece.life_months),
        "cycle_words": months_words(piece.cycle_months),
        "certificates": [_paper(one) for one in papers],
        "lacking": [] if line.state != EquipmentState.IN_SERVICE else _lacking(viewer, piece, papers),
        "maintenances": [(one, label(MaintenanceResult, one.result)) for one in maintenances],
        "capabilities": _capabilities(viewer, piece),
        "may_keep": viewer.scope(EDIT).holds(piece.company_id),
        "may_enter_capability": viewer.scope("compliance.settings").holds(piece.company_id),
        "history": history(viewer, [("equipment", piece.pk)], SEE, limit=100),
    }
    return show(request, "office/inventory/piece.html", context)


def _paper(one: EquipmentCertificate) -> dict[str, Any]:
    today = timezone.localdate()
    is_over = one.valid_until is not None and one.valid_until < today
    return {"row": one, "kind": label(CertificateKind, one.kind), "is_over": is_over}


def _lacking(viewer: Viewer, piece: Equipment, papers: list[EquipmentCertificate]) -> list[tuple[CertificateNeed, str]]:
    """What the company has set for its kind, and it has not today."""
    today = timezone.localdate()
    held = {one.kind for one in papers if one.valid_until is None or one.valid_until >= today}
    wanted = [one for one in needs_of(viewer, piece.company_id) if one.kind == piece.kind]
    begun = [one for one in wanted if one.valid_from is None or one.valid_from <= today]
    return [(one, label(CertificateKind, one.certificate)) for one in begun if one.certificate not in held]


def _capabilities(viewer: Viewer, piece: Equipment) -> list[tuple[Any, str, str]]:
    if not viewer.scope(CAPABILITIES).holds(piece.company_id):
        return []
    rows = capabilities_of(viewer, piece.pk)
    return [(one, heading_words(one.heading), figure_words(one.figure, one.unit)) for one in rows]


@needs(SEE)
@require_safe
def certificate_scan(request: HttpRequest, equipment_id: int, certificate_id: int) -> HttpResponse:
    one, kept = found(kept_certificate(viewer_of(request), equipment_id, certificate_id))
    return kept_file(kept, one.number)


@needs(EDIT)
@require_safe
def export(request: HttpRequest, company_id: int) -> HttpResponse:
    """The whole register of a company, as an import reads it back; that it went out is recorded."""
    company = one_of(companies_with(viewer_of(request), EDIT), company_id)
    into = BytesIO()
    with doors():
        export_equipment(company.pk, into, Form(labels=True), **who(request))
    day = timezone.localdate().isoformat()
    return workbook(into, _("%(company)s 装备台账 %(day)s.xlsx") % {"company": company.name, "day": day})


def href_of(piece: Equipment) -> str:
    return reverse("office:equipment", args=[piece.pk])

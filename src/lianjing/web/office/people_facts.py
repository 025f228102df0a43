"""A fact of a person's file: added, corrected, taken back, and its scan."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.people.fact_kinds import SPECS, Spec
from lianjing.domain.people.facts import correct_fact, record_fact, retract_fact
from lianjing.domain.people.models import StaffFact, StaffMember
from lianjing.domain.people.staff_facts import member_by_id
from lianjing.domain.people.staff_page import fact_by_id, latest_of_kind, scan_of_fact
from lianjing.terms.staffing import StaffFactKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.file_sending import kept_file
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.effects import PLACES, asks_anew, of_fact
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.people import TAB
from lianjing.web.office.people_editing import staff_href
from lianjing.web.office.people_forms import FactForm, initial_of
from lianjing.web.office.people_words import clause_words, fact_row, kind_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import asked_id

COUNTS = frozenset({StaffFactKind.GUARD_CERTIFICATE, StaffFactKind.HEALTH, *PLACES})
"""Whoever lets these end no longer counts in table 1; by the last two he begins to."""
DERIVED = frozenset({StaffFactKind.IDENTITY})
"""Follows from the identity number, and is corrected by correcting that."""


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, member_id: int) -> HttpResponse:
    """`?kind=`: what is recorded; without it, the choice of kinds. `?from=`: the fact that the new one follows."""
    member, spec = _member(request, member_id), _spec(request.GET.get("kind", ""))
    if spec is None:
        return _choose(request, member)
    form = FactForm(spec, *_sent(request), initial=_initial(request, member, spec))
    if request.method == "POST" and submitted(
        form, lambda _values: record_fact(member_id, form.new_fact(), form.scan(), **who(request))
    ):
        return done(request, _back(member_id, spec), _("%(kind)s已登记。") % {"kind": kind_words(spec.kind.value)})
    title = _("登记%(kind)s：%(name)s") % {"kind": kind_words(spec.kind.value), "name": member.name}
    lead = _lead(spec) if not spec.single else _lead(spec) + _("同一天只能有一条：新的一条从起始日起接替原来的。")
    page = FormPage(TAB, title, _("登记"), _back(member_id, spec), lead)
    if spec.kind not in COUNTS:
        return show_form(request, page, form)
    decides = {"value", "valid_from", "valid_until"} if spec.kind in PLACES else {"valid_until"}
    asks_anew(request, form, *(name for name in form.fields if name in decides), query=f"kind={spec.kind.value}")
    told = of_fact(request, member, spec.kind)
    return show_form(request, replace(page, template="office/clauses/form_with_effect.html"), form, told)


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, fact_id: int) -> HttpResponse:
    fact = _standing(request, fact_id)
    spec = SPECS[StaffFactKind(fact.kind)]
    form = FactForm(spec, *_sent(request), corrects=True, initial=initial_of(fact, follows=False))

    def act(values: dict[str, Any]) -> None:
        correct_fact(fact_id, form.new_fact(), values["reason"], form.scan(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _back(fact.member_id, spec), _("已更正，原来的记录仍可查看。"))
    title = _("更正%(kind)s：%(name)s") % {"kind": kind_words(fact.kind), "name": fact.member.name}
    lead = _("记录不改写：原来的一条标为撤回，更正后的另记一条。不选文件时沿用原扫描件。")
    return show_form(request, FormPage(TAB, title, _("更正"), _back(fact.member_id, spec), lead), form)


@needs("people.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def retract(request: HttpRequest, fact_id: int) -> HttpResponse:
    fact = _standing(request, fact_id)
    spec = SPECS[StaffFactKind(fact.kind)]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: retract_fact(fact_id, values["reason"], **who(request))
    ):
        return done(request, _back(fact.member_id, spec), _("已撤回，记录仍可查看。"))
    row = fact_row(fact, fact.recorded_at.date())
    title = _("撤回%(kind)s：%(name)s") % {"kind": kind_words(fact.kind), "name": fact.member.name}
    lead = _("%(what)s，%(term)s。撤回后对任何一天都不再算数；记错的请用“更正”。")
    told = lead % {"what": " · ".join(filter(None, (row.what, row.more))), "term": row.term}
    return show_form(request, FormPage(TAB, title, _("撤回"), _back(fact.member_id, spec), told), form)


@needs("people.files")
@require_safe
def scan(request: HttpRequest, fact_id: int) -> HttpResponse:
    """The file itself, never shown inside our pages. One that is not what was kept says so in its name."""
    fact = found(fact_by_id(viewer_of(request), fact_id))
    return kept_file(scan_of_fact(viewer_of(request), fact), f"{fact.member.staff_no}-{kind_words(fact.kind)}")


def _choose(request: HttpRequest, member: StaffMember) -> HttpResponse:
    href = reverse("office:fact_add", args=[member.pk])
    kinds = [
        {"words": kind_words(kind.value), "href": f"{href}?kind={kind.value}", "clause": clause_words(spec.basis)}
        for kind, spec in SPECS.items()
        if kind not in DERIVED
    ]
    return show(request, "office/fact_kinds.html", surroundings(request, TAB) | {"member": member, "kinds": kinds})


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _initial(request: HttpRequest, member: StaffMember, spec: Spec) -> dict[str, Any]:
    asked = asked_id(request, "from")
    fact = fact_by_id(viewer_of(request), asked) if asked else None
    if fact is None or fact.member_id != member.pk or fact.kind != spec.kind:
        latest = latest_of_kind(viewer_of(request), member.pk, spec.kind) if asked else None
        return initial_of(latest, follows=True) if latest else {}
    return initial_of(fact, follows=True)


def _lead(spec: Spec) -> str:
    return _("依据：%(clause)s。") % {"clause": clause_words(spec.basis)} if spec.basis else ""


def _spec(kind: str) -> Spec | None:
    found_kind = StaffFactKind.of(kind)
    return SPECS[StaffFactKind(kind)] if found_kind is not None and kind not in DERIVED else None


def _member(request: HttpRequest, member_id: int) -> StaffMember:
    member = found(member_by_id(viewer_of(request), member_id))
    if not viewer_of(request).scope("people.files").holds(member.company_id):
        raise Http404
    return member


def _standing(request: HttpRequest, fact_id: int) -> StaffFact:
    """What can still be corrected or taken back."""
    fact = found(fact_by_id(viewer_of(request), fact_id))
    if fact.retracted_at is not None or fact.kind in DERIVED:
        raise Http404
    return fact


def _back(member_id: int, spec: Spec) -> str:
    return f"{staff_href(member_id)}#{spec.kind.value}"

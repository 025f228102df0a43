"""Entering a document, writing its editions, the standards that the specification refers to, and what is over its
time."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.catalogue import Standard, catalogue
from lianjing.domain.documents.actions import add_document, change_draft, draft_edition
from lianjing.domain.documents.document_list import ERASABLE_SHOWN, erasable, numbers_held, periods
from lianjing.domain.documents.keeping import erase_edition, set_period
from lianjing.domain.documents.models import Document
from lianjing.domain.documents.permissions import may_move, standing_of
from lianjing.domain.documents.policy import APPROVE, EDIT, PERIODS, SEE, normal_number, refusal
from lianjing.domain.documents.queries import document_by_id, document_page, edition_by_id
from lianjing.domain.findings.queries import owner_offers
from lianjing.terms.documents import DocumentKind
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.document_forms import NewDocumentForm, PeriodForm, ReasonForm, WordingForm, wording_of
from lianjing.web.office.document_moves import TAB
from lianjing.web.office.document_words import kind_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of, shown_company
from lianjing.web.pages import show
from lianjing.web.standard_words import confidence_words

FORM = "office/documents/form.html"


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    """A document by hand; `?standard=` offers one that the specification refers to."""
    viewer = viewer_of(request)
    company = one_of(companies_with(viewer, EDIT), company_id)
    beginning = {"kind": request.GET.get("kind", ""), "cycle_months": 12, **_standard(request.GET.get("standard", ""))}
    form = NewDocumentForm(company.pk, viewer, *_sent(request), initial=beginning)
    made: list[Document] = []

    def act(_told: dict[str, Any]) -> None:
        made.append(add_document(company.pk, form.new(), form.wording(), form.paper(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, reverse("office:document", args=[made[0].pk]), _("文件已登记，等送审。"))
    page = FormPage(
        TAB, _("登记文件：%(name)s") % {"name": company.name}, _("登记"), reverse("office:documents"), "", FORM
    )
    return show_form(request, page, form, {"people": owner_offers(viewer, company.pk, timezone.localdate())})


def _standard(cited: str) -> dict[str, str]:
    one = catalogue().standards.get(cited)
    if one is None:
        return {}
    told = {"kind": DocumentKind.EXTERNAL.value, "number": _edition_of(one), "title": one.name}
    return told | {"label": _edition_of(one).rpartition("-")[2], "summary": one.note}


def _edition_of(one: Standard) -> str:
    return one.in_use or one.cited


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add_edition(request: HttpRequest, document_id: int) -> HttpResponse:
    """Another edition, beginning with what the newest one says."""
    viewer = viewer_of(request)
    page = found(document_page(viewer, document_id, timezone.localdate()))
    if not viewer.scope(EDIT).holds(page.document.company_id):
        raise PermissionDenied
    last = page.in_force or (page.editions[0] if page.editions else None)
    beginning = wording_of(last.edition) | {"label": "", "change_note": ""} if last else {}
    form = WordingForm(*_sent(request), initial=beginning)

    def act(_told: dict[str, Any]) -> object:
        return draft_edition(document_id, form.wording(), form.paper(), **who(request))

    href = reverse("office:document", args=[document_id])
    if request.method == "POST" and submitted(form, act):
        return done(request, href, _("新版已起草，等送审。"))
    title = _("起草新版：%(number)s") % {"number": page.document.number}
    return show_form(request, FormPage(TAB, title, _("保存草稿"), href, "", FORM), form, {"document": page.document})


@needs(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, edition_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    edition = found(edition_by_id(viewer, edition_id))
    if not may_move(viewer, "change", edition.company_id):
        raise PermissionDenied
    href = reverse("office:document", args=[edition.document_id])
    why_not = refusal("change", standing_of(viewer, edition))
    if why_not:
        return refused(request, href, Refused("", why_not))
    form = WordingForm(*_sent(request), initial=wording_of(edition))

    def act(_told: dict[str, Any]) -> object:
        return change_draft(edition_id, form.wording(), form.paper(), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href, _("草稿已保存。"))
    title = _("修改草稿：%(number)s %(label)s") % {"number": edition.document.number, "label": edition.label}
    more = {"document": edition.document, "kept_file": edition.file_name}
    return show_form(request, FormPage(TAB, title, _("保存草稿"), href, "", FORM), form, more)


@needs(SEE)
@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    """The nineteen of clause 2, and which of them are registered; `?company=`."""
    viewer, today = viewer_of(request), timezone.localdate()
    company, mine = shown_company(request, SEE)
    held = {normal_number(number) for number in numbers_held(viewer, company.pk)}
    rows = [
        {
            "one": one,
            "edition": _edition_of(one),
            "confidence": confidence_words(one.confidence),
            "is_held": any(normal_number(number) in held for number in (one.cited, one.newest, one.right) if number),
            "successor": one.successor if one.is_superseded(today) else "",
            "has_successor": bool(one.successor) and normal_number(one.successor) in held,
        }
        for one in catalogue().referenced
    ]
    context = surroundings(request, TAB) | {"company": company, "companies": mine, "rows": rows}
    context |= {"may_edit": viewer.scope(EDIT).holds(company.pk), "missing": sum(not row["is_held"] for row in rows)}
    return show(request, "office/documents/standards.html", context)


@needs(SEE)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """How long editions of each kind are kept, and what is over its time; `?company=`."""
    viewer = viewer_of(request)
    company, mine = shown_company(request, SEE)
    told = periods(viewer, company.pk)
    context = surroundings(request, TAB) | {
        "company": company,
        "companies": mine,
        "periods": [
            {
                "kind": kind,
                "words": kind_words(kind),
                "row": row,
                "months": row.months if row else PERIODS[DocumentKind(kind)],
            }
            for kind, row in told.items()
        ],
        "rows": erasable(viewer, company.pk, timezone.localdate()),
        "shown_at_most": ERASABLE_SHOWN,
        "may_approve": viewer.scope(APPROVE).holds(company.pk),
    }
    return show(request, "office/documents/retention.html", context)


def _retention(company_id: int) -> str:
    return f"{reverse('office:documents_retention')}?company={company_id}"


@needs(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def period(request: HttpRequest, company_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    company = one_of(companies_with(viewer, APPROVE), company_id)
    kind = DocumentKind.of(request.GET.get("kind", "")) or DocumentKind.MANAGEMENT
    row = periods(viewer, company.pk)[kind.value]
    beginning = {"kind": kind.value, "months": row.months if row else PERIODS[kind], "basis": row.basis if row else ""}
    form = PeriodForm(request.POST or None, initial=beginning)

    def act(told: dict[str, Any]) -> object:
        return set_period(company.pk, told["kind"], told["months"], told["basis"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _retention(company.pk), _("保存期限已设置。"))
    page = FormPage(TAB, _("设置保存期限"), _("保存"), _retention(company.pk))
    return show_form(request, page, form)


@needs(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Cannot be undone: it is asked once more, with a reason."""
    viewer = viewer_of(request)
    edition = found(edition_by_id(viewer, edition_id))
    document = found(document_by_id(viewer, edition.document_id))
    if not viewer.scope(APPROVE).holds(document.company_id):
        raise PermissionDenied
    form = ReasonForm(document, viewer, request.POST if request.method == "POST" else None)

    def act(told: dict[str, Any]) -> object:
        return erase_edition(edition_id, told["reason"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _retention(document.company_id), _("已销毁；校验值和记录留存。"))
    title = _("期满销毁：%(number)s %(label)s") % {"number": document.number, "label": edition.label}
    lead = _("正文和附件从本系统删除，不能恢复；校验值和全部记录留存。备份按备份的期限消失。")
    page = FormPage(TAB, title, _("销毁"), _retention(document.company_id), lead, FORM)
    return show_form(request, page, form, {"document": document})

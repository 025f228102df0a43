"""Submitting evidence, changing and renewing it; accepting, rejecting and withdrawing."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.compliance.evidence_list import EvidenceLine, evidence_by_id
from lianjing.domain.compliance.evidencing import (
    REVIEW,
    SUBMIT,
    accept_evidence,
    reject_evidence,
    replace_evidence,
    submit_evidence,
    withdraw_evidence,
)
from lianjing.domain.compliance.models import Evidence
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.evidence import TAB, may_of
from lianjing.web.office.evidence_form import EvidenceForm, Options, initial_of
from lianjing.web.office.evidence_words import clause_options
from lianjing.web.office.forms import ReasonForm
from lianjing.web.office.whose import one_of

TEMPLATE = "office/evidence/form.html"


@needs(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, company_id: int) -> HttpResponse:
    """`?clause=` chooses one, or several, beforehand."""
    company = one_of(companies_with(viewer_of(request), SUBMIT), company_id)
    options = clause_options(viewer_of(request), company_id)
    start = {
        "clauses": [one for one in request.GET.getlist("clause") if one in dict(options)],
        "valid_from": timezone.localdate(),
    }
    form = EvidenceForm(options, request.POST or None, request.FILES or None, initial=start)
    back = f"{reverse('office:evidence')}?company={company_id}"
    page = FormPage(TAB, _("提交证据：%(name)s") % {"name": company.name}, _("提交"), back, template=TEMPLATE)
    return _submitting(request, page, form, company_id)


@needs(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Another one that follows it: its clauses, and as many days behind its last."""
    line = _line(request, evidence_id, "may_renew")
    sent = (request.POST or None, request.FILES or None)
    form = EvidenceForm(_options(request, line), *sent, initial=_following(line))
    back = reverse("office:evidence_page", args=[evidence_id])
    lead = _("接在原证据之后；原来的一份在它自己的日期内仍然算数。")
    page = FormPage(TAB, _("续期：%(name)s") % {"name": line.row.title}, _("提交"), back, lead, TEMPLATE)
    return _submitting(request, page, form, line.row.company_id, renews=evidence_id)


def _submitting(
    request: HttpRequest, page: FormPage, form: EvidenceForm, company_id: int, renews: int | None = None
) -> HttpResponse:
    made: list[Evidence] = []

    def act(_values: dict[str, Any]) -> None:
        made.append(submit_evidence(company_id, form.new(), form.file(), renews, **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(made[0].pk), _("已提交，待另一人审核。"))
    return show_form(request, page, form)


def _options(request: HttpRequest, line: EvidenceLine) -> Options:
    return clause_options(viewer_of(request), line.row.company_id)


def _following(line: EvidenceLine) -> dict[str, Any]:
    row, start = line.row, initial_of(line.row, line.clauses)
    if row.valid_until is None or row.valid_from is None:
        return {**start, "valid_from": timezone.localdate(), "valid_until": None}
    begins = row.valid_until + timedelta(days=1)
    try:
        # The same days of another year, where it held for whole years; else as many days.
        years = begins.year - row.valid_from.year
        whole = row.valid_from.replace(year=row.valid_from.year + years) == begins
        until = begins.replace(year=begins.year + years) - timedelta(days=1) if whole and years else None
        until = until or begins + (row.valid_until - row.valid_from)
    except (ValueError, OverflowError):
        until = None
    return {**start, "valid_from": begins, "valid_until": until}


@needs(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, evidence_id: int) -> HttpResponse:
    line = _line(request, evidence_id, "may_change")
    sent = (request.POST or None, request.FILES or None)
    form = EvidenceForm(_options(request, line), *sent, has_file=True, initial=initial_of(line.row, line.clauses))
    made: list[Evidence] = []

    def act(_values: dict[str, Any]) -> None:
        made.append(replace_evidence(evidence_id, form.new(), form.file(), **who(request)))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(made[0].pk), _("已重交，待另一人审核；原来的一份留存。"))
    lead = _("不选文件：仍用原来的文件。")
    page = FormPage(TAB, _("修改：%(name)s") % {"name": line.row.title}, _("重交"), _href(evidence_id), lead, TEMPLATE)
    return show_form(request, page, form)


@needs(REVIEW)
@require_POST
def accept(request: HttpRequest, evidence_id: int) -> HttpResponse:
    _seen(request, evidence_id)
    try:
        with doors():
            accept_evidence(evidence_id, **who(request))
    except Refused as refusal:
        return refused(request, _href(evidence_id), refusal)
    return done(request, _href(evidence_id), _("已接受，从现在起在它的日期内算数。"))


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def reject(request: HttpRequest, evidence_id: int) -> HttpResponse:
    line = _line(request, evidence_id, "may_decide")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: reject_evidence(evidence_id, values["reason"], **who(request))
    ):
        return done(request, _href(evidence_id), _("已退回。"))
    lead = _("写明缺什么；提交人可以修改后重交。")
    page = FormPage(TAB, _("退回：%(name)s") % {"name": line.row.title}, _("退回"), _href(evidence_id), lead)
    return show_form(request, page, form)


@needs(SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, evidence_id: int) -> HttpResponse:
    line = _line(request, evidence_id, "may_withdraw")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and submitted(
        form, lambda values: withdraw_evidence(evidence_id, values["reason"], **who(request))
    ):
        return done(request, _href(evidence_id), _("已撤回，记录留存。"))
    lead = _("撤回后它在任何一天都不再算数，但仍留存。到期的不必撤回。")
    page = FormPage(TAB, _("撤回：%(name)s") % {"name": line.row.title}, _("撤回"), _href(evidence_id), lead)
    return show_form(request, page, form)


def _seen(request: HttpRequest, evidence_id: int) -> EvidenceLine:
    return found(evidence_by_id(viewer_of(request), evidence_id, timezone.localdate()))


def _line(request: HttpRequest, evidence_id: int, may: str) -> EvidenceLine:
    """The piece, when the viewer may do that with it; else 404."""
    line = _seen(request, evidence_id)
    if not may_of(viewer_of(request), line)[may]:
        raise Http404
    return line


def _href(evidence_id: int) -> str:
    return reverse("office:evidence_page", args=[evidence_id])

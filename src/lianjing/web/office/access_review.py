"""权限复核: every account of a company with its roles; a manager decides on each, signs, and takes what he marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.companies.company_standing import months_later
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.people.access_list import (
    REVIEWS_AT_MOST,
    AccountLine,
    account_lines,
    lines_to_withdraw,
    review_by_id,
    review_months,
    reviews_of,
)
from lianjing.domain.people.access_policy import MONTHS_AT_MOST, Decided
from lianjing.domain.people.access_reviewing import REVIEW, set_review_months, sign_access_review, withdraw_role
from lianjing.terms.staffing import AccessDecision
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, text
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of, says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.words import ROLES, label, word

TAB = "access_review"
DORMANT_DAYS = 90
"""Who has not signed on for so long is shown so: a question to ask, and no verdict."""


@dataclass(frozen=True, slots=True)
class Row:
    """One role of one account as the page shows it, with what was typed."""

    line: AccountLine
    role: str
    is_dormant: bool
    decision: str
    note: str
    problem: str = ""


@needs(REVIEW)
@require_safe
@says_when_none(TAB)
def access_review(request: HttpRequest) -> HttpResponse:
    company, mine = shown_company(request, REVIEW)
    viewer = viewer_of(request)
    reviews = list(reviews_of(viewer, company.pk)[: REVIEWS_AT_MOST + 1])
    months, origin = review_months(viewer, company)
    last = timezone.localdate(reviews[0].signed_at) if reviews else None
    due = months_later(last, months) if last else None
    context = surroundings(request, TAB) | {"company": company, "companies": mine, "months": months, "origin": origin}
    context |= {"reviews": reviews[:REVIEWS_AT_MOST], "last": last, "due": due, "today": timezone.localdate()}
    context |= {"rows": _rows(account_lines(viewer, company.pk), {}, {})}
    context["open_lines"] = [(one, word(ROLES, one.role)) for one in lines_to_withdraw(viewer, company.pk)]
    context["at_most"] = REVIEWS_AT_MOST
    return show(request, "office/access/review.html", context)


def _rows(lines: list[AccountLine], told: Mapping[int, Decided], problems: Mapping[str, str]) -> list[Row]:
    before = timezone.now() - timedelta(days=DORMANT_DAYS)
    return [
        Row(
            line,
            word(ROLES, line.role),
            line.last_sign_on_at is None or line.last_sign_on_at < before,
            told[line.id].decision if line.id in told else "",
            told[line.id].note if line.id in told else "",
            problems.get(f"note-{line.id}", ""),
        )
        for line in lines
    ]


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def review_new(request: HttpRequest, company_id: int) -> HttpResponse:
    """The list with a choice for each; what was typed stays when it was refused."""
    company = _company(request, company_id)
    lines = account_lines(viewer_of(request), company_id)
    told, note, refusal = _told(request), request.POST.get("note", ""), None
    if request.method == "POST":
        try:
            with doors():
                sign_access_review(company_id, told, note, **who(request))
            return done(request, _href(company_id), _("复核已签署。"))
        except Refused as one:
            refusal = one
    problems = {refusal.field: _(refusal.sentence) % refusal.figures} if refusal else {}
    on_line = any(name.startswith("note-") for name in problems)
    context = surroundings(request, TAB) | {"company": company, "rows": _rows(lines, told, problems), "note": note}
    context |= {"problem": "" if on_line else next(iter(problems.values()), ""), "has_problem": bool(problems)}
    context |= {"decisions": [(one.value, label(AccessDecision, one.value)) for one in AccessDecision]}
    context["back_href"] = _href(company_id)
    return show(request, "office/access/new.html", context, status=422 if refusal else 200)


def _told(request: HttpRequest) -> dict[int, Decided]:
    """`d-12=keep`, `note-12=…`: by membership."""
    found_ids = [name[2:] for name in request.POST if name.startswith("d-")]
    return {
        int(pk): Decided(request.POST.get(f"d-{pk}", ""), request.POST.get(f"note-{pk}", ""))
        for pk in found_ids
        if pk.isascii() and pk.isdigit() and len(pk) < 15
    }


@needs(REVIEW)
@require_safe
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """One that was signed, as it stood then."""
    one = found(review_by_id(viewer_of(request), review_id))
    lines = [
        (line, word(ROLES, line.role), label(AccessDecision, line.decision))
        for line in one.lines.order_by("-decision", "username", "role")
    ]
    context = surroundings(request, TAB) | {"review": one, "lines": lines, "back_href": _href(one.company_id)}
    return show(request, "office/access/signed.html", context)


@needs(REVIEW)
@require_POST
def role_withdraw(request: HttpRequest, line_id: int) -> HttpResponse:
    href = reverse("office:access_review")
    try:
        with doors():
            line = withdraw_role(line_id, **who(request))
    except Refused as refusal:
        return refused(request, href, refusal)
    said = _("已撤销 %(name)s 的角色：%(role)s。") % {"name": line.name, "role": word(ROLES, line.role)}
    return done(request, _href(line.review.company_id), said)


class MonthsForm(OfficeForm):
    """How often, and why."""

    months = forms.IntegerField(
        label=later("复核周期（月）"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={**NOT_FILLED, "invalid": later("请填整数。")},
    )
    origin = text(later("出处"), 200, lines=2, hint=later("如“某市公安局要求半年一次”。"))


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def months(request: HttpRequest, company_id: int) -> HttpResponse:
    company = _company(request, company_id)
    now, origin = review_months(viewer_of(request), company)
    form = MonthsForm(request.POST or None, initial={"months": now, "origin": origin})

    def act(values: dict[str, Any]) -> None:
        set_review_months(company_id, values["months"], values["origin"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(company_id), _("已保存。"))
    lead = _("法规没有写明周期，12 个月是本产品的读法；可设 1 至 %(most)d 个月。") % {"most": MONTHS_AT_MOST}
    page = FormPage(TAB, _("权限复核周期：%(name)s") % {"name": company.name}, _("保存"), _href(company_id), lead)
    return show_form(request, page, form)


def _company(request: HttpRequest, company_id: int) -> Company:
    return one_of(companies_with(viewer_of(request), REVIEW), company_id)


def _href(company_id: int) -> str:
    return f"{reverse('office:access_review')}?company={company_id}"

"""复盘: what waits to be looked back on, reviews of drills and cases, re-tests of what was revised."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.days import centre_day
from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import companies_with
from lianjing.domain.drills import looking_back
from lianjing.domain.drills.models import Drill, Review
from lianjing.domain.drills.policy import APPROVE, OWED, REVIEW, SEE
from lianjing.domain.drills.queries import held_since
from lianjing.domain.drills.review_list import (
    Progress,
    ToLookBack,
    cases_to_review,
    drills_to_review,
    improvement_of,
    incident_to_review,
    review_by_id,
    review_term,
    reviews,
    to_review_count,
)
from lianjing.domain.findings.models import Finding
from lianjing.domain.findings.queries import finding_by_id, owner_offers
from lianjing.terms.drills import ReviewConclusion
from lianjing.web.acting import found, submitted, who
from lianjing.web.office import drill_forms as forms
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.drill import asks
from lianjing.web.office.drill_words import conclusion_words, days_words, kind_words
from lianjing.web.office.finding_words import grade_words
from lianjing.web.office.finding_words import state_words as finding_state
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import one_of, says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import CLASSES, DISPOSITIONS, word

TAB = "reviews"
C = ReviewConclusion


@needs(SEE)
@require_safe
@says_when_none(TAB)
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits; with `tab=done` what was looked back on."""
    viewer, now, today = viewer_of(request), timezone.now(), timezone.localdate()
    company, mine = shown_company(request, SEE)
    is_done = request.GET.get("tab") == "done"
    context = surroundings(request, TAB) | {
        "company": company,
        "companies": mine,
        "is_done": is_done,
        "waiting": to_review_count(viewer, company.pk, now),
        "term": review_term(viewer, company.pk),
        "may_review": viewer.scope(REVIEW).holds(company.pk),
        "may_set": viewer.scope(APPROVE).holds(company.pk),
        "tab_hrefs": (href(request, tab=None, after=None), href(request, tab="done", after=None)),
    }
    after = asked_id(request)
    if is_done:
        found_reviews = reviews(viewer, company.pk, after=after, limit=PAGE + 1)
        context["rows"] = [_done_row(one) for one in found_reviews[:PAGE]]
        context |= pager(request, found_reviews[PAGE - 1].pk if len(found_reviews) > PAGE else None)
    else:
        drills = drills_to_review(viewer, company.pk, today) if after is None else []
        cases = cases_to_review(viewer, company.pk, today, now, after=after, limit=PAGE + 1)
        context["rows"] = [_waiting_row(one) for one in (*drills, *cases[:PAGE])]
        last = cases[PAGE - 1].incident if len(cases) > PAGE else None
        context |= pager(request, last.pk if last else None)
    return show(request, "office/drills/reviews.html", context)


def _waiting_row(one: ToLookBack) -> dict[str, Any]:
    days, tone = days_words(one.days_left)
    told: dict[str, Any] = {"one": one, "days": days, "tone": tone}
    if one.drill is not None:
        told |= {"kind": _("演练"), "name": f"{one.drill.number} {one.drill.title}", "more": kind_words(one.drill.kind)}
        return told | {
            "href": reverse("office:drill", args=[one.drill.pk]),
            "act": reverse("office:drill_review", args=[one.drill.pk]),
        }
    case = found(one.incident)
    place = case.site.name if case.site else "—"
    told |= {"kind": _("警情"), "name": f"#{case.pk} {place}", "grade": case.grade}
    told["more"] = f"{word(CLASSES, case.event_class)} · {word(DISPOSITIONS, case.disposition)}"
    told["href"] = reverse("console:incident", args=[case.pk])
    return told | {"act": reverse("office:incident_review", args=[case.pk])}


def _done_row(one: Review) -> dict[str, Any]:
    return {"one": one, "name": subject_words(one), "conclusion": conclusion_words(one.conclusion)} | {
        "findings": [_finding(each.finding) for each in one.improvements.all()]
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {"finding": finding, "state": finding_state(finding), "grade": grade_words(finding)}


def subject_words(one: Review) -> str:
    if one.drill is not None:
        return f"{_('演练')} {one.drill.number} {one.drill.title}"
    case = found(one.incident)
    return f"{_('警情')} #{case.pk} {case.site.name if case.site else ''}".strip()


@needs(SEE)
@require_safe
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    one = found(review_by_id(viewer, review_id))
    subject = (
        reverse("office:drill", args=[one.drill_id])
        if one.drill_id
        else reverse("console:incident", args=[one.incident_id])
    )
    context = surroundings(request, TAB) | _done_row(one) | {"review": one, "subject_href": subject}
    return show(request, "office/drills/review.html", context)


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("review")
def drill_review(request: HttpRequest, one: Drill) -> HttpResponse:
    title = _("复盘：%(number)s %(title)s") % {"number": one.number, "title": one.title}
    facts = {"evaluation": one.evaluation}
    back = reverse("office:drill", args=[one.pk])
    told = _Asked(one.company_id, title, back, (C.FINDINGS, C.NO_CHANGE), facts)
    return _review_form(request, told, lambda said: looking_back.review_drill(one.pk, said, **who(request)))


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def incident_review(request: HttpRequest, incident_id: int) -> HttpResponse:
    case = found(incident_to_review(viewer_of(request), incident_id))
    company_id = found(case.company_id)
    options = {"real": (C.FINDINGS, C.NO_CHANGE), "undetermined": tuple(C)}.get(case.disposition, (C.NOT_REAL,))
    place = case.site.name if case.site else ""
    title = _("复盘：警情 #%(number)d %(place)s") % {"number": case.pk, "place": place}
    facts = {"case": case, "class_words": word(CLASSES, case.event_class), "is_owed": case.disposition in OWED}
    facts |= {"disposition": word(DISPOSITIONS, case.disposition), "cause": case.cause}
    told = _Asked(company_id, title, reverse("office:reviews"), options, facts)
    return _review_form(request, told, lambda said: looking_back.review_incident(case.pk, said, **who(request)))


class _Asked:
    """A page with a review's form: of which company, what it says, which conclusions there are."""

    def __init__(
        self, company_id: int, title: str, back: str, options: Sequence[ReviewConclusion], facts: dict[str, Any]
    ) -> None:
        self.company_id, self.title, self.back, self.options, self.facts = company_id, title, back, options, facts


def _review_form(request: HttpRequest, asked: _Asked, act: Any) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    form = forms.ReviewForm(asked.options, request.POST if request.method == "POST" else None)
    made: list[Review] = []
    if request.method == "POST" and submitted(form, lambda _told: made.append(act(form.looked_back()))):
        return done(request, reverse("office:review", args=[made[0].pk]), _("复盘已保存。"))
    more = asked.facts | {
        "rows": form.rows,
        "plans": forms.plan_options(viewer, asked.company_id),
        "grades": forms.grade_options(),
        "people": owner_offers(viewer, asked.company_id, today),
        "has_findings": C.FINDINGS in asked.options,
    }
    page = FormPage(TAB, asked.title, _("保存复盘"), asked.back, "", "office/drills/review_form.html")
    return show_form(request, page, form, more)


@needs(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def term(request: HttpRequest, company_id: int) -> HttpResponse:
    """Within how many days the company looks back."""
    viewer = viewer_of(request)
    company_id = one_of(companies_with(viewer, APPROVE), company_id).pk
    back = f"{reverse('office:reviews')}?company={company_id}"
    form = forms.TermForm(request.POST or None, initial={"days": review_term(viewer, company_id)})

    def act(told: dict[str, Any]) -> None:
        looking_back.set_review_term(company_id, told["days"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, back, _("复盘期限已设定。"))
    return show_form(request, FormPage(TAB, _("复盘期限"), _("设定"), back), form)


def _progress(viewer: Viewer, finding_id: int) -> tuple[Finding, Progress]:
    finding = found(finding_by_id(viewer, finding_id, timezone.localdate())).finding
    return finding, found(improvement_of(viewer, finding))


@needs(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def retest(request: HttpRequest, finding_id: int) -> HttpResponse:
    """The revised plan was tried again."""
    viewer = viewer_of(request)
    finding, progress = _progress(viewer, finding_id)
    version = progress.in_force
    since = centre_day(version.in_force_since) if version and version.in_force_since else timezone.localdate()
    form = forms.RetestForm(held_since(viewer, finding.company_id, since), request.POST or None)
    back = reverse("office:finding", args=[finding_id])

    def act(told: dict[str, Any]) -> None:
        drill = int(told["drill"]) if told["drill"] else None
        passed = told["result"] == "passed"
        looking_back.record_retest(finding_id, passed, told["note"], told["tested_on"], drill, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, back, _("复测已记下。"))
    title = _("复测：%(number)s %(title)s") % {"number": finding.number, "title": finding.title}
    lead = _("按修订后的预案“%(title)s”再做一次。") % {"title": progress.improvement.plan.title}
    return show_form(request, FormPage("findings", title, _("记下"), back, lead), form)

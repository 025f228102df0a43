"""规范条款: the specification as it reads, clause by clause, with the verdict of a company on a day beside the text."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.catalogue import Clause, catalogue
from lianjing.domain.compliance.clause_work import SETTINGS, set_work
from lianjing.domain.compliance.late_entries import Late, late_verdicts
from lianjing.domain.compliance.local_judging import one_judged
from lianjing.domain.compliance.local_texts import all_entries
from lianjing.domain.compliance.queries import Judged
from lianjing.domain.compliance.sharing import one_sweep
from lianjing.domain.compliance.verdict_reading import Standing, counts_of_year, first_counted, standing_with_local
from lianjing.domain.compliance.work_reading import Work, works
from lianjing.terms.verdicts import Verdict
from lianjing.web.acting import found, submitted, who
from lianjing.web.office.acting import done
from lianjing.web.office.clause_detail import Asked, WorkForm, detail_of, editing, form_of
from lianjing.web.office.clause_findings import add_findings
from lianjing.web.office.clause_late import add_late, listed
from lianjing.web.office.clause_trend import trend
from lianjing.web.office.clause_view import (
    NOBODY,
    Entry,
    Narrowing,
    Shown,
    chapters,
    entries,
    narrowed,
    worst_of,
)
from lianjing.web.office.clauses_ahead import ahead_context
from lianjing.web.office.company_choosing import Chosen, chosen
from lianjing.web.office.filters import text_of
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none
from lianjing.web.pages import show
from lianjing.web.verdict_marks import Mark, mark_of
from lianjing.web.words import label

TAB = "clauses"


@needs("compliance.see")
@require_safe
@says_when_none(TAB)
def clauses(request: HttpRequest) -> HttpResponse:
    return _page(request, chosen(request))


@needs("compliance.see")
@require_safe
def clause_detail(request: HttpRequest) -> HttpResponse:
    """What stands beside the page, of the clause of `?clause=`."""
    what, number = chosen(request), request.GET.get("clause", "")
    if _clause(request, what, number) is None:
        raise Http404
    viewer = viewer_of(request)
    judged = one_judged(viewer, what.company.pk, number, what.on, what.known)
    late = _late(viewer, what, [judged] if judged else [])
    beside = _beside(request, what, number, judged, late.get(number))
    return show(request, "office/clauses/_detail.html", what.context() | beside)


@needs("compliance.see")
@require_safe
def clauses_few_ahead(request: HttpRequest) -> HttpResponse:
    """The next few turns of the company of `?company=`: asked for by the page when it is there, since it reckons."""
    what = chosen(request)
    context = ahead_context(viewer_of(request), what.company, timezone.localdate())
    return show(request, "office/clauses/_ahead.html", context)


@needs(SETTINGS)
@require_POST
def clause_work(request: HttpRequest) -> HttpResponse:
    """Sets who sees to the clause of `?clause=`; company and day of the page stand in the query."""
    what, number, form = chosen(request), request.GET.get("clause", ""), WorkForm(request.POST)
    changed: list[bool] = []
    if submitted(form, lambda _told: changed.append(set_work(what.company.pk, number, form.given, **who(request)))):
        said = _("%(clause)s 的办理已保存。") if changed[0] else _("%(clause)s 的办理没有变化。")
        href = f"{reverse('office:clauses')}?{request.GET.urlencode()}#clause-detail"
        return done(request, href, said % {"clause": number})
    return _page(request, what, form)


def _page(request: HttpRequest, what: Chosen, form: WorkForm | None = None) -> HttpResponse:
    with one_sweep():
        context = _page_context(request, what, form)
    return show(request, "office/clauses/clauses.html", context, status=422 if form else 200)


def _page_context(request: HttpRequest, what: Chosen, form: WorkForm | None) -> dict[str, Any]:
    viewer = viewer_of(request)
    seen_to = works(viewer, what.company.pk)
    place = (viewer, what.company.pk, what.on, what.known)
    standing = standing_with_local(*place)
    is_now = what.known is None and what.on == timezone.localdate()
    watched_from = first_counted(viewer, what.company.pk) if is_now else None
    all_of_them = entries(all_entries(*place), standing, Shown(viewer, what.company.pk, what.on, seen_to, watched_from))
    late = _late(viewer, what, [one.judged for one in standing])
    add_late(all_of_them, late, viewer, what)
    add_findings(all_of_them, viewer, what.company.pk)
    asked = Narrowing(Verdict.of(request.GET.get("verdict", "")), _owner(request, seen_to), text_of(request))
    shown = narrowed(all_of_them, asked)
    context = surroundings(request, TAB) | what.context() | _narrowing(what, all_of_them, asked, seen_to)
    context |= {"entries": shown, "chapters": chapters(all_of_them), "judged_at": _judged_at(standing)}
    context |= {"trend": trend(counts_of_year(viewer, what.company.pk, what.on), what.on)}
    context |= {"known_day": what.form.cleaned_data["known"] if what.known is not None else None}
    context |= {"query": _query(what, asked)}
    number = _selected(request, all_of_them, shown)
    return context | _beside(request, what, number, _judged(viewer, what, number, standing), late.get(number), form)


def _late(viewer: Viewer, what: Chosen, judged: Sequence[Judged]) -> dict[str, Late]:
    """Nothing when the page is asked for by what was known at a time."""
    return late_verdicts(viewer, what.company.pk, what.on, judged) if what.known is None else {}


def _judged(viewer: Viewer, what: Chosen, number: str, standing: list[Standing]) -> Judged | None:
    """With its evidence: as it was judged for the page, or judged now if it was taken from what is kept."""
    found = next((one for one in standing if one.judged.clause.number == number), None)
    if found is None or found.has_evidence:
        return found.judged if found else None
    return one_judged(viewer, what.company.pk, number, what.on, what.known)


def _clause(request: HttpRequest, what: Chosen, number: str) -> Clause | None:
    """An entry of the specification, or of a local text in force."""
    told = catalogue().clauses.get(number)
    place = (viewer_of(request), what.company.pk, what.on, what.known)
    return told or next((one for one in all_entries(*place) if one.number == number), None)


def _selected(request: HttpRequest, all_of_them: list[Entry], shown: list[Entry]) -> str:
    """The clause that is looked at: the one asked for, else the worst that is shown."""
    number = request.GET.get("clause", "")
    if number in {one.clause.number for one in all_of_them}:
        return number
    worst = worst_of(shown)
    return worst.clause.number if worst else ""


def _beside(
    request: HttpRequest,
    what: Chosen,
    number: str,
    judged: Judged | None,
    late: Late | None,
    form: WorkForm | None = None,
) -> dict[str, Any]:
    if not number:
        return {"selected": "", "detail": None}
    viewer, company_id = viewer_of(request), what.company.pk
    detail = detail_of(viewer, Asked(found(_clause(request, what, number)), company_id, what.on, what.known), judged)
    told: dict[str, Any] = {"selected": number, "detail": detail, "work_query": _query(what, Narrowing(), number)}
    told["late"] = listed(late, viewer, what)
    is_now = what.known is None and what.on == timezone.localdate()
    # What was typed before midnight and refused after it is still there to be mended.
    is_free = detail.work is None or detail.work.finding is None
    if detail.item and (form or (is_now and is_free)) and viewer.scope(SETTINGS).holds(company_id):
        told |= editing(viewer, company_id, form or form_of(detail.work))
    return told


def _judged_at(standing: list[Standing]) -> Any:
    """When the oldest of what is shown was judged; None: all of it just now."""
    return min((one.judged_at for one in standing if one.judged_at), default=None)


def _owner(request: HttpRequest, seen_to: dict[str, Work]) -> str:
    """What is no owner counts as not chosen."""
    owner = request.GET.get("owner", "")
    return owner if owner in {NOBODY, *(work.key for work in seen_to.values())} else ""


def _narrowing(what: Chosen, all_of_them: list[Entry], asked: Narrowing, seen_to: dict[str, Work]) -> dict[str, Any]:
    owners = {work.key: work.owner if work.is_named else _(work.owner) for work in seen_to.values() if work.key}
    told: dict[str, Any] = {"wanted": asked.verdict, "wanted_owner": asked.owner, "text": asked.text}
    told |= {"owners_chosen": sorted(owners.items(), key=lambda one: one[1]), "is_narrowed": asked.is_any}
    told |= {"verdicts": _tally(what, all_of_them, asked), "all_href": "?" + _query(what, Narrowing())}
    told |= {"judged_count": sum(one.item is not None for one in all_of_them)}
    return told | {"wanted_words": label(Verdict, asked.verdict.value) if asked.verdict else ""}


def _tally(what: Chosen, found: list[Entry], asked: Narrowing) -> list[tuple[Mark, int, str, bool]]:
    """Each verdict that occurs: how often, and the page with only those."""
    verdicts = [entry.item["verdict"] for entry in found if entry.item]
    return [
        (mark_of(one), verdicts.count(one.value), "?" + _query(what, Narrowing(one, asked.owner)), one == asked.verdict)
        for one in Verdict
        if one.value in verdicts or one == asked.verdict
    ]


def _query(what: Chosen, asked: Narrowing, clause: str = "") -> str:
    """The page's own address: company, day, knowledge, and what it is narrowed to."""
    told = {"company": str(what.company.pk), "on": str(what.on)}
    if what.known is not None:
        told["known"] = str(what.form.cleaned_data["known"])
    told |= {"verdict": asked.verdict.value} if asked.verdict else {}
    told |= {"owner": asked.owner} if asked.owner else {}
    told |= {"q": asked.text} if asked.text else {}
    return urlencode(told | ({"clause": clause} if clause else {}))

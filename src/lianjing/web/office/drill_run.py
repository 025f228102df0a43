"""A drill while it is under way, on a phone: one tap gives an inject or says what was seen, with its time."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.drills import running
from lianjing.domain.drills.drill_page import DrillPage
from lianjing.domain.drills.indicators import HIGHEST
from lianjing.domain.drills.models import Drill
from lianjing.domain.drills.permissions import may_move
from lianjing.domain.drills.policy import OBSERVE, SEE
from lianjing.terms.drills import ObservationKind
from lianjing.web.acting import doors, submitted, who
from lianjing.web.office import drill_forms as forms
from lianjing.web.office.acting import FormPage, done, refused, show_form
from lianjing.web.office.drill import asks, href_of, page_of
from lianjing.web.office.drill_words import kind_words, role_words, state_words
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.words import label

TAB = "drills"


def run_href(drill_id: int) -> str:
    return reverse("office:drill_run", args=[drill_id])


@needs(SEE)
@require_safe
def run(request: HttpRequest, drill_id: int) -> HttpResponse:
    viewer, page = viewer_of(request), page_of(request, drill_id)
    one, now = page.drill, timezone.now()
    context = surroundings(request, TAB) | {
        "page": page,
        "drill": one,
        "kind": kind_words(one.kind),
        "state": state_words(one),
        "elapsed": _elapsed(page, now),
        "seen": [_seen(each) for each in reversed(page.observations)],
        "roles": [(role_words(part.role), part.member.name, part.task) for part in page.participants],
        "moves": {name: may_move(viewer, name, one) for name in ("begin", "observe", "end")},
        "is_running": one.state == "under_way",
    }
    return show(request, "office/drills/run.html", context)


def _elapsed(page: DrillPage, now: Any) -> int:
    began, ended = page.drill.began_at, page.drill.ended_at
    return int(((ended or now) - began).total_seconds()) if began else 0


def _seen(each: Any) -> dict[str, Any]:
    kind = ObservationKind(each.row.kind)
    tone = {"good": "tone-ok", "bad": "tone-bad", "inject": "strong", "note": ""}[kind.value]
    return {"each": each, "sign": kind.sign, "words": label(ObservationKind, kind.value), "tone": tone}


@needs(OBSERVE)
@require_POST
def begin(request: HttpRequest, drill_id: int) -> HttpResponse:
    try:
        with doors():
            running.begin_drill(drill_id, **who(request))
    except Refused as refusal:
        return refused(request, href_of(drill_id), refusal)
    return HttpResponseRedirect(run_href(drill_id))


@needs(OBSERVE)
@require_POST
def end(request: HttpRequest, drill_id: int) -> HttpResponse:
    try:
        with doors():
            running.end_drill(drill_id, **who(request))
    except Refused as refusal:
        return refused(request, run_href(drill_id), refusal)
    return done(request, href_of(drill_id, "review"), _("演练已结束，请评分。"))


@needs(OBSERVE)
@require_POST
def observe(request: HttpRequest, drill_id: int) -> HttpResponse:
    """A tap: `kind`, and either `inject`, the place of a line of the script, or `text`."""
    place, text = request.POST.get("inject", ""), request.POST.get("text", "")
    inject = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else None
    try:
        with doors():
            running.observe(drill_id, request.POST.get("kind", ""), text, inject=inject, **who(request))
    except Refused as refusal:
        return refused(request, run_href(drill_id), refusal)
    return HttpResponseRedirect(run_href(drill_id) + (f"#i{inject}" if inject is not None else "#note"))


@needs(OBSERVE)
@require_POST
def take_back(request: HttpRequest, drill_id: int, observation_id: int) -> HttpResponse:
    try:
        with doors():
            running.take_back_observation(observation_id, **who(request))
    except Refused as refusal:
        return refused(request, run_href(drill_id), refusal)
    return done(request, run_href(drill_id), _("已撤回，原记录留存。"))


@needs(OBSERVE)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("observe")
def observe_late(request: HttpRequest, one: Drill) -> HttpResponse:
    """Something seen, entered after the end."""
    form = forms.LateObservationForm(request.POST or None)

    def act(told: dict[str, Any]) -> None:
        running.observe(one.pk, told["kind"], told["text"], seconds=told["clock"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk, "run"), _("观察已补记。"))
    title = _("补记观察：%(number)s") % {"number": one.number}
    return show_form(request, FormPage(TAB, title, _("补记"), href_of(one.pk, "run")), form)


@needs(OBSERVE)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("evaluate")
def score(request: HttpRequest, one: Drill) -> HttpResponse:
    """All indicators on one page; only what is chosen is kept, and only what differs."""
    page = page_of(request, one.pk)
    form = forms.OfficeForm(request.POST if request.method == "POST" else None)

    odd = _odd_scores(page, request.POST)

    def act(_told: Any) -> None:
        if odd:
            raise Refused("", _("有 %(count)d 项没有读懂，已在那一项标出。"), count=len(odd))
        running.score_drill(one.pk, _typed_scores(page, request.POST), **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk, "review"), _("评分已保存。"))
    title = _("评分：%(number)s %(title)s") % {"number": one.number, "title": one.title}
    sheet = FormPage(TAB, title, _("保存评分"), href_of(one.pk, "review"), "", "office/drills/score.html")
    return show_form(request, sheet, form, {"groups": _sheet(page, request.POST, odd), "scale": page.scale})


POINTS = ("0", "1", "2", "3", "4", "5")
"""As the sheet sends them; 0: it does not apply."""


def _odd_scores(page: DrillPage, data: Any) -> dict[str, str]:
    """What cannot be kept, by indicator, with why."""
    told = {}
    for one in page.scale.indicators:
        points, note = data.get(f"p-{one.key}", ""), data.get(f"n-{one.key}", "").strip()
        if points and points not in POINTS:
            told[one.key] = _("分数应在 1 到 %(highest)d 之间，或选“不适用”。") % {"highest": HIGHEST}
        elif note and not points:
            told[one.key] = _("写了说明，还没有选分数。")
    return told


def _typed_scores(page: DrillPage, data: Any) -> list[running.Mark]:
    told = []
    for one in page.scale.indicators:
        points, note = data.get(f"p-{one.key}", ""), data.get(f"n-{one.key}", "").replace("\0", "").strip()
        had = page.scores.get(one.key)
        if points not in POINTS:
            continue
        given = int(points) or None
        if had is None or (had.points, had.note) != (given, note):
            told.append(running.Mark(one.key, given, note))
    return told


def _sheet(page: DrillPage, data: Any, odd: Mapping[str, str]) -> list[dict[str, Any]]:
    def row(one: Any) -> dict[str, Any]:
        had = page.scores.get(one.key)
        kept = str(had.points or 0) if had else ""
        note = had.note if had else ""
        return {
            "one": one,
            "points": data.get(f"p-{one.key}", kept),
            "note": data.get(f"n-{one.key}", note),
            "problem": odd.get(one.key, ""),
        }

    return [{"title": group.title, "rows": [row(one) for one in group.indicators]} for group in page.groups]


@needs(OBSERVE)
@require_http_methods(["GET", "HEAD", "POST"])
@asks("evaluate")
def evaluate(request: HttpRequest, one: Drill) -> HttpResponse:
    form = forms.EvaluationForm(request.POST or None, initial={"evaluation": one.evaluation})

    def act(told: dict[str, Any]) -> None:
        running.evaluate_drill(one.pk, told["evaluation"], **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, href_of(one.pk, "review"), _("评估结论已保存。"))
    title = _("评估结论：%(number)s %(title)s") % {"number": one.number, "title": one.title}
    return show_form(request, FormPage(TAB, title, _("保存"), href_of(one.pk, "review")), form)

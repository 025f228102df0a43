"""测试: what is on test, how a test is started, extended and ended, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.signals.permissions import roles_for
from lianjing.domain.signals.places import Place, find_sites, place_of, site_of_panel
from lianjing.domain.signals.queries import address_words, code_words, signals_by_id
from lianjing.domain.signals.test_lines import (
    TestLine,
    TestPage,
    page_of_test,
    past_tests,
    running_tests,
    signals_of_test,
)
from lianjing.domain.signals.test_reports import Unexpected
from lianjing.domain.signals.testing import PERMISSION, Asked, DuressGiven, end_test, extend_test, start_test
from lianjing.domain.signals.testing_policy import NAME_LIMIT, REASON_LIMIT, longest_test, needs_no_word
from lianjing.terms.codes import LIFE_CLASSES
from lianjing.web.acting import doors, submitted, who
from lianjing.web.console.acting import NO_CHOICE, LastsForm, text
from lianjing.web.console.signalwords import scope_words, signal_words, standing_of_test
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, pager
from lianjing.web.words import CLASSES, FATES, word

DURATIONS = [timedelta(minutes=30), *(timedelta(hours=h) for h in (1, 2, 4, 8, 24, 48, 72))]
USUAL = "60"
SIGNALS_SHOWN = 50
RUNNING_SHOWN = 500
TEXT_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A test in words."""

    line: TestLine
    scope: str
    standing: str
    checked: str


def _row(line: TestLine, at: datetime) -> Row:
    checked = _("口令已核对") if line.checked_how == "pass_word" else _("无口令，由开始人负责")
    return Row(line, scope_words(line), standing_of_test(line, at), checked)


@needs("signals.see")
@require_safe
def test_list(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, "tests")
    now = context["now"]
    running = running_tests(viewer_of(request), now, limit=RUNNING_SHOWN)
    context |= {"rows": [_row(line, now) for line in running], "shown": "running", "may_test": _may(request)}
    return show(request, "desk/tests.html", context)


@needs("signals.see")
@require_safe
def past_list(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, "tests")
    now = context["now"]
    found = past_tests(viewer_of(request), now, after=asked_id(request), limit=PAGE + 1)
    rows = [_row(line, now) for line in found[:PAGE]]
    context |= {"rows": rows, "shown": "past", "may_test": _may(request)}
    context |= pager(request, rows[-1].line.id if len(found) > PAGE else None)
    return show(request, "desk/tests.html", context)


def _may(request: HttpRequest) -> bool:
    return may(viewer_of(request), PERMISSION)


# Starting one


class StartForm(LastsForm):
    """The word is never rendered again, whatever was wrong."""

    word = forms.CharField(
        label=later("口令"),
        required=False,
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    asked_by = text(later("没有口令：由谁要求"), NAME_LIMIT, hint=later("由您负责，记入封存记录。"))
    panel = forms.ChoiceField(label=later("设备"), required=False, error_messages=NO_CHOICE)
    zones = forms.MultipleChoiceField(
        label=later("防区"), required=False, widget=forms.CheckboxSelectMultiple, error_messages=NO_CHOICE
    )
    areas = forms.MultipleChoiceField(
        label=later("分区"), required=False, widget=forms.CheckboxSelectMultiple, error_messages=NO_CHOICE
    )
    classes = forms.MultipleChoiceField(
        label=later("类别"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(name, word(CLASSES, name)) for name in CLASSES],
        error_messages=NO_CHOICE,
    )
    reason = text(later("理由"), REASON_LIMIT)
    danger_told = forms.BooleanField(
        label=later("已告知对方：测试期间按紧急按钮、触发火警也不会有人来，真有事请打 110、119"), required=False
    )

    def __init__(self, place: Place, limit: timedelta, alone: bool, data: object = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer([each for each in DURATIONS if each <= limit])
        if not alone:
            del self.fields["asked_by"]
        panels = [(str(panel.pk), f"{panel.account} {panel.model}".strip()) for panel in place.panels]
        self._choose("panel", [("", _("全部设备")), *panels] if len(panels) > 1 else [])
        self._choose("zones", [(str(zone.pk), _zone_words(zone, len(panels) > 1)) for zone in place.zones])
        self._choose("areas", [(number, f"{number} {name}".strip()) for number, name in place.areas])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def asked(self, place: Place, at: datetime) -> Asked:
        told = self.cleaned_data
        return Asked(
            site_id=place.site.pk,
            ends_at=self.ends_at(at),
            reason=told["reason"],
            panel_id=int(told["panel"]) if told.get("panel") else None,
            zone_ids=[int(pk) for pk in told.get("zones", ())],
            areas=told.get("areas", ()),
            classes=told["classes"],
            asked_by=told.get("asked_by", ""),
            word=told["word"],
            danger_told=told["danger_told"],
        )


def _zone_words(zone: Any, several: bool) -> str:
    account = f"{zone.panel.account} · " if several else ""
    return f"{account}{zone.number} {zone.name}".strip()


@sensitive_variables("asked", "form")
@sensitive_post_parameters("word")
@needs(PERMISSION)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Without a site: which one; with it: the form."""
    site_id = _asked_site(request)
    if site_id is None:
        return _which_site(request)
    place = place_of(viewer_of(request), site_id)
    if place is None:
        raise Http404
    roles = roles_for(viewer_of(request), place.site.company_id)
    limit, alone = longest_test(roles), needs_no_word(roles)
    if request.method != "POST":
        chosen = {"lasts": USUAL, "panel": request.GET.get("panel", "")}
        return _show_form(request, place, StartForm(place, limit, alone, initial=chosen))
    form, started = StartForm(place, limit, alone, request.POST), []
    try:
        done = submitted(form, lambda _told: started.append(_start(request, form, place)))
    except DuressGiven:
        return show(request, "desk/test_duress.html", surroundings(request, "tests") | {"place": place})
    if not done:
        return _show_form(request, place, form, status=422)
    return HttpResponseRedirect(reverse("console:test", args=[started[0]]))


def _start(request: HttpRequest, form: StartForm, place: Place) -> int:
    told = who(request)
    return start_test(form.asked(place, told["at"]), **told).pk


def _asked_site(request: HttpRequest) -> int | None:
    panel_id = asked_id(request, "panel")
    if panel_id is not None and (site_id := site_of_panel(viewer_of(request), panel_id)) is not None:
        return site_id
    return asked_id(request, "site")


def _which_site(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LIMIT]
    context = surroundings(request, "tests")
    context |= {"text": asked, "sites": find_sites(viewer_of(request), asked) if asked else []}
    context |= {"title": _("开始测试"), "back": reverse("console:tests")}
    return show(request, "desk/which_site.html", context)


def _show_form(request: HttpRequest, place: Place, form: StartForm, status: int = 200) -> HttpResponse:
    context = surroundings(request, "tests")
    running = running_tests(viewer_of(request), context["now"], site_id=place.site.pk)
    danger = [_zone_words(zone, len(place.panels) > 1) for zone in place.zones if zone.kind in LIFE_CLASSES]
    context |= {"place": place, "form": form, "danger": danger, "alone": "asked_by" in form.fields}
    context["rows"] = [_row(each, context["now"]) for each in running]
    return show(request, "desk/test_start.html", context, status)


# One test


class ExtendForm(LastsForm):
    def __init__(self, limit: timedelta, data: object = None) -> None:
        super().__init__(data)
        self.offer([each for each in DURATIONS if each <= limit])


@needs("signals.see")
@require_safe
def test_detail(request: HttpRequest, test_id: int) -> HttpResponse:
    return _show_test(request, test_id)


def _show_test(
    request: HttpRequest, test_id: int, *, form: ExtendForm | None = None, refused: str = "", status: int = 200
) -> HttpResponse:
    context = surroundings(request, "tests")
    page = _page(request, test_id)
    roles = roles_for(viewer_of(request), page.line.company_id)
    context |= _live(request, page)
    context["may_test"] = viewer_of(request).scope(PERMISSION).holds(page.line.company_id)
    context |= {"form": form or ExtendForm(longest_test(roles)), "refused": refused}
    return show(request, "desk/test.html", context, status)


@needs("signals.see")
@require_safe
def live(request: HttpRequest, test_id: int) -> HttpResponse:
    """What has come in by now, for a page that stays open; the last answer asks it to load itself anew."""
    context = _live(request, _page(request, test_id)) | {"now": timezone.now()}
    response = show(request, "desk/_test_live.html", context)
    if context["row"].standing == "over" and context["row"].line.reported_at is not None:
        response["HX-Refresh"] = "true"
    return response


def _page(request: HttpRequest, test_id: int) -> TestPage:
    page = page_of_test(viewer_of(request), test_id)
    if page is None:
        raise Http404
    return page


def _live(request: HttpRequest, page: TestPage) -> dict[str, Any]:
    viewer = viewer_of(request)
    lines = signals_by_id(viewer, signals_of_test(viewer, page.line.id, limit=SIGNALS_SHOWN))
    signals = [{"line": line, "words": signal_words(line)} for line in reversed(lines)]
    unexpected = [
        {"row": row, "words": _unexpected_words(row), "fate": word(FATES, row.fate)} for row in page.report.unexpected
    ]
    row = _row(page.line, timezone.now())
    return {"row": row, "report": page.report, "signals": signals, "unexpected": unexpected}


def _unexpected_words(row: Unexpected) -> str:
    what = code_words(row.scheme, row.code, row.qualifier)
    return " · ".join(filter(None, (what, address_words(row.address_kind, row.address))))


@needs(PERMISSION)
@require_POST
def extend(request: HttpRequest, test_id: int) -> HttpResponse:
    line = _page(request, test_id).line
    form = ExtendForm(longest_test(roles_for(viewer_of(request), line.company_id)), request.POST)

    def act(_told: dict[str, Any]) -> None:
        extend_test(test_id, form.ends_at(line.ends_at), **who(request))

    if not submitted(form, act):
        return _show_test(request, test_id, form=form, status=422)
    return HttpResponseRedirect(reverse("console:test", args=[test_id]))


@needs(PERMISSION)
@require_POST
def end(request: HttpRequest, test_id: int) -> HttpResponse:
    try:
        with doors():
            end_test(test_id, **who(request))
    except Refused as refused:
        return _show_test(request, test_id, refused=_(refused.sentence) % refused.figures, status=409)
    return HttpResponseRedirect(reverse("console:test", args=[test_id]))

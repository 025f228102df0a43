"""抑制: the ledger of everything that was not shown, and the rules by which people hide something."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.core.refusals import Refused
from lianjing.domain.signals.ledger import LedgerLine, disabled_zones, ledger
from lianjing.domain.signals.places import Place, find_sites, place_of, site_of_panel
from lianjing.domain.signals.signal_page import signal_page
from lianjing.domain.signals.suppressing import PERMISSION, Asked, add_suppression, end_suppression
from lianjing.domain.signals.suppression_policy import CODE_LIMIT, HIDEABLE, REASON_LIMIT
from lianjing.terms.codes import LIFE_CLASSES
from lianjing.web.acting import doors, submitted, who
from lianjing.web.console.acting import NO_CHOICE, LastsForm, text
from lianjing.web.console.signalwords import BECAUSE, place_words, rule_words, what_words
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import asked_id
from lianjing.web.words import CLASSES, word

DURATIONS = [timedelta(days=days) for days in (1, 3, 7, 14, 30)]
USUAL = str(7 * 24 * 60)
TEXT_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A rule of the ledger in words; `standing`: `house`, `running`, or `over`."""

    line: LedgerLine
    words: str
    place: str
    because: str
    author: str
    standing: str
    mine: bool
    """The viewer may end it."""


@needs("signals.see")
@require_safe
def ledger_page(request: HttpRequest) -> HttpResponse:
    return _show_ledger(request)


def _show_ledger(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = surroundings(request, "signals")
    now, scope = context["now"], viewer_of(request).scope(PERMISSION)
    rows = []
    for line in ledger(viewer_of(request), now=now):
        may_end = line.row is not None and line.in_force(now) and scope.holds(line.row.company_id)
        rows.append(_row(line, running=line.in_force(now), mine=may_end))
    context |= {"rows": rows, "may_suppress": bool(scope), "refused": refused, "page": "ledger"}
    context["zones"] = disabled_zones(viewer_of(request))
    context["totals"] = {name: sum(getattr(row.line, name) for row in rows) for name in ("today", "week", "month")}
    return show(request, "desk/ledger.html", context, status)


def _row(line: LedgerLine, *, running: bool, mine: bool) -> Row:
    if line.row is None:
        because = word(BECAUSE, line.rule) if line.rule in BECAUSE else ""
        return Row(line, rule_words(line.rule), "", because, _("系统"), "house", mine=False)
    standing = "running" if running else "over"
    words = f"{rule_words(line.rule)} · {what_words(line.row)}"
    return Row(line, words, place_words(line.row), line.row.reason, line.row.author, standing, mine)


class RuleForm(LastsForm):
    panel = forms.ChoiceField(label=later("设备"), required=False, error_messages=NO_CHOICE)
    zone = forms.ChoiceField(label=later("防区"), required=False, error_messages=NO_CHOICE)
    event_class = forms.ChoiceField(
        label=later("类别"),
        required=False,
        choices=lambda: [("", _("（只限单个防区时可不选）")), *((name, word(CLASSES, name)) for name in HIDEABLE)],
        error_messages=NO_CHOICE,
    )
    code = text(later("代码（可不填）"), CODE_LIMIT, hint=later("如 AT、301；只抑制这一个代码。"))
    reason = text(later("理由"), REASON_LIMIT)

    def __init__(self, place: Place, data: object = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.offer(DURATIONS)
        panels = [(str(panel.pk), panel.account) for panel in place.panels]
        zones = [
            (str(zone.pk), f"{zone.panel.account} · {zone.number} {zone.name}".strip())
            for zone in place.zones
            if zone.kind not in LIFE_CLASSES
        ]
        self.fields["panel"].choices = [("", _("整个场所")), *panels]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [("", _("不限防区")), *zones]  # type: ignore[attr-defined]

    def asked(self, place: Place, at: Any) -> Asked:
        told = self.cleaned_data
        return Asked(
            site_id=place.site.pk,
            panel_id=int(told["panel"]) if told["panel"] else None,
            zone_id=int(told["zone"]) if told["zone"] else None,
            event_class=told["event_class"],
            code=told["code"],
            reason=told["reason"],
            expires_at=self.ends_at(at),
        )


@needs(PERMISSION)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Without a site: which one; with it, or from a signal: the form."""
    chosen = _chosen(request)
    place = place_of(viewer_of(request), chosen["site"]) if chosen["site"] else None
    if chosen["site"] and place is None:
        raise Http404
    if place is None:
        return _which_site(request)
    if request.method != "POST":
        return _show_form(request, place, RuleForm(place, initial=chosen))
    form = RuleForm(place, request.POST)

    def act(_told: dict[str, Any]) -> None:
        told = who(request)
        add_suppression(form.asked(place, told["at"]), **told)

    if not submitted(form, act):
        return _show_form(request, place, form, status=422)
    return HttpResponseRedirect(reverse("console:ledger"))


def _chosen(request: HttpRequest) -> dict[str, Any]:
    """What the address says the rule is to be about: a signal, a panel or a site."""
    chosen: dict[str, Any] = {"site": asked_id(request, "site"), "lasts": USUAL}
    if (signal_id := asked_id(request, "signal")) is not None and (page := signal_page(viewer_of(request), signal_id)):
        treated = page.treated
        if treated is not None and treated.site_id:
            chosen |= {"site": treated.site_id, "panel": treated.panel_id, "zone": treated.zone_id}
            chosen |= {"event_class": treated.event_class, "code": page.line.code}
    elif (panel_id := asked_id(request, "panel")) is not None:
        chosen |= {"site": site_of_panel(viewer_of(request), panel_id), "panel": panel_id}
    return chosen


def _which_site(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LIMIT]
    context = surroundings(request, "signals")
    context |= {"text": asked, "sites": find_sites(viewer_of(request), asked) if asked else []}
    context |= {"title": _("新的抑制规则"), "back": reverse("console:ledger")}
    return show(request, "desk/which_site.html", context)


def _show_form(request: HttpRequest, place: Place, form: RuleForm, status: int = 200) -> HttpResponse:
    context = surroundings(request, "signals") | {"place": place, "form": form}
    context["never"] = [f"{zone.number} {zone.name}".strip() for zone in place.zones if zone.kind in LIFE_CLASSES]
    return show(request, "desk/suppression_new.html", context, status)


@needs(PERMISSION)
@require_POST
def end(request: HttpRequest, rule_id: int) -> HttpResponse:
    try:
        with doors():
            end_suppression(rule_id, **who(request))
    except Refused as refused:
        return _show_ledger(request, refused=_(refused.sentence) % refused.figures, status=409)
    return HttpResponseRedirect(reverse("console:ledger"))


def may_suppress(request: HttpRequest) -> bool:
    return may(viewer_of(request), PERMISSION)

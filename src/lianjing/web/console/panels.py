"""设备: the list of panels, the page of one, and its key, which is entered here and never shown again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.signals.panel_list import Line, PanelFilter, PanelLine, panel_count, panels
from lianjing.domain.signals.panel_page import EventCount, PanelPage, PathState, panel_page
from lianjing.domain.signals.queries import code_words
from lianjing.domain.signals.sequence_list import gaps_of_panel
from lianjing.domain.sites.actions.panel_keys import KEYS, NoKeys, allow_plain, remove_panel_key, set_panel_key
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.policy import AES_NAMES, CHARACTERS, HEX, KEYED_LISTENERS, BadKey, chosen_key
from lianjing.domain.sites.queries import panel_by_id
from lianjing.terms.premises import PathCategory, PathKind
from lianjing.web.acting import doors, who
from lianjing.web.console.advice import advice, dialects, duration_words, state
from lianjing.web.console.frames import shown
from lianjing.web.console.setting_up import how_to_set_up
from lianjing.web.console.surroundings import surroundings
from lianjing.web.console.unknown import register_href, unknown_rows
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, href, pager
from lianjing.web.words import LISTENERS, PANEL_ODDITIES, label, word

SHOWN = ("", "odd", "lost", "unknown")
TEXT_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Row:
    """A panel in words."""

    line: PanelLine
    listener_words: str
    odd_words: list[str]
    lost_words: list[str]


@needs("frames.see")
@require_safe
def panel_list(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    asked = request.GET.get("show", "")
    asked = asked if asked in SHOWN else ""
    text = request.GET.get("q", "").replace("\0", "").strip()[:TEXT_LIMIT]
    context = surroundings(request, "panels")
    wanted = PanelFilter(text, odd=asked == "odd", unknown=asked == "unknown", lost=asked == "lost")
    found = panels(viewer, wanted, now=timezone.now(), after=_after(request), limit=PAGE + 1)
    rows = [_row(line) for line in found[:PAGE]]
    last = f"{rows[-1].line.listener}/{rows[-1].line.account}" if len(found) > PAGE else None
    context |= {"rows": rows, "total": panel_count(viewer), "asked": asked, "text": text, **pager(request, last)}
    context["choices"] = _choices(request, everything=viewer.scope("frames.see").everything)
    if wanted.unknown:
        context["unknown"] = unknown_rows(viewer, found[:PAGE])
    return show(request, "desk/panels.html", context)


def _row(line: PanelLine) -> Row:
    lost = [_("%(path)s 失联") % {"path": label(PathKind, kind)} for kind in line.lost]
    return Row(line, word(LISTENERS, line.listener), [word(PANEL_ODDITIES, name) for name in line.odd], lost)


def _after(request: HttpRequest) -> Line | None:
    """The cursor: the listener and account that were shown last."""
    listener, slash, account = request.GET.get("after", "").replace("\0", "").partition("/")
    return (listener, account) if slash else None


def _choices(request: HttpRequest, *, everything: bool) -> list[dict[str, str]]:
    words = {"": _("全部"), "odd": _("有异常"), "lost": _("线路失联"), "unknown": _("未登记账号")}
    names = [name for name in SHOWN if everything or name != "unknown"]
    return [{"name": n, "words": words[n], "href": href(request, show=n, after=None)} for n in names]


class KeyForm(forms.Form):
    """Write-only: what was typed is never rendered again, whatever was wrong with it."""

    use_required_attribute = False
    key = forms.CharField(
        label=later("密钥"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-key-entry": ""}),
    )
    form = forms.ChoiceField(
        label=later("读法"),
        required=False,
        choices=[
            (HEX, later("十六进制：32、48、64 位，空格和短横不计")),
            (CHARACTERS, later("字符：16、24、32 个，按原样作为字节")),
        ],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": later("没有这个选项。")},
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id="key-%s", label_suffix="")  # type: ignore[arg-type]


@needs("frames.see")
@require_safe
def panel_detail(request: HttpRequest, listener: str, account: str) -> HttpResponse:
    return _show_panel(request, listener, account)


def _show_panel(
    request: HttpRequest, listener: str, account: str, *, form: KeyForm | None = None, status: int = 200
) -> HttpResponse:
    context = surroundings(request, "panels")
    page = panel_page(viewer_of(request), listener, account.replace("\0", ""), now=timezone.now())
    if page is None:
        raise Http404
    told = advice(page)
    context |= {"page": page, "advice": told, "state": state(page, told), "dialects": dialects(page)}
    context |= {"listener_words": word(LISTENERS, listener), "facts": _facts(page), "lines": _lines(page)}
    context["paths"] = [_path(path) for path in page.paths]
    context |= {"events": [_event(event) for event in page.sent.events], "latest": [shown(f) for f in page.latest]}
    context |= {"entries": how_to_set_up(page), "aes": AES_NAMES.get(page.key.length, "")}
    company = page.panel.site.company_id if page.panel else None
    context["may_set_key"] = page.panel is not None and viewer_of(request).scope(KEYS).holds(company)
    if page.panel is None and viewer_of(request).scope("sites.edit").everything:
        context["register_href"] = register_href(page.listener, page.account)
    context["gaps"] = gaps_of_panel(viewer_of(request), page.panel.pk) if page.panel else []
    context |= {"takes_keys": listener in KEYED_LISTENERS, "form": form or KeyForm()}
    return show(request, "desk/panel.html", context, status)


def _event(event: EventCount) -> dict[str, Any]:
    words = code_words(event.scheme, event.code, event.qualifier)
    return {"words": words, "code": f"{event.scheme} {event.code}", "count": event.count, "last_at": event.last_at}


def _facts(page: PanelPage) -> list[tuple[str, str]]:
    """What the panel sends, in a few lines; counted over the frames that were looked at."""
    sent = page.sent
    encrypted = _("全部加密") if sent.encrypted == sent.frames else _("%(count)d 帧加密") % {"count": sent.encrypted}
    told = [
        (_("格式"), _counts(sent.tokens)),
        (_("传输"), _counts({name.upper(): count for name, count in sent.transports.items()})),
        (_("加密"), encrypted if sent.encrypted else _("没有加密")),
        (_("重发"), _("%(count)d 帧") % {"count": sent.repeats} if sent.repeats else _("没有")),
    ]
    return told if sent.frames else []


def _counts(counts: dict[str, int]) -> str:
    return _("，").join(f"{name} × {count}" for name, count in counts.items()) or "—"


def _lines(page: PanelPage) -> list[dict[str, Any]]:
    """Heartbeats and silences by transport."""
    return [
        {
            "transport": line.transport.upper(),
            "last_seen_at": line.last_seen_at,
            "beats": line.beats_today,
            "beat": duration_words(line.beat_s) if line.beat_s else "",
            "gap": duration_words(line.longest_gap_s) if line.longest_gap_s else "",
        }
        for line in page.facts.lines
    ]


def _path(path: PathState) -> dict[str, Any]:
    """A transmission path in words."""
    told = {"place": path.place, "last_seen_at": path.last_seen_at, "lost_at": path.lost_at, "allowed": ""}
    if path.interval_s:
        figures = {
            "interval": duration_words(path.interval_s),
            "misses": path.misses,
            "allowed": duration_words(path.interval_s * path.misses),
        }
        told["allowed"] = _("每 %(interval)s一次，漏 %(misses)d 次即失联（%(allowed)s）") % figures
    told["kind"], told["category"] = label(PathKind, path.kind), label(PathCategory, path.category)
    told["transport"] = path.transport.upper() or _("不分 TCP、UDP")
    return told


@sensitive_variables("entry")
@sensitive_post_parameters("key")
@needs(KEYS)
@require_POST
def set_key(request: HttpRequest, panel_id: int) -> HttpResponse:
    panel, form = _panel(request, panel_id), KeyForm(request.POST)
    entry = str(form.data.get("key") or "")
    try:
        key = chosen_key(entry, form.cleaned_data["form"] if form.is_valid() else "?")
    except BadKey as bad:
        if not form.errors:
            form.add_error("key", _(bad.sentence) % bad.figures)
        return _show_panel(request, panel.listener, panel.account, form=form, status=422)
    return _done(request, panel, lambda: set_panel_key(panel_id, key, **who(request)))


@needs(KEYS)
@require_POST
def remove_key(request: HttpRequest, panel_id: int) -> HttpResponse:
    return _done(request, _panel(request, panel_id), lambda: remove_panel_key(panel_id, **who(request)))


@needs(KEYS)
@require_POST
def plain(request: HttpRequest, panel_id: int) -> HttpResponse:
    allowed = request.POST.get("allowed") == "1"
    return _done(request, _panel(request, panel_id), lambda: allow_plain(panel_id, allowed, **who(request)))


def _panel(request: HttpRequest, panel_id: int) -> Panel:
    panel = panel_by_id(viewer_of(request), panel_id)
    if panel is None:
        raise Http404
    return panel


def _done(request: HttpRequest, panel: Panel, act: Callable[[], object]) -> HttpResponse:
    try:
        with doors():
            act()
    except NoKeys as keyless:
        raise Http404 from keyless
    return HttpResponseRedirect(reverse("console:panel", args=[panel.listener, panel.account]) + "#key")

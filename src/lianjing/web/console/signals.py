"""信号: what came in and what became of it; one signal with the whole way to its fate."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.domain.incidents.queries import incident_of_signals
from lianjing.domain.signals.daily_account import today
from lianjing.domain.signals.models import Fate
from lianjing.domain.signals.queries import SignalLine, waiting_since
from lianjing.domain.signals.signal_list import SignalFilter, signal_list
from lianjing.domain.signals.signal_page import SignalPage, signal_page
from lianjing.terms.codes import EventClass
from lianjing.web.console.pathwords import second_path_words
from lianjing.web.console.signalwords import STEPS, place_words, rule_words, signal_words, what_words
from lianjing.web.console.suppressions import may_suppress
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import CLASSES, FATES, LISTENERS, word

TEXT_LIMIT = 64
RULE_LIMIT = 40
FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """A signal of the list, in words."""

    line: SignalLine
    words: str
    fate: str
    rule: str
    incident: int | None


@needs("signals.see")
@require_safe
def signal_page_list(request: HttpRequest) -> HttpResponse:
    context = surroundings(request, "signals")
    wanted, problem = _asked(request)
    viewer = viewer_of(request)
    found = signal_list(viewer, wanted, now=context["now"], after=asked_id(request), limit=PAGE + 1)
    lines = found[:PAGE] if wanted.fate != Fate.WAITING else found
    cases = incident_of_signals(viewer, [line.id for line in lines])
    context["rows"] = [
        Row(
            line,
            signal_words(line),
            word(FATES, line.fate),
            rule_words(line.rule) if line.rule else "",
            cases.get(line.id),
        )
        for line in lines
    ]
    context |= {"wanted": wanted, "problem": problem, "page": "list", "period": _period(wanted)}
    context |= {
        "fates": _fates(request, wanted.fate),
        "classes": [(name.value, word(CLASSES, name)) for name in EventClass],
    }
    context["rule_asked"] = rule_words(wanted.rule) if wanted.rule else ""
    context["backlog"] = waiting_since(viewer) if wanted.fate != Fate.WAITING else None
    context |= pager(request, lines[-1].id if len(found) > len(lines) else None)
    return show(request, "desk/signals.html", context, 400 if problem else 200)


def _row(line: SignalLine, incident: int | None) -> Row:
    rule = rule_words(line.rule) if line.rule else ""
    return Row(line, signal_words(line), word(FATES, line.fate), rule, incident)


def _asked(request: HttpRequest) -> tuple[SignalFilter, str]:
    """What to list, and what was wrong with the day asked for."""
    told = {name: request.GET.get(name, "").replace("\0", "").strip() for name in ("q", "class", "fate", "rule", "on")}
    on, problem = _day(told["on"])
    wanted = SignalFilter(
        text=told["q"][:TEXT_LIMIT],
        event_class=told["class"] if told["class"] in set(EventClass) else "",
        fate=told["fate"] if told["fate"] in Fate.values else "",
        rule=told["rule"][:RULE_LIMIT],
        on=on,
    )
    return wanted, problem


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        on = parse_date(text)
    except ValueError:
        on = None
    if on is None or not FIRST_YEAR <= on.year <= today().year:
        return None, _("“%(text)s”不是日期。") % {"text": text[:TEXT_LIMIT]}
    return on, ""


def _period(wanted: SignalFilter) -> str:
    if wanted.fate == Fate.WAITING:
        return _("全部待处理的")
    if wanted.on is not None:
        return wanted.on.isoformat()
    return _("近 30 天") if wanted.text or wanted.rule else _("今天")


def _fates(request: HttpRequest, asked: str) -> list[dict[str, Any]]:
    choices = [("", _("全部")), *((fate, word(FATES, fate)) for fate in FATES)]
    return [
        {"words": words, "href": href(request, fate=name, after=None, rule=None), "chosen": name == asked}
        for name, words in choices
    ]


@needs("signals.see")
@require_safe
def signal_detail(request: HttpRequest, signal_id: int) -> HttpResponse:
    context = surroundings(request, "signals")
    viewer = viewer_of(request)
    page = signal_page(viewer, signal_id)
    if page is None:
        raise Http404
    line = page.line
    context |= {"signal": page, "line": line, "words": signal_words(line), "facts": _facts(page)}
    context |= {"fate": word(FATES, line.fate), "rule": rule_words(line.rule) if line.rule else ""}
    context["incident"] = incident_of_signals(viewer, [line.id]).get(line.id)
    context["steps"] = [
        {"words": word(STEPS, step.name), "sentence": step.sentence, "standing": step.standing} for step in page.steps
    ]
    context |= {"author": page.author or (_("系统") if line.rule else ""), "second": _second(line)}
    if page.suppression is not None:
        context["suppressed_by"] = f"{place_words(page.suppression)} · {what_words(page.suppression)}"
    context["may_suppress"] = may_suppress(request) and page.treated is not None and page.treated.site_id is not None
    context["may_see_frames"] = may(viewer, "frames.see")
    return show(request, "desk/signal.html", context)


def _second(line: SignalLine) -> str:
    return second_path_words(line.second_path) if line.second_path else ""


def _facts(page: SignalPage) -> list[tuple[str, str]]:
    """Where it came from and what it says, in a few lines."""
    line = page.line
    area = _("分区 %(area)s") % {"area": line.area} if line.area.strip("0") else ""
    told = [
        (_("单位"), page.treated.company.name if page.treated and page.treated.company else ""),
        (_("何处"), " · ".join(filter(None, (line.where, area)))),
        (_("代码"), " ".join(filter(None, (line.scheme, line.qualifier, line.code)))),
        (_("来源"), " · ".join((word(LISTENERS, line.protocol), line.transport.upper(), line.peer))),
        (_("重复"), _("又重复 %(count)d 次") % {"count": line.repeats} if line.repeats else ""),
    ]
    return [(name, text) for name, text in told if text]

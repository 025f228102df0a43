"""原始报文: every frame that arrived, with the reading, the reason and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.incidents.queries import incident_of_signals
from lianjing.domain.signals.queries import (
    FrameFilter,
    FrameLine,
    address_words,
    code_words,
    frame,
    frames,
    signals_of_frame,
)
from lianjing.web.console.extras import Extra, Part, extras_in_words
from lianjing.web.console.pathwords import PathWords, of_frame
from lianjing.web.console.signalwords import rule_words
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, asked_id, href, pager
from lianjing.web.words import FATES, LISTENERS, ODDITIES, REASONS, word

KINDS = ("", "signal", "unsupported", "unreadable", "heartbeat", "unknown-code", "unknown-account")
UNKNOWN = {"unknown-code": "code", "unknown-account": "account"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame in words."""

    frame: FrameLine
    reading_words: str
    reason_words: str
    answer_words: str
    paths: list[PathWords]


def _event_words(event: Mapping[str, Any]) -> str:
    what = code_words(event["scheme"], event["code"], event["qualifier"])
    where = address_words(event["address_kind"], event["address"])
    return " · ".join(filter(None, (what, where, event.get("text"))))


def reading_words(line: FrameLine) -> str:
    """What the frame says, in one line."""
    events = line.reading.get("events") or []
    if events:
        return _("；").join(_event_words(event) for event in events)
    if line.kind == "heartbeat":
        return _("心跳，设备在线")
    token = line.reading.get("token")
    return _("格式 %(token)s，内容没有读出") % {"token": token} if token else _("读不出")


def answer_words(answer: str | None) -> str:
    """What was sent back, in a word."""
    if answer is None:
        return _("没有应答")
    for token, said in (
        ("\\x06", _("已应答 ACK")),
        ('"*ACK"', _("已应答 ACK（加密）")),
        ('"ACK"', _("已应答 ACK")),
        ('"NAK"', _("已应答 NAK：请校时重发")),
        ('"*NAK"', _("已应答 NAK：请校时重发")),
        ('"DUH"', _("已应答 DUH：不能处理")),
        ('"*DUH"', _("已应答 DUH：不能处理")),
    ):
        if token in answer:
            return said
    return _("已应答")


def shown(line: FrameLine) -> Shown:
    """A frame in words."""
    paths = of_frame(line.id, line.second_paths)
    return Shown(line, reading_words(line), reason_words(line), answer_words(line.answer), paths)


def wrong_key_words(line: FrameLine) -> str:
    """Whose key is wrong, by name when the account has one."""
    if not line.site_name:
        return _("设备 %(account)s 的密钥不对") % {"account": line.account}
    return _("设备 %(account)s（%(site)s）的密钥不对") % {"account": line.account, "site": line.site_name}


def reason_words(line: FrameLine) -> str:
    """Everything that is wrong or odd with the frame, in words; empty when nothing is."""
    told = [word(REASONS, line.reason)] if line.reason and line.reason not in ("unknown-account", "wrong-key") else []
    if line.reason == "wrong-key":
        told.append(wrong_key_words(line))
    if line.account and line.site_name is None:
        told.append(_("账号 %(account)s 没有登记") % {"account": line.account})
    told += [_("代码 %(code)s 不在代码表中") % {"code": code} for code in line.unknown_codes]
    return _("；").join(told)


def _kinds(request: HttpRequest) -> list[dict[str, str]]:
    words = {
        "": _("全部"),
        "signal": _("信号"),
        "unsupported": _("未能解读"),
        "unreadable": _("损坏"),
        "heartbeat": _("心跳"),
        "unknown-code": _("未知代码"),
        "unknown-account": _("未登记账号"),
    }
    return [{"name": k, "words": words[k], "href": href(request, kind=k, after=None)} for k in KINDS]


@needs("frames.see")
@require_safe
def frame_list(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    account = request.GET.get("account", "").strip()[:32]
    context = surroundings(request, "frames")
    unknown = UNKNOWN.get(kind, "")
    wanted = FrameFilter(kind="" if unknown else kind, account=account, unknown=unknown)
    found = frames(viewer_of(request), wanted, after=asked_id(request), limit=PAGE + 1)
    lines = found[:PAGE]
    context |= {"shown": [shown(line) for line in lines], "kind": kind, "account_asked": account}
    context |= {"kinds": _kinds(request), **pager(request, lines[-1].id if len(found) > PAGE else None)}
    return show(request, "desk/frames.html", context)


@needs("frames.see")
@require_safe
def frame_detail(request: HttpRequest, frame_id: int) -> HttpResponse:
    context = surroundings(request, "frames")
    line = frame(viewer_of(request), frame_id)
    if line is None:
        raise Http404
    source = " · ".join((word(LISTENERS, line.listener), line.transport.upper(), line.peer))
    context |= {"shown": shown(line), "reading": _reading(line), "fates": _fates(request, frame_id), "source": source}
    return show(request, "desk/frame.html", context)


def _fates(request: HttpRequest, frame_id: int) -> list[dict[str, Any]]:
    """What became of each event: fate and rule in words, and the case."""
    viewer = viewer_of(request)
    lines = signals_of_frame(viewer, frame_id)
    cases = incident_of_signals(viewer, [line.id for line in lines])
    return [
        {
            "id": line.id,
            "words": " · ".join(filter(None, (line.what, line.where))),
            "fate": word(FATES, line.fate),
            "rule": rule_words(line.rule) if line.rule else "",
            "incident": cases.get(line.id),
        }
        for line in lines
    ]


def _reading(line: FrameLine) -> list[Extra]:
    """The reading, name by name, without what is empty."""
    names = {
        "token": _("格式"),
        "sequence": _("序号"),
        "receiver": _("接收机"),
        "line": _("线路"),
        "data_account": _("数据中的账号"),
    }
    told: list[tuple[str, Any]] = [(words, line.reading.get(name)) for name, words in names.items()]
    odd = [word(ODDITIES, name) for name in line.reading.get("dialect") or []]
    told.append((_("与标准的出入"), _("；").join(odd)))
    told.append((_("加密"), _("是") if line.reading.get("encrypted") else ""))
    facts = [Extra(name, [Part(str(value))]) for name, value in told if value]
    return facts + extras_in_words(line.reading.get("extras") or [])

"""关注: what stands open though no alarm rings, each with what to do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.signals.queries import address_words, code_words
from lianjing.domain.signals.watch_lists import LISTS, WatchLine, watch_counts, watch_list
from lianjing.terms.premises import PathKind
from lianjing.web.console.advice import duration_words
from lianjing.web.console.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.paging import PAGE, href, pager
from lianjing.web.tags import clock
from lianjing.web.words import CLASSES, Words, label, word

NAMES: Words = {
    "unrestored": later("未恢复"),
    "lost": later("线路失联"),
    "late_tests": later("测试未到"),
    "runaways": later("频繁上报"),
    "skewed": later("时钟不准"),
    "pending": later("待激活"),
}
MEANINGS: Words = {
    "unrestored": later("报警或停电报来后没有恢复；逾时的在前，再按开始时间。"),
    "lost": later("按间隔该有动静而没有的传输路径；收到任何一帧即恢复。"),
    "late_tests": later("定期测试没有按时到的设备：平时无事，报警时可能也发不出来。"),
    "runaways": later("同一防区反复上报，超过限值的只记录、不提示。"),
    "skewed": later("设备时钟与收到时间相差过大：记录里的发生时间不可信。"),
    "pending": later("登记了而还没有发来第一个信号的设备：不受线路监视。"),
}
NOTHING: Words = {
    "unrestored": later("没有未恢复的报警和停电。"),
    "lost": later("所有受监视的线路都有动静。"),
    "late_tests": later("定期测试都按时到了。"),
    "runaways": later("没有频繁上报的防区。"),
    "skewed": later("设备时钟都准。"),
    "pending": later("登记的设备都已发来信号。"),
}
TODO: dict[str, Promise] = {
    "unrestored": later("联系场所确认现场，让设备复位；确认故障的报修"),
    "mains": later("联系场所确认供电；备用电池一般只够一天"),
    "lost": later("看设备页的线路；联系场所确认断电、断网，必要时派人"),
    "late_tests": later("请场所手动发一次测试；收不到就派人检查"),
    "runaways": later("联系场所检查该探测器，报修；修好前可设抑制规则"),
    "skewed": later("请安装单位给设备校时；能收到我方应答的设备会自行校时"),
    "pending": later("请安装单位核对账号、地址和密钥后发一次测试"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words."""

    line: WatchLine
    what: str
    detail: str
    todo: str
    urgent: bool


@needs("signals.see")
@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("list", "")
    name = asked if asked in LISTS else next(iter(LISTS))
    context = surroundings(request, "watch")
    viewer, now = viewer_of(request), context["now"]
    counts = watch_counts(viewer)
    after = request.GET.get("after", "").replace("\0", "")[:160]
    found = watch_list(viewer, name, now=now, after=after, limit=PAGE + 1)
    context["rows"] = [_row(name, line, now) for line in found[:PAGE]]
    context["segments"] = [
        {
            "words": word(NAMES, each),
            "count": count,
            "href": href(request, list=each, after=None),
            "chosen": each == name,
        }
        for each, count in counts.items()
    ]
    context |= {"name": name, "meaning": word(MEANINGS, name), "nothing": word(NOTHING, name)}
    context |= pager(request, found[PAGE - 1].cursor if len(found) > PAGE else None)
    return show(request, "desk/watch.html", context)


def _segment(request: HttpRequest, name: str, count: int, *, chosen: bool) -> dict[str, Any]:
    return {"words": word(NAMES, name), "count": count, "href": href(request, list=name, after=None), "chosen": chosen}


def _row(name: str, line: WatchLine, now: datetime) -> Row:
    what, detail, urgent = _WORDS[name](line, now)
    todo = "mains" if line.facts.get("mains") else name
    return Row(line, what, detail, str(TODO[todo]), urgent)


Told = tuple[str, str, bool]
"""What, with which details, and whether it is overdue."""


def _lasted(since: datetime | None, now: datetime) -> str:
    minutes = int((now - since).total_seconds()) // 60 if since else 0
    return duration_words(minutes * 60) if minutes > 0 else _("不到 1 分")


def _zone(line: WatchLine) -> str:
    return address_words("zone", line.zone.number, line.zone.name) if line.zone else ""


def _unrestored(line: WatchLine, now: datetime) -> Told:
    code, (kind, number) = line.facts["code"], line.facts["address"]
    what = code_words(*code) if code else word(CLASSES, line.facts["class"])
    where = _zone(line) or address_words(kind, number)
    standing = _("逾时未恢复") if line.facts["overdue"] else ""
    standing = standing or (_("等待恢复，到时再提示") if line.facts["held"] else "")
    lasted = _("已 %(lasted)s") % {"lasted": _lasted(line.since, now)}
    return " · ".join(filter(None, (what, where))), " · ".join(filter(None, (standing, lasted))), line.facts["overdue"]


def _lost(line: WatchLine, now: datetime) -> Told:
    facts = line.facts
    what = _("%(kind)s 失联 %(lasted)s") % {
        "kind": label(PathKind, facts["kind"]),
        "lasted": _lasted(line.since, now),
    }
    heard = _("最后一次 %(at)s") % {"at": clock(facts["last_at"])} if facts["last_at"] else _("从未收到")
    interval = facts["interval_s"]
    every = _("应每 %(interval)s有动静") % {"interval": duration_words(interval)} if interval else ""
    return what, " · ".join(filter(None, (heard, every))), True


def _late(line: WatchLine, now: datetime) -> Told:
    last, interval = line.facts["last_at"], line.facts["interval"]
    what = _("测试迟到 %(lasted)s") % {"lasted": _lasted(line.since, now)}
    heard = _("上次 %(at)s") % {"at": clock(last)} if last else _("从未收到测试")
    every = _("应每 %(interval)s一次") % {"interval": duration_words(interval * 60)} if interval else ""
    return what, " · ".join(filter(None, (heard, every))), True


def _runaway(line: WatchLine, now: datetime) -> Told:
    what = " · ".join(filter(None, (word(CLASSES, line.facts["class"]), _zone(line))))
    hidden = _("已藏 %(count)d 条") % {"count": line.facts["hidden"]}
    last = _("最近 %(at)s") % {"at": clock(line.facts["last_at"])}
    return what, f"{hidden} · {last}", False


def skew_words(seconds: int) -> str:
    """快 3 分 20 秒, 慢 2 小时."""
    if seconds >= 0:
        return _("快 %(by)s") % {"by": duration_words(seconds)}
    return _("慢 %(by)s") % {"by": duration_words(-seconds)}


def _skewed(line: WatchLine, now: datetime) -> Told:
    at = line.facts["at"]
    return skew_words(line.facts["skew_s"]), _("见于 %(at)s 的信号") % {"at": clock(at)} if at else "", False


def _pending(line: WatchLine, now: datetime) -> Told:
    return _("等第一个信号"), _("已登记 %(lasted)s") % {"lasted": _lasted(line.since, now)}, False


_WORDS: dict[str, Any] = {
    "unrestored": _unrestored,
    "lost": _lost,
    "late_tests": _late,
    "runaways": _runaway,
    "skewed": _skewed,
    "pending": _pending,
}

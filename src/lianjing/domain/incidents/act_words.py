"""What was done to a case, in words: a sentence for each kind of act in the sealed records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from lianjing.domain.incidents.causes import CAUSES, OTHER
from lianjing.domain.incidents.choice_words import (
    choice_words,
    disposition_words,
    rejection_words,
    said_words,
    scene_words,
    waiver_words,
)
from lianjing.domain.incidents.customer_words import answer_words, outcome_words, way_words
from lianjing.domain.plans.step_words import plan_words
from lianjing.domain.records.models import Record
from lianjing.domain.signals.queries import code_words
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class Act:
    """What a record tells of an act; `told` is empty once the record is erased."""

    told: Mapping[str, Any]
    former: str
    """Who held the case before."""


Figure = Callable[[Act], object]
Sentence = Callable[[Act], str]


def act_words(record: Record) -> str:
    """What an act on a case was, in words; the name of the act when it has no sentence."""
    sentence = SENTENCES.get(record.action)
    if sentence is None:
        return record.action
    return sentence(Act(record.after or {}, (record.before or {}).get("holder", "")))


def _said(sentence: str, **figures: Figure) -> Sentence:
    return lambda act: gettext(sentence) % {name: figure(act) for name, figure in figures.items()}


def _told(name: str, words: Callable[[str], object] = str) -> Figure:
    """What the record tells under this name, in `words`."""
    return lambda act: words(act.told.get(name, ""))


def _former(act: Act) -> str:
    return act.former


def _opened(act: Act) -> str:
    if "split_from" not in act.told:
        return gettext("建立警情")
    figures = {"old": act.told["split_from"], "count": len(act.told["signals"])}
    return gettext("由警情 #%(old)s 拆出 %(count)d 条信号，建立警情") % figures


def _joined(act: Act) -> str:
    if "events" in act.told:
        return gettext("并入 %(count)d 处") % {"count": len(act.told["events"])}
    if "signals" in act.told:
        return gettext("并入 %(count)d 条信号") % {"count": len(act.told["signals"])}
    return gettext("新报警并入") if act.told.get("alarm") else gettext("恢复信号并入")


def _taken(act: Act) -> str:
    return gettext("受理（%(holder)s 未反应）") % {"holder": act.former} if act.former else gettext("受理")


def _disposed_words(act: Act) -> str:
    result, kind = act.told.get("result", ""), act.told.get("kind", "")
    cause = CAUSES.get(result, {}).get(kind, "") if kind != OTHER else ""
    return " · ".join(filter(None, (disposition_words(result), gettext(cause) if cause else "")))


def _closed(act: Act) -> str:
    if not act.told.get("mass"):
        return gettext("结案")
    return gettext("批量结案：%(result)s") % {"result": disposition_words(act.told.get("result"))}


def _called(act: Act) -> str:
    sentence = (
        _("%(contact)s 来电：%(outcome)s") if act.told.get("direction") == "in" else _("致电 %(contact)s：%(outcome)s")
    )
    return _said(sentence, contact=_told("contact"), outcome=_told("outcome", outcome_words))(act)


def _step_words(act: Act) -> str:
    return said_words(act.told.get("outcome", ""), plan_words(act.told.get("said", "")))


def _clock_words(told: str) -> str:
    at = parse_datetime(told)
    return f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""


def _woken(act: Act) -> str:
    why = {"signal": _("新报警，结束挂起"), "time": _("挂起到时")}
    return gettext(why.get(act.told.get("why", ""), _("继续处理")))


def _sent(act: Act) -> str:
    """Whom; with what the duty gate said against him, when there was no time to ask for a pass."""
    if "against_gate" in act.told:
        figures = {"guard": act.told.get("guard", ""), "why": act.told["against_gate"]}
        return gettext("派单：%(guard)s（▲ 不符合值班条件：%(why)s）") % figures
    return gettext("派单：%(guard)s") % {"guard": act.told.get("guard", "")}


def _escalated(act: Act) -> str:
    return gettext("无人反应，升级到经理") if act.told.get("to") == "manager" else gettext("无人反应，升级到班长")


def _split(act: Act) -> str:
    if "into" not in act.told or "signals" not in act.told:
        return ""
    figures = {"count": len(act.told["signals"]), "into": act.told["into"]}
    return gettext("拆出 %(count)d 条信号，另立警情 #%(into)s") % figures


def _paper_times(act: Act) -> str:
    """Both times: the line itself has that of the entry."""
    names = {
        "received_at": _("收到"),
        "verified_at": _("复核"),
        "forwarded_at": _("转发"),
        "arrived_at": _("到场"),
        "closed_at": _("结案"),
    }
    written = [(gettext(name), parse_datetime(act.told[key])) for key, name in names.items() if key in act.told]
    return "，".join(f"{name} {timezone.localtime(at):%m-%d %H:%M:%S}" for name, at in written if at)


_contact, _guard, _service = _told("contact"), _told("guard"), _told("service", choice_words)

SENTENCES: Mapping[str, Sentence] = {
    "incident.opened": _opened,
    "incident.joined": _joined,
    "incident.confirmed": _said(_("确认警情")),
    "incident.event_ended": _said(_("已恢复：%(what)s"), what=_told("kind", lambda kind: code_words("LJ", kind, ""))),
    "incident.taken": _taken,
    "incident.lock_broken": _said(_("解除 %(holder)s 的锁定并接手"), holder=_former),
    "incident.released": _said(_("退回队列")),
    "incident.noted": _said(_("记录")),
    "incident.acknowledged": _said(_("确认已看新报警")),
    "incident.verified": _said(
        _("复核：%(how)s，%(outcome)s"), how=_told("how", choice_words), outcome=_told("outcome", choice_words)
    ),
    "incident.forwarded": _said(_("转发：%(to)s"), to=_told("to", choice_words)),
    "incident.disposed": _said(_("处置：%(result)s"), result=_disposed_words),
    "incident.closed": _closed,
    "incident.called": _called,
    "incident.customer_asked": _said(_("发确认链接给 %(contact)s"), contact=_contact),
    "incident.customer_opened": _said(_("%(contact)s 打开了确认链接"), contact=_contact),
    "incident.customer_answered": _said(
        _("客户 %(contact)s 答复：%(answer)s"), contact=_contact, answer=_told("answer", answer_words)
    ),
    "incident.customer_link_revoked": _said(_("收回给 %(contact)s 的确认链接"), contact=_contact),
    "incident.customer_told": _said(
        _("警情通报：%(contact)s，%(channel)s"), contact=_contact, channel=_told("channel", way_words)
    ),
    "incident.reopened": _said(_("重新打开")),
    "incident.step_done": _said(_("预案：%(title)s——%(said)s"), title=_told("title", plan_words), said=_step_words),
    "incident.step_reopened": _said(_("预案：重做“%(title)s”"), title=_told("title", plan_words)),
    "incident.waited": _said(_("预案：等待时间到——%(title)s"), title=_told("title", plan_words)),
    "incident.replanned": _said(_("预案换为“%(plan)s”"), plan=_told("plan", plan_words)),
    "incident.notices_read": _said(_("确认已读提示")),
    "incident.held": _said(_("挂起至 %(until)s"), until=_told("until", _clock_words)),
    "incident.woken": _woken,
    "incident.offered": _said(_("请 %(name)s 接手"), name=_told("to")),
    "incident.offer_withdrawn": _said(_("收回对 %(name)s 的移交"), name=_told("to")),
    "incident.accepted": _said(_("从 %(holder)s 接手"), holder=_former),
    "incident.declined": _said(_("不接手")),
    "incident.given_back": _said(
        _("%(holder)s 的浏览器已断开 %(seconds)s 秒，退回队列"), holder=_former, seconds=_told("seconds")
    ),
    "incident.escalated": _escalated,
    "incident.merged": _said(_("并入警情 #%(into)s，信号转入该案"), into=_told("into")),
    "incident.took_in": _said(_("并入警情 #%(other)s 的 %(count)s 条信号"), other=_told("from"), count=_told("count")),
    "incident.split": _split,
    "incident.task_sent": _sent,
    "incident.task_accepted": _said(_("%(guard)s 接受任务"), guard=_guard),
    "incident.task_on_the_way": _said(_("%(guard)s 出发"), guard=_guard),
    "incident.task_arrived": _said(_("%(guard)s 到达"), guard=_guard),
    "incident.task_done": _said(_("现场结果：%(result)s"), result=_told("result", scene_words)),
    "incident.task_left": _said(_("%(guard)s 离开"), guard=_guard),
    "incident.task_refused": _said(_("%(guard)s 拒绝任务"), guard=_guard),
    "incident.task_cancelled": _said(_("撤回 %(guard)s 的任务"), guard=_guard),
    "incident.media_added": _said(_("添加影像")),
    "incident.police_prepared": _said(_("拟好给 %(to)s 的警情单"), to=_service),
    "incident.police_sent": _said(_("已报 %(to)s"), to=_service),
    "incident.police_accepted": _said(_("%(to)s 已接警 %(number)s"), to=_service, number=_told("number")),
    "incident.police_received": _said(_("确认 %(to)s 收悉"), to=_service),
    "incident.police_rejected": _said(
        _("%(to)s 不受理：%(reason)s"), to=_service, reason=_told("reason", rejection_words)
    ),
    "incident.police_dispatched": _said(_("%(to)s 已出警"), to=_service),
    "incident.police_arrived": _said(_("%(to)s 已到场"), to=_service),
    "incident.police_closed": _said(_("%(to)s 已办结"), to=_service),
    "incident.police_waived": _said(_("不报告：%(reason)s"), reason=_told("reason", waiver_words)),
    "incident.review_raised": _said(_("“无法判断”超过限数，须由班长复查")),
    "incident.reviewed": _said(_("复查处置结果")),
    "incident.paper_entered": _said(
        _("纸质补录（%(who)s 处理；%(times)s）"), who=_told("handled_by"), times=_paper_times
    ),
    "incident.adopted": _said(_("账号已登记为设备，警情转入此场所")),
}
"""By kind of act. An act that has none is shown by its name: the time line leaves nothing out."""

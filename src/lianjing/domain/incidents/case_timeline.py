"""What happened to a case, in words, read from the sealed records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.customer_words import BY_LINK, answer_words, outcome_words, way_words
from lianjing.domain.incidents.models import Incident
from lianjing.domain.records.models import Record
from lianjing.domain.records.queries import records_of
from lianjing.domain.signals.queries import code_words

TIMELINE_SIGNALS = 200
"""With more signals than this, the time line leaves out how they joined: what people did must not be lost in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the time line: an act from the sealed records."""

    at: datetime
    actor: str
    action: str
    words: str
    detail: str
    seal: int | None


def timeline(viewer: Viewer, incident: Incident) -> list[Step]:
    """What happened to the case, oldest first, read from the sealed records."""
    adopted = incident.site_id is not None
    without = ("incident.joined",) if incident.signal_count > TIMELINE_SIGNALS else ()
    return [_step(record) for record in records_of(viewer, "incident", incident.pk, adopted=adopted, without=without)]


def _step(record: Record) -> Step:
    return Step(
        at=record.at,
        actor=record.actor_name if record.actor_id else _actor_words(record),
        action=record.action,
        words=_act_words(record),
        detail=str((record.after or {}).get("text", "") or (record.after or {}).get("cause", "")),
        seal=record.seal_id,
    )


def _actor_words(record: Record) -> str:
    """What nobody signed on for was done by the product, or through a customer's link."""
    return _("客户") if record.action in BY_LINK else _("系统")


def _act_words(record: Record) -> str:
    told: dict[str, Any] = {**(record.after or {})}
    former = (record.before or {}).get("holder", "")
    sentences = {
        "incident.opened": _("建立警情"),
        "incident.joined": _joined_words(told),
        "incident.confirmed": _("确认警情"),
        "incident.event_ended": _("已恢复：%(what)s") % {"what": code_words("LJ", told.get("kind", ""), "")},
        "incident.taken": _("受理（%(holder)s 未反应）") % {"holder": former} if former else _("受理"),
        "incident.lock_broken": _("解除 %(holder)s 的锁定并接手") % {"holder": former},
        "incident.released": _("退回队列"),
        "incident.noted": _("记录"),
        "incident.acknowledged": _("确认已看新报警"),
        "incident.verified": _("复核：%(how)s，%(outcome)s")
        % {"how": choice_words(told.get("how")), "outcome": choice_words(told.get("outcome"))},
        "incident.forwarded": _("转发：%(to)s") % {"to": choice_words(told.get("to"))},
        "incident.disposed": _("处置：%(result)s") % {"result": disposition_words(told.get("result"))},
        "incident.closed": _("结案"),
        "incident.called": _called_words(told),
        "incident.customer_asked": _("发确认链接给 %(contact)s") % {"contact": told.get("contact", "")},
        "incident.customer_opened": _("%(contact)s 打开了确认链接") % {"contact": told.get("contact", "")},
        "incident.customer_answered": _("客户 %(contact)s 答复：%(answer)s")
        % {"contact": told.get("contact", ""), "answer": answer_words(told.get("answer"))},
        "incident.customer_link_revoked": _("收回给 %(contact)s 的确认链接") % {"contact": told.get("contact", "")},
        "incident.customer_told": _("警情通报：%(contact)s，%(channel)s")
        % {"contact": told.get("contact", ""), "channel": way_words(told.get("channel", ""))},
        "incident.reopened": _("重新打开"),
        "incident.step_done": _("预案：%(title)s——%(said)s")
        % {"title": told.get("title", ""), "said": said_words(told.get("outcome", ""), told.get("said", ""))},
        "incident.step_reopened": _("预案：重做“%(title)s”") % {"title": told.get("title", "")},
        "incident.replanned": _("预案换为“%(plan)s”") % {"plan": told.get("plan", "")},
        "incident.notices_read": _("确认已读提示"),
        "incident.held": _("挂起至 %(until)s") % {"until": _clock_words(told.get("until", ""))},
        "incident.woken": _woken_words(told.get("why", "")),
        "incident.offered": _("请 %(name)s 接手") % {"name": told.get("to", "")},
        "incident.offer_withdrawn": _("收回对 %(name)s 的移交") % {"name": told.get("to", "")},
        "incident.accepted": _("从 %(holder)s 接手") % {"holder": former},
        "incident.declined": _("不接手"),
        "incident.given_back": _("%(holder)s 的浏览器已断开 %(seconds)s 秒，退回队列")
        % {"holder": former, "seconds": told.get("seconds", "")},
        "incident.escalated": _escalated_words(told.get("to", "")),
        "incident.paper_entered": _paper_words(told),
        "incident.adopted": _("账号已登记为设备，警情转入此场所"),
    }
    return sentences.get(record.action, record.action)


def _called_words(told: Mapping[str, Any]) -> str:
    who = {"contact": told.get("contact", ""), "outcome": outcome_words(told.get("outcome", ""))}
    return (
        _("%(contact)s 来电：%(outcome)s") % who
        if told.get("direction") == "in"
        else (_("致电 %(contact)s：%(outcome)s") % who)
    )


def _joined_words(told: Mapping[str, Any]) -> str:
    if "signals" in told:
        return _("并入 %(count)d 条信号") % {"count": len(told["signals"])}
    return _("新报警并入") if told.get("alarm") else _("恢复信号并入")


def said_words(outcome: str, said: str) -> str:
    """The outcome of a plan's step: as its branch says it, or what every plan knows."""
    return said or {"done": _("完成"), "skipped": _("跳过"), "covered": _("随复核完成")}.get(outcome, outcome)


def _clock_words(told: str) -> str:
    at = parse_datetime(told)
    return f"{timezone.localtime(at):%m-%d %H:%M}" if at else ""


def _woken_words(why: str) -> str:
    return {"signal": _("新报警，结束挂起"), "time": _("挂起到时")}.get(why, _("继续处理"))


def _escalated_words(to: str) -> str:
    return _("无人反应，升级到经理") if to == "manager" else _("无人反应，升级到班长")


def _paper_words(told: Mapping[str, Any]) -> str:
    """Both times: the line itself has that of the entry."""
    names = {
        "received_at": _("收到"),
        "verified_at": _("复核"),
        "forwarded_at": _("转发"),
        "arrived_at": _("到场"),
        "closed_at": _("结案"),
    }
    written = [(name, parse_datetime(told[key])) for key, name in names.items() if key in told]
    times = "，".join(f"{name} {timezone.localtime(at):%m-%d %H:%M:%S}" for name, at in written if at)
    return _("纸质补录（%(who)s 处理；%(times)s）") % {"who": told.get("handled_by", ""), "times": times}


def choice_words(value: str | None) -> str:
    """How, outcome or target of an act, in words."""
    return {
        "call": _("电话"),
        "video": _("视频"),
        "patrol": _("巡逻"),
        "platform": _("平台"),
        "real": _("属实"),
        "false": _("误报"),
        "unclear": _("无法判断"),
        "no_answer": _("无人应答"),
        "duress": _("胁迫"),
        "110": _("110 报警台"),
        "119": _("119 火警台"),
        "120": _("120 急救台"),
    }.get(value or "", value or "")


def disposition_words(value: str | None) -> str:
    """处置结果 in words."""
    return {
        "real": _("真警"),
        "device_false": _("设备误报"),
        "human_false": _("人为误报"),
        "test": _("测试"),
        "undetermined": _("无法判断"),
    }.get(value or "", value or "")

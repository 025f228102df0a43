"""What happened to a case, in words, read from the sealed records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer
from lianjing.domain.incidents.causes import CAUSES, OTHER
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
        words=act_words(record),
        detail=str((record.after or {}).get("text", "") or (record.after or {}).get("cause", "")),
        seal=record.seal_id,
    )


def _actor_words(record: Record) -> str:
    """What nobody signed on for was done by the product, or through a customer's link."""
    return _("客户") if record.action in BY_LINK else _("系统")


def act_words(record: Record) -> str:
    """What an act on a case was, in words."""
    told: dict[str, Any] = {**(record.after or {})}
    former = (record.before or {}).get("holder", "")
    sentences = {
        "incident.opened": _opened_words(told),
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
        "incident.disposed": _("处置：%(result)s") % {"result": _disposed_words(told)},
        "incident.closed": _("批量结案：%(result)s") % {"result": disposition_words(told.get("result"))}
        if told.get("mass")
        else _("结案"),
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
        "incident.merged": _("并入警情 #%(into)s，信号转入该案") % {"into": told.get("into")},
        "incident.took_in": _("并入警情 #%(other)s 的 %(count)s 条信号")
        % {"other": told.get("from"), "count": told.get("count")},
        "incident.split": _split_words(told),
        "incident.task_sent": _("派单：%(guard)s") % {"guard": told.get("guard", "")},
        "incident.task_accepted": _("%(guard)s 接受任务") % {"guard": told.get("guard", "")},
        "incident.task_on_the_way": _("%(guard)s 出发") % {"guard": told.get("guard", "")},
        "incident.task_arrived": _("%(guard)s 到达") % {"guard": told.get("guard", "")},
        "incident.task_done": _("现场结果：%(result)s") % {"result": scene_words(told.get("result"))},
        "incident.task_left": _("%(guard)s 离开") % {"guard": told.get("guard", "")},
        "incident.task_refused": _("%(guard)s 拒绝任务") % {"guard": told.get("guard", "")},
        "incident.task_cancelled": _("撤回 %(guard)s 的任务") % {"guard": told.get("guard", "")},
        "incident.media_added": _("添加影像"),
        "incident.police_prepared": _("拟好给 %(to)s 的警情单") % {"to": choice_words(told.get("service"))},
        "incident.police_sent": _("已报 %(to)s") % {"to": choice_words(told.get("service"))},
        "incident.police_accepted": _("%(to)s 已接警 %(number)s")
        % {"to": choice_words(told.get("service")), "number": told.get("number", "")},
        "incident.police_received": _("确认 %(to)s 收悉") % {"to": choice_words(told.get("service"))},
        "incident.police_rejected": _("%(to)s 不受理：%(reason)s")
        % {"to": choice_words(told.get("service")), "reason": rejection_words(told.get("reason"))},
        "incident.police_dispatched": _("%(to)s 已出警") % {"to": choice_words(told.get("service"))},
        "incident.police_arrived": _("%(to)s 已到场") % {"to": choice_words(told.get("service"))},
        "incident.police_closed": _("%(to)s 已办结") % {"to": choice_words(told.get("service"))},
        "incident.police_waived": _("不报告：%(reason)s") % {"reason": waiver_words(told.get("reason"))},
        "incident.review_raised": _("“无法判断”超过限数，须由班长复查"),
        "incident.reviewed": _("复查处置结果"),
        "incident.paper_entered": _paper_words(told),
        "incident.adopted": _("账号已登记为设备，警情转入此场所"),
    }
    return sentences.get(record.action, record.action)


def _opened_words(told: Mapping[str, Any]) -> str:
    if "split_from" in told:
        return _("由警情 #%(old)s 拆出 %(count)d 条信号，建立警情") % {
            "old": told["split_from"],
            "count": len(told["signals"]),
        }
    return _("建立警情")


def _split_words(told: Mapping[str, Any]) -> str:
    if "into" not in told or "signals" not in told:
        return ""
    return _("拆出 %(count)d 条信号，另立警情 #%(into)s") % {"count": len(told["signals"]), "into": told["into"]}


def _called_words(told: Mapping[str, Any]) -> str:
    who = {"contact": told.get("contact", ""), "outcome": outcome_words(told.get("outcome", ""))}
    return (
        _("%(contact)s 来电：%(outcome)s") % who
        if told.get("direction") == "in"
        else (_("致电 %(contact)s：%(outcome)s") % who)
    )


def _joined_words(told: Mapping[str, Any]) -> str:
    if "events" in told:
        return _("并入 %(count)d 处") % {"count": len(told["events"])}
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


def _disposed_words(told: Mapping[str, Any]) -> str:
    result, kind = told.get("result", ""), told.get("kind", "")
    cause = CAUSES.get(result, {}).get(kind, "") if kind != OTHER else ""
    return " · ".join(filter(None, (disposition_words(result), _(cause) if cause else "")))


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


def scene_words(value: str | None) -> str:
    """What whoever went there found, in words."""
    return {
        "nothing": _("未发现异常"),
        "false_cause": _("查明误报原因"),
        "trace": _("发现痕迹"),
        "person": _("发现可疑人员"),
        "crime": _("案件已发生"),
        "fire": _("起火"),
        "ill": _("有人伤病"),
        "no_access": _("无法进入"),
    }.get(value or "", value or "")


def rejection_words(value: str | None) -> str:
    """Why 110, 119 or 120 do not take it, in words."""
    return {
        "address": _("地址不符"),
        "not_theirs": _("不属其受理"),
        "too_old": _("时间过久"),
        "other": _("其他"),
    }.get(value or "", value or "")


def waiver_words(value: str | None) -> str:
    """Why a case is not reported, in words."""
    return {
        "verified_false": _("已核实为误报"),
        "police_there": _("警方已在场或已知情"),
        "customer_reports": _("客户自行报警"),
        "drill": _("演练或测试"),
        "other": _("其他"),
    }.get(value or "", value or "")

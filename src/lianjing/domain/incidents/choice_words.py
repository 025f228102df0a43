"""What was chosen in a case, in words: how it was verified, to whom it went, how it ended."""

from collections.abc import Mapping

from django.utils.translation import gettext

from lianjing.terms.sentences import marked as _

CHOICES = {
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
}
DISPOSITIONS = {
    "real": _("真警"),
    "device_false": _("设备误报"),
    "human_false": _("人为误报"),
    "test": _("测试"),
    "undetermined": _("无法判断"),
}
SCENES = {
    "nothing": _("未发现异常"),
    "false_cause": _("查明误报原因"),
    "trace": _("发现痕迹"),
    "person": _("发现可疑人员"),
    "crime": _("案件已发生"),
    "fire": _("起火"),
    "ill": _("有人伤病"),
    "no_access": _("无法进入"),
}
REJECTIONS = {
    "address": _("地址不符"),
    "not_theirs": _("不属其受理"),
    "too_old": _("时间过久"),
    "other": _("其他"),
}
WAIVERS = {
    "verified_false": _("已核实为误报"),
    "police_there": _("警方已在场或已知情"),
    "customer_reports": _("客户自行报警"),
    "drill": _("演练或测试"),
    "other": _("其他"),
}
STEP_OUTCOMES = {
    "done": _("完成"),
    "skipped": _("跳过"),
    "covered": _("随复核完成"),
}


def _word(table: Mapping[str, str], value: str | None) -> str:
    """The value itself when the table has none, so that nothing is shown as nothing."""
    found = table.get(value or "")
    return gettext(found) if found else value or ""


def choice_words(value: str | None) -> str:
    """How, outcome or target of an act, in words."""
    return _word(CHOICES, value)


def disposition_words(value: str | None) -> str:
    """处置结果 in words."""
    return _word(DISPOSITIONS, value)


def scene_words(value: str | None) -> str:
    """What whoever went there found, in words."""
    return _word(SCENES, value)


def rejection_words(value: str | None) -> str:
    """Why 110, 119 or 120 do not take it, in words."""
    return _word(REJECTIONS, value)


def waiver_words(value: str | None) -> str:
    """Why a case is not reported, in words."""
    return _word(WAIVERS, value)


def said_words(outcome: str, said: str) -> str:
    """The outcome of a plan's step: as its branch says it, or what every plan knows."""
    return said or _word(STEP_OUTCOMES, outcome)

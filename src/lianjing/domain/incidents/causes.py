"""Causes of a disposition, a list for each result. No Django.

A cause is one word of its list and, where it says too little, a text: false alarms are counted by it.
"""

from lianjing.terms.sentences import marked as _

OTHER = "other"

CAUSES: dict[str, dict[str, str]] = {
    "real": {
        "burglary": _("盗窃"),
        "attempt": _("企图闯入"),
        "robbery": _("抢劫或威胁"),
        "vandalism": _("破坏"),
        "dispute": _("纠纷"),
        "fire": _("起火"),
        "illness": _("伤病"),
        OTHER: _("其他"),
    },
    "device_false": {
        "battery": _("电池"),
        "wiring": _("线路"),
        "detector": _("探测器故障"),
        "panel": _("控制器故障"),
        "mains": _("供电"),
        "path": _("通信"),
        "mounting": _("安装或调试不当"),
        "surroundings": _("环境干扰"),
        OTHER: _("其他"),
    },
    "human_false": {
        "user_error": _("用户误操作"),
        "forgot_to_disarm": _("忘记撤防"),
        "wrong_code": _("输错密码"),
        "cleaning": _("保洁"),
        "pet": _("宠物或动物"),
        "works": _("施工或维修"),
        "pressed": _("误按紧急按钮"),
        "smoke": _("烹饪或吸烟"),
        OTHER: _("其他"),
    },
    "test": {
        "maintenance": _("维保测试"),
        "customer": _("客户自测"),
        "drill": _("演练"),
        OTHER: _("其他"),
    },
    "undetermined": {
        "no_access": _("进不去现场"),
        "no_evidence": _("现场没有痕迹"),
        "nobody_reached": _("联系不上任何人"),
        OTHER: _("其他"),
    },
}
"""By result: the words of each cause. Nine at most: one key each."""

FALSE_ALARMS = ("device_false", "human_false")
SHIFT_HOURS = 12
"""The longest shift; a sign-on lasts no longer."""


def cause_of(result: str, kind: str, text: str) -> tuple[str, str] | None:
    """Cause and text as they are kept; None when `kind` is none of the result's causes.

    A caller who gives no kind has written the text, which may be the name of a cause.
    """
    known = CAUSES[result]
    if kind:
        return (kind, text) if kind in known else None
    return (text, "") if text in known else (OTHER, text)

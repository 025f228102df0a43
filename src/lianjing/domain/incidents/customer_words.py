"""Words of calling, asking and telling customers."""

from django.utils.translation import gettext as _

from lianjing.domain.deliveries.channels import channel_words

BY_LINK = frozenset({"incident.customer_opened", "incident.customer_answered"})
"""What is done through a link, by nobody who signs on."""


def outcome_words(outcome: str) -> str:
    """What came of a call."""
    return {
        "reached": _("接通"),
        "busy": _("占线"),
        "no_answer": _("无人接听"),
        "wrong_person": _("不是本人"),
        "pass_word_right": _("口令正确"),
        "pass_word_wrong": _("口令错误"),
        "refused": _("拒绝配合"),
        "unreachable": _("无法接通"),
        "voicemail": _("语音信箱"),
    }.get(outcome, outcome)


def answer_words(answer: str | None) -> str:
    """What a customer said by his link."""
    return {"real": _("确认，确有警情"), "false": _("误报"), "help": _("求助")}.get(answer or "", answer or "")


def way_words(channel: str) -> str:
    """By which way somebody was told."""
    return _("电话") if channel == "phone" else channel_words(channel)

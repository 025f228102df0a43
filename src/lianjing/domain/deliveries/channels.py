"""By which ways a company can send now, and why not by the others. The settings say it; nothing is read from tables."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from lianjing.domain.companies.models import Company
from lianjing.domain.deliveries.policy import Channel


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A way out for one company. `why_not` is a sentence for the person, "" when the way is open."""

    channel: str
    available: bool
    simulated: bool
    why_not: str


def channel_state(company: Company | None, channel: str) -> ChannelState:
    """A demo company sends nothing real, whatever is connected: its numbers may be somebody's."""
    if company is not None and company.is_demo:
        return ChannelState(channel, available=True, simulated=True, why_not="")
    missing = settings.DELIVERY_MISSING.get(channel, "?")
    if missing:
        why = _("%(channel)s没有接通：请管理员设置 %(setting)s。") % {
            "channel": channel_words(channel),
            "setting": missing,
        }
        return ChannelState(channel, available=False, simulated=False, why_not=why)
    return ChannelState(channel, available=True, simulated=False, why_not="")


def channel_states(company: Company | None) -> list[ChannelState]:
    """All ways, in the order in which they are offered."""
    return [channel_state(company, channel.value) for channel in Channel]


def channel_words(channel: str) -> str:
    """短信, 微信, …"""
    return {"sms": _("短信"), "wechat": _("微信"), "email": _("邮件"), "webhook": _("网络接口")}.get(channel, channel)

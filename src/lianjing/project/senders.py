"""Which adapter sends by which way, as the settings say."""

from lianjing.domain.deliveries.policy import Channel
from lianjing.domain.deliveries.ports import Sender
from lianjing.project.environment import Environment
from lianjing.workers.delivery import Deliveries
from lianjing.workers.senders import MailSender, NotConnected, WebhookSender


def deliveries(environment: Environment) -> list[Deliveries]:
    """One worker a channel."""
    return [Deliveries(channel.value, sender_of(environment, channel)) for channel in Channel]


def sender_of(environment: Environment, channel: Channel) -> Sender:
    """What is connected to a channel."""
    messages = environment.messages
    if channel is Channel.EMAIL:
        return MailSender() if environment.mail else NotConnected()
    if channel is Channel.WEBHOOK:
        return WebhookSender("", messages.secret) if messages.webhook_hosts else NotConnected()
    url = messages.sms_webhook if channel is Channel.SMS else messages.wechat_webhook
    return WebhookSender(url, messages.secret) if url else NotConnected()

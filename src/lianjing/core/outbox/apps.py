from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "lianjing.core.outbox"
    label = "outbox"

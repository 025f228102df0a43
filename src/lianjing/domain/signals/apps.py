from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "lianjing.domain.signals"
    label = "signals"

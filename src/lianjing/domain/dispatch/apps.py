from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "lianjing.domain.dispatch"
    label = "dispatch"

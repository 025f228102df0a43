from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "lianjing.domain.findings"
    label = "findings"

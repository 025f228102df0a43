from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lianjing.domain.reports"
    label = "reports"

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "lianjing.domain.records"
    label = "records"

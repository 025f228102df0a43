from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "lianjing.domain.incidents"
    label = "incidents"

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    name = "lianjing.domain.drills"
    label = "drills"

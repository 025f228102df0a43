from django.apps import AppConfig


class PatrolConfig(AppConfig):
    name = "lianjing.web.patrol"
    label = "patrol"

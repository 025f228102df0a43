from django.apps import AppConfig


class PoliceConfig(AppConfig):
    name = "lianjing.web.police"
    label = "police"

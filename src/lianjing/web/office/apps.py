from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "lianjing.web.office"
    label = "office"

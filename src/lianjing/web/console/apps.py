from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "lianjing.web.console"
    label = "console"

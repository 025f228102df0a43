from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "lianjing.core.submissions"
    label = "submissions"

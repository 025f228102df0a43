from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "lianjing.domain.assessments"
    label = "assessments"

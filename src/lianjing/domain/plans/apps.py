from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "lianjing.domain.plans"
    label = "plans"

from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "lianjing.domain.facilities"
    label = "facilities"

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lianjing.domain.people"
    label = "people"

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lianjing.domain.people"
    label = "people"

    def ready(self) -> None:
        from lianjing.domain.people import sign_on

        sign_on.connect()

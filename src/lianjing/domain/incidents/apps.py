from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "lianjing.domain.incidents"
    label = "incidents"

    def ready(self) -> None:
        from lianjing.domain.incidents.timekeeping import note_deeds
        from lianjing.domain.records.listening import listen

        listen(note_deeds)

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    name = "lianjing.domain.drills"
    label = "drills"

    def ready(self) -> None:
        from lianjing.domain.drills.closing import conditions
        from lianjing.domain.findings.conditions import conditions_come_from

        conditions_come_from(conditions)

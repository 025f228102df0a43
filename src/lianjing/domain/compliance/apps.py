from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "lianjing.domain.compliance"
    label = "compliance"

    def ready(self) -> None:
        from lianjing.domain.compliance.handled_records import tell_handled
        from lianjing.domain.records.listening import listen

        listen(tell_handled)

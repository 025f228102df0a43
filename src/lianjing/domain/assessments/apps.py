from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "lianjing.domain.assessments"
    label = "assessments"

    def ready(self) -> None:
        from lianjing.domain.assessments.due_list import supervision_and_assessments
        from lianjing.domain.reports.digest_sources import digest_tells

        digest_tells(supervision_and_assessments)

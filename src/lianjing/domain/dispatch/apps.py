from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "lianjing.domain.dispatch"
    label = "dispatch"

    def ready(self) -> None:
        from lianjing.domain.dispatch.hand_over import tasks_list
        from lianjing.domain.incidents.hand_over_lists import add_list

        add_list("tasks", tasks_list)

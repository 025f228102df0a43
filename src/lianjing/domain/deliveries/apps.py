from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "lianjing.domain.deliveries"
    label = "deliveries"

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lianjing.domain.documents"
    label = "documents"

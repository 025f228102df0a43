from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "lianjing.domain.sites"
    label = "sites"

from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "lianjing.domain.companies"
    label = "companies"

"""Where the desk of the police answers."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.police import cases, companies, readings, registers, verification

police_urls: list[URLPattern | URLResolver] = [
    path("", companies.start, name="start"),
    path("companies/<int:company_id>/", companies.company, name="company"),
    path("companies/<int:company_id>/people/", registers.people, name="people"),
    path("companies/<int:company_id>/people/excel/", registers.people_excel, name="people_excel"),
    path("companies/<int:company_id>/certificates/", registers.certificates, name="certificates"),
    path("companies/<int:company_id>/certificates/excel/", registers.certificates_excel, name="certificates_excel"),
    path("companies/<int:company_id>/cases/", cases.closed_cases, name="cases"),
    path("companies/<int:company_id>/cases/<int:incident_id>/", cases.case, name="case"),
    path("verification/", verification.verification, name="verification"),
    path("readings/", readings.own, name="readings"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((police_urls, "police")))]

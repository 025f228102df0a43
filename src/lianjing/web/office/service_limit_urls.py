"""Where limits of service and capabilities of equipment answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import service_limit_editing as editing
from lianjing.web.office import service_limits

service_limit_urls: list[URLPattern | URLResolver] = [
    path("service-limits/", service_limits.service_limits, name="service_limits"),
    path("service-limits/<int:company_id>/new/", editing.limit_add, name="service_limit_add"),
    path("service-limits/limits/<int:limit_id>/edit/", editing.limit_edit, name="service_limit_edit"),
    path("service-limits/limits/<int:limit_id>/retract/", editing.limit_retract, name="service_limit_retract"),
    path("service-limits/<int:company_id>/capabilities/new/", editing.capability_add, name="capability_add"),
    path("service-limits/capabilities/<int:fact_id>/edit/", editing.capability_edit, name="capability_edit"),
    path("service-limits/capabilities/<int:fact_id>/retract/", editing.capability_retract, name="capability_retract"),
]

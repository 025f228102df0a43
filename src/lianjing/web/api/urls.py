"""The API's routes."""

from django.urls import path
from ninja import NinjaAPI

from lianjing.web.api import (
    assessments,
    compliance,
    documents,
    drills,
    equipment,
    evidence,
    findings,
    incidents,
    kpis,
    measurements,
    people,
    places,
    reading,
    rosters,
    status,
    tasks,
)
from lianjing.web.api.door import TokenBearer, install_refusals

api = NinjaAPI(title="Lianjing 联警", version="1", auth=TokenBearer(), docs_url=None, urls_namespace="api-1")
api.add_router("", reading.router)
api.add_router("", incidents.router)
api.add_router("", tasks.router)
api.add_router("", status.router)
api.add_router("", kpis.router)
api.add_router("", people.router)
api.add_router("", rosters.router)
api.add_router("", compliance.router)
api.add_router("", evidence.router)
api.add_router("", findings.router)
api.add_router("", measurements.router)
api.add_router("", places.router)
api.add_router("", equipment.router)
api.add_router("", drills.router)
api.add_router("", assessments.router)
api.add_router("", documents.router)
install_refusals(api)

urlpatterns = [path("", api.urls)]

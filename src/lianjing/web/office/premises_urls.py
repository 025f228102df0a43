"""Where premises answer."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import measuring, premises
from lianjing.web.office import premises_editing as editing

premises_urls: list[URLPattern | URLResolver] = [
    path("premises/", premises.premises, name="premises"),
    path("premises/<int:company_id>/new/", editing.place_add, name="place_add"),
    path("premises/<int:company_id>/limits/new/", measuring.limit_add, name="room_limit_add"),
    path("premises/limits/<int:room_limit_id>/edit/", measuring.limit_edit, name="room_limit_edit"),
    path("premises/limits/<int:room_limit_id>/retract/", measuring.limit_retract, name="room_limit_retract"),
    path("premises/places/<int:place_id>/", premises.place, name="place"),
    path("premises/places/<int:place_id>/edit/", editing.place_edit, name="place_edit"),
    path("premises/places/<int:place_id>/retract/", editing.place_retract, name="place_retract"),
    path("premises/places/<int:place_id>/records/new/", editing.fact_add, name="place_fact_add"),
    path("premises/places/<int:place_id>/files/new/", editing.file_add, name="place_file_add"),
    path("premises/places/<int:place_id>/values/new/", measuring.value_add, name="measurement_add"),
    path("premises/places/<int:place_id>/values/<slug:code>/", premises.measured, name="measured"),
    path("premises/records/<int:place_fact_id>/edit/", editing.fact_edit, name="place_fact_edit"),
    path("premises/records/<int:place_fact_id>/retract/", editing.fact_retract, name="place_fact_retract"),
    path("premises/records/<int:place_fact_id>/file/", premises.fact_file, name="place_fact_file"),
    path("premises/files/<int:place_file_id>/", premises.place_file, name="place_file"),
    path("premises/files/<int:place_file_id>/retract/", editing.file_retract, name="place_file_retract"),
    path("premises/values/<int:measurement_id>/edit/", measuring.value_edit, name="measurement_edit"),
    path("premises/values/<int:measurement_id>/retract/", measuring.value_retract, name="measurement_retract"),
]

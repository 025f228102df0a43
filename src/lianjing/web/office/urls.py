"""Where the office answers."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.office import drawings, home, limits, schedules, site_map, sites, workdays

customer_urls: list[URLPattern | URLResolver] = []

contract_urls: list[URLPattern | URLResolver] = []

site_urls: list[URLPattern | URLResolver] = [
    path("sites/", sites.site_list, name="sites"),
    path("sites/<int:site_id>/", sites.site, name="site"),
]

equipment_urls: list[URLPattern | URLResolver] = []

schedule_urls: list[URLPattern | URLResolver] = [
    path("sites/<int:site_id>/schedule/", schedules.schedule, name="schedule"),
    path("sites/<int:site_id>/schedule/set/", schedules.schedule_set, name="schedule_set"),
    path("sites/<int:site_id>/schedule/late/", schedules.schedule_late, name="schedule_late"),
    path("sites/<int:site_id>/drawings/", drawings.drawings, name="drawings"),
    path("sites/<int:site_id>/drawings/add/", drawings.drawing_add, name="drawing_add"),
    path("drawings/<int:drawing_id>/", drawings.drawing, name="drawing"),
    path("drawings/<int:drawing_id>/image/", drawings.drawing_image, name="drawing_image"),
    path("drawings/<int:drawing_id>/rename/", drawings.drawing_rename, name="drawing_rename"),
    path("drawings/<int:drawing_id>/remove/", drawings.drawing_remove, name="drawing_remove"),
    path("drawings/<int:drawing_id>/place/", drawings.zone_place, name="zone_place"),
    path("drawings/<int:drawing_id>/unplace/", drawings.zone_unplace, name="zone_unplace"),
    path("workdays/", workdays.workdays, name="workdays"),
    path("workdays/set/", workdays.workday_set, name="workday_set"),
    path("workdays/forget/", workdays.workday_forget, name="workday_forget"),
]

exchange_urls: list[URLPattern | URLResolver] = []

map_urls: list[URLPattern | URLResolver] = [
    path("limits/", limits.limits, name="limits"),
    path("limits/<int:company_id>/", limits.limits_set, name="limits_set"),
    path("map/", site_map.site_map, name="map"),
    path("map/points/", site_map.map_points, name="map_points"),
    path("map/standings/", site_map.map_standings, name="map_standings"),
]

office_urls: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    *customer_urls,
    *contract_urls,
    *site_urls,
    *equipment_urls,
    *schedule_urls,
    *exchange_urls,
    *map_urls,
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((office_urls, "office")))]

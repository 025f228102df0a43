"""Where the office answers."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.office import home, panel_tables, panels, sites

customer_urls: list[URLPattern | URLResolver] = []

contract_urls: list[URLPattern | URLResolver] = []

site_urls: list[URLPattern | URLResolver] = [
    path("sites/", sites.site_list, name="sites"),
    path("sites/<int:site_id>/", sites.site, name="site"),
]

equipment_urls: list[URLPattern | URLResolver] = [
    path("panels/", panels.panel_list, name="panels"),
    path("panels/new", panels.new_panel, name="panel_new"),
    path("panels/<int:panel_id>/", panels.panel, name="panel"),
    path("panels/<int:panel_id>/edit/", panels.edit_panel, name="panel_edit"),
    path("panels/<int:panel_id>/move/", panels.move, name="panel_move"),
    path("panels/<int:panel_id>/remove/", panels.remove, name="panel_remove"),
    path("panels/<int:panel_id>/paths/", panel_tables.paths, name="panel_paths"),
    path("panels/<int:panel_id>/areas/", panel_tables.areas, name="panel_areas"),
    path("panels/<int:panel_id>/users/", panel_tables.users, name="panel_users"),
    path("panels/<int:panel_id>/zones/", panel_tables.zones, name="panel_zones"),
    path("panels/<int:panel_id>/zones/<int:zone_id>/disable/", panel_tables.disable, name="zone_disable"),
    path("panels/<int:panel_id>/zones/<int:zone_id>/enable/", panel_tables.enable, name="zone_enable"),
]

schedule_urls: list[URLPattern | URLResolver] = []

exchange_urls: list[URLPattern | URLResolver] = []

map_urls: list[URLPattern | URLResolver] = []

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

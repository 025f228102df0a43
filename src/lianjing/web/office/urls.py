"""Where the office answers."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.office import (
    contacts,
    contracts,
    counting,
    customers,
    desk_people,
    desk_settings,
    drawings,
    exchange,
    false_alarms,
    home,
    limits,
    panel_tables,
    panels,
    plan_editing,
    plans,
    schedules,
    site_map,
    sites,
    workdays,
)

customer_urls: list[URLPattern | URLResolver] = [
    path("customers/", customers.customer_list, name="customers"),
    path("customers/new/", customers.add, name="customer_add"),
    path("customers/<int:customer_id>/", customers.customer, name="customer"),
    path("customers/<int:customer_id>/edit/", customers.edit, name="customer_edit"),
    path("customers/<int:customer_id>/contracts/new/", contracts.add, name="contract_add"),
    path("customers/<int:customer_id>/sites/new/", sites.add, name="site_add"),
]

contract_urls: list[URLPattern | URLResolver] = [
    path("contracts/", contracts.contract_list, name="contracts"),
    path("contracts/counting/<int:company_id>/", counting.counted_unit_set, name="counted_unit_set"),
    path("contracts/<int:contract_id>/", contracts.contract, name="contract"),
    path("contracts/<int:contract_id>/edit/", contracts.edit, name="contract_edit"),
    path("contracts/<int:contract_id>/state/", contracts.change_state, name="contract_state"),
    path("contracts/<int:contract_id>/scan/", contracts.scan, name="contract_scan"),
    path("contracts/<int:contract_id>/scan/keep/", contracts.upload, name="contract_upload"),
    path("contracts/<int:contract_id>/remove/", contracts.remove, name="contract_remove"),
]

site_urls: list[URLPattern | URLResolver] = [
    path("sites/", sites.site_list, name="sites"),
    path("sites/<int:site_id>/", sites.site, name="site"),
    path("sites/<int:site_id>/edit/", sites.edit, name="site_edit"),
    path("sites/<int:site_id>/notes/new/", sites.write_note, name="note_add"),
    path("sites/<int:site_id>/notes/<int:note_id>/remove/", sites.take_note_away, name="note_remove"),
    path("sites/<int:site_id>/word/", sites.check_word, name="check_word"),
    path("sites/<int:site_id>/contacts/new/", contacts.add, name="contact_add"),
    path("sites/<int:site_id>/contacts/<int:contact_id>/", contacts.edit, name="contact_edit"),
    path("sites/<int:site_id>/contacts/<int:contact_id>/up/", contacts.up, name="contact_up"),
    path("sites/<int:site_id>/contacts/<int:contact_id>/down/", contacts.down, name="contact_down"),
    path("sites/<int:site_id>/contacts/<int:contact_id>/verify/", contacts.verify, name="contact_verify"),
    path("sites/<int:site_id>/contacts/<int:contact_id>/words/remove/", contacts.forget_words, name="contact_words"),
    path("sites/<int:site_id>/contacts/<int:contact_id>/remove/", contacts.remove, name="contact_remove"),
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

plan_urls: list[URLPattern | URLResolver] = [
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.add, name="plan_add"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/<int:plan_id>/draft/", plans.draft, name="plan_draft"),
    path("plans/versions/<int:version_id>/edit/", plan_editing.edit, name="plan_edit"),
    path("plans/versions/<int:version_id>/approve/", plans.approve, name="plan_approve"),
    path("plans/versions/<int:version_id>/force/", plans.force, name="plan_force"),
    path("plans/versions/<int:version_id>/withdraw/", plans.withdraw, name="plan_withdraw"),
]

exchange_urls: list[URLPattern | URLResolver] = [
    path("exchange/", exchange.exchange, name="exchange"),
    path("exchange/import/", exchange.upload, name="import_upload"),
    path("exchange/import/<int:upload_id>/", exchange.look, name="import_look"),
    path("exchange/import/<int:upload_id>/apply/", exchange.apply, name="import_apply"),
    path("exchange/export/", exchange.export, name="export"),
    path("exchange/template/", exchange.template, name="template"),
]

map_urls: list[URLPattern | URLResolver] = [
    path("desk-settings/", desk_settings.desk_settings, name="desk_settings"),
    path("desk-settings/<int:company_id>/", desk_settings.desk_settings_set, name="desk_settings_set"),
    path("desk-people/", desk_people.people_list, name="desk_people"),
    path("desk-people/<int:company_id>/<int:user_id>/", desk_people.profile, name="desk_profile"),
    path("limits/", limits.limits, name="limits"),
    path("limits/<int:company_id>/", limits.limits_set, name="limits_set"),
    path("map/", site_map.site_map, name="map"),
    path("map/points/", site_map.map_points, name="map_points"),
    path("map/standings/", site_map.map_standings, name="map_standings"),
]

case_urls: list[URLPattern | URLResolver] = [
    path("false-alarms/", false_alarms.false_alarm_page, name="false_alarms"),
    path("false-alarms/csv/", false_alarms.false_alarms_csv, name="false_alarms_csv"),
    path("false-alarms/reviews/<int:review_id>/", false_alarms.review, name="review"),
]

office_urls: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    *customer_urls,
    *contract_urls,
    *site_urls,
    *equipment_urls,
    *schedule_urls,
    *exchange_urls,
    *plan_urls,
    *map_urls,
    *case_urls,
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((office_urls, "office")))]

"""Where the office answers."""

from django.urls import URLPattern, URLResolver, include, path

from lianjing.web.office import (
    classes,
    clause_report,
    clauses,
    clauses_ahead,
    clauses_what_if,
    contacts,
    contracts,
    counting,
    customers,
    desk_people,
    desk_settings,
    drawings,
    duty_gate,
    exchange,
    false_alarms,
    gate_settings,
    home,
    limits,
    on_duty,
    panel_tables,
    panels,
    people_exchange,
    plan_cover,
    plan_editing,
    plan_reviews,
    plans,
    police_readings,
    schedules,
    site_map,
    sites,
    workdays,
)
from lianjing.web.office.access_urls import access_urls
from lianjing.web.office.assessment_urls import assessment_urls
from lianjing.web.office.company_urls import company_urls
from lianjing.web.office.document_urls import document_urls
from lianjing.web.office.drill_urls import drill_urls
from lianjing.web.office.evidence_urls import evidence_urls
from lianjing.web.office.finding_urls import finding_urls
from lianjing.web.office.inventory_urls import inventory_urls
from lianjing.web.office.people_urls import people_urls
from lianjing.web.office.premises_urls import premises_urls
from lianjing.web.office.roster.urls import roster_urls
from lianjing.web.office.service_limit_urls import service_limit_urls
from lianjing.web.office.training_urls import training_urls

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

class_urls: list[URLPattern | URLResolver] = [
    path("classes/", classes.classes, name="classes"),
    path("classes/<int:classification_id>/", classes.version_page, name="classes_version"),
    path("classes/<int:classification_id>/edit/", classes.edit, name="classes_edit"),
    path("classes/<int:classification_id>/approve/", classes.approve, name="classes_approve"),
    path("classes/<int:classification_id>/force/", classes.force, name="classes_force"),
    path("classes/<int:classification_id>/withdraw/", classes.withdraw, name="classes_withdraw"),
    path("classes/draft/<int:company_id>/", classes.draft, name="classes_draft"),
    path("classes/codes/<int:company_id>/", classes.read_code, name="read_code"),
    path("classes/codes/<int:company_id>/restore/", classes.unread_code, name="unread_code"),
]
plan_urls: list[URLPattern | URLResolver] = [
    path("plans/", plans.plan_list, name="plans"),
    path("plans/new/", plans.add, name="plan_add"),
    path("plans/cover/", plan_cover.cover, name="plan_cover"),
    path("plans/cover/export/", plan_cover.export, name="plan_cover_export"),
    path("plans/templates/<slug:event_class>/<int:grade>/", plans.template, name="plan_template"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/versions/<int:version_id>/review/legal/", plan_reviews.add_legal, name="plan_review_legal"),
    path("plans/versions/<int:version_id>/review/yearly/", plan_reviews.add_yearly, name="plan_review_yearly"),
    path("plans/reviews/<int:plan_review_id>/edit/", plan_reviews.edit, name="plan_review_edit"),
    path("plans/reviews/<int:plan_review_id>/retract/", plan_reviews.retract, name="plan_review_retract"),
    path("plans/reviews/<int:plan_review_id>/file/", plan_reviews.file, name="plan_review_file"),
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
    path("exchange/papers/", people_exchange.upload, name="papers_upload"),
    path("exchange/people/", people_exchange.export, name="people_export"),
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
    path("false-alarms/reviews/<int:review_id>/", false_alarms.review, name="disposition_review"),
]

gate_urls: list[URLPattern | URLResolver] = [
    path("on-duty/", on_duty.on_duty, name="on_duty"),
    path("on-duty/<int:duty_id>/end/", duty_gate.end_duty, name="duty_end"),
    path("duty-gate/", duty_gate.duty_gate, name="duty_gate"),
    path("duty-gate/settings/", gate_settings.gate_settings, name="gate_settings"),
    path("duty-gate/passes/<int:pass_id>/end/", duty_gate.end, name="pass_end"),
    path("duty-gate/<int:company_id>/<int:user_id>/", duty_gate.give, name="pass_give"),
]

office_urls: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("ahead/", home.ahead, name="home_ahead"),
    path("clauses/", clauses.clauses, name="clauses"),
    path("clauses/ahead/", clauses_ahead.clauses_ahead, name="clauses_ahead"),
    path("clauses/what-if/", clauses_what_if.clauses_what_if, name="clauses_what_if"),
    path("clauses/report/", clause_report.clause_report, name="clause_report"),
    *evidence_urls,
    path("police-readings/", police_readings.police_readings, name="police_readings"),
    path("police-readings/csv/", police_readings.police_readings_csv, name="police_readings_csv"),
    path("clauses/ahead/few/", clauses.clauses_few_ahead, name="clauses_few_ahead"),
    path("clauses/detail/", clauses.clause_detail, name="clause_detail"),
    path("clauses/owner/", clauses.clause_work, name="clause_work"),
    *customer_urls,
    *contract_urls,
    *site_urls,
    *equipment_urls,
    *schedule_urls,
    *exchange_urls,
    *plan_urls,
    *class_urls,
    *map_urls,
    *case_urls,
    *training_urls,
    *company_urls,
    *document_urls,
    *finding_urls,
    *assessment_urls,
    *drill_urls,
    *inventory_urls,
    *service_limit_urls,
    *premises_urls,
    *access_urls,
    *people_urls,
    *roster_urls,
    *gate_urls,
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((office_urls, "office")))]

"""Where the register of equipment answers."""

from django.urls import URLPattern, URLResolver, path

from lianjing.web.office import inventory, inventory_editing

inventory_urls: list[URLPattern | URLResolver] = [
    path("inventory/", inventory.inventory, name="inventory"),
    path("inventory/new/<int:company_id>/", inventory_editing.add, name="equipment_add"),
    path("inventory/export/<int:company_id>/", inventory.export, name="inventory_export"),
    path("inventory/needs/", inventory_editing.certificate_needs, name="certificate_needs"),
    path("inventory/needs/<int:company_id>/new/", inventory_editing.need_add, name="certificate_need_add"),
    path("inventory/needs/<int:need_id>/drop/", inventory_editing.need_drop, name="certificate_need_drop"),
    path("inventory/<int:equipment_id>/", inventory.equipment, name="equipment"),
    path("inventory/<int:equipment_id>/edit/", inventory_editing.edit, name="equipment_edit"),
    path("inventory/<int:equipment_id>/end/", inventory_editing.end, name="equipment_end"),
    path(
        "inventory/<int:equipment_id>/certificates/new/",
        inventory_editing.certificate_add,
        name="equipment_certificate_add",
    ),
    path(
        "inventory/<int:equipment_id>/certificates/<int:certificate_id>/scan/",
        inventory.certificate_scan,
        name="equipment_certificate_scan",
    ),
    path(
        "inventory/<int:equipment_id>/maintenance/new/",
        inventory_editing.maintenance_add,
        name="equipment_maintenance_add",
    ),
    path(
        "inventory/certificates/<int:certificate_id>/edit/",
        inventory_editing.certificate_edit,
        name="equipment_certificate_edit",
    ),
    path(
        "inventory/certificates/<int:certificate_id>/retract/",
        inventory_editing.certificate_retract,
        name="equipment_certificate_retract",
    ),
    path(
        "inventory/maintenance/<int:maintenance_id>/retract/",
        inventory_editing.maintenance_retract,
        name="equipment_maintenance_retract",
    ),
]

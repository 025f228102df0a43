"""A piece of equipment as tests want it, and its papers."""

from dataclasses import replace
from datetime import date
from typing import Any

from lianjing.domain.facilities.actions.equipment import add_equipment
from lianjing.domain.facilities.actions.equipment_papers import record_certificate, record_maintenance
from lianjing.domain.facilities.equipment_policy import NewCertificate, NewEquipment, NewMaintenance
from lianjing.domain.facilities.models import Equipment, EquipmentCertificate, MaintenanceRecord
from tests.cast import NOON, Cast

SERVES = date(2024, 1, 10)
RECEIVER = NewEquipment(
    "E-001", "receiver", "接警接收机", "某厂", "R-2", "SN-1", commissioned_on=SERVES, place_words="机柜 2"
)
CERTIFICATE = NewCertificate("ccc", "3C-1", "某认证中心", date(2024, 1, 1), date(2027, 12, 31))


def piece(cast: Cast, at: Any = NOON, **told: Any) -> Equipment:
    return add_equipment(cast.company.pk, replace(RECEIVER, **told), by=cast.viewer("mia"), at=at)


def certified(cast: Cast, one: Equipment, at: Any = NOON, **told: Any) -> EquipmentCertificate:
    return record_certificate(one.pk, replace(CERTIFICATE, **told), by=cast.viewer("mia"), at=at)


def maintained(cast: Cast, one: Equipment, on: date, at: Any = NOON) -> MaintenanceRecord:
    new = NewMaintenance(on, "陈工", "除尘，测试", "normal")
    return record_maintenance(one.pk, new, by=cast.viewer("mia"), at=at)

"""Tables of `facilities`: places and what is on record of them, measured values and their limits, equipment."""

from lianjing.domain.facilities.models.equipment import (
    CertificateNeed,
    Equipment,
    EquipmentCertificate,
    MaintenanceRecord,
    ServiceSpan,
)
from lianjing.domain.facilities.models.measurements import Measurement, RoomLimit
from lianjing.domain.facilities.models.places import Place, PlaceFact, PlaceFile

__all__ = [
    "CertificateNeed",
    "Equipment",
    "EquipmentCertificate",
    "MaintenanceRecord",
    "Measurement",
    "Place",
    "PlaceFact",
    "PlaceFile",
    "RoomLimit",
    "ServiceSpan",
]

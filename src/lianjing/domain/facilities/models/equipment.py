"""The register of what the company works with: each piece, when it served, its certificates and its maintenance."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from lianjing.domain.companies.models import Company, Department
from lianjing.domain.facilities.models.places import Place
from lianjing.domain.people.models import StaffMember
from lianjing.domain.records.dated import Dated
from lianjing.terms.equipment import CertificateKind, EquipmentKind, MaintenanceResult


class Equipment(models.Model):
    """装备: a piece of what the company works with, as it is known now. What verdicts read of it stands in
    `ServiceSpan`, with two times."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="equipment")
    number = models.CharField(max_length=32)
    """As the company numbers it; an import finds it by this."""
    kind = models.CharField(max_length=16, choices=EquipmentKind.choices())
    name = models.CharField(max_length=60)
    manufacturer = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=60, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="equipment")
    """Of the company's places, its first row."""
    place_words = models.CharField(max_length=60, blank=True)
    """Where it is, in words: which rack, or what is no place on record."""
    plate = models.CharField(max_length=16, blank=True)
    """号牌 of a vehicle."""
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="+")
    """Who answers for it, the department by its first row."""
    keeper = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    """责任人."""
    manufactured_on = models.DateField(null=True)
    """出厂日期."""
    commissioned_on = models.DateField(null=True)
    """启用: the first day on which it serves; empty: not yet."""
    decommissioned_on = models.DateField(null=True)
    """停用: the first day on which it no longer serves."""
    warranty_until = models.DateField(null=True)
    """Last day of the warranty."""
    life_months = models.PositiveSmallIntegerField(null=True)
    """计划使用年限, in months."""
    cycle_months = models.PositiveSmallIntegerField(null=True)
    """维护周期; empty: none was set."""
    cycle_source = models.CharField(max_length=100, blank=True)
    """Where the cycle stands: a standard with its clause, the maker's book, the company's own rule."""
    life_ends_on = models.DateField(null=True)
    """Last day of the planned life; kept by whatever changes the piece, as the next three."""
    maintenance_due_on = models.DateField(null=True)
    """The last day on which the next maintenance is in time."""
    certificate_until = models.DateField(null=True)
    """Last day of its last certificate; empty: it has none, or one without an end."""
    next_due_on = models.DateField(default=date.max)
    """The first of the last three: the order of what is due."""
    notes = models.CharField(max_length=500, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "equipment"
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="facilities_equipment_number_once"),
            models.UniqueConstraint(
                fields=["company", "model", "serial"],
                condition=~Q(serial=""),
                name="facilities_equipment_serial_once",
            ),
            models.CheckConstraint(
                condition=Q(decommissioned_on=None) | Q(decommissioned_on__gte=F("commissioned_on")),
                name="facilities_equipment_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "kind", "number", "id"], name="facilities_equipment_kind"),
            models.Index(fields=["company", "place", "number", "id"], name="facilities_equipment_place"),
            models.Index(fields=["company", "decommissioned_on", "number"], name="facilities_equipment_ended"),
            models.Index(fields=["company", "next_due_on", "id"], name="facilities_equipment_due"),
            *(
                models.Index(fields=["company", column, "id"], name=name, condition=Q(**{f"{column}__isnull": False}))
                for column, name in (
                    ("warranty_until", "facilities_equip_warranty"),
                    ("life_ends_on", "facilities_equip_life"),
                    ("maintenance_due_on", "facilities_equip_maintained"),
                    ("certificate_until", "facilities_equip_certified"),
                )
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ServiceSpan(Dated):
    """在用期: from which day to which a piece served, with what a verdict asks of it. Whatever changes the piece takes
    back the row that no longer is so and records another."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="spans")
    kind = models.CharField(max_length=16, choices=EquipmentKind.choices())
    cycle_months = models.PositiveSmallIntegerField(null=True)
    life_ends_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["company", "equipment", "id"], name="facilities_service_spans")]

    def __str__(self) -> str:
        return f"{self.equipment_id}: {self.valid_from} – {self.valid_until or ''}"


class EquipmentCertificate(Dated):
    """装备证书: a certificate or test report of a piece. Corrected by another row."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=16, choices=CertificateKind.choices())
    number = models.CharField(max_length=64)
    issuer = models.CharField(max_length=100, blank=True)
    scan = models.FileField(upload_to="equipment/%Y/", blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [
            models.Index(fields=["company", "equipment", "kind", "id"], name="facilities_certificates"),
            models.Index(fields=["equipment", "-valid_from", "-id"], name="facilities_certificates_of"),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id}: {self.kind} {self.number}"


class MaintenanceRecord(Dated):
    """维护记录: a maintenance that was done, on `valid_from`. One that was wrong is retracted."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(Equipment, on_delete=models.PROTECT, related_name="maintenances")
    done_by = models.CharField(max_length=60)
    content = models.CharField(max_length=500)
    result = models.CharField(max_length=12, choices=MaintenanceResult.choices())

    class Meta:
        indexes = [
            models.Index(fields=["company", "equipment", "valid_from"], name="facilities_maintenances"),
            models.Index(fields=["equipment", "-valid_from", "-id"], name="facilities_maintenances_of"),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id}: {self.valid_from} {self.result}"


class CertificateNeed(Dated):
    """须有的证书: the company has set that equipment of this kind needs such a certificate, and says where that stands.
    No standard that could be read names one."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=EquipmentKind.choices())
    certificate = models.CharField(max_length=16, choices=CertificateKind.choices())
    origin = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["company", "id"], name="facilities_needs")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.kind} {self.certificate}"

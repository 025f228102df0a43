"""Measured values of rooms, and the limits that the company took from its own edition."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.models.places import Place
from lianjing.domain.records.dated import Dated
from lianjing.terms.facilities import PlaceKind
from lianjing.terms.verdicts import Confidence


class Measurement(Dated):
    """测量值: holds from the day on which it was measured to the day up to which it is taken for good. Corrected by
    another row."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="measurements")
    quantity = models.CharField(max_length=20)
    """Code of `quantities.py`."""
    value = models.DecimalField(max_digits=12, decimal_places=4)
    """In the unit of its quantity."""
    as_read = models.CharField(max_length=40)
    """Value and unit as they stood on the instrument."""
    measured_at = models.DateTimeField()
    measured_by = models.CharField(max_length=100)
    instrument = models.CharField(max_length=100)
    """仪器: maker and model."""
    instrument_no = models.CharField(max_length=64, blank=True)
    calibrated_until = models.DateField(null=True)
    """校准有效期; empty: nobody says."""
    report_no = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [
            models.Index(fields=["place", "quantity", "-measured_at", "-id"], name="facilities_measured_place"),
            models.Index(fields=["company", "-measured_at", "-id"], name="facilities_measured_newest"),
            models.Index(
                fields=["company", "valid_until"],
                name="facilities_measured_ending",
                condition=models.Q(retracted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.quantity} {self.value}"


class RoomLimit(Dated):
    """场地限值: a limit as the company's edition has it, with where it stands; it takes the place of the table's.
    Corrected by another row."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    quantity = models.CharField(max_length=20)
    place_kind = models.CharField(max_length=16, choices=PlaceKind.choices())
    low = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    """Both ends are within; at least one of them is given."""
    edition = models.CharField(max_length=60)
    source_clause = models.CharField(max_length=60)
    confidence = models.CharField(max_length=4, choices=Confidence.choices())
    note = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(low=None, high=None),
                name="facilities_limit_has_an_end",
            )
        ]
        indexes = [models.Index(fields=["company", "quantity", "id"], name="facilities_limits")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.quantity} {self.low}–{self.high}"

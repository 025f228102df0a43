"""What a company has entered of the edition of GA 1383 that it holds, and what its equipment is able to."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.facilities.models import Equipment
from lianjing.domain.records.dated import Dated
from lianjing.terms.alarm_service import Comparison, Measure, Ranked, ServiceHeading
from lianjing.terms.verdicts import Confidence


class ServiceLimit(Dated):
    """限值: a limit as the company's edition has it, with where it stands. Never edited: corrected by another row."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=8, choices=ServiceHeading.choices())
    measure = models.CharField(max_length=16, choices=Measure.choices())
    share = models.CharField(max_length=4, blank=True, choices=Ranked.choices())
    """Of times: the share of cases that must keep it, per mille."""
    item = models.CharField(max_length=60, blank=True)
    """What is compared, of a limit on what is recorded by hand."""
    comparison = models.CharField(max_length=8, choices=Comparison.choices())
    limit = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    """None: the edition has no figure under this heading, and somebody has looked."""
    unit = models.CharField(max_length=20, blank=True)
    edition = models.CharField(max_length=60)
    source_clause = models.CharField(max_length=60)
    confidence = models.CharField(max_length=4, choices=Confidence.choices())
    note = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["company", "heading", "id"], name="compliance_limits")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.heading} {self.measure} {self.comparison} {self.limit} {self.unit}"


class CapabilityFact(Dated):
    """能力记录: what a piece of equipment was found able to do, by hand; it holds from the day it was found."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=8, choices=ServiceHeading.choices())
    item = models.CharField(max_length=60)
    """What was measured, called as in the limit that it is compared with."""
    subject = models.CharField(max_length=100)
    """The equipment, or the part of the system, in words."""
    equipment = models.ForeignKey(Equipment, null=True, on_delete=models.PROTECT, related_name="capabilities")
    """The piece of the register that it is about, and as long as that serves it counts; empty: `subject` alone says."""
    figure = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=20)
    number = models.CharField(max_length=64, blank=True)
    """Number of the certificate or of the test report."""
    origin = models.CharField(max_length=100)
    """Who found it: laboratory, maker, own test."""
    note = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["company", "heading", "id"], name="compliance_capabilities")]

    def __str__(self) -> str:
        return f"{self.company_id}: {self.heading} {self.item} {self.figure} {self.unit}"

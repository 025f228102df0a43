"""Local standards: texts beside the specification, added to this installation without code."""

from django.db import models

from lianjing.domain.companies.models import Company
from lianjing.domain.records.dated import Dated


class LocalStandard(Dated):
    """One edition of a local text, as its file said. It is never edited: it is taken back, and another one added.

    `valid_from`: the day from which it counts; of two editions of one number the later one does.
    """

    number = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    title = models.CharField(max_length=100)
    content = models.JSONField()
    """The checked file (`local_text.text_of`)."""
    sha256 = models.CharField(max_length=64)
    """Of the file's bytes."""
    is_for_all = models.BooleanField(default=False)
    """For every company of the installation, those that come later too; else for the chosen ones."""
    companies = models.ManyToManyField(Company, related_name="+", blank=True)

    class Meta:
        indexes = [models.Index(fields=["number", "valid_from"], name="compliance_local_editions")]

    def __str__(self) -> str:
        return f"{self.number}-{self.edition}"

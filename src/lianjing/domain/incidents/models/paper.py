from django.db import models

from lianjing.domain.incidents.models.cases import Incident
from lianjing.domain.people.models import User


class PaperEntry(models.Model):
    """纸质补录: what was handled on paper, as it was written down, with who entered it when."""

    incident = models.OneToOneField(Incident, primary_key=True, on_delete=models.CASCADE, related_name="paper")
    key = models.CharField(max_length=64, unique=True)
    """Of the form that was sent: sent twice, it is entered once."""
    what = models.CharField(max_length=200)
    handled_by = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    forwarded_to = models.CharField(max_length=12, blank=True)
    arrived_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "paper entries"

    def __str__(self) -> str:
        return f"paper entry of {self.incident_id}"
